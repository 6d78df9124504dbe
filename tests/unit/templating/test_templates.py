"""Nothing reaches SQL unquoted, whatever a template does; mistakes are told with file and line."""

from __future__ import annotations

import re

import pytest

from executor import resources
from executor.errors import PlanError
from executor.templating.names import Name, ident, literal
from executor.templating.templates import Templates, whole_expression

EVIL = "x'; DROP TABLE chunks; --"


@pytest.fixture
def render(project):
    """Renders a text as a template."""

    def render(text: str, **values: object) -> str:
        project.templates(work=text)
        return Templates((project.directory / "sql",)).render("work.sql", values)

    return render


@pytest.fixture
def refused(render):
    """The one sentence with which a template is refused."""

    def refused(text: str, **values: object) -> str:
        with pytest.raises(PlanError) as caught:
            render(text, **values)
        (problem,) = caught.value.problems
        return str(problem)

    return refused


@pytest.mark.parametrize(
    ("text", "value", "sql"),
    [
        ("{{ x }}", 7, "7"),
        ("{{ x | ident }}", 'a"b', '"a""b"'),
        ("{{ x | ident }}", Name("My", "t"), '"My"."t"'),
        ("{{ x | name | ident }}", "Archive.Chunks", '"archive"."chunks"'),
        ("{{ x | suffix('_new') | ident }}", Name("public", "a"), '"public"."a_new"'),
        ("{{ x | literal }}", EVIL, "'x''; DROP TABLE chunks; --'"),
        ("{{ x | literal }}", None, "NULL"),
        ("{{ x | literal }}", True, "true"),
        ("{{ x | literal }}", 0.5, "0.5"),
        ("{{ x | literal }}", ["a", None, 'b"\\'], r"""E'{"a",NULL,"b\\"\\\\"}'"""),
        ("{{ x | literal }}", r"a\'b", r"E'a\\''b'"),
        ("{{ x | literal }}", {"a": ["'"]}, """'{"a": ["''"]}'"""),
        ("{{ x | literal }}", Name("My", "t"), """'"My"."t"'"""),
        ("{% if x %}{{ x | length }}{% endif %}", "four", "4"),
    ],
)
def test_integers_names_and_literals_are_printed(render, text, value, sql):
    assert render(text, x=value) == sql


@pytest.mark.parametrize(
    "expression",
    [
        "x",
        "'text'",
        "0.5",
        "true",
        "none",
        "[1]",
        "x | safe",
        "x | string",
        "x | ident ~ ''",
        "(x | literal) ~ (x | literal)",
        "x | literal | upper",
        "x | literal | trim",
        "[x | literal] | join",
        "(x | literal)[1:]",
        "('%s' | literal) % x",
        "'%s' | format(x)",
        "'{0}'.format(x)",
        "(x | ident).replace('\"', '')",
        "(x | literal).join([x, x])",
        "m()",
        "s",
    ],
)
def test_what_is_not_quoted_is_refused_with_file_and_line(refused, expression):
    head = "{% macro m() %}{{ x | literal }}{% endmacro %}{% set s %}{{ x | literal }}{% endset %}"
    message = refused(f"SELECT\n{head}\n  {{{{ {expression} }}}};", x=EVIL)
    assert message.startswith("sql/work.sql:3: ")
    assert "would reach SQL unquoted; print it with | ident (a name) or | literal" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ ('{0}' | literal).format(x) }}", "quoted text can't be formatted"),
        ("{{ ('{a}' | ident).format_map({'a': x}) }}", "quoted text can't be formatted"),
        ("{% filter replace('X', x) %}SELECT X{% endfilter %}", "{% filter %} prints past"),
        ("{% call '{0}'.format(x) %}{% endcall %}", "{% call %} prints past"),
    ],
)
def test_ways_around_the_quoting_are_closed(refused, text, message):
    assert message in refused(text, x=EVIL)


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__",
        "''.__class__.__mro__[1].__subclasses__()",
        "'' | attr('__class__')",
        "['' ] | map(attribute='__class__') | list",
        "'{0.__class__}'.format(x)",
        "'{0[__class__]}{0.__init__.__globals__}'.format(x)",
        "x.__init__.__globals__",
        "self.__init__",
        "cycler.__init__.__globals__.os.popen('id').read()",
        "x.append(1)",
        "range(10 ** 9)",
    ],
)
def test_the_sandbox_holds(refused, expression):
    """No Python in a template."""
    assert refused(f"{{{{ ({expression}) | literal }}}}", x=["a"]).startswith("sql/work.sql:1: ")


@pytest.mark.parametrize(
    "text",
    [
        "{{ y }}",
        "{{ y | ident }}",
        "{{ y | literal }}",
        "{{ x.y | literal }}",
        "{% if y %}{% endif %}",
    ],
)
def test_an_undefined_name_is_an_error_that_names_it(refused, text):
    """A name that is unknown never becomes an empty text, as in `WHERE id > ` of nothing."""
    assert refused("SELECT 1,\n" + text, x={}).startswith("sql/work.sql:2: ")
    assert "'y'" in refused(text, x={})


@pytest.mark.parametrize(
    "text",
    [
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ 'a' + 1 }}",
        "{{ '{}{}'.format(1) | literal }}",
        "{{ 5 | xmlattr }}",
        "{{ 5 | nope }}",
        "{% include 'work.sql' %}",
        "{% include 'nowhere.sql' %}",
        "{{ " + "(" * 3000 + " }}",
    ],
    ids=lambda text: text[:30],
)
def test_any_failure_of_a_template_is_a_problem_of_its_file(refused, text):
    assert refused(text).startswith("sql/")


def test_an_error_is_told_where_it_stands_and_not_where_it_is_included(project, refused):
    project.templates(part="SELECT\n\n{{ 'a' }}")
    assert refused("{% include 'part.sql' %}").startswith("sql/part.sql:3: 'a' would reach SQL")


def test_braces_and_hashes_of_sql_are_kept(render):
    """Array literals, JSON, % and : are not taken for templates or placeholders."""
    sql = (
        "SELECT '{#', '#}', '{\"a\": 1}'::jsonb, '{1,2}'::int[], $$ {} $$, a #> '{b}' -- {# c #}\n"
    )
    assert render(sql) == sql
    assert render("{## gone ##}\nSELECT 1;\n") == "SELECT 1;\n"


def test_a_negative_number_never_begins_a_comment(render):
    assert render("SELECT 1 -{{ x }} -{{ x | literal }}", x=-5) == "SELECT 1 - -5 - -5"
    assert literal(-0.5) == " -0.5"


def test_a_value_never_ends_a_dollar_quoted_body():
    assert literal("$executor$\\'") == r"E'\x24executor\x24\\'''"
    assert ident("$a$\\") == r'U&"\0024a\0024\\"'
    assert literal("5 $") == "'5 $'"


def test_a_value_never_leaves_the_comment_that_it_stands_in():
    assert literal("a\r\nb\\") == r"E'a\x0d\x0ab\\'"
    assert ident("a\nDROP TABLE t; --") == r'U&"a\000aDROP TABLE t; --"'
    assert ident(Name("s", "\x1b[2J\u202e")) == r'"s".U&"\001b[2J\202e"'
    assert literal(["a\nb"]) == r"""E'{"a\x0ab"}'"""


@pytest.mark.parametrize("name", ["a" * 63, "ä" * 31 + "a", "名" * 21, "🐘" * 15 + "abc"])
def test_a_name_of_63_bytes_is_kept_whole(render, name):
    assert len(name.encode()) == 63
    assert render("{{ x | ident }}", x=name) == f'"{name}"'


@pytest.mark.parametrize("name", ["a" * 64, "a" * 70, "ä" * 32, "名" * 22, "🐘" * 16])
def test_a_longer_name_is_refused_and_never_cut(refused, name):
    message = f"has {len(name.encode())} bytes; PostgreSQL keeps 63 and would cut it"
    assert message in refused("{{ x | ident }}", x=name)
    assert message in refused("{{ x | name | ident }}", x=f'public."{name}"')
    assert "and would cut it" in refused("{{ x | suffix(y) | ident }}", x=Name("a", "b"), y=name)


@pytest.mark.parametrize("value", ["", "a\0b", "a\ud800", 7, None, ["a"]])
def test_ident_takes_nothing_but_a_name(value):
    with pytest.raises(ValueError, match=r"name|half a character"):
        ident(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "a\0", "a\ud800", [[1]], object()])
def test_literal_refuses_what_has_no_literal(value):
    with pytest.raises(ValueError, match=r"literal|half a character|array"):
        literal(value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chunks", Name("public", "chunks")),
        ("Archive.Chunks", Name("archive", "chunks")),
        ('"My Schema"."T"', Name("My Schema", "T")),
        ('a."b""c.d"', Name("a", 'b"c.d')),
        ("Straße.ÄB", Name("straße", "Äb")),
        ("_a1$.𝒳", Name("_a1$", "𝒳")),
    ],
)
def test_a_name_is_read_as_sql_reads_it(text, name):
    assert Name.parse(text) == name


@pytest.mark.parametrize("text", ["", "a b", "a.b.c", "a.", ".a", "1a", '"a', 'a"b"', "a;b", '""'])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a table name; write schema[.]table"):
        Name.parse(text)


def test_a_value_of_the_plan_keeps_its_type():
    templates = Templates(())
    values = {"n": 3, "t": Name("public", "a")}
    assert templates.value("{{ n }}", values) == 3
    assert templates.value("{{ n + 1 }} of {{ t }}", values) == "4 of public.a"
    assert templates.value(["{{ t }}", {"k": "{{ n }}"}, True], values) == [
        values["t"],
        {"k": 3},
        True,
    ]


@pytest.mark.parametrize(
    "text", ["{{ y }}", "{{ n }} x }}", "{{ n / 0 }}", "{{ 5 | xmlattr }}", "{{ n.y }}"]
)
def test_a_value_that_fails_says_so_in_one_sentence(text):
    with pytest.raises(ValueError, match=r"^\S.*$"):
        Templates(()).value(text, {"n": 3})


def test_the_sql_of_a_run_can_be_sent_to_a_database_of_any_encoding():
    """A server refuses a sign that its encoding does not have, even in a comment."""
    files = (resources.home() / "sql").rglob("*.sql")
    assert [str(file) for file in files if not file.read_text().isascii()] == []


@pytest.mark.parametrize(
    "text",
    [
        "{% if a == 1 %}{% set m = a + 1 %}{% else %}{% set m = 2 %}{% endif %}{{ m }}",
        "{% if a == 1 %}{% set m = a + 1 %}{% elif a %}{% set m = 3 %}{% endif %}{{ m }}",
        "{% if a == 1 %}{% set m = a + 1 %}{% endif %}{% if a == 1 %}{{ m }}{% endif %}",
        "{% if a %}{% if a > 1 %}{% set m = 1 %}{% endif %}{% endif %}{{ m }}",
        "{% if a %}{% set m %}text{% endset %}{% endif %}{{ m | literal }}",
        "{% for i in range(a) %}{% if i %}{% set m = i %}{% endif %}{{ m }}{{ loop.index }}{% endfor %}",
        "{% for i, j in a if j %}{{ i + j }}{% else %}{{ a }}{% endfor %}",
        "{% set s = namespace(m=0) %}{% for i in a %}{% set s.m = i %}{% endfor %}{{ s.m }}",
        "{% with m = a %}{% if a %}{% set n = m %}{% endif %}{{ n }}{% endwith %}",
        "{% macro f(x, y=a) %}{{ x + y + later }}{{ varargs }}{% endmacro %}{% set later = 1 %}{{ f(1) }}",
        "{% if x is defined %}{{ x }}{% endif %}{{ y | default(1) }}",
        "{% if a %}{% set inner = a %}{% endif %}{% include 'part.sql' %}",
        "{% for inner in a %}{% include 'part.sql' %}{% endfor %}",
        "{% with inner = a %}{% include 'deeper.sql' %}{% endwith %}",
        "{% from 'macros.sql' import f as g with context %}{% import 'macros.sql' as m with context %}{{ g(1) + m.f(a) }}",
        "{% if a %}{% from 'macros.sql' import f with context %}{% endif %}{{ f(1) }}",
        "{% extends 'base.sql' %}{% block b %}{{ a }}{% endblock %}",
        "{% block b %}{{ m }}{% endblock %}{% set m = 1 %}",
    ],
)
def test_what_a_template_may_set_itself_is_known(project, text):
    assert unknown(project, text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ m }}{% set m = 1 %}", "m"),
        ("{% set m = m + 1 %}", "m"),
        ("{% if b %}{% set m = 1 %}{% else %}{{ m }}{% endif %}", "b m"),
        ("{% if a %}{{ m }}{% else %}{% set m = 1 %}{% endif %}", "m"),
        ("{% for i in a %}{% set m = i %}{% endfor %}{{ i }}{{ m }}", "i m"),
        ("{% for i in i %}{{ loop.index }}{% endfor %}{{ loop }}", "i loop"),
        ("{% with m = n %}{{ m }}{% endwith %}{{ m }}", "n m"),
        ("{% macro f(x) %}{{ x }}{{ z }}{% endmacro %}{{ x }}", "z x"),
        ("{% set s.m = 1 %}", "s"),
        ("{% if a %}{% set m = 1 %}{% endif %}{{ mm }}", "mm"),
        ("{% for inner in a %}{% endfor %}{% include 'part.sql' %}", "inner"),
        ("{% with inner = a %}{% include 'part.sql' %}{% endwith %}{% include 'part.sql' %}", "inner"),
        ("{% from 'macros.sql' import f %}{{ f(1) }}", "a"),
        ("{% import 'macros.sql' as m %}{{ m.f(1) }}", "a"),
        ("{% extends 'base.sql' %}{% block b %}{{ c }}{% endblock %}", "c"),
        ("{% include part %}{{ b | ident }}", "part b"),
    ],
)  # fmt: skip
def test_what_nothing_sets_is_unknown(project, text, names):
    assert unknown(project, text) == names.split()


def test_a_value_of_the_plan_knows_what_it_may_set_itself():
    text = "{% if a %}{% set m = a %}{% endif %}{{ m }}{{ n }}"
    assert Templates(()).unknown_in(text, frozenset("a")) == {"n"}


def unknown(project, text: str) -> list[str]:
    """The names that a template takes from outside, where only `a` is known."""
    project.templates(work=text, part="{{ inner }}", deeper="{% include 'part.sql' %}")
    project.templates(macros="{% macro f(x) %}{{ x + a }}{% endmacro %}")
    project.templates(base="{{ a }}{% block b %}{% endblock %}")
    templates = Templates((project.directory / "sql",))
    problems = templates.problems("work.sql", frozenset({"a"}))
    return [re.fullmatch("unknown variable '(.*)'", problem.message)[1] for problem in problems]


def test_no_comment_of_our_own_templates_prints_a_value():
    files = (resources.home() / "sql").rglob("*.sql")
    comments = [
        (file.name, line)
        for file in files
        for line in file.read_text().splitlines()
        if re.search(r"--[^'\"]*\{\{|/\*.*\{\{", line)
    ]
    assert comments == []


def test_a_whole_expression_is_one_pair_of_braces():
    assert whole_expression(" {{ a }} ") == "a"
    assert whole_expression("{{ a }}{{ b }}") is None
    assert whole_expression("a {{ b }}") is None

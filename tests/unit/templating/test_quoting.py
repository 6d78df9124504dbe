"""For any text: what is quoted reads back the same, and no plan ends in a traceback."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import postgast
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executor.errors import ExecutorError, PlanError
from executor.formats import listed
from executor.plan.loader import load
from executor.plan.variables import resolve
from executor.rendering import script
from executor.rendering.renderer import Renderer
from executor.templating.names import MAX_BYTES, Name, ident, literal
from executor.templating.statements import split

few = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

characters = st.characters(codec="utf-8", exclude_characters="\0")
nasty = st.sampled_from(
    ["'", '"', "\\", "$$", "$executor$", "$body$", "$", "--", "/*", ";", "\n", "\r", "\x1b[2J",
     "\x9b", "\u202e", "\u2028", "%", "{{", "é"]
)  # fmt: skip
texts = st.lists(characters | nasty, max_size=12).map("".join)
identifiers = texts.filter(lambda text: text and len(text.encode()) <= MAX_BYTES)
names = st.builds(Name, identifiers, identifiers)


def selected(sql: str) -> postgast.Node:
    """The one value of `SELECT sql`, as the parser sees it."""
    (statement,) = split(f"SELECT {sql}", "test")
    return statement.node.select_stmt.target_list[0].res_target.val


@few
@given(texts)
def test_a_literal_is_the_same_text_again(text):
    assert selected(literal(text)).a_const.sval.sval == text


@few
@given(identifiers)
def test_an_identifier_is_the_same_text_again(text):
    """Any name, also one with quotes."""
    (field,) = selected(ident(text)).column_ref.fields
    assert field.string.sval == text


@few
@given(names)
def test_a_table_is_the_same_name_again(name):
    (statement,) = split(f"TABLE {ident(name)}", "test")
    table = statement.node.select_stmt.from_clause[0].range_var
    assert Name(table.schemaname, table.relname) == name


@few
@given(names)
def test_a_name_shown_to_people_reads_back_the_same(name):
    assert Name.parse(str(name)) == name
    assert Name.parse(selected(literal(name)).a_const.sval.sval) == name


@few
@given(texts)
def test_a_literal_stays_inside_a_dollar_quoted_body(text):
    (statement,) = split(f"DO $executor$BEGIN PERFORM {literal(text)}; END$executor$", "test")
    assert statement.kind == "do_stmt"
    body = statement.node.do_stmt.args[0].def_elem.arg.string.sval
    assert body == f"BEGIN PERFORM {literal(text)}; END"


@few
@given(texts, identifiers, names)
def test_nothing_quoted_leaves_its_line_or_makes_a_dollar_quote(text, identifier, name):
    """A comment holds it, and no two that stand side by side join to the tag of a body."""
    quoted = [literal(text), ident(identifier), ident(name), literal(name), literal([text])]
    for sql in quoted:
        assert len(f"-- {sql}".splitlines()) == 1
        assert not re.search("[\0-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", sql)
    for left, right in itertools.product(quoted, repeat=2):
        assert not re.search(r"\$[^\W\d]?\w*\$", left + right)


@few
@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_one_value_even_after_a_minus(number):
    (statement,) = split(f"SELECT 1 -{literal(number)}, 2", "test")
    assert len(statement.node.select_stmt.target_list) == 2


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a plan, with some templates beside it."""
    directory = tmp_path_factory.mktemp("quoting")
    sql = directory / "sql"
    sql.mkdir()
    (sql / "work.sql").write_text("SELECT {{ plan | literal }};")
    (sql / "boolean.sql").write_text("SELECT true")
    (sql / "item.sql").write_text("SELECT {{ item | literal }};")
    (sql / "a.sql").write_text("SELECT {{ a | literal }};")
    return directory / "plan.yaml"


def used(plan: Path, content: bytes) -> None:
    """Load and render a plan, as far as it goes."""
    plan.write_bytes(content)
    try:
        loaded = load(plan)
    except PlanError as error:
        assert error.problems
        return
    try:
        own = Renderer(loaded, resolve(loaded.plan, loaded.templates, {}, "20250811_120000"))
        own.digests()
    except ExecutorError as error:
        assert error.message
        return
    assert list(script.forward(own))
    assert list(script.rollback(own))


@few
@given(content=st.binary(max_size=60) | texts.map(str.encode))
def test_no_bytes_end_in_a_traceback(plan, content):
    used(plan, content)


words = st.sampled_from(
    ["work.sql", "boolean.sql", "item.sql", "a.sql", "nothing", "a", "b", "{{ a }}", "{{ b }} x }}",
     "{{ 1 + }}", "range(3)", "range(a)", "[]", "1s..2s", "public.t", "no.such.t", "error", "warn", "table",
     "integer", "string", "read committed", "\n", ">=14", "{{ a | suffix('x') }}", "on", "(", ""]
)  # fmt: skip
keys = st.sampled_from(
    ["description", "variables", "settings", "steps", "name", "sql", "rollback", "when", "for_each",
     "batches", "repeat", "until", "table", "rows", "retry", "backoff", "type", "default", "enum",
     "minimum", "pattern", "a", "b", "assertions", "no_rows", "query", "equals", "search_path"]
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words | texts
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=6,
)
numbers = st.integers(-1, 5) | st.floats() | st.just(10**400)
variables = numbers | words | st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number", "string", "boolean", "table", "list"])},
    optional={"default": scalars, "enum": st.lists(scalars, min_size=1, max_size=2),
              "minimum": numbers, "maximum": numbers, "pattern": words},
)  # fmt: skip
assertions = st.fixed_dictionaries(
    {}, optional={"no_rows": st.just({"sql": "work.sql"}), "query": junk,
                  "row_count_equal": st.fixed_dictionaries({"left": words, "right": words})},
)  # fmt: skip
steps = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c"]), "sql": st.sampled_from(["work.sql", "item.sql", "a.sql"])},
    optional={"rollback": st.sampled_from(["nothing", "work.sql", "item.sql"]),
              "for_each": words, "when": st.just("boolean.sql"), "workers": numbers | words,
              "repeat": st.fixed_dictionaries({"until": st.just("boolean.sql")}, optional={"at_most": numbers}),
              "batches": st.fixed_dictionaries({"table": words, "rows": numbers | words}),
              "retry": st.fixed_dictionaries({}, optional={"backoff": words, "attempts": numbers}),
              "irreversible": texts, "description": texts, "isolation": words,
              "assertions": st.lists(assertions, max_size=2)},
)  # fmt: skip
plans = st.fixed_dictionaries(
    {"description": texts, "steps": st.lists(steps, min_size=1, max_size=2)},
    optional={"variables": st.dictionaries(st.sampled_from(["a", "b"]), variables),
              "settings": st.dictionaries(words | st.just("search_path"), scalars, max_size=2),
              "accept": st.lists(words, max_size=2), "finished_when": words, "a": junk},
)  # fmt: skip


@few
@given(content=junk | plans)
def test_no_yaml_ends_in_a_traceback(plan, content):
    used(plan, json.dumps(content).encode())


@few
@given(content=plans)
def test_no_plan_ends_in_a_traceback(plan, content):
    used(plan, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("letter", ["e", "é", "🐘"])
@pytest.mark.parametrize("size", [40, 55, 63])
def test_an_ending_cuts_the_name_before_it_and_keeps_names_apart(letter: str, size: int) -> None:
    begin = letter * ((size - 1) // len(letter.encode()))
    made = [Name("a", begin + last).suffix("_backup_20260101_000000").name for last in "12"]
    assert made[0] != made[1]
    for name, last in zip(made, "12", strict=True):
        assert len(name.encode()) <= 63
        assert name.endswith("_backup_20260101_000000")
        whole = len((begin + last).encode()) <= 40
        assert name.startswith(begin + last) is whole


def test_lists_of_names_have_five() -> None:
    assert listed(list("abcde")) == "a, b, c, d, e"
    assert listed(list("abcdefg"), "; ") == "a; b; c; d; e and 2 more"

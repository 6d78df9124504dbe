"""The values of a plan: types, bounds, defaults that are templates, and --var."""

from __future__ import annotations

import re

import pytest

from executor.errors import PlanError, UsageError
from executor.plan.loader import load
from executor.plan.model import Plan, Variable
from executor.plan.variables import (
    as_journal,
    chosen_values,
    from_command_line,
    parse_assignments,
    resolve,
    tables,
)
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.names import Name
from executor.templating.templates import Templates

STEP = "- {name: work, sql: work.sql, rollback: nothing}"


@pytest.fixture
def values(project):
    """Resolves the variables of a plan."""

    def values(variables: str, **given: object) -> dict[str, object]:
        project.write(STEP, f"variables: {variables}", work="SELECT 1;")
        loaded = load(project.plan)
        return resolve(loaded.plan, loaded.templates, given, "20250811_120000")

    return values


def test_assignments_are_split_at_the_first_equals_sign():
    assert parse_assignments(("a=1", "b=x=y", "c=")) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("a",), "--var 'a' is not name=value"),
        (("=1",), "--var '=1' is not name=value"),
        (("",), "--var '' is not name=value"),
        (("a=1", "a=2"), "--var a is given twice"),
    ],
)
def test_an_assignment_that_is_none_is_a_usage_error(given, message):
    with pytest.raises(UsageError) as caught:
        parse_assignments(given)
    assert (caught.value.message, caught.value.exit_code) == (message, 2)


def test_an_unknown_variable_is_a_usage_error_that_lists_the_known_ones(values):
    with pytest.raises(UsageError) as caught:
        values("{a: 1, b: 2}", c="3")
    assert caught.value.message == "the plan work has no variable 'c'"
    assert caught.value.hint == "it has: a, b"


def test_a_variable_without_a_default_must_be_given(values):
    with pytest.raises(UsageError, match="the variable a needs a value: --var name=value"):
        values("{a: {type: integer}}")
    assert values("{a: {type: integer}}", a="7")["a"] == 7


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        ("integer", "42", 42),
        ("integer", "-1", -1),
        ("integer", "0100", 100),
        ("number", "1e3", 1000.0),
        ("number", "2", 2.0),
        ("boolean", "TRUE", True),
        ("boolean", "false", False),
        ("string", "{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("string", "", ""),
        ("table", "Archive.Chunks", Name("archive", "chunks")),
        ("table", "chunks", Name("public", "chunks")),
        ("list", "a,b,,c", ["a", "b", "c"]),
        ("list", "", []),
    ],
)
def test_text_of_the_command_line_becomes_a_value_of_the_type(values, type_, given, value):
    result = values(f"{{a: {{type: {type_}}}}}", a=given)["a"]
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    ("type_", "given", "message"),
    [
        ("integer", "1.5", "'1.5' is not a whole number"),
        ("integer", "1e3", "'1e3' is not a whole number"),
        ("integer", "", "'' is not a whole number"),
        ("integer", "9" * 19, "is not a whole number"),
        ("number", "many", "'many' is not a number"),
        ("number", "nan", "'nan' is not a number"),
        ("number", "-inf", "'-inf' is not a number"),
        ("boolean", "yes", "'yes' is not true or false"),
        ("boolean", "1", "'1' is not true or false"),
        ("table", "a b", "'a b' is not a table name"),
        ("table", "a" * 64, "has 64 bytes; PostgreSQL keeps 63"),
    ],
)
def test_text_of_another_type_is_a_usage_error(values, type_, given, message):
    with pytest.raises(UsageError) as caught:
        values(f"{{a: {{type: {type_}}}}}", a=given)
    assert caught.value.message.startswith("--var a: ")
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("definition", "fine", "wrong", "message"),
    [
        ("type: integer, minimum: 1", "1", "0", "0 is less than 1, the smallest value allowed"),
        ("type: integer, maximum: 9", "9", "10", "10 is more than 9, the largest value allowed"),
        (
            "type: number, minimum: 0.5",
            "0.5",
            "0.4",
            "0.4 is less than 0.5, the smallest value allowed",
        ),
        ("type: string, enum: [a, b]", "b", "c", "'c' is not one of a, b"),
        ("type: integer, enum: [1, 2]", "2", "3", "'3' is not one of 1, 2"),
        ("type: table, enum: [a, public.b]", "public.a", "c", "'c' is not one of a, public.b"),
        ("type: string, pattern: '[a-z]+'", "ab", "ab1", "'ab1' does not match [a-z]+"),
        (
            "type: string, pattern: '\\d+ d', pattern_says: 'days, such as 9 d'",
            "1 d",
            "x",
            "'x' is not days, such as 9 d",
        ),
        ("type: table, pattern: 'app[.].*'", "app.a", "a", "'a' does not match app[.].*"),
    ],
)
def test_bounds_hold_for_the_command_line(values, definition, fine, wrong, message):
    variables = f"{{a: {{{definition}}}}}"
    assert values(variables, a=fine)["a"] is not None
    with pytest.raises(UsageError) as caught:
        values(variables, a=wrong)
    assert caught.value.message == f"--var a: {message}"


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("type: integer, default: 0, minimum: 1", "0 is less than 1, the smallest value allowed"),
        ("type: integer, default: x", "'x' is not a whole number"),
        ("type: boolean, default: on", "'on' is not true or false"),
        ("type: table, default: a b", "'a b' is not a table name"),
        ("type: string, default: '{{ plan.nope }}'", "unknown variable: "),
        ("type: integer, default: '{{ 1 // 0 }}'", "integer division or modulo by zero"),
    ],
)
def test_a_default_that_does_not_fit_is_a_mistake_of_the_plan(values, definition, message):
    with pytest.raises(PlanError) as caught:
        values(f"{{a: {{{definition}}}}}")
    (problem,) = caught.value.problems
    assert problem.path == "$.variables.a"
    assert message in problem.message


def test_a_number_that_no_float_holds_is_a_mistake_and_no_crash():
    plan = Plan("p", "p.yaml", "", (), variables=(Variable("a", "number", default=10**400),))
    with pytest.raises(PlanError, match="is not a number"):
        resolve(plan, Templates(()), {}, "")


def test_defaults_are_templates_over_earlier_variables(values):
    result = values(
        """{source: {type: table, default: App.Chunks},
            target: {type: table, default: "{{ source | suffix('_new') }}"},
            count: 4,
            double: "{{ count * 2 }}",
            label: "{{ source }} of {{ plan }} at {{ timestamp }}"}""",
        count="5",
    )
    assert result["target"] == Name("app", "chunks_new")
    assert result["double"] == "10"
    assert result["label"] == "app.chunks of work at 20250811_120000"


def test_what_the_command_line_gives_is_never_a_template(values):
    assert values("{a: x, b: '{{ a }}'}", a="{{ 7 * 7 }}")["b"] == "{{ 7 * 7 }}"


def test_templates_see_the_plan_its_timestamp_and_what_it_accepts(values):
    result = values("{a: 1}\naccept: [the key]")
    assert (result["plan"], result["timestamp"]) == ("work", "20250811_120000")
    assert result["accept"] == ["the key"]


NAMES = """
    variables: {source: {type: table, default: App.Chunks}}
    names: {target: "{{ source | suffix('_new') }}", old: "{{ target | suffix('_' ~ timestamp) }}"}
"""


def test_names_are_made_of_the_variables(project):
    project.write(STEP, NAMES, work="SELECT 1;")
    loaded = load(project.plan)
    result = resolve(loaded.plan, loaded.templates, {"source": "app.t"}, "20250811_120000")
    assert result["target"] == Name("app", "t_new")
    assert result["old"] == Name("app", "t_new_20250811_120000")
    assert chosen_values(loaded.plan, result) == {"source": "app.t"}
    assert as_journal(loaded.plan, result) == {
        "source": "app.t", "target": "app.t_new", "old": "app.t_new_20250811_120000"
    }  # fmt: skip


def test_a_run_keeps_its_names(project):
    """As one of a version whose plan had them among its variables, or of a plan that was edited."""
    project.write(STEP, NAMES, work="SELECT 1;")
    loaded = load(project.plan)
    kept = {"source": "app.t", "target": 'app."T"', "old": "app.t_old"}
    result = resolve(loaded.plan, loaded.templates, kept, "20250811_120000")
    assert (result["target"], result["old"]) == (Name("app", "T"), Name("app", "t_old"))
    assert as_journal(loaded.plan, result) == kept


def test_a_name_is_not_given(project):
    project.write(STEP, NAMES, work="SELECT 1;")
    with pytest.raises(UsageError) as caught:
        from_command_line(load(project.plan).plan, ("target=app.other",))
    assert caught.value.message == "--var target: that is a name which the plan work makes itself"
    assert caught.value.hint == "it has the variables: source"
    called = project.call("validate", "--var", "target=app.other")
    assert (called.returncode, called.stdout) == (2, "")


def test_a_name_that_can_t_be_made_is_a_mistake_of_the_plan(project):
    project.write(STEP, "names: {target: \"{{ 'a b' | name }}\"}", work="SELECT 1;")
    loaded = load(project.plan)
    with pytest.raises(PlanError) as caught:
        resolve(loaded.plan, loaded.templates, {}, "")
    (problem,) = caught.value.problems
    assert problem.path == "$.names.target"
    assert problem.message.startswith("'a b' is not a table name")


def test_values_come_back_from_the_journal_the_same(values):
    variables = """{t: {type: table, default: '"My S"."$T$"'}, n: 3, f: 0.5, y: true, l: [a, b]}"""
    before = values(variables)
    plan = Plan("work", "p.yaml", "", (), variables=tuple(
        Variable(n, t) for n, t in [("t", "table"), ("n", "integer"), ("f", "number"),
                                    ("y", "boolean"), ("l", "list")]
    ))  # fmt: skip
    kept = as_journal(plan, before)
    assert kept["t"] == '"My S"."$T$"'
    assert values(variables, **kept) == before


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("workers: '{{ n }}'", "workers: 1000000 is not a whole number from 1 to 1,000"),
        ("workers: '{{ n * 10**6000 }}'", "is not a whole number from 1 to 1,000"),
        ("workers: '{{ n - n }}'", "workers: 0 is not a whole number from 1 to 1,000"),
        ("weight: '{{ n - n - 1 }}'", "weight: -1 is not a number from 0"),
        ("weight: '{{ n / n }} days'", "weight: '1.0 days' is not a number from 0"),
        ("batches: {table: public.t, rows: '{{ n * n }}'}", "from 1 to 2,147,483,647"),
    ],
)
def test_numbers_are_bounded_where_they_are_rendered(project, given, message):
    form = "" if given.startswith("batches") else "for_each: range(2), "
    step = f"- {{name: a, {form}{given}, sql: a.sql, rollback: nothing}}"
    project.write(step, "variables: {n: 1000000}", a="SELECT 1;")
    with pytest.raises(PlanError, match=re.escape(message)):
        Renderer.of(load(project.plan), {}, ANY_TIMESTAMP).digests()


def test_a_run_of_the_journal_may_lack_the_subject(project):
    project.write(
        STEP,
        "subject: source\nvariables: {source: {type: table, default: app.t}}",
        work="SELECT 1;",
    )
    plan = load(project.plan).plan
    assert tables(plan, {"source": "app.u", "other": "x"}) == {"source": "app.u"}
    assert tables(plan, {"other": "x"}) == {}

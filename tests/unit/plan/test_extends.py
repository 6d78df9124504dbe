"""A plan that is another one with other values; what is wrong is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from executor.errors import PlanError
from executor.plan.loader import load
from executor.plan.model import Retry, Variable
from executor.plan.variables import resolve

ROOT = Path(__file__).parents[3]
VALID = ROOT / "tests/plans/valid"
STEP = "- {name: work, sql: work.sql, rollback: nothing}"


@pytest.fixture
def variant(project):
    """Writes a plan beside the project's, which it extends."""

    def variant(text: str, extends: str = "work.yaml") -> Path:
        path = project.plan.with_name("variant.yaml")
        path.write_text(f"description: a variant\nextends: {extends}\n{text}")
        return path

    return variant


def told(path: Path) -> list[str]:
    """What is wrong with a plan, by the names of the files alone."""
    with pytest.raises(PlanError) as caught:
        load(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_what_it_says_takes_the_place_of_what_the_other_says():
    base, plan = (load(VALID / f"{name}.yaml").plan for name in ("every_key", "extends"))
    assert (plan.name, plan.description) == ("extends", "The same with other values.")
    assert (plan.postgres, plan.accept, plan.throttle) == (">=16", (), base.throttle)
    assert plan.settings == {**base.settings, "lock_timeout": "1s", "timezone": "UTC"}
    assert plan.names == {**base.names, "copy": "{{ target | suffix('_other') }}"}
    assert [step.name for step in plan.steps] == [step.name for step in base.steps]
    assert plan.steps[0] == base.steps[0]
    assert plan.steps[3].retry == Retry(attempts=3, backoff=(1.0, 2.0), blockers="boolean.sql")


def test_a_variable_has_another_default_or_is_written_anew():
    plan = load(VALID / "extends.yaml").plan
    of = {variable.name: variable for variable in plan.variables}
    assert of["count"] == Variable("count", "integer", default=5, minimum=1, maximum=9)
    assert of["mode"] == Variable("mode", "string", default="slow", enum=("slow", "slower"))
    assert list(of) == [v.name for v in load(VALID / "every_key.yaml").plan.variables]


def test_another_default_is_not_asked_for(project, variant):
    project.write(STEP, "variables: {n: {type: integer, ask: n.sql}}", work="S;", n="SELECT 1")
    assert load(variant("variables: {n: 3}")).plan.variables[0].ask is None
    assert load(variant("")).plan.variables[0].ask == "n.sql"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("steps: []", "variant.yaml:3: $.steps: the steps are those of work.yaml"),
        ("variables: {m: 1}", "variant.yaml:3: $.variables.m: work.yaml has no variable 'm'"),
        ("stepz: []", "variant.yaml:3: $.stepz: unknown key 'stepz'; did you mean 'steps'?"),
        ("accept: x", "variant.yaml:3: $.accept: 'x' is not of type array"),
        ("variables: []", "variant.yaml:3: $.variables: [] is not of type object"),
        ("variables: {n: null}", "variant.yaml:3: $.variables.n.default: None is not of type"),
        ("throttle: [no.sql]", "variant.yaml:3: $.throttle[0]: there is no template sql/no.sql"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(project, variant, given, message):
    project.write(STEP, "variables: {n: {type: integer, default: 1}}", work="SELECT 1;")
    (problem,) = told(variant(given))
    assert problem.startswith(message)


def test_what_is_wrong_with_the_other_is_told_where_it_stands(project, variant):
    project.write("- {name: work, sql: no.sql, rollback: nothing}", "accept: [a, a]")
    assert told(variant("throttle: [no.sql]")) == [
        "variant.yaml:3: $.throttle[0]: there is no template sql/no.sql",
        "work.yaml:2: $.accept: ['a', 'a'] has non-unique elements",
        "work.yaml:4: $.steps[0].sql: there is no template sql/no.sql",
    ]
    project.plan.write_text("[")
    (problem,) = told(variant(""))
    assert problem.startswith("work.yaml:1: not YAML")


def test_a_value_that_does_not_fit_is_told_where_it_stands(project, variant):
    project.write(STEP, "variables: {n: {type: integer, default: x}}", work="SELECT 1;")
    for text, where in (("", "work.yaml:2"), ("variables: {n: y}", "variant.yaml:3")):
        loaded = load(variant(text))
        with pytest.raises(PlanError, match=f"{where}: .*variables.n: .* is not a whole number"):
            resolve(loaded.plan, loaded.templates, {}, "")


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("none.yaml", "there is no plan none.yaml, and none of that name among executor's own"),
        ("sub/chunks_100_partitions.yaml", "there is no plan sub/chunks_100_partitions.yaml"),
        ("/dev/null", "there is no plan /dev/null"),
        ("variant.yaml", "variant.yaml extends another plan itself; name that one"),
        ("../plans/variant.yaml", "variant.yaml extends another plan itself; name that one"),
        ("list.yaml", "list.yaml is no plan"),
    ],
)
def test_what_can_t_be_extended_is_refused_in_words(project, variant, extends, message):
    project.write(STEP, work="SELECT 1;")
    project.plan.with_name("list.yaml").write_text("[]")
    assert told(variant("", extends)) == [f"variant.yaml:2: $.extends: {message}"]


def test_one_of_our_own_is_found_by_its_name_from_any_folder(tmp_path):
    path = tmp_path / "events.yaml"
    text = "description: mine\nextends: chunks_100_partitions.yaml\n"
    path.write_text(f"{text}variables: {{source: app.events}}\n")
    loaded = load(path)
    ours = load(ROOT / "plans/chunks_100_partitions.yaml")
    assert [step.name for step in loaded.plan.steps] == [step.name for step in ours.plan.steps]
    assert str(resolve(loaded.plan, loaded.templates, {}, "x")["source"]) == "app.events"
    # what is wrong is told where it stands; and one beside it comes first
    path.write_text(f"{text}variables: {{sauce: 1}}\n")
    (problem,) = told(path)
    assert problem.startswith("events.yaml:3: $.variables.sauce: ")
    (tmp_path / "chunks_100_partitions.yaml").write_text("[]")
    (problem,) = told(path)
    assert problem.startswith("events.yaml:2: $.extends: chunks_100_partitions.yaml is no plan")


def test_a_plan_that_others_can_write_to_is_not_extended(project, variant, tmp_path):
    project.write(STEP, work="SELECT 1;")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "work.yaml").write_bytes(project.plan.read_bytes())
    shared.chmod(0o777)
    (problem,) = told(variant("", str(shared / "work.yaml")))
    assert problem.startswith("variant.yaml:2: $.extends: ")
    assert "write" in problem

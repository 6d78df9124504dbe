"""A plan file is loaded whole, or every mistake in it is told with its line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from executor import resources
from executor.errors import PlanError, Problem, UsageError
from executor.plan import loader, schema
from executor.plan.document import MAX_BYTES, Document
from executor.plan.loader import load
from executor.plan.model import Assertion, Batches, Repeat, Retry
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating import cache
from tests.helpers.plans import Project

PLANS = Path(__file__).parents[2] / "plans"
VALID = sorted((PLANS / "valid").glob("*.yaml"))
INVALID = sorted((PLANS / "invalid").glob("*.yaml"))
STEP = "steps:\n  - {name: work, sql: work.sql, rollback: nothing}\n"


def told(path: Path) -> list[str]:
    """What is wrong with a plan, without the name of its file."""
    with pytest.raises(PlanError) as caught:
        load(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_plans_are_loaded(path):
    plan = load(path).plan
    assert plan.name == path.stem
    assert plan.steps


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_mistake_is_told_with_its_line(path):
    head = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.startswith("# "):
            break
        head.append(line.removeprefix("# "))
    assert head
    assert told(path) == head


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# later", "1: the file is empty"),
        (
            b"# " + b"x" * 10_000_000,
            f"1: the file has more than {MAX_BYTES:,} bytes; that is no plan",
        ),
        (b"a: " + b"[" * 50_000, "1: the file is nested too deeply; that is no plan"),
        (b"a: " + b"1" * 5000, "1: the number has more than 300 digits"),
        (b"\xff\xfea\0", "1: the file is not UTF-8 text (invalid start byte)"),
    ],
    ids=["empty", "10 MB", "nested deeply", "long number", "UTF-16"],
)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence(tmp_path, content, message):
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    assert told(path) == [message]


def test_a_device_is_not_read_to_its_end():
    assert told(Path("/dev/zero")) == ["1: the plan can't be read: /dev/zero is not a regular file"]


def test_a_missing_file_is_refused(tmp_path):
    assert told(tmp_path / "no.yaml") == ["1: the plan can't be read: No such file or directory"]


def test_a_directory_is_refused(tmp_path):
    assert told(tmp_path) == ["1: the plan can't be read: Is a directory"]


def test_a_template_name_that_no_file_system_takes_is_missing(project):
    name = "a" * 300
    project.write(f"- {{name: work, sql: {name}.sql, rollback: nothing}}")
    assert told(project.plan) == [f"4: $.steps[0].sql: there is no template sql/{name}.sql"]


def test_a_name_that_two_plans_have_means_neither(project, monkeypatch):
    project.write("- {name: work, sql: work.sql, rollback: nothing}", work="SELECT 1;")
    monkeypatch.chdir(project.directory)
    assert resources.find_plan("work") == Path("plans/work.yaml")
    again = project.directory / "plans" / "more" / "work.yaml"
    again.parent.mkdir()
    again.write_bytes(project.plan.read_bytes())
    with pytest.raises(UsageError) as caught:
        resources.find_plan("work")
    assert caught.value.message == "there is more than one plan 'work'"
    assert caught.value.hint == "give a path: plans/more/work.yaml or plans/work.yaml"
    assert resources.find_plan("plans/more/work.yaml") == Path("plans/more/work.yaml")
    assert resources.spelled(again) == str(again)


def test_the_plan_of_a_run_is_where_it_was_or_among_the_plans_or_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("far/mine.yaml", "far/other.yaml", "mine.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert resources.plan_of("mine", "far/mine.yaml") == Path("far/mine.yaml")
    for elsewhere in ("far/other.yaml", "gone/mine.yaml", ""):
        assert resources.plan_of("mine", elsewhere) == Path("mine.yaml")
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/mine.yaml").touch()
    assert resources.find_plan("mine") == Path("plans/mine.yaml")
    with pytest.raises(UsageError):
        resources.find_plan("nothing")
    assert resources.find_plan("other.yaml") == Path(
        "other.yaml"
    )  # as it is said, be it there or not
    assert resources.spelled(Path("plans/mine.yaml")) == "mine"
    assert resources.spelled(Path("mine.yaml")) == "mine.yaml"


def test_a_byte_order_mark_is_no_mistake(project):
    project.write("- {name: work, sql: work.sql, rollback: nothing}", work="SELECT 1;")
    project.plan.write_bytes(b"\xef\xbb\xbf" + project.plan.read_bytes())
    assert load(project.plan).plan.description == "a test"


def test_a_link_out_of_the_sql_directory_is_no_template(project):
    project.write("- {name: work, sql: out.sql, rollback: nothing}")
    (project.directory / "secret.sql").write_text("SELECT 1;")
    (project.directory / "sql" / "out.sql").symlink_to(project.directory / "secret.sql")
    assert told(project.plan) == ["4: $.steps[0].sql: there is no template sql/out.sql"]


@pytest.fixture
def validated(project, tmp_path, monkeypatch) -> list[Document]:
    """The documents that jsonschema is asked about, and a cache of its own."""
    asked: list[Document] = []

    def mistakes(document: Document) -> Iterator[Problem]:
        asked.append(document)
        return original(document)

    original = schema.mistakes
    monkeypatch.setattr(schema, "mistakes", mistakes)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project.write("- {name: work, sql: work.sql, rollback: nothing}", work="SELECT 1;")
    return asked


def test_a_valid_plan_is_validated_once(project, validated):
    load(project.plan)
    load(project.plan)
    assert len(validated) == 1


def test_a_plan_that_was_edited_is_validated_again(project, validated):
    load(project.plan)
    right = project.plan.read_text()
    project.plan.write_text(right + "stepz: []\n")
    for _ in range(2):
        assert told(project.plan) == ["5: $.stepz: unknown key 'stepz'; did you mean 'steps'?"]
    project.plan.write_text(right)
    load(project.plan)
    assert len(validated) == 3  # the plan found valid is still remembered


@pytest.mark.parametrize("edited", ["schema.json", "schema.py"])
def test_another_schema_validates_again(project, validated, monkeypatch, tmp_path, edited):
    load(project.plan)
    for file in (resources.home() / "schema.json", Path(schema.__file__)):
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes() + (b"\n" if file.name == edited else b""))
    monkeypatch.setattr(loader, "_RULES", [tmp_path / "schema.json", tmp_path / "schema.py"])
    load(project.plan)
    load(project.plan)
    assert len(validated) == 2


def test_what_others_say_of_a_plan_is_not_believed(project, validated, tmp_path):
    load(project.plan)
    (tmp_path / "cache" / "executor").chmod(0o770)
    cache._open.cache_clear()
    load(project.plan)
    assert len(validated) == 2


def test_yaml_1_1_does_not_change_what_is_written():
    """YAML reads 0100, on and 12:30:45 as other values than those written."""
    plan = load(PLANS / "valid" / "yaml_traps.yaml").plan
    assert {variable.name: variable.default for variable in plan.variables} == {
        "octal": "0100",
        "switch": "on",
        "norway": "no",
        "time": "12:30:45",
        "hexadecimal": "0x10",
        "grouped": "1_000",
        "infinity": ".inf",
        "date": "2025-08-11",
        "whole": 100,
        "negative": -1,
        "fraction": 0.5,
        "exponent": 1000.0,
        "truth": True,
    }
    assert plan.settings == {"on": "on", "lock_timeout": "2s", "work_mem": "0100"}
    assert plan.steps[0].name == "on"
    assert plan.steps[0].retry == Retry(on=("deadlock",))


def test_every_key_reaches_the_plan():
    plan = load(PLANS / "valid" / "every_key.yaml").plan
    once, each, in_batches, again, outside = plan.steps
    assert plan.postgres == ">=15"
    assert plan.settings == {"lock_timeout": "2s", "enable_seqscan": "off", "work_mem": "64"}
    assert plan.throttle == ("boolean.sql",)
    assert plan.accept == ("the primary key",)
    assert [step.form for step in plan.steps] == ["once", "for_each", "batches", "repeat", "once"]
    assert once.retry == Retry(("lock_timeout",), 3, (0.25, 120.0), "boolean.sql")
    assert again.retry == Retry(attempts=9, backoff=(1.0, 2.0), blockers="boolean.sql")
    assert (once.when, once.always, once.isolation) == ("boolean.sql", True, "repeatable read")
    assert (each.for_each, each.order, each.skip) == ("range(count)", "boolean.sql", "boolean.sql")
    assert each.workers == "{{ count }}"
    assert in_batches.batches == Batches("{{ source }}", 1000)
    given = {"whole": "{{ target }}", "limit": 3, "kinds": ["a", "{{ mode }}"]}
    assert in_batches.with_ == given
    assert again.repeat == Repeat("boolean.sql", 7)
    assert (outside.transaction, outside.irreversible) == (False, "it can't be undone")


def test_the_templates_of_a_step_see_its_arguments(project):
    project.write(
        """
        - name: work
          with: {whole: "{{ old }}", names: ["{{ old }}", b], limit: 3}
          when: is_there.sql
          repeat: {until: is_there.sql}
          sql: work.sql
          rollback: undo.sql
          assertions: [{no_rows: {sql: bad.sql}}]
        - {name: other, sql: other.sql, rollback: nothing}
        """,
        head="variables: {old: {type: table, default: app.t}}",
        is_there="SELECT to_regclass({{ whole | literal }}) IS NULL",
        work="DROP TABLE {{ whole | ident }}, {{ names[1] | ident }};",
        undo="CREATE TABLE {{ whole | ident }} ();",
        bad="SELECT 1 LIMIT {{ limit }}",
        other="SELECT {{ whole | literal }};",
    )
    with pytest.raises(PlanError) as caught:
        load(project.plan)
    assert list(map(str, caught.value.problems)) == ["sql/other.sql:1: unknown variable 'whole'"]
    project.templates(other="SELECT 1;")
    own = Renderer.of(load(project.plan), {}, ANY_TIMESTAMP, keep=True)
    own.digests()
    step = own.plan.steps[0]
    assert own.sql(step, **{"pass": 1}) == 'DROP TABLE "app"."t", "b";'
    assert own.rollback(step) == 'CREATE TABLE "app"."t" ();'
    assert own.condition("is_there.sql", step) == 'SELECT to_regclass(\'"app"."t"\') IS NULL'
    assert "LIMIT 3" in own.assertion(step.assertions[0]).query


def test_an_assertion_has_the_defaults_of_the_schema_and_its_line():
    count, checksum, query = load(PLANS / "valid" / "every_key.yaml").plan.steps[0].assertions
    assert checksum == Assertion("checksum_equal", checksum.arguments, "warn", "", checksum.place)
    assert checksum.place == (str(PLANS / "valid" / "every_key.yaml"), 28)
    assert checksum.arguments["buckets"] == 4
    assert (count.arguments["left"], count.arguments["right"]) == ("{{ source }}", "{{ target }}")
    assert (count.severity, count.description) == ("error", "same")
    assert query.arguments == {"sql": "work.sql", "equals": None, "between": [1, "{{ count }}"]}


@pytest.mark.parametrize(
    ("given", "type_"),
    [("1", "integer"), ("1.5", "number"), ("true", "boolean"), ("[a]", "list"), ("a", "string")],
)
def test_a_bare_default_gives_the_variable_its_type(project, given, type_):
    step = "- {name: work, sql: work.sql, rollback: nothing}"
    project.write(step, f"variables: {{a: {given}}}", work="SELECT 1;")
    assert load(project.plan).plan.variables[0].type == type_


def test_templates_beside_the_plan_hide_our_own(project):
    project.write("- {name: work, sql: work.sql, rollback: nothing}", work="SELECT 1;")
    own, ours = load(project.plan).templates.directories
    assert own == project.directory / "sql"
    assert (ours / "assertions" / "no_rows.sql").is_file()


def test_a_plan_may_be_below_a_directory_whose_name_is_no_utf8(tmp_path):
    project = Project(tmp_path / os.fsdecode(b"caf\xe9"))
    project.write("- {name: work, sql: work.sql, rollback: nothing}", work="SELECT 1;")
    assert load(project.plan).plan.name == project.plan.stem

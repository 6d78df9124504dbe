"""schema.json, the model and the files of sql/ and plans/ are in step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from executor import resources
from executor.plan import model
from executor.plan.document import read

ROOT = Path(__file__).parents[3]
SCHEMA = resources.schema()
STEP = SCHEMA["$defs"]["step"]["properties"]
RETRY = SCHEMA["$defs"]["retry"]["properties"]
KINDS = SCHEMA["$defs"]["assertion"]["properties"]
PLANS = sorted((ROOT / "plans").rglob("*.yaml"))
TEMPLATES = sorted((ROOT / "sql").rglob("*.sql"))

#: what a file may include before it says what it does
INCLUDES = ("{% include", "{% from")


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that the schema defines anywhere."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            for name, definition in value.items():
                yield f"{path}.{name}", definition
                yield from properties(definition, f"{path}.{name}")
        else:
            yield from properties(value, path)


def names(kind: type, *without: str) -> set[str]:
    """The fields of a dataclass."""
    return {field.name.rstrip("_") for field in fields(kind)} - set(without)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$schema"]


def test_an_assertion_kind_is_a_template_and_a_block_of_the_schema():
    assert set(KINDS) == {file.stem for file in (ROOT / "sql" / "assertions").glob("*.sql")}


#: keys of a plan that are part of something else once it is loaded
RESOLVED = {"retry", "extends"}


@pytest.mark.parametrize(
    ("block", "kind", "without"),
    [
        (SCHEMA["properties"].keys() - RESOLVED, model.Plan, ("name", "path", "places")),
        (STEP, model.Step, ("place",)),
        (STEP["batches"]["properties"], model.Batches, ()),
        (STEP["repeat"]["properties"], model.Repeat, ()),
        (RETRY, model.Retry, ()),
        (SCHEMA["$defs"]["variable_definition"]["properties"], model.Variable, ("name", "derived")),
    ],
    ids=["plan", "step", "batches", "repeat", "retry", "variable"],
)
def test_what_the_schema_allows_is_what_the_model_holds(block, kind, without):
    assert set(block) == names(kind, *without)


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        (STEP, model.Step),
        (STEP["repeat"]["properties"], model.Repeat),
        (SCHEMA["properties"], model.Plan),
    ],
    ids=["step", "repeat", "plan"],
)
def test_defaults_of_the_schema_are_those_of_the_model(block, kind):
    ours = {field.name.rstrip("_"): field.default for field in fields(kind)}
    for name, definition in block.items():
        if "default" in definition:
            given = definition["default"]
            assert ours[name] == (tuple(given) if isinstance(given, list) else given), name


def test_the_default_of_retry_is_that_of_the_model():
    assert model.Retry() == model.Retry(
        ("lock_timeout", "deadlock", "serialization"), 5, (0.5, 10.0)
    )
    assert RETRY["on"]["default"] == list(model.Retry().on)
    assert RETRY["attempts"]["default"] == model.Retry().attempts
    assert RETRY["backoff"]["default"] == "500ms..10s"


def test_every_property_has_a_description():
    missing = [
        path
        for path, definition in properties(SCHEMA)
        if "description" not in definition
        and "description" not in SCHEMA["$defs"][definition["$ref"].rpartition("/")[2]]
    ]
    assert missing == []


def test_nothing_unknown_is_let_through():
    loose = [
        path
        for path, definition in properties(SCHEMA)
        if "properties" in definition and definition.get("additionalProperties") is not False
    ]
    assert loose == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_plan_is_valid(path):
    data = read(path).data
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)] == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_plan_tells_editors_where_the_schema_is(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    given = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / given).resolve() == ROOT / "schema.json"


def test_every_template_begins_with_what_it_does():
    wrong = []
    for path in TEMPLATES:
        lines = filter(None, path.read_text(encoding="utf-8").splitlines())
        first = next(line for line in lines if not line.startswith(INCLUDES))
        if not first.startswith(("--", "{##")):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_an_editor_finds_the_schema_of_every_plan(plan):
    first = plan.read_text(encoding="utf-8").splitlines()[0]
    place = first.removeprefix("# yaml-language-server: $schema=")
    assert (plan.parent / place).resolve() == ROOT / "schema.json"


def test_the_program_s_own_files_may_be_a_team_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an environment that is installed with umask 002; they are not looked at, as sql/ is not."""
    copy = tmp_path / "schema.json"
    copy.write_bytes((ROOT / "schema.json").read_bytes())
    copy.chmod(0o666)
    monkeypatch.setattr(resources, "home", lambda: tmp_path)
    assert resources.schema.__wrapped__() == resources.schema()

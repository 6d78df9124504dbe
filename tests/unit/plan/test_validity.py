"""What is surely valid is valid for jsonschema, too; and a plan that is right is surely valid."""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executor import resources
from executor.errors import PlanError
from executor.plan.document import read
from executor.plan.schema import mistakes
from executor.plan.validity import is_sure

ROOT = Path(__file__).parents[3]
RIGHT = [*sorted((ROOT / "plans").rglob("*.yaml")), *sorted((ROOT / "tests/plans/valid").iterdir())]
WRONG = sorted((ROOT / "tests/plans/invalid").glob("*.yaml"))

EVERY_KEY = read(ROOT / "tests/plans/valid/every_key.yaml")

#: what a place of a plan might hold instead
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2000),
    st.floats(),
    st.sampled_from(
        ["", "x", "x\n", "x.sql", "x.sql\n", "nothing", "error", "[", "1s..2s", ">=14"]
    ),
    st.lists(st.sampled_from(["x", "y", 1]), max_size=3),
    st.dictionaries(st.sampled_from(["sql", "type", "x", "equals"]), st.sampled_from(["x.sql", 1])),
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every container of a plan with each of its keys."""
    found = []
    if isinstance(data, dict | list):
        keys = list(data) if isinstance(data, dict) else range(len(data))
        for key in keys:
            found += [(data, key), *places(data[key])]
    return found


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_a_plan_that_is_right_is_surely_valid(path):
    assert is_sure(resources.schema(), read(path).data)


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_plan_that_is_wrong_is_not(path):
    with suppress(PlanError):  # some are not even YAML
        document = read(path)
        assert is_sure(resources.schema(), document.data) == (not list(mistakes(document)))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_surely_valid_is_valid(data):
    changed = copy.deepcopy(EVERY_KEY.data)
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(places(changed)))
        match data.draw(st.sampled_from(["replace", "remove", "rename"])):
            case "replace":
                container[key] = data.draw(VALUES)
            case "remove":
                del container[key]
            case "rename" if isinstance(container, dict):
                container[data.draw(st.sampled_from(["x", "Y", "query", "sql"]))] = container.pop(
                    key
                )
        if not places(changed):
            break
    document = replace(EVERY_KEY, data=changed)
    assert is_sure(resources.schema(), changed) == (not list(mistakes(document)))


def test_an_unknown_rule_makes_nothing_sure():
    assert is_sure({"type": "string"}, "x")
    assert not is_sure({"type": "string", "maxLength": 3}, "x")
    assert not is_sure({"$ref": "#/$defs/missing"}, "x")
    assert not is_sure({"if": {"minimum": 3}, "then": {}, "else": {}}, 1)
    assert not is_sure({"enum": [1]}, True)

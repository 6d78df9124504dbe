"""Facts as templates see them, and what no fragment of theirs can do."""

from __future__ import annotations

import pytest

from executor.plan.loader import load
from executor.plan.variables import resolve
from executor.rendering.facts import Facts, differences
from executor.rendering.facts_file import example
from executor.rendering.renderer import Renderer
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, ROOT, Layout

ENDS_A_BODY = "/*$executor$*/"  # a comment, wherever SQL is; in a body of that tag, its end


def with_dollars(name, value):
    if isinstance(value, dict):
        return {key: with_dollars(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_dollars(name, item) for item in value]
    ends = isinstance(value, str) and name.endswith("_sql")
    return f"{value} {ENDS_A_BODY}" if ends else value


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
def test_no_fragment_can_end_the_body_that_it_stands_in(layout: Layout):
    loaded = load(ROOT / layout.plan)
    given = {"partition_count": 2, **dict(text.split("=") for text in layout.variables)}
    facts = example(loaded.plan)
    assert facts is not None
    values = resolve(loaded.plan, loaded.templates, given, "20250811_120000")
    hostile = {name: with_dollars("", list(rows)) for name, rows in facts.rows.items()}
    assert Renderer(loaded, values, Facts(hostile)).digests()


def test_differences_are_told_by_name():
    was = Facts(
        {"columns": [{"name": "a", "type_sql": "integer"}, {"name": "b", "type_sql": "text"}]}
    )
    now = Facts(
        {"columns": [{"name": "a", "type_sql": "bigint"}, {"name": "c", "type_sql": "text"}]}
    )
    assert sorted(differences(was.rows, now.rows, ["columns"])) == [
        'columns: a was changed (type_sql: was "integer", is "bigint")',
        "columns: b was there and is gone",
        "columns: c was added",
    ]
    assert was.fingerprint != now.fingerprint
    assert list(differences(was.rows, was.rows, ["columns"])) == []

"""What a statement takes before and after, by its plans and by what was measured."""

from __future__ import annotations

from typing import Any

import pytest

from executor.queries.effort import Explained, efforts


def plan(cost: float, locks: int, *, ms: float | None = None, **said: float) -> Explained:
    return Explained(cost, 1, locks, (), ms=ms, **said)  # type: ignore[arg-type]


def ratio(before: Explained, after: Explained, known: float | None = None) -> float:
    first, second = efforts(before, (before, after), known)
    return second / first


def test_what_computes_much_hardly_notices_what_it_takes_to_plan():
    plans = plan(2000, 6, planning=0.1), plan(2000, 604, planning=3)
    assert ratio(*plans) > 3
    assert ratio(*plans, 9.0) < 2  # a unit of its cost takes longer
    assert ratio(*plans, 0.1) > 5  # or less


def test_what_costs_hardly_anything_takes_its_time_in_any_table():
    """Rows that are written, and the time of a server that has much to do."""
    assert ratio(plan(8, 6), plan(33, 29), 2.0) < 1.2
    assert ratio(plan(8, 6, written=1.0), plan(33, 29, written=4.0)) < 1.2


def test_what_was_measured_counts():
    assert ratio(plan(10, 6, ms=0.08), plan(10, 604, ms=0.1)) == pytest.approx(1.1)
    assert ratio(plan(10, 6, ms=0.08), plan(10, 6, ms=0.88), 9.0) == pytest.approx(5)


def node(
    kind: str, rows: float, cost: float, *below: dict[str, Any], **more: str
) -> dict[str, Any]:
    said = {"Node Type": kind, "Plan Rows": rows, "Total Cost": cost, "Plan Width": 50}
    return {
        **said,
        "Plans": list(below),
        **{name.replace("_", " "): text for name, text in more.items()},
    }


def explained(plan: dict[str, Any]) -> Explained:
    return Explained.of({"Plan": plan, "Planning Time": 0.1}, 20, {"p0", "p1", "p2"}, ["p0", "p1"])


def test_a_statement_finds_the_same_rows_in_both_tables():
    """Though the planner may expect those of each partition to be as many as all."""
    outer = node("Seq Scan", 6, 100, Relation_Name="other", Parent_Relationship="Outer")
    parts = [
        node("Bitmap Heap Scan", 20, 84, Relation_Name=f"p{n}", Parent_Relationship="Member")
        for n in range(3)
    ]
    append = node("Append", 60, 252, *parts, Parent_Relationship="Inner")
    found = explained(node("Nested Loop", 360, 1612, outer, append))
    assert (found.cost, found.found, found.by_index, found.partitions) == (1612, 360, 1512, 2)
    assert found.scans == ["Bitmap Heap Scan"]
    assert found.work_to_find(120) == pytest.approx(1104)
    assert found.work_to_find(1000) == found.work == 1612 + 5 * 100
    whole = explained(node("Seq Scan", 4, 1000, Relation_Name="p0"))
    assert whole.work_to_find(1) == 6000  # it is read whole, however many are found


def test_partitions_that_may_be_written_to_are_opened_each():
    targets = [{"Relation Name": f"p{n}"} for n in range(100)]
    update = node("ModifyTable", 0, 800, node("Append", 20, 800, Parent_Relationship="Outer"))
    many = explained({**update, "Operation": "Update", "Target Tables": targets})
    assert many.opened == pytest.approx(1.5)
    one = explained({**update, "Operation": "Update"})
    assert ratio(one, many) > 2


def test_what_is_planned_for_any_value_would_be_planned_for_less_with_one():
    part = node("Index Scan", 5, 8, Relation_Name="p0", Parent_Relationship="Member")
    append = {**node("Append", 500, 800, part), "Subplans Removed": 99}
    said = {"Plan": append, "Planning Time": 5.0}
    of = Explained.of(said, 600, {"p0"}, ["p0"], generic=True)
    assert (of.planning, of.locks) == (pytest.approx(0.05), 6)
    # a time that only the run knows, as now(), leaves nothing out before
    assert Explained.of(said, 600, {"p0"}, ["p0"]).planning == 5.0

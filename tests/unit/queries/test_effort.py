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


def scan(kind: str, table: str, rows: float, cost: float, **more: Any) -> dict[str, Any]:
    return {
        "Node Type": kind,
        "Relation Name": table,
        "Plan Rows": rows,
        "Total Cost": cost,
        **more,
    }


def test_a_statement_finds_the_same_rows_in_both_tables():
    """Though the planner may expect those of each partition to be as many as all."""
    outer = scan("Seq Scan", "other", 6, 100, **{"Parent Relationship": "Outer"})
    parts = [scan("Bitmap Heap Scan", f"p{n}", 20, 84) for n in range(3)]
    append = {"Node Type": "Append", "Plan Rows": 60, "Total Cost": 252, "Plans": parts}
    for node in parts:
        node["Parent Relationship"] = "Member"
    append["Parent Relationship"] = "Inner"
    loop = {
        "Node Type": "Nested Loop",
        "Plan Rows": 120,
        "Total Cost": 1612,
        "Plans": [outer, append],
    }
    found = Explained.of({"Plan": loop, "Planning Time": 0.1}, 20, {"p0", "p1", "p2"}, ["p0", "p1"])
    assert (found.cost, found.found, found.by_index, found.partitions) == (1612, 360, 1512, 2)
    assert found.scans == ["Bitmap Heap Scan"]
    assert found.cost_to_find(120) == pytest.approx(604)
    assert found.cost_to_find(1000) == 1612
    whole = [scan("Seq Scan", "p0", 1, 1000), {**scan("Limit", "", 1, 1000)}]
    one = Explained.of({"Plan": whole[0], "Planning Time": 0.1}, 20, {"p0"}, ["p0"])
    assert one.cost_to_find(0.5) == 1000  # it is read whole, however many are found

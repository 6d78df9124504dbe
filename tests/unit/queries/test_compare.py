"""What a statement takes before and after, by estimates and by what was measured."""

from __future__ import annotations

import pytest

from executor.queries.compare import Compared, Explained
from executor.queries.workload import Statement


def ratio(known: float | None, *plans: tuple[float, int], ms: tuple[float, ...] = ()) -> float:
    """Of a statement that the server knows to take so long, by cost and locks of its plans."""
    statement = Statement("1", "SELECT 1", (), bare=True, ms=known)
    before, after = (
        Explained(cost, 1, locks, (), ms[place] if ms else None)
        for place, (cost, locks) in enumerate(plans)
    )
    found = Compared(statement, "same", "", before, after).ratio
    assert found is not None
    return found


def test_what_computes_much_hardly_notices_locks():
    plans = (2000.0, 6), (2000.0, 604)
    assert ratio(None, *plans) > 3
    assert ratio(4.0, *plans) < 2  # its cost takes longer than that of what is short
    assert ratio(0.5, *plans) > 3


def test_what_was_measured_counts():
    assert ratio(None, (10.0, 6), (10.0, 604), ms=(0.08, 0.1)) == pytest.approx(1.1)
    assert ratio(9.0, (10.0, 6), (10.0, 6), ms=(0.08, 0.88)) == pytest.approx(5)

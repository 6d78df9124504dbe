"""Whether the end of a run says that cron has to keep the table alive."""

import pytest

from executor.plan.loader import load
from executor.plan.maintain import is_needed
from executor.plan.variables import resolve
from tests.helpers.plans import ROOT

TIMESTAMP = "20000101_000000"


@pytest.mark.parametrize(
    ("plan", "needed"),
    [
        ("chunks_100_partitions", False),
        ("alternatives/events_by_month", True),
        ("alternatives/events_by_month_hashed", True),
        ("alternatives/events_by_tenant", False),
        ("alternatives/adopt", True),
        ("examples/01_hello", False),
    ],
)
def test_a_table_of_intervals_needs_maintenance(plan, needed):
    loaded = load(ROOT / f"plans/{plan}.yaml")
    assert is_needed(loaded, resolve(loaded.plan, loaded.templates, {}, TIMESTAMP)) is needed

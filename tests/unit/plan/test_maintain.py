"""What a plan says of the one that keeps its table alive."""

import pytest

from executor.plan.loader import load
from executor.plan.maintain import is_needed
from executor.plan.variables import resolve
from tests.helpers.plans import ROOT, call

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


@pytest.mark.parametrize("command", [("validate",), ("run", "--dsn=host=/nowhere")])
def test_values_that_its_plan_does_not_take_are_told_with_their_line(command, tmp_path):
    tmp_path.chmod(0o755)
    file = tmp_path / "events.yaml"
    file.write_text(
        "extends: chunks_100_partitions.yaml\nmaintain:\n  keep: 90 dys\n  grace: 30 days\n"
        "  ahead: 2000\n  kep: 1 day\n"
    )
    done = call(*command, str(file))
    assert done.returncode == 3
    keep, ahead, unknown = done.stderr.removeprefix("Error: ").splitlines()
    words = "is not a time such as 90 days, a number such as 1000000, or nothing"
    assert keep == f"{file}:3: $.maintain.keep: '90 dys' {words}"
    assert ahead == f"{file}:5: $.maintain.ahead: 2000 is more than 1000, the largest value allowed"
    assert unknown.startswith(f"{file}:6: $.maintain.kep: ")
    assert unknown.endswith("has no variable 'kep'")

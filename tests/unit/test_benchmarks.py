"""What the benchmarks make of their figures."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    """Import a script's module as the scripts do: from their own directory."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def figures(rows: int, whole: float) -> dict:
    return {
        "rows": rows,
        "floor": [1.0, 3.0, 2.0],
        "whole": [whole],
        "megabytes": [50.0, 60.0],
        "phases": {name: [2.0] for name in ("backup, verified", "copy", "indexes", "verify")},
        "others": {},
    }


def test_a_row_has_the_median_its_ratio_to_the_floor_and_the_rounds(load):
    lines = list(load("report").table(figures(1000, 8.0)))
    assert lines[0] == "| 1,000 rows | seconds | × floor | runs |"
    assert "| floor: CREATE TABLE AS | 2.00 | 1.00 | 3 |" in lines
    assert "| **whole migration** | 8.00 | 4.00 | 1 |" in lines


def test_goals_compare_sizes_and_a_peer(load):
    report, measuring = load("report"), load("measuring")
    small, large = figures(100_000, 8.0), figures(1_000_000, 100.0)
    large["others"] = {"pgslice 1, a day": [260.0], "pgslice 1, a day" + measuring.BATCHES: [20.0]}
    lines = list(report.goals(large, [small, large]))
    assert "| copy, × floor | ≤ 1.2 | 1.00 | met |" in lines
    assert "| memory of the executor, MB | ≤ 100.0 | 60.00 | met |" in lines
    assert "| whole migration of 100,000 rows, × floor | ≤ 12.0 | 4.00 | met |" in lines
    assert "| whole migration of 1,000,000 rows, × floor | ≤ 3.8 | 50.00 | missed |" in lines
    assert "| 1,000,000 rows, × the time of 100,000 | ≤ 10.5 | 12.50 | missed |" in lines
    assert lines[-1] == "| pgslice 1, a day, × with the old table as backup | ≥ 2.5 | 2.60 | met |"
    large["phases"]["backup, verified"] = [9.0]
    assert any("1,000,000 rows, × floor | ≤ 5.5" in line for line in report.goals(large, [large]))


@pytest.mark.parametrize(
    ("step", "said"), [("swap", "did not catch up with 800"), ("copy_rows", "had no time to catch")]
)
def test_a_run_that_is_stopped_at_its_deadline_says_so(load, step, said):
    ran = load("running").Ran([(0.0, {"event": "StepStarted", "step": step})], 130, late=True)
    assert said in load("online").verdict(ran, 800, 60.0)


def test_a_run_that_fails_for_another_reason_is_no_figure(load):
    ran = load("running").Ran([(0.0, {"event": "StepStarted", "step": "check"})], 5, late=False)
    with pytest.raises(load("running").FailedError, match="failed with 5 in the step check"):
        load("online").verdict(ran, 800, 60.0)


def test_every_step_of_the_plan_is_in_one_phase(load):
    plan = yaml.safe_load((BENCHMARKS.parent / "plans/chunks_100_partitions.yaml").read_text())
    phases = [step for steps in load("measuring").PHASES.values() for step in steps]
    assert sorted(phases) == sorted(step["name"] for step in plan["steps"])

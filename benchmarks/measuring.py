"""The single measurements: the floor, the flagship plan by phases, the algorithms of others."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from running import EXECUTOR, PEAK, PLAN, Event, FailedError, run
from server import Server

BACKUP = "backup, verified"

#: the steps of the flagship plan by what a reader looks for
PHASES = {
    "check": ("check",),
    BACKUP: ("back_up",),
    "structure and capture": (
        *("create_table", "create_target", "create_partitions", "configure_partitions"),
        *("capture", "capture_partitions", "capture_target", "fill_partition_key"),
    ),
    "copy": ("copy_rows",),
    "indexes, vacuum and analyze": ("define_indexes", "build_indexes", "vacuum", "analyze"),
    "foreign keys": (
        *("add_constraints", "add_foreign_keys", "validate_foreign_keys", "attach_foreign_keys"),
        *("validate_restricting_keys", "attach_restricting_keys", "validate_incoming_keys"),
    ),
    "passes over the log": ("discard_touched", "first_pass", "catch_up"),
    "verify": ("verify", "compare_queries"),
    "swap": (
        "create_twins",
        "fill_twins",
        "prepare_way_back",
        "mark_in_step",
        "await_snapshots",
        "keep_foreign_keys",
        "swap",
    ),
    "after the swap": ("release_old", "end_capture", "monitor", "retain"),
}
BETWEEN = "start, and between steps"

GUIDE = "OFFSET batches, as in common guides"
KEYSET = "keyset batches, as in pgslice"
OTHERS = {
    GUIDE: "guide.sql",
    KEYSET: "keyset.sql",
    "delete and insert, as in pg_partman": "moving.sql",
}
BATCHES = ": its batches alone"


@dataclass(frozen=True)
class Migration:
    """One run of the flagship plan, in seconds, and the memory of the executor in MB."""

    seconds: float
    phases: dict[str, float]
    megabytes: float


def floor(server: Server, database: str) -> float:
    """Seconds of CREATE TABLE AS of the source."""
    with server.connect(database) as connection:
        began = time.perf_counter()
        connection.execute("CREATE TABLE public.executor_floor AS TABLE public.chunks")
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE public.executor_floor")
    return seconds


def migrate(server: Server, database: str, workers: int, variables: Sequence[str]) -> Migration:
    """Run the flagship plan as a process of its own."""
    with tempfile.NamedTemporaryFile("r") as file:
        command = [sys.executable, str(PEAK), file.name, *EXECUTOR, "run", str(PLAN)]
        command += ["--dsn", server.database(database), "--var", f"workers={workers}"]
        command += [f"--var={variable}" for variable in variables] + ["--format", "json"]
        done = run(command)
        if done.code:
            raise FailedError(f"the run failed with {done.code}: {done.events[-1:]}")
        seconds, megabytes = map(float, Path(file.name).read_text().split())
    return Migration(seconds, _phases(done.events, seconds), megabytes)


def _phases(events: list[tuple[float, Event]], whole: float) -> dict[str, float]:
    steps = {e["step"]: e["seconds"] for _, e in events if e["event"] == "StepFinished"}
    unknown = set(steps) - {step for group in PHASES.values() for step in group}
    if unknown:
        raise FailedError(f"benchmarks/measuring.py: no phase has the steps {sorted(unknown)}")
    phases = {name: sum(steps.get(step, 0.0) for step in group) for name, group in PHASES.items()}
    return {**phases, BETWEEN: whole - sum(phases.values())}


def of_others(server: Server, database: str, template: str) -> tuple[float, float]:
    """Seconds of another algorithm on a clone of the source, and of its batches alone."""
    spent = server.run(database, template)
    return sum(spent), max(spent)  # the loop over the batches is the longest statement of each

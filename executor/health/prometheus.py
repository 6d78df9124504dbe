"""A table and runs in the text format of Prometheus, for node_exporter's textfile. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from executor.journal.rows import RunRow, StepRow, being_undone, progress
from executor.streams import visible

from .checks import Health, Partition

_LEVELS = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}
_MEANING = "0 ok, 1 warning, 2 critical, 3 could not be asked"
_PARTITION = {
    "rows": "Rows, as the server's counters have it.",
    "dead_rows": "Dead rows, as the server's counters have it.",
    "size_bytes": "Size on disk, with indexes and out-of-line values.",
    "deviation_ratio": "Distance from an equal share of the rows: 0.3 is 30 % over it.",
    "last_vacuum_timestamp_seconds": "Last VACUUM, also by autovacuum; absent: none is known.",
    "last_analyze_timestamp_seconds": "Last ANALYZE, also by autovacuum; absent: none is known.",
}
_STATES = {"succeeded": 0, "running": 1, "stopped": 2, "failed": 3, "rolled_back": 4}
_RUN = {
    "status": "0 succeeded, 1 running, 2 stopped: no executor is at work, 3 failed, 4 rolled back.",
    "number": "Its number, as of `executor status --run`.",
    "started_timestamp_seconds": "When it began.",
    "ended_timestamp_seconds": "When it last ended; absent: it has not.",
    "silent_seconds": "Since the last sign of life of its executor; absent: none is at work.",
    "waits_for_somebody": "1: it is paused, or held before a step.",
    "done_ratio": "Which share of it is done, by the weights of its steps; absent: none is given.",
    "left_seconds": "About how long the rest will take; absent: nothing tells yet.",
    "steps": "Steps of its plan.",
    "steps_ended": "Steps that have succeeded or were left out.",
    "iterations": "Iterations of its steps, as far as they are planned.",
    "iterations_ended": "Iterations that were committed.",
    "rows": "Rows that its steps have written.",
}

_Sample = tuple[Mapping[str, str], float | None]


def exposition(health: Health) -> str:
    """The whole text; a value that is not known has no line."""
    table = {"database": health.database, "table": health.table}
    lines = [
        *_family("health_status", f"The worst check: {_MEANING}.",
                 [(table, _LEVELS[health.status])]),
        *_family("health_check_status", f"A check: {_MEANING}.",
                 [({**table, "check": c.name}, _LEVELS[c.level]) for c in health.checks]),
        *_family("health_check_value", "What a check has measured: a count, or a skew.",
                 [({**table, "check": c.name}, c.value) for c in health.checks]),
    ]  # fmt: skip
    for name, meaning in _PARTITION.items():
        samples = [
            ({**table, "schema": p.schema, "partition": p.name}, _values(p)[name])
            for p in health.partitions
        ]
        lines += _family(f"partition_{name}", meaning, samples)
    return "\n".join(lines) + "\n"


def of_runs(database: str, runs: Iterable[tuple[RunRow, Sequence[StepRow]]]) -> str:
    """The text for the newest run of each plan and table."""
    told = [
        ({"database": database, "plan": run.plan, "table": run.subject or ""}, _of_run(run, steps))
        for run, steps in runs
    ]
    families = (
        _family(f"run_{name}", meaning, [(labels, values[name]) for labels, values in told])
        for name, meaning in _RUN.items()
    )
    return "\n".join(line for family in families for line in family) + "\n"


def _of_run(run: RunRow, steps: Sequence[StepRow]) -> Mapping[str, float | None]:
    at_work = run.status == "running" and run.connected
    stopped = run.status == "running" and not at_work
    far = progress(steps, run.pace) if run.status == "running" and not being_undone(steps) else None
    return {
        "status": _STATES["stopped" if stopped else run.status],
        "number": run.id,
        "started_timestamp_seconds": _seconds(_moment(run.started_at)),
        "ended_timestamp_seconds": _seconds(_moment(run.finished_at)),
        "silent_seconds": run.silent_seconds if at_work else None,
        "waits_for_somebody": at_work and bool(run.paused or run.held_before),
        "done_ratio": far.share if far else None,
        "left_seconds": far.seconds_left if far else None,
        "steps": len(steps),
        "steps_ended": sum(step.status in ("succeeded", "skipped") for step in steps),
        "iterations": sum(step.planned for step in steps),
        "iterations_ended": sum(step.finished for step in steps),
        "rows": sum(step.rows for step in steps),
    }


def _moment(text: str | None) -> datetime | None:
    found = datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC") if text else None  # noqa: DTZ007
    return found.replace(tzinfo=UTC) if found else None


def _family(name: str, meaning: str, samples: Iterable[_Sample]) -> Iterator[str]:
    yield f"# HELP executor_{name} {meaning}"
    yield f"# TYPE executor_{name} gauge"
    for labels, value in samples:
        if value is not None:
            listing = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
            yield f"executor_{name}{{{listing}}} {value:.15g}"


def _escaped(text: str) -> str:
    text = visible(text)  # before its backslashes are doubled: the format knows no other escapes
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _values(partition: Partition) -> Mapping[str, float | None]:
    return {
        "rows": partition.rows,
        "dead_rows": partition.dead_rows,
        "size_bytes": partition.size_bytes,
        "deviation_ratio": partition.deviation,
        "last_vacuum_timestamp_seconds": _seconds(partition.last_vacuum),
        "last_analyze_timestamp_seconds": _seconds(partition.last_analyze),
    }


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None

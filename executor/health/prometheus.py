"""The health of a table in the text format of Prometheus, for node_exporter's textfile. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

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

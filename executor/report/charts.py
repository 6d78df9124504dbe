"""What the charts of a report show; report.html draws them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from executor.formats import clock, count, took

from .timeline import Gap, Scale, Span

Row = Mapping[str, Any]


class Mark(NamedTuple):
    """A bar on a step's line, from 0 to 1; its class in the page, and its tip."""

    begin: float
    end: float
    style: str
    tip: str


class Column(NamedTuple):
    """A column of a chart, its class in the page, and its tip."""

    value: float
    style: str
    tip: str


@dataclass(frozen=True, slots=True)
class Line:
    """A step on the timeline."""

    step: Row
    seconds: float  # at work on it, all times together
    begin: datetime | None
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All steps, from the first begin to the last end."""

    lines: Sequence[Line]
    gaps: Sequence[Gap]
    begin: datetime | None
    end: datetime | None
    busy: float  # seconds at work


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a throughput."""

    begin: datetime
    end: datetime
    rate: float  # rows a second


@dataclass(frozen=True, slots=True)
class Throughput:
    """Rows a second of one step."""

    step: str
    rows: int
    seconds: float
    slices: Sequence[Slice]
    top: float
    columns: Sequence[Column]
    mean: float | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """Rows of each partition of one table."""

    table: str
    variable: str
    partitions: Sequence[Row]
    smallest: int
    average: float
    largest: int
    top: float
    columns: Sequence[Column]


def timeline(steps: Sequence[Row], spans: Sequence[Span]) -> Timeline:
    """One line for each step."""
    scale = Scale(spans)
    lines = []
    for step in steps:
        own = [span for span in spans if span.step == step["name"]]
        work = [span for span in own if span.kind in ("run", "undo")]
        marks = [Mark(gap.place, gap.place + gap.width, "gap", _gap(gap)) for gap in scale.gaps]
        # what lies within a step is drawn over it
        for span in sorted(own, key=lambda span: span.kind not in ("run", "undo")):
            begin, end = scale.place(span.begin), scale.place(span.end)
            marks.append(Mark(begin, end, _style(span), _tip(span)))
        begun = work[0].begin if work else None
        seconds = sum(span.seconds for span in work)
        lines.append(Line(step, seconds, begun, marks))
    stretches = scale.stretches
    first, last = (stretches[0][0], stretches[-1][1]) if stretches else (None, None)
    return Timeline(lines, scale.gaps, first, last, scale.busy)


def _style(span: Span) -> str:
    return span.kind if span.kind != "run" else str(span.outcome).replace(" ", "-")


def _tip(span: Span) -> str:
    what = {"run": span.outcome, "undo": "rolled back", "retry": "tried in vain", "wait": "waited"}
    said = ": " + span.detail.split("\n")[0] if span.detail else ""
    when = f"{clock(span.begin)}, {took(span.seconds)}"
    return f"{span.step}, {what[span.kind]}, {when}{said}"


def _gap(gap: Gap) -> str:
    return f"nothing was done for {took(gap.seconds)}"


def throughputs(rows: Sequence[Row]) -> Iterator[Throughput]:
    """Of each step that has moved rows in iterations."""
    for step, group in groupby(rows, key=itemgetter("step")):
        slices = list(group)
        first, seconds = slices[0]["first"], slices[0]["seconds"]
        length = timedelta(seconds=seconds / len(slices))
        parts = [
            Slice(first + length * number, first + length * (number + 1), row["rate"])
            for number, row in enumerate(slices)
        ]
        top = _rounded_up(max(part.rate for part in parts))
        drawn = [
            Column(part.rate, "rate", f"{clock(part.begin)}: {count(part.rate)} rows/s")
            for part in parts
        ]
        rows_in_all = slices[0]["rows"]
        mean = rows_in_all / seconds if seconds else None
        yield Throughput(step, rows_in_all, seconds, parts, top, drawn, mean)


def distributions(rows: Sequence[Row]) -> Iterator[Distribution]:
    """Of each partitioned table."""
    for (table, variable), group in groupby(rows, key=itemgetter("table", "variable")):
        partitions = list(group)
        counts = [row["rows"] for row in partitions]
        average = sum(counts) / len(counts)
        top = _rounded_up(max(counts))
        drawn = [
            Column(row["rows"], "rows", f"{row['partition']}: {count(row['rows'])} rows")
            for row in partitions
        ]
        yield Distribution(
            *(table, variable, partitions, min(counts), average, max(counts), top, drawn)
        )


def _rounded_up(value: float) -> float:
    """The next number of the form 1, 2, 2.5, 4, 5, 6, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    steps = (n * power for n in (1, 2, 2.5, 4, 5, 6, 8, 10))
    return next(step for step in steps if step >= value * 0.9999)

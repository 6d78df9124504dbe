"""When what took time, as places between 0 and 1; long gaps are cut short. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

_WORK = ("run", "undo")
_LONG = 0.15  # of the time at work: a gap that is longer is cut
_CUT = 0.04  # of the time at work: what is left of it


@dataclass(frozen=True, slots=True)
class Span:
    """Something of a step that took time; `kind` and `outcome` as in executor.spans."""

    step: str
    kind: str
    outcome: str | None
    detail: str | None
    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.end - self.begin).total_seconds()


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was done; its place on the scale, from 0 to 1."""

    begin: datetime
    end: datetime
    place: float
    width: float

    @property
    def seconds(self) -> float:
        """How long it was."""
        return (self.end - self.begin).total_seconds()


class Scale:
    """The time from the first span of work to the last one, without what is left out of gaps."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.stretches = _merged(span for span in spans if span.kind in _WORK)
        busy = sum((end - begin for begin, end in self.stretches), timedelta())
        self.busy = busy.total_seconds()
        cut = timedelta(seconds=self.busy * _CUT)
        points = [moment for stretch in self.stretches for moment in stretch]
        widths = [end - begin for begin, end in pairwise(points)]
        for number in range(1, len(widths), 2):  # every second one is a gap
            if widths[number].total_seconds() > self.busy * _LONG:
                widths[number] = cut
        total = sum(widths, timedelta()).total_seconds() or 1.0
        self._points, place = points, 0.0
        self._places = [0.0]
        self.gaps: list[Gap] = []
        for number, (begin, end) in enumerate(pairwise(points)):
            width = widths[number].total_seconds() / total
            if widths[number] < end - begin:
                self.gaps.append(Gap(begin, end, place, width))
            place += width
            self._places.append(place)

    def place(self, moment: datetime) -> float:
        """Where a moment is, from 0 to 1."""
        if not self._points or moment <= self._points[0]:
            return 0.0
        for number, (begin, end) in enumerate(pairwise(self._points)):
            if moment <= end:
                share = (moment - begin) / (end - begin) if end > begin else 0.0
                left, right = self._places[number], self._places[number + 1]
                return left + share * (right - left)
        return 1.0


def spans(rows: Iterable[Mapping[str, Any]], steps: Iterable[Mapping[str, Any]]) -> list[Span]:
    """What the journal has, and of steps without it their last begin and end.

    A step lacks it while it is running, and in a run of a journal before version 2.
    """
    known = [
        Span(r["step"], r["kind"], r["outcome"], r["detail"], r["started_at"], r["finished_at"])
        for r in rows
    ]
    worked = {span.step for span in known if span.kind in _WORK}
    for step in steps:
        begin, end = step["started_at"], step["finished_at"]
        lacks = step["status"] == "running" or step["name"] not in worked
        if begin and lacks and step["status"] not in ("skipped", "pending"):
            until = max(begin, end or step["last_at"] or begin)
            known.append(Span(step["name"], "run", step["status"], step["error"], begin, until))
    return sorted(known, key=lambda span: span.begin)


def _merged(spans: Iterable[Span]) -> list[tuple[datetime, datetime]]:
    result: list[tuple[datetime, datetime]] = []
    for span in sorted(spans, key=lambda span: span.begin):
        if result and span.begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], span.end))
        else:
            result.append((span.begin, span.end))
    return result

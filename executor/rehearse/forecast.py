"""What the real table would take, by runs with two numbers of rows. Pure.

Most of what a small run takes has nothing to do with rows, such as a hundred partitions, and is not
the same twice. So each step has a line of its own, and one that does not grow has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .trial import Rehearsal, Trial

_NOISE = 0.1  # of what a step takes: so much more it can take another time
_LEAST = 0.02  # seconds, likewise
_UNEVEN = 0.15  # of the whole: by so much, at least, two runs of the same on a machine differ
_BESIDE = "between the steps"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the real table would take: about, and between what."""

    best: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class _Line:
    """Runs with fewer and with more rows, and how many rows the real table has."""

    fewer: Trial
    more: Trial
    rows: int

    @property
    def lever(self) -> float:
        """By how much what lies between the two becomes larger."""
        return max(self.rows - self.more.rows, 0) / max(self.more.rows - self.fewer.rows, 1)

    def at_end(self, of: Callable[[Trial], float]) -> float:
        """What never becomes less with more rows."""
        return of(self.more) + max(of(self.more) - of(self.fewer), 0.0) * self.lever


def _line(found: Rehearsal) -> _Line | None:
    """None if the runs did not come so far."""
    trials = {trial.what: trial for trial in found.trials if not trial.error}
    again = trials.get("run again")
    if again is None:
        return None
    if found.other is None:
        return _Line(again, again, again.rows)
    other = trials.get(found.other.what)
    if other is None:
        return None
    fewer, more = sorted((again, other), key=lambda trial: trial.rows)
    return _Line(fewer, more, found.real.table.rows)


def steps(found: Rehearsal) -> dict[str, float]:
    """Seconds of each step, and of what is between them."""
    line = _line(found)
    if line is None:
        return {}
    first = _run(found, "run")
    told = {}
    for name in dict.fromkeys([*line.fewer.steps, *line.more.steps, _BESIDE]):
        of = _of_step(name)
        fewer, more = of(line.fewer), of(line.more)
        noise = max(_NOISE * fewer, _LEAST)
        if first.rows == line.fewer.rows:
            noise = max(noise, of(first) - fewer)
        told[name] = line.at_end(of) if more - fewer > noise else more
    return told


def seconds(found: Rehearsal) -> Guess | None:
    """Of the whole run."""
    line, by_step = _line(found), steps(found)
    if line is None:
        return None
    first, again = (_run(found, what).seconds for what in ("run", "run again"))
    best = sum(by_step.values())
    apart = max(_UNEVEN * line.more.seconds, abs(first - again)) * max(line.lever, 1.0)
    return Guess(best, max(best - apart, 0.0), best + apart)


def wal(found: Rehearsal) -> float | None:
    """Bytes."""
    line = _line(found)
    return line.at_end(lambda trial: float(trial.wal)) if line else None


def disk(found: Rehearsal) -> float | None:
    """Bytes more than before."""
    line = _line(found)
    if line is None:
        return None
    # what was dropped by a rollback is no measure of what a run takes
    first = _run(found, "run")
    fewer, more = (first if t.what == "run again" else t for t in (line.fewer, line.more))
    return _Line(fewer, more, line.rows).at_end(lambda trial: float(max(trial.bytes, 0)))


def points(found: Rehearsal) -> list[Trial]:
    """The runs with fewer rows and with more; none if they did not come so far."""
    line = _line(found)
    return [line.fewer, line.more] if line else []


def _run(found: Rehearsal, what: str) -> Trial:
    return next(trial for trial in found.trials if trial.what == what)


def _of_step(name: str) -> Callable[[Trial], float]:
    if name == _BESIDE:
        return lambda trial: max(trial.seconds - sum(trial.steps.values()), 0.0)
    return lambda trial: trial.steps.get(name, 0.0)

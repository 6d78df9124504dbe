"""Rows of the journal, as values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from executor.plan.variables import PACE


@dataclass(frozen=True, slots=True)
class Server:
    """What the server says of itself."""

    version_number: int
    version: str
    standby: bool
    read_only: bool  # for this role in this database, unless a transaction says otherwise
    system_identifier: str
    timeline: int
    may_create_schema: bool
    backend_pid: int
    user: str
    database: str
    name_timestamp: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of a plan, such as its newest."""

    id: int
    plan: str
    status: str
    epoch: int
    variables: Mapping[str, Any]
    subject: str | None  # the table that it is about
    name_timestamp: str
    system_identifier: str
    timeline: int
    error: str | None
    closed: str | None  # why there is no way back any more
    started_at: str
    finished_at: str | None  # when it last ended
    backend_pid: int | None
    client: str | None
    claimed_at: str | None
    silent_seconds: float | None
    connected: bool
    paused: bool
    held_before: str | None
    workers: int | None
    batch_rows: int | None

    @property
    def pace(self) -> float | None:
        """Seconds that a weight of 1 takes, as the server was asked when the run began."""
        value = self.variables.get(PACE)
        return float(value) if isinstance(value, int | float) and value > 0 else None

    @property
    def named(self) -> str:
        """The run as commands without its plan name it: with its table, if it has one."""
        return f"run {self.id}" + (f" ({self.subject})" if self.subject else "")


@dataclass(frozen=True, slots=True)
class Control:
    """What a run is told while it runs."""

    paused: bool = False
    held_before: str | None = None  # the step before which it waits
    workers: int | None = None  # None: as the plan says
    batch_rows: int | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a run, as the journal has it."""

    name: str
    position: int
    form: str
    digest: str
    status: str
    attempts: int
    rows: int
    error: str | None
    seconds: float | None
    planned: int
    finished: int
    weight: float  # how long it takes beside the other steps


@dataclass(frozen=True, slots=True)
class IterationRow:
    """An iteration of a step, as the journal has it."""

    number: int
    item: Any
    status: str
    rows: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, by the weights of its steps and the time that those took which are done."""

    share: float  # of the whole, 0 to 1
    pace: float | None  # seconds for a weight of 1; None: nothing tells yet
    seconds_left: float | None


#: what was asked when a run began counts for as much as this share of the steps that are done
_EXPECTED = 0.1


def progress(steps: Iterable[StepRow], expected: float | None = None) -> Progress | None:
    """How far a run is; None if its plan gives no weights, or all is done.

    ``expected`` is the pace that the run began with, if its plan asks for one.
    """
    counted = [step for step in steps if step.weight and step.status != "skipped"]
    left = sum(step.weight * (1 - _part(step)) for step in counted)
    if not left:
        return None
    whole = sum(step.weight for step in counted)
    share = 1 - left / whole
    done = [step for step in counted if step.status == "succeeded"]
    supposed = whole * _EXPECTED if expected else 0
    known = sum(step.weight for step in done) + supposed
    if not known:
        return Progress(share, None, None)
    took = sum(step.seconds or 0 for step in done) + supposed * (expected or 0)
    pace = took / known
    # of what is one statement the time alone tells how far it is
    past = sum(
        min(step.seconds or 0, step.weight * pace)
        for step in counted
        if step.status == "running" and not step.planned
    )
    return Progress(share, pace, max(left * pace - past, 0))


def being_undone(steps: Iterable[StepRow]) -> bool:
    """Whether it was the rollback of a run that got this far: no step has begun since."""
    statuses = {step.status for step in steps}
    return "rolled_back" in statuses and "running" not in statuses


def _part(step: StepRow) -> float:
    if step.status == "succeeded":
        return 1
    return step.finished / step.planned if step.status == "running" and step.planned else 0

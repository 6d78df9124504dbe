"""What happens during a run, as frozen values sent to one callable; sinks show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .plan.model import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing of an assertion."""

    subject: str
    expected: str
    actual: str
    passed: bool | None  # None: nobody knows, which is not passed

    def __str__(self) -> str:
        found = "not known:" if self.passed is None else "found"
        return f"{self.subject}: expected {self.expected}, {found} {self.actual}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """A run was opened, or an unfinished one is resumed."""

    plan: str
    run: int
    direction: str  # run, rollback or verify
    steps: int
    resumed: bool
    server: str  # where, without secrets
    values: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)  # what the run is about
    instead_of: int | None = None  # the run whose place it takes
    why_anew: str = ""  # why that is not gone on with
    usual: Sequence[str] = ()  # names of values that are the defaults of the plan
    only_checked: bool = False  # of one that is resumed: nothing was done in it but to look
    only_always: bool = False  # of a run that has come to its end: what is done each time
    seconds: float | None = None  # about how long it will take, or what is left of it
    was_undone: bool = False  # it goes forward again, after a rollback that did not end


@dataclass(frozen=True, slots=True)
class StepStarted(Event):
    """A step begins; `iterations` is 0 where their number is not known."""

    step: str
    number: int
    of: int
    description: str
    iterations: int = 0
    finished_iterations: int = 0
    rows: int = 0  # about how many rows all iterations have; 0 if not known
    seconds: float | None = None  # about how long it will take, by its weight in the plan


@dataclass(frozen=True, slots=True)
class IterationFinished(Event):
    """One iteration of a step was committed."""

    step: str
    number: int
    rows: int
    seconds: float = 0.0  # of its transaction, which it may share with others


@dataclass(frozen=True, slots=True)
class BatchesPlanned(Event):
    """The batches that are left were planned again in another size."""

    step: str
    batch_rows: int
    iterations: int  # how many the step has in all now


@dataclass(frozen=True, slots=True)
class WorkersChanged(Event):
    """A running step has another number of workers."""

    step: str
    workers: int


@dataclass(frozen=True, slots=True)
class Waiting(Event):
    """The run waits before a step or an iteration: paused, held, or throttled."""

    step: str
    reason: str
    held: bool = False  # until a person lets it go on


@dataclass(frozen=True, slots=True)
class GoingOn(Event):
    """The run goes on after it waited."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class AssertionChecked(Event):
    """An assertion was evaluated."""

    step: str
    kind: str
    severity: Severity
    passed: bool
    description: str
    findings: tuple[Finding, ...]
    stops: bool = False  # whether it ends the run

    @property
    def unknown(self) -> bool:
        """Whether nothing speaks against it, and yet it is not known to hold."""
        return bool(self.findings) and all(one.passed is not False for one in self.findings)

    @property
    def claim(self) -> str:
        """What was claimed, so that it does not read as what was found."""
        claim = self.description or self.kind
        if self.passed:
            return claim
        return f"{'not known' if self.unknown else 'does not hold'}: {claim}"


@dataclass(frozen=True, slots=True)
class Retrying(Event):
    """A transaction was rolled back and is tried again after a wait."""

    step: str
    reason: str
    attempt: int
    attempts: int
    wait: float  # seconds


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """The server said something (RAISE WARNING)."""

    step: str
    message: str


@dataclass(frozen=True, slots=True)
class DryRun(Event):
    """What a run would do now: as a whole (`action`), or with a step (`state`)."""

    message: str
    plan: str | None = None
    action: str | None = None  # begin, begin anew, go on, always, nothing
    run: int | None = None
    step: str | None = None
    number: int | None = None  # of the step; none of what is said of it besides
    state: str | None = None  # its form, or why it would be left out
    seconds: float | None = None  # about how long a run would take, as a whole


@dataclass(frozen=True, slots=True)
class StepFinished(Event):
    """A step ended: succeeded, skipped, rolled_back."""

    step: str
    number: int
    of: int
    status: str
    rows: int
    seconds: float
    share: float | None = None  # of the run that is done now, by the weights of its plan: 0 to 1
    seconds_left: float | None = None  # about how long the rest will take


@dataclass(frozen=True, slots=True)
class RunFinished(Event):
    """A run ended: succeeded, stopped (--until), rolled_back, nothing_to_do."""

    plan: str
    run: int | None
    status: str
    seconds: float
    message: str = ""
    warnings: tuple[str, ...] = ()  # of a rollback: what is not as it was


OnEvent = Callable[[Event], None]

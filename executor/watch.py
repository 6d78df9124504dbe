"""What a run has left where it fails, and what can be done then."""

from __future__ import annotations

from dataclasses import replace

from .engine import run as engine
from .engine.connect import RunOptions
from .errors import AssertionFailedError, ExecutorError, StepError
from .events import (
    AssertionChecked,
    Event,
    IterationFinished,
    OnEvent,
    RunStarted,
    StepFinished,
)
from .plan.loader import Loaded
from .plan.variables import as_options
from .project import as_given
from .resources import spelled


class Watch:
    """Hands events on, and knows which run has begun, and which steps may have left something."""

    def __init__(self, on_event: OnEvent | None) -> None:
        self._on_event = on_event
        self.run: int | None = None
        self.resumed = False
        self.begun: set[str] = set()
        self.warned: list[str] = []  # findings that did not pass and did not stop the run
        self.undone = False  # whether a rollback has got past a step

    def __call__(self, event: Event) -> None:
        """Hand an event on."""
        match event:
            case RunStarted():
                self.run = event.run
                self.resumed = event.resumed and not event.only_checked
            case AssertionChecked(stops=False):
                found = (str(finding) for finding in event.findings if not finding.passed)
                self.warned += (line for line in found if line not in self.warned)
            case IterationFinished():
                self.begun.add(event.step)
            case StepFinished() if event.status == "succeeded":
                self.begun.add(event.step)
            case StepFinished() if event.status == "rolled_back":
                self.undone = True
        if self._on_event:
            self._on_event(event)

    @property
    def state(self) -> str:
        """What the database is like where a command fails: a word of docs/events.md."""
        if self.undone:
            return "half_undone"
        return "kept" if self.run else "unchanged"


def undo(loaded: Loaded, asked: RunOptions, watch: Watch, error: ExecutorError) -> None:
    """Roll the run back that has failed; raises what stops that."""
    own = replace(asked, run=watch.run, variables={}, accept=())
    try:
        engine.rollback(loaded, own, watch)
    except ExecutorError as second:
        second.add_note(f"It was to undo this: {error.message}")
        raise second from error
    error.facts["state"] = "rolled_back"
    error.add_note("Everything was rolled back, as --rollback-on-failure says.")


def say_ways_on(loaded: Loaded, asked: RunOptions, watch: Watch, error: ExecutorError) -> None:
    """Add to an error what can be done after it."""
    name = spelled(loaded.plan.path) + as_given()
    failed = error.step if isinstance(error, StepError | AssertionFailedError) else ""
    command = f"executor run {name}{as_options(asked.variables)}"
    if asked.again and failed and not loaded.plan.step(failed).sql:
        command += " --again"  # a run that only checked is begun anew
    ways_on = f"Nothing was changed; `{command}` tries again."
    error.facts["state"] = "unchanged"
    if _left_something(loaded, watch, failed):
        error.facts["state"] = "kept"
        ways_on = (
            f"What was committed is kept: `executor run {name}` goes on,"
            f" `executor rollback {name}` undoes."
        )
    error.hint = " ".join(filter(None, [error.hint, ways_on]))


def _left_something(loaded: Loaded, watch: Watch, failed: str) -> bool:
    """Whether a run may have committed anything of its plan."""
    if watch.resumed or not failed:
        return True
    steps = loaded.plan.step
    return not steps(failed).transaction or any(steps(name).sql for name in watch.begun)

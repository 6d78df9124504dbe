"""The interpreter: walks the steps of a plan, forward or back, under a claimed run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

from executor import resources
from executor.database.session import Connector, DatabaseError, Session, reason
from executor.errors import (
    DriftError,
    ExecutorError,
    FencedError,
    InterruptedRunError,
    PlanError,
    RollbackError,
    StepError,
    UsageError,
)
from executor.events import Notice, OnEvent, RunFinished, RunStarted
from executor.journal import install as installing
from executor.journal.heartbeat import Heartbeat
from executor.journal.rows import RunRow, StepRow
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from . import choose as choosing
from . import decide as deciding
from . import open_run as opening
from .open_run import Opened, Options
from .steps import hold, run_step, undo_step
from .transaction import Work


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended."""

    run: int | None
    status: str  # succeeded, stopped, nothing_to_do, rolled_back
    message: str = ""


def run(loaded: Loaded, options: Options, on_event: OnEvent) -> RunResult:
    """Run a plan, or resume its unfinished run; raises the ExecutorError that stopped it."""
    for option, name in (("--until", options.until), ("--hold", options.hold)):
        if name and name not in {step.name for step in loaded.plan.steps}:
            raise UsageError(f"{option}: the plan has no step {name!r}")
    Renderer.of(loaded, options.variables, ANY_TIMESTAMP).digests()
    began = time.monotonic()
    with opening.connected(loaded, options) as (connector, session, server):
        installing.install(session, loaded.templates, server)
        decision = deciding.decide(session, loaded, server, options)
        if opened := deciding.act(session, loaded, server, decision):
            with _at_work(connector, session, opened, "run", on_event) as work:
                result = _forward(work, session, opened, options)
        else:
            row = decision.row
            result = RunResult(row.id if row else None, "nothing_to_do", deciding.done(row))
    _tell_end(loaded, result, began, on_event)
    return result


def rollback(loaded: Loaded, options: Options, on_event: OnEvent) -> RunResult:
    """Undo the plan's newest run, last step first; raises RollbackError where it stops."""
    began = time.monotonic()
    with opening.connected(loaded, options) as (connector, session, server):
        row = None
        if installing.upgrade(session, loaded.templates):
            row = choosing.meant(session, loaded, options, "undone")
        if row is None:
            result = RunResult(None, "nothing_to_do", "there is no run to roll back")
        elif row.status == "rolled_back":
            already = f"{choosing.row_named(loaded, row)} is rolled back already"
            result = RunResult(row.id, "nothing_to_do", already)
        elif row.closed:
            raise RollbackError(
                f"run {row.id} can't be rolled back any more: {row.closed}",
                hint="`executor backups restore` brings back rows, without later writes;"
                " --var chooses a run with other values",
            )
        else:
            choosing.refuse_other_server(row, server, options)
            choosing.refuse_if_not_last(session, loaded, row)
            result = _undo(connector, session, loaded, row, options, on_event)
    _tell_end(loaded, result, began, on_event)
    return result


def _undo(
    connector: Connector,
    session: Session,
    loaded: Loaded,
    row: RunRow,
    options: Options,
    on_event: OnEvent,
) -> RunResult:
    opening.refuse_if_owned(row, options)
    known = opening.steps(session, loaded, row)
    try:
        # of a step that was added since there is nothing to undo
        added = [step.name for step in loaded.plan.steps if step.name not in known]
        own, digests = opening.check_same(session, loaded, row, options, added)
    except (DriftError, PlanError):
        if not opening.only_checked(known):
            raise
        # whatever the plan says by now, there is nothing to undo
        opening.close(session, loaded, row, "it had only checked")
        message = f"{choosing.row_named(loaded, row)} had only checked; there was nothing to undo"
        return RunResult(row.id, "rolled_back", message)
    deciding.undoable(loaded.plan.steps, known, choosing.row_named(loaded, row))
    opened = opening.resume(session, loaded, row, own, digests)
    with _at_work(connector, session, opened, "rollback", on_event) as work:
        work.fenced(session, partial(work.controls.begin, session, lift=True))
        return _back(work, session)


@contextmanager
def _at_work(
    connector: Connector, session: Session, opened: Opened, direction: str, on_event: OnEvent
) -> Iterator[Work]:
    """A claimed run: whatever ends it is journalled, and Ctrl-C cancels on the server."""
    work = Work(opened.renderer, connector, opened.journal, on_event)
    plan = opened.renderer.plan
    values = variables.chosen(plan, opened.renderer.values)
    run_id = opened.journal.run
    where = session.where
    refused = connector.begin_with(session, opened.renderer.session())
    with Heartbeat(connector, opened.journal) as heartbeat, closing(work.gate):
        started = RunStarted(
            *(plan.name, run_id, direction, len(plan.steps), opened.resumed, where, values),
            variables.tables(plan, opened.renderer.values),
            opened.instead_of,
        )
        on_event(started)
        if refused:
            on_event(Notice("", f"what the plan's sessions begin with is refused: {refused}"))
        try:
            yield work
        except KeyboardInterrupt:
            work.stop.set()
            connector.cancel_all()
            _end_failed(work, session, "interrupted")
            raise InterruptedRunError("interrupted; what was committed is kept") from None
        except ExecutorError as error:
            # once the heartbeat has noticed it, what failed was cancelled by us
            if heartbeat.fenced or isinstance(error, FencedError):
                raise FencedError(
                    f"another executor took run {run_id} over",
                    hint=f"`executor status {resources.spelled(plan.path)}` says how far it is",
                ) from error
            _end_failed(work, session, error.message)
            raise
        except DatabaseError as error:
            message = reason(error)
            _end_failed(work, session, message)
            raise StepError(f"the journal could not be written: {message}", step="") from error


def _end_failed(work: Work, session: Session, message: str) -> None:
    work.try_to_journal(session, lambda: work.journal.end_run(session, "failed", message))


def _forward(work: Work, session: Session, opened: Opened, options: Options) -> RunResult:
    plan, journal = work.renderer.plan, work.journal
    known = journal.steps(session)
    _refuse_half_undone(work, known)
    for number, step in enumerate(plan.steps, 1):
        status = known[step.name].status
        if opened.only_always and not step.always:
            if status == "pending":
                skip = partial(journal.end_step, session, step.name, "skipped")
                work.fenced(session, skip)
        elif status not in ("succeeded", "skipped") or (opened.only_always and step.always):
            work.gate.wait(step.name)
            if step.name == options.hold:
                hold(work, session, step)
            run_step(work, session, step, number)
        if step.name == options.until:
            return _stop(work, session, f"stopped after {step.name}, as asked")
    work.fenced(session, lambda: journal.end_run(session, "succeeded"))
    if opened.only_always:
        return RunResult(journal.run, "nothing_to_do", deciding.HOLDS)
    return RunResult(journal.run, "succeeded")


def _refuse_half_undone(work: Work, known: Mapping[str, StepRow]) -> None:
    points = [known[step.name] for step in work.renderer.plan.steps if step.turning_point]
    undone = [name for name, row in known.items() if row.status == "rolled_back"]
    if points and undone and all(row.status != "succeeded" for row in points):
        raise RollbackError(
            f"run {work.journal.run} is half undone: its rollback has got to the step {undone[0]}",
            hint="a rollback that has got so far has to go to its end: roll back again, then run",
        )


def _stop(work: Work, session: Session, message: str) -> RunResult:
    work.fenced(session, lambda: work.journal.end_run(session, "running", message))
    return RunResult(work.journal.run, "stopped", message)


def _back(work: Work, session: Session) -> RunResult:
    journal, steps = work.journal, list(reversed(work.renderer.plan.steps))
    known = journal.steps(session)
    for position, step in enumerate(steps):
        row = known[step.name]
        if row.status in ("pending", "skipped", "rolled_back"):
            continue
        left = ", ".join(s.name for s in steps[position:] if known[s.name].status == "succeeded")
        work.gate.wait(step.name)
        try:
            undo_step(work, session, step, row)
        except StepError as error:
            raise RollbackError(
                f"the rollback stopped: {error.message}",
                hint=(f"{error.hint}; " if error.hint else "")
                + f"still to be undone: {left}; once the cause is gone, roll back again",
            ) from error
    work.fenced(session, lambda: journal.end_run(session, "rolled_back"))
    return RunResult(journal.run, "rolled_back")


def _tell_end(loaded: Loaded, result: RunResult, began: float, on_event: OnEvent) -> None:
    seconds = time.monotonic() - began
    on_event(RunFinished(loaded.plan.name, result.run, result.status, seconds, result.message))

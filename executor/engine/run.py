"""The interpreter: walks the steps of a plan, forward or back, as the owner of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from executor import resources
from executor.catalog import read_facts
from executor.database.session import DatabaseError, Session, reason
from executor.errors import (
    DriftError,
    ExecutorError,
    FencedError,
    InterruptedRunError,
    PlanError,
    RollbackError,
    SqlError,
    UsageError,
)
from executor.events import Event, Notice, OnEvent, RunFinished, RunStarted
from executor.journal import reader
from executor.journal.heartbeat import Heartbeat
from executor.journal.install import install, upgrade
from executor.journal.rows import RunRow, StepRow, being_undone
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.plan.maintain import is_needed

from .connect import Request, RunOptions, connected
from .decide import decide, leaves_out
from .open_run import Opened, close, open_run, resume, why_anew, write_steps
from .runs import (
    ALREADY_DONE,
    check_same,
    check_values,
    only_checked,
    refuse_if_not_last,
    refuse_if_owned,
    refuse_other_plan,
    refuse_other_server,
    row_named,
    run_to_undo_or_verify,
)
from .step_run import StepRun, Work
from .steps import hold, run_step
from .undo import begin_undo, refuse_irreversible, undo_steps


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended."""

    run: int | None
    status: str  # succeeded, stopped, nothing_to_do, rolled_back
    message: str = ""
    warnings: tuple[str, ...] = ()  # what a rollback could not put back as it was


def run(loaded: Loaded, options: RunOptions, on_event: OnEvent) -> RunResult:
    """Run a plan, or resume its unfinished run; raises the ExecutorError that stopped it."""
    for option, name in (("--until", options.until), ("--hold", options.hold)):
        if name and name not in {step.name for step in loaded.plan.steps}:
            raise UsageError(f"{option}: the plan has no step {name!r}")
    check_values(loaded, options)
    began = time.monotonic()
    with connected(loaded, options) as request:
        # what is refused leaves no journal behind
        first = None if reader.is_installed(request.session) else decide(request)
        install(request.session, request.server)
        decision = first or decide(request)
        if opened := open_run(request, decision):
            with _at_work(request, opened, "run", on_event) as work:
                result = _run_steps(work, request.session, opened, options)
            if decision.edited:
                result = replace(result, message=decision.why_nothing)
        else:
            row = decision.row
            result = RunResult(row.id if row else None, "nothing_to_do", decision.why_nothing)
    _tell_end(loaded, result, began, on_event)
    return result


def rollback(loaded: Loaded, options: RunOptions, on_event: OnEvent) -> RunResult:
    """Undo the plan's newest run, last step first; raises RollbackError where it stops."""
    began = time.monotonic()
    with connected(loaded, options) as request:
        row = run_to_undo_or_verify(request, "rollback") if upgrade(request.session) else None
        if row is None:
            none = f"there is no run of {loaded.plan.name} to roll back; see `executor status`"
            result = RunResult(None, "nothing_to_do", none)
        elif row.status == "rolled_back":
            already = f"{row_named(request, row)} is rolled back already"
            result = RunResult(row.id, "nothing_to_do", already)
        elif row.closed:
            raise RollbackError(
                f"run {row.id} can't be rolled back any more: {row.closed}",
                hint="`executor backups restore` brings back rows, without later writes;"
                " --var chooses a run with other values",
            )
        else:
            result = _roll_back(request, row, on_event)
    _tell_end(loaded, result, began, on_event)
    return result


def _roll_back(request: Request, row: RunRow, on_event: OnEvent) -> RunResult:
    session, named = request.session, row_named(request, row)
    known = reader.steps(session, row.id)
    refuse_other_plan(request, row, known)
    refuse_other_server(request, row)
    refuse_if_not_last(request, row)
    refuse_if_owned(request, row)
    try:
        # of a step that was added since there is nothing to undo
        added = [step.name for step in request.plan.steps if step.name not in known]
        own, digests = check_same(request, row, known, added)
    except (DriftError, PlanError):
        if not only_checked(known):
            raise
        # whatever the plan says by now, there is nothing to undo
        close(session, row, "it had only checked")
        message = f"{named} had only checked; there was nothing to undo"
        return RunResult(row.id, "rolled_back", message)
    refuse_irreversible(request.plan.steps, known, named)
    opened = resume(session, row, own, {name: digests[name] for name in known if name in digests})
    warned: list[str] = []  # what is not as it was, said once more at the end
    with _at_work(request, opened, "rollback", _keeping(warned, on_event)) as work:
        with work.journal.fenced(session):
            work.controls.begin(session, lift=True)
        own.now, own.given_up = read_facts(session, own), request.options.accept
        work.fails_as = row.status  # as long as nothing is undone
        begin_undo(work, session)
        work.fails_as = "failed"
        undo_steps(work, session)
        with work.journal.fenced(session):
            work.journal.end_run(session, "rolled_back", "\n".join(warned) or None)
    return RunResult(row.id, "rolled_back", warnings=tuple(warned))


def _keeping(warned: list[str], on_event: OnEvent) -> OnEvent:
    """Events go on, and the warnings of steps are kept, too."""

    def keeping(event: Event) -> None:
        if isinstance(event, Notice) and event.step and event.message not in warned:
            warned.append(event.message)
        on_event(event)

    return keeping


@contextmanager
def _at_work(request: Request, opened: Opened, direction: str, on_event: OnEvent) -> Iterator[Work]:
    """While a run is done: whatever ends it is journalled, and Ctrl-C cancels on the server."""
    connector, session = request.connector, request.session
    work = Work(opened.renderer, connector, opened.journal, on_event, pace=opened.pace)
    refused = request.begin(opened.renderer)
    if refused:  # the plan's checks tell what the role lacks
        work.renderer = opened.renderer.without_session()
    with Heartbeat(connector, opened.journal) as heartbeat, closing(work.gate):
        on_event(_started(request, opened, direction))
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
            if heartbeat.lost_run or isinstance(error, FencedError):
                raise FencedError(
                    f"another executor took run {work.journal.run} over",
                    hint=f"`executor status {resources.spelled(request.plan.path)}` says how far"
                    " it is",
                ) from error
            _end_failed(work, session, error.message)
            raise
        except DatabaseError as error:
            message = reason(error)
            _end_failed(work, session, message)
            raise SqlError(f"the journal could not be written: {message}") from error


def _started(request: Request, opened: Opened, direction: str) -> RunStarted:
    plan, values = opened.renderer.plan, opened.renderer.values
    return RunStarted(
        plan=plan.name,
        run=opened.journal.run,
        direction=direction,
        steps=len(plan.steps),
        resumed=opened.resumed,
        server=request.session.where,
        values=variables.chosen_values(plan, values),
        tables=variables.tables(plan, values),
        instead_of=opened.instead_of,
        why_anew=why_anew(request),
        usual=variables.usual(plan, values),
        only_checked=opened.resumed and only_checked(opened.found),
        only_always=opened.only_always,
        seconds=opened.seconds if direction == "run" and not opened.only_always else None,
        was_undone=direction == "run" and being_undone(opened.found.values()),
    )


def _end_failed(work: Work, session: Session, message: str) -> None:
    work.journal_if_possible(session, lambda: work.journal.end_run(session, work.fails_as, message))


def _run_steps(work: Work, session: Session, opened: Opened, options: RunOptions) -> RunResult:
    plan, journal = work.renderer.plan, work.journal
    known = work.known = journal.steps(session)
    _refuse_half_undone(work, known)
    for number, step in enumerate(plan.steps, 1):
        step_run, row = StepRun(work, session, step), known[step.name]
        if not leaves_out(step, row, only_always=opened.only_always):
            step_run.wait()
            if step.name == options.hold:
                hold(step_run)
            if step.always and plan.facts:  # it is done again when all else is long past
                work.renderer.now = read_facts(session, work.renderer)
            done = run_step(step_run, number)
            if step.changes_facts and done == "succeeded":
                _renew_facts(work, session)
        elif row.status == "pending":
            with step_run.fenced():
                step_run.end("skipped")
        if step.name == options.until:
            message = f"stopped after {step.name}, as asked"
            with journal.fenced(session):
                journal.end_run(session, "running", message)
            return RunResult(journal.run, "stopped", message)
    with journal.fenced(session):
        journal.end_run(session, "succeeded")
    if opened.only_always:
        return RunResult(journal.run, "nothing_to_do", ALREADY_DONE)
    return RunResult(journal.run, "succeeded", _to_maintain(work))


def _to_maintain(work: Work) -> str:
    """What a person has to do for the table to stay alive; empty if that is nothing."""
    own = work.renderer
    if not is_needed(Loaded(own.plan, own.templates), own.values):
        return ""
    return f"let cron run `executor maintain {resources.spelled(own.plan.path)}` day by day"


def _renew_facts(work: Work, session: Session) -> None:
    """Read the facts anew: there was no table, and a step has made it."""
    own = work.renderer.with_facts(read_facts(session, work.renderer))
    digests = own.digests()
    with work.journal.fenced(session):
        write_steps(session, work.journal, own, digests)
    work.renderer = own


def _refuse_half_undone(work: Work, known: Mapping[str, StepRow]) -> None:
    points = [known[step.name] for step in work.renderer.plan.steps if step.turning_point]
    undone = [name for name, row in known.items() if row.status == "rolled_back"]
    if points and undone and all(row.status != "succeeded" for row in points):
        raise RollbackError(
            f"run {work.journal.run} is half undone: its rollback has got to the step {undone[0]}",
            hint="a rollback that has got so far has to go to its end: roll back again, then run",
        )


def _tell_end(loaded: Loaded, result: RunResult, began: float, on_event: OnEvent) -> None:
    seconds = time.monotonic() - began
    told = result.message, result.warnings
    on_event(RunFinished(loaded.plan.name, result.run, result.status, seconds, *told))

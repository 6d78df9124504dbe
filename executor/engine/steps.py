"""Runs one step, in each of its forms, and undoes one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from executor.database.session import Session
from executor.errors import ExecutorError, FencedError, StepError
from executor.events import GoingOn, IterationFinished, Notice, StepFinished, StepStarted, Waiting
from executor.journal.rows import IterationRow, StepRow
from executor.plan.model import Step
from executor.rendering.renderer import context_of

from . import alone, assertions, iterations, workers
from .assertions import AssertionsFailed
from .gate import SECONDS
from .pace import Pace
from .transaction import Work


def hold(work: Work, session: Session, step: Step) -> None:
    """Wait before a step until `executor resume` or `swap`, and prepare it again every second."""
    began = time.monotonic()
    work.fenced(session, lambda: work.controls.hold(session, step.name))
    reason = "held; `executor resume` or `executor swap` lets it go on"
    work.emit(Waiting(step.name, reason))
    work.gate.look(fresh=True)
    while (told := work.gate.wait(step.name)) and told.held_before == step.name:
        if step.retry.prepare:
            work.prepare(session, step.retry.prepare)
        work.stop.wait(SECONDS)
    seconds = time.monotonic() - began
    work.spent(session, step.name, reason, seconds, kind="wait")
    work.emit(GoingOn(step.name, seconds))


def run_step(work: Work, session: Session, step: Step, number: int) -> None:
    """Run a step to its end and journal it; raises the ExecutorError that stopped it."""
    began = time.monotonic()
    try:
        if step.when and not work.is_true(session, step, step.when):
            work.fenced(session, lambda: work.journal.end_step(session, step.name, "skipped"))
            _finished(work, step, number, "skipped", 0, began)
            return
        work.fenced(session, lambda: work.journal.begin_step(session, step.name))
        rows = _run_form(work, session, step, number)
    except AssertionsFailed as failed:
        error = assertions.failure(step, failed)
        _journal_failure(work, session, step, error, failed)
        raise error from None
    except ExecutorError as error:
        if not isinstance(error, FencedError):
            _journal_failure(work, session, step, error)
        raise
    _finished(work, step, number, "succeeded", rows, began)


def _finished(work: Work, step: Step, number: int, status: str, rows: int, began: float) -> None:
    of = len(work.renderer.plan.steps)
    work.emit(StepFinished(step.name, number, of, status, rows, time.monotonic() - began))


def _run_form(work: Work, session: Session, step: Step, number: int) -> int:
    if step.form == "once":
        _announce(work, step, number)
        return _once(work, session, step)
    if step.form == "repeat":
        _announce(work, step, number)
        _repeat(work, session, step)
    else:
        while why := _each(work, session, step, number):
            iterations.begin_anew(work, session, step, why)
    return work.transact(session, step, lambda: _finish(work, session, step, 0))


def _each(work: Work, session: Session, step: Step, number: int) -> str:
    """Run the iterations that are left; returns why they have to be planned again, if so."""
    known, rows = iterations.plan(work, session, step)
    _announce(work, step, number, len(known), sum(r.status == "succeeded" for r in known), rows)

    def run_one(own: Session, row: IterationRow) -> int:
        return _iteration(work, own, step, row, context_of(step, row.item))

    try:
        workers.run_all(work, step, session, iterations.Queue(work, step, known), run_one)
    except StepError as error:
        return iterations.stale(step, error)
    return ""


def _announce(
    work: Work, step: Step, number: int, planned: int = 0, finished: int = 0, rows: int = 0
) -> None:
    of = len(work.renderer.plan.steps)
    work.emit(StepStarted(step.name, number, of, step.description, planned, finished, rows))


def _once(work: Work, session: Session, step: Step) -> int:
    text = work.renderer.sql(step)
    if step.transaction or not text:

        def body() -> int:
            rows = work.execute(session, step.sql, text).rowcount if text else 0
            return _finish(work, session, step, rows)

        return work.transact(session, step, body, work.prepare)
    alone.run(work, step, step.sql, text)
    return work.transact(session, step, lambda: _finish(work, session, step, 0))


def _finish(work: Work, session: Session, step: Step, rows: int) -> int:
    checked = assertions.check(work, session, step)
    assertions.record(work, session, step, checked)
    return work.journal.end_step(session, step.name, "succeeded", rows)


def _iteration(
    work: Work,
    session: Session,
    step: Step,
    row: IterationRow,
    context: Mapping[str, Any],
) -> int:
    text = work.renderer.sql(step, **context)
    if not step.transaction:
        alone.run(work, step, step.sql, text, session)
        return work.fenced(
            session, lambda: work.journal.end_iteration(session, step.name, row, "succeeded", 0)
        )

    def body() -> int:
        rows = work.execute(session, step.sql, text).rowcount
        return work.journal.end_iteration(session, step.name, row, "succeeded", rows)

    return work.transact(session, step, body)


def _repeat(work: Work, session: Session, step: Step) -> None:
    assert step.repeat is not None  # for the type checker
    done = len(work.journal.iterations(session, step.name))
    pace = Pace()
    for number in range(done + 1, done + step.repeat.at_most + 1):
        if work.is_true(session, step, step.repeat.until):
            return
        work.gate.wait(step.name, throttled=True)
        began = time.monotonic()
        row = IterationRow(number, number, "pending", 0)
        rows = _iteration(work, session, step, row, {"pass": number})
        work.emit(IterationFinished(step.name, number, rows))
        if pace.passed(rows, time.monotonic() - began):
            work.emit(Notice(step.name, f"the passes do not get smaller: {pace}"))
    if not work.is_true(session, step, step.repeat.until):
        why = f", which do not get smaller: {pace}" if pace.stalls() else ""
        message = f"step {step.name} is not done after {step.repeat.at_most} passes{why}"
        raise StepError(message, "run again for as many more", step=step.name)


def _journal_failure(
    work: Work,
    session: Session,
    step: Step,
    error: ExecutorError,
    failed: AssertionsFailed | None = None,
) -> None:
    def body() -> None:
        work.journal.end_step(session, step.name, "failed", error=error.message)
        if failed:
            assertions.record(work, session, step, failed.checked)

    work.try_to_journal(session, body)


def undo_step(work: Work, session: Session, step: Step, row: StepRow) -> None:
    """Undo what a step has done, and journal it; raises StepError if that fails."""
    began = time.monotonic()

    def end() -> None:
        if step.form in ("batches", "repeat"):
            work.journal.forget_iterations(session, step.name)
        work.journal.end_step(session, step.name, "rolled_back")

    if not _left_something(step, row):
        work.fenced(session, end)
    elif step.form == "for_each":
        _undo_items(work, session, step)
        work.fenced(session, end)
    else:
        while _undo_once(work, session, step, end):
            work.gate.wait(step.name)
    _finished(work, step, row.position, "rolled_back", 0, began)


def _left_something(step: Step, row: StepRow) -> bool:
    """Whether a step may have committed anything; a failed single transaction has not."""
    return row.status == "succeeded" or row.finished > 0 or not step.transaction


def _undo_items(work: Work, session: Session, step: Step) -> None:
    for row in reversed(work.journal.iterations(session, step.name)):
        if row.status == "succeeded" or (not step.transaction and row.status == "pending"):
            work.gate.wait(step.name)
            end = partial(work.journal.end_iteration, session, step.name, row, "rolled_back", 0)
            _undo_once(work, session, step, end, {"item": row.item})


def _undo_once(
    work: Work,
    session: Session,
    step: Step,
    end: Callable[[], object],
    context: Mapping[str, Any] | None = None,
) -> bool:
    """Undo once, and journal the end in the same transaction; true if it has to be done again."""
    text = work.renderer.rollback(step, **(context or {}))
    if text and not step.transaction:
        alone.run(work, step, step.rollback, text)
        text = ""

    def body() -> bool:
        if text:
            work.execute(session, step.rollback, text)
        again = step.form == "repeat" and bool(text) and work.journal.reported(session) > 0
        if not again:
            end()
        return again

    # way back: the log that its passes end with is another one by then
    prepare = work.prepare_once if text and context is None else None
    return work.transact(session, step, body, prepare)

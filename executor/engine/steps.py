"""Runs one step, in each of its forms."""

from __future__ import annotations

import time
from dataclasses import replace

from executor.errors import ExecutorError, FencedError, StepError
from executor.events import GoingOn, StepFinished, StepStarted, Waiting
from executor.journal.rows import progress

from . import assertions, gate, iterations, without_transaction, workers
from .step_run import StepRun


def hold(step_run: StepRun) -> None:
    """Wait before a step until `executor resume` or `swap`, and prepare it again every second."""
    began = time.monotonic()
    work, name = step_run.work, step_run.step.name
    with step_run.fenced():
        work.controls.hold(step_run.session, name)
    reason = "held; `executor resume` or `executor swap` lets it go on"
    step_run.emit(Waiting(name, reason, held=True))
    work.gate.look(fresh=True)
    while (control := step_run.wait()) and control.held_before == name:
        step_run.prepare()
        work.stop.wait(gate.SECONDS)
    step_run.journal_span("wait", reason, began)
    step_run.emit(GoingOn(name, time.monotonic() - began))


def run_step(step_run: StepRun, number: int) -> str:
    """Run a step to its end and journal it; returns its status.

    Raises the ExecutorError that stopped it.
    """
    began = time.monotonic()
    step = step_run.step
    try:
        if step.when and not step_run.is_true(step.when):
            with step_run.fenced():
                step_run.end("skipped")
            emit_finished(step_run, number, "skipped", began)
            return "skipped"
        step_run.work.journal.begin_step(step_run.session, step.name)
        rows = _run_form(step_run, number)
    except assertions.AssertionsFailed as failed:
        error = assertions.failure(step, failed)
        _journal_failure(step_run, error, failed.checked)
        raise error from None
    except ExecutorError as error:
        if not isinstance(error, FencedError):
            _journal_failure(step_run, error)
        raise
    emit_finished(step_run, number, "succeeded", began, rows)
    return "succeeded"


def emit_finished(step_run: StepRun, number: int, status: str, began: float, rows: int = 0) -> None:
    """Say that a step has ended."""
    of, seconds = len(step_run.renderer.plan.steps), time.monotonic() - began
    known, name = step_run.work.known, step_run.step.name
    if row := known.get(name):
        known[name] = replace(row, status=status, seconds=seconds)
    far = progress(known.values(), step_run.work.pace)
    told = (far.share, far.seconds_left) if far else (None, None)
    step_run.emit(StepFinished(name, number, of, status, rows, seconds, *told))


def _emit_started(
    step_run: StepRun, number: int, planned: int = 0, finished: int = 0, rows: int = 0
) -> None:
    of, step, known = len(step_run.renderer.plan.steps), step_run.step, step_run.work.known
    far = progress(known.values(), step_run.work.pace)
    seconds = known[step.name].weight * far.pace if far and far.pace else None
    step_run.emit(
        StepStarted(step.name, number, of, step.description, planned, finished, rows, seconds)
    )


def _run_form(step_run: StepRun, number: int) -> int:
    match step_run.step.form:
        case "once":
            _emit_started(step_run, number)
            return _once(step_run)
        case "repeat":
            _emit_started(step_run, number)
            iterations.repeat(step_run)
        case _:
            while why := _each(step_run, number):
                iterations.begin_anew(step_run, why)
    return step_run.transact(lambda: _finish(step_run))


def _each(step_run: StepRun, number: int) -> str:
    """Run the iterations that are left; returns why they have to be planned again, if so."""
    known, rows = iterations.plan(step_run)
    finished = sum(row.status == "succeeded" for row in known)
    _emit_started(step_run, number, len(known), finished, rows)
    try:
        workers.run_all(step_run, iterations.Queue(step_run, known))
    except StepError as error:
        return iterations.stale(step_run, error)
    return ""


def _once(step_run: StepRun) -> int:
    step, text = step_run.step, step_run.renderer.sql(step_run.step)
    if text and not step.transaction:
        without_transaction.run(step_run, step.sql, text)
        return step_run.transact(lambda: _finish(step_run))

    def body() -> int:
        step_run.lock(step.lock, step_run.renderer.lock(step), step_run.renderer.facts)
        return _finish(step_run, step_run.execute(step.sql, text).rowcount if text else 0)

    return step_run.transact(body, before=step_run.prepare)


def _finish(step_run: StepRun, rows: int = 0) -> int:
    assertions.record(step_run, assertions.check(step_run))
    return step_run.end("succeeded", rows)


def _journal_failure(
    step_run: StepRun, error: ExecutorError, checked: list[assertions.Checked] | None = None
) -> None:
    def write() -> None:
        assertions.record(step_run, checked or [])
        step_run.end("failed", error=error.message)

    step_run.work.journal_if_possible(step_run.session, write)

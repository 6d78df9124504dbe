"""Undoes what the steps of a run have done, last step first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from executor.database.session import Session
from executor.errors import RollbackError, StepError
from executor.formats import listed
from executor.journal.rows import IterationRow, StepRow
from executor.plan.model import Step

from . import without_transaction
from .step_run import StepRun, Work
from .steps import emit_finished

_AGAIN = "roll back again"
_NOTHING = "Nothing was changed"  # as a template says of its own transaction
_NOTHING_TO_UNDO = ("pending", "skipped", "rolled_back")


def refuse_irreversible(steps: Sequence[Step], known: Mapping[str, StepRow], run: str) -> None:
    """Raise RollbackError, before anything is undone, if a step has done what can't be undone."""
    left = [step for step in steps if step.name in known and _left_behind(step, known[step.name])]
    for step in reversed(left):
        if step.irreversible:
            raise RollbackError(
                f"{run} can't be rolled back: the step {step.name} can't be undone:"
                f" {step.irreversible}",
                hint="nothing was undone; left as they are: "
                + listed([s.name for s in reversed(left)]),
            )


def begin_undo(work: Work, session: Session) -> None:
    """Do what comes before anything is undone.

    Raises RollbackError where it says that this can't be undone, or not so.
    """
    plan, known = work.renderer.plan, work.journal.steps(session)
    first = plan.before_rollback
    if first is None:
        return
    done = [s.name for s in plan.steps if s.name in known and _left_behind(s, known[s.name])]
    text = work.renderer.before_rollback(done)
    step_run = StepRun(work, session, first)
    step_run.wait()
    try:
        step_run.transact(lambda: step_run.execute(first.rollback, text))
    except StepError as error:
        raise RollbackError(f"nothing was undone: {error.message}", error.hint) from error


def undo_steps(work: Work, session: Session) -> None:
    """Undo every step that has begun; raises RollbackError where that stops."""
    known = work.journal.steps(session)
    steps = [step for step in work.renderer.plan.steps if step.name in known]
    undone = any(row.status == "rolled_back" for row in known.values())
    for position in reversed(range(len(steps))):
        step = steps[position]
        if known[step.name].status in _NOTHING_TO_UNDO:
            continue
        step_run = StepRun(work, session, step)
        step_run.wait()
        try:
            _undo_step(step_run, known[step.name])
        except StepError as error:
            left = [s.name for s in steps[: position + 1] if known[s.name].status == "succeeded"]
            hint = error.hint.replace(
                _NOTHING, "What failed changed nothing" if undone else _NOTHING
            )
            said = f"{hint.rstrip('.')}; " if hint else ""
            again = "" if _AGAIN in said else f"; once the cause is gone, {_AGAIN}"
            raise RollbackError(
                f"the rollback stopped: {error.message}",
                hint=f"{said}still to be undone: {listed(left[::-1])}{again}",
            ) from error
        undone = True


def _left_behind(step: Step, row: StepRow) -> bool:
    """Whether a step may have committed anything; a failed single transaction has not."""
    if row.status in _NOTHING_TO_UNDO:
        return False
    return row.status == "succeeded" or row.finished > 0 or not step.transaction


def _undo_step(step_run: StepRun, row: StepRow) -> None:
    """Undo what a step has done, and journal it; raises StepError if that fails."""
    began = time.monotonic()
    form = step_run.step.form

    def end() -> None:
        if form in ("batches", "repeat"):
            step_run.forget_iterations()
        step_run.end("rolled_back")

    if not _left_behind(step_run.step, row):
        with step_run.fenced():
            end()
    elif form == "for_each":
        _undo_items(step_run)
        with step_run.fenced():
            end()
    else:
        while _undo_once(step_run, end):
            step_run.wait()
    emit_finished(step_run, row.position, "rolled_back", began)


def _undo_items(step_run: StepRun) -> None:
    for row in reversed(step_run.iterations()):
        unknown = row.status == "pending" and not step_run.step.transaction
        if row.status == "succeeded" or unknown:
            step_run.wait()
            _undo_item(step_run, row)


def _undo_item(step_run: StepRun, row: IterationRow) -> None:
    def end() -> None:
        step_run.end_iteration(row, "rolled_back")

    _undo_once(step_run, end, **step_run.renderer.context(step_run.step, row.item))


def _undo_once(step_run: StepRun, end: Callable[[], None], **context: object) -> bool:
    """Undo once, and journal the end in the same transaction; true if it has to be done again."""
    step = step_run.step
    text = step_run.renderer.rollback(step, **context)
    if text and not step.transaction:
        without_transaction.run(step_run, step.rollback, text)
        text = ""

    def body() -> bool:
        if text:
            renderer = step_run.renderer
            step_run.lock(step.rollback_lock, renderer.rollback_lock(step), renderer.now)
            step_run.execute(step.rollback, text)
            if step.form == "repeat" and step_run.work.journal.reported(step_run.session) > 0:
                return True
        end()
        return False

    # only the last pass: on the way back, the earlier passes would wait for another log
    before = step_run.prepare_last_pass if text and not context else None
    return step_run.transact(body, before=before)

"""The iterations of a step: planned, journalled, handed out once each, and planned again."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress

from executor.database.session import Session
from executor.errors import ConnectError, StepError
from executor.events import BatchesPlanned, IterationFinished, Notice
from executor.journal.rows import Control, IterationRow
from executor.rendering.facts import Record, item_name
from executor.rendering.renderer import Renderer
from executor.templating.names import Name

from . import without_transaction
from .step_run import StepRun

_RANGES_ARE_STALE = "EX003"  # the SQLSTATE of a batch whose table has other blocks by now

#: after so many passes they are judged for the first time, then after twice as many, and so on
FIRST_JUDGED = 2048
#: the later half of the passes has at most so many times the rows of the earlier half
_SHRINKS = 0.9


def plan(step_run: StepRun) -> tuple[list[IterationRow], int]:
    """The iterations of a step, planned on first sight, and about how many rows they have."""
    known = step_run.iterations()
    step = step_run.step
    if not known and step.form in ("for_each", "batches"):
        items = _ranges(step_run) if step.form == "batches" else _items(step_run)
        step_run.work.journal.plan_iterations(step_run.session, step.name, items)
        known = step_run.iterations()
    if step.skip and _skip(step_run, known, step.skip):
        known = step_run.iterations()
    rows = sum(row.item.get("rows", 0) for row in known if isinstance(row.item, dict))
    return known, rows


def _skip(step_run: StepRun, known: list[IterationRow], template: str) -> bool:
    """Journal as done what is there already, be it of an attempt that was rolled back in part."""
    names = set(_asked(step_run, template))
    done = [row for row in known if row.status != "succeeded" and item_name(row.item) in names]
    if done:
        with step_run.fenced():
            step_run.end_iterations(done, "succeeded")
    return bool(done)


def _items(step_run: StepRun) -> list[object]:
    renderer, step = step_run.renderer, step_run.step
    items = [_as_json(renderer, item) for item in renderer.items(step)]
    if step.order:
        places = {name: place for place, name in enumerate(_asked(step_run, step.order))}
        items.sort(key=lambda item: places.get(item_name(item), len(places)))
    return items


def _asked(step_run: StepRun, template: str) -> list[str]:
    """The names of items in the answer of a template."""
    query = step_run.renderer.condition(template, step_run.step)
    rows = step_run.send_alone(template, query).rows
    return [str(value) for row in rows for value in row.values()]


def _as_json(renderer: Renderer, item: object) -> object:
    if isinstance(item, Record):
        return renderer.facts.row(item)
    return str(item) if isinstance(item, Name) else item


def _ranges(step_run: StepRun) -> list[object]:
    table, rows = step_run.renderer.batch_table(step_run.step)
    template = "batches/plan.sql"
    text = step_run.renderer.templates.render(template, {"table": table, "rows": rows})
    return [dict(row) for row in step_run.send_alone(template, text).rows]


def stale(step_run: StepRun, error: StepError) -> str:
    """Why the ranges of a step are no longer those of the table, if that is the error."""
    if step_run.step.form != "batches" or error.sqlstate != _RANGES_ARE_STALE:
        raise error
    return error.message


def begin_anew(step_run: StepRun, why: str) -> None:
    """Undo what the iterations of a step have done, and forget them, to plan them again."""
    text = step_run.renderer.rollback(step_run.step)

    def body() -> None:
        if text:
            step_run.execute(step_run.step.rollback, text)
        step_run.forget_iterations()

    step_run.transact(body)
    step_run.emit(Notice(step_run.step.name, f"begins anew: {why}"))


def run_iteration(step_run: StepRun, row: IterationRow) -> int:
    """Run one iteration, and journal it in its transaction; returns its rows."""
    step = step_run.step
    text = step_run.renderer.sql(step, **step_run.renderer.context(step, row.item))
    if not step.transaction:
        without_transaction.run(step_run, step.sql, text)
        with step_run.fenced():
            return step_run.end_iteration(row, "succeeded")

    def body() -> int:
        rows = step_run.execute(step.sql, text).rowcount
        return step_run.end_iteration(row, "succeeded", rows)

    return step_run.transact(body)


def run_together(step_run: StepRun, rows: list[IterationRow]) -> int:
    """Run what a worker has taken: one iteration, or several small ones in one transaction."""
    if len(rows) == 1:
        return run_iteration(step_run, rows[0])
    step, renderer = step_run.step, step_run.renderer
    texts = [renderer.sql(step, **renderer.context(step, row.item)) for row in rows]

    def body() -> int:
        step_run.execute(step.sql, *texts)
        step_run.end_iterations(rows, "succeeded")
        return 0

    return step_run.transact(body)


def repeat(step_run: StepRun) -> None:
    """Run the passes of a step until its query is true; raises StepError after too many."""
    step = step_run.step
    assert step.repeat is not None  # for the type checker
    done = len(step_run.iterations())
    passes = Passes()
    for number in range(done + 1, done + step.repeat.at_most + 1):
        if step_run.is_true(step.repeat.until):
            return
        step_run.wait(throttled=True)
        began = time.monotonic()
        rows = run_iteration(step_run, IterationRow(number, number, "pending", 0))
        took = time.monotonic() - began
        step_run.emit(IterationFinished(step.name, number, rows, took))
        if passes.add(rows, took):
            step_run.emit(Notice(step.name, f"the passes do not get smaller: {passes}"))
        step_run.pause()
    if not step_run.is_true(step.repeat.until):
        why = f", which do not get smaller: {passes}" if passes.stall() else ""
        message = f"step {step.name} is not done after {step.repeat.at_most} passes{why}"
        raise StepError(message, "run again for as many more", step=step.name)


class Passes:
    """Rows and time of a step's passes since this executor began with it: do they come to an end?

    Those that don't get smaller won't.
    """

    def __init__(self) -> None:
        self._rows = [0]  # after each pass, of all so far
        self._busy = 0.0  # seconds
        self._began = time.monotonic()

    def add(self, rows: int, seconds: float) -> bool:
        """Note a pass; whether it is time to say that the passes do not get smaller."""
        self._rows.append(self._rows[-1] + rows)
        self._busy += seconds
        passes = len(self._rows) - 1
        when = passes >= FIRST_JUDGED and passes & (passes - 1) == 0
        return when and self.stall()

    def stall(self) -> bool:
        """Whether the later half of the passes has about as many rows as the earlier half."""
        half = (len(self._rows) - 1) // 2
        earlier, later = self._rows[half], self._rows[-1] - self._rows[-1 - half]
        return later > _SHRINKS * earlier

    def __str__(self) -> str:
        elapsed = max(time.monotonic() - self._began, 1e-9)
        total = self._rows[-1]
        return (
            f"about {total / elapsed:,.0f} rows/s come in,"
            f" {total / max(self._busy, 1e-9):,.0f} rows/s can be worked off"
        )


class Queue:
    """The iterations of a step that are left; each is handed out once."""

    def __init__(self, step_run: StepRun, known: list[IterationRow]) -> None:
        self._step_run = step_run
        self._left = deque(row for row in known if row.status != "succeeded")
        self._all = len(known)
        self._batch_rows: int | None = None  # as they were last planned at somebody's wish
        self._lock = threading.Lock()
        together = step_run.step.together
        self._at_most = together.at_most if together else 1
        #: the names of the items that may share a transaction; None: all
        self._small: set[str] | None = None
        if together and together.small and self._left:
            self._small = set(_asked(step_run, together.small))
        self._then = step_run.renderer.plan.step(step_run.step.then) if step_run.step.then else None
        #: the names of the items for which a later step has nothing to do as it is
        self._settled: set[str] = set()
        if self._then and self._then.skip and self._left:
            self._settled = set(_asked(step_run.of(self._then), self._then.skip))

    def __len__(self) -> int:
        """How many are left."""
        return len(self._left)

    def take(self, session: Session, control: Control) -> list[IterationRow]:
        """The next iteration, in the size that is asked for, or the next small ones, if any."""
        with self._lock:
            asked = control.batch_rows
            if asked and asked != self._batch_rows and self._left and self._step_run.step.batches:
                self._plan_again(self._step_run.over(session), asked)
                self._batch_rows = asked
            taken: list[IterationRow] = []
            while self._left and (not taken or self._may_join(taken)):
                taken.append(self._left.popleft())
            return taken

    def go_on(self, step_run: StepRun, taken: list[IterationRow]) -> None:
        """Do for the same items what a later step does, which will ask what is left for it."""
        then, renderer = self._then, step_run.renderer
        if then is None:
            return
        for row in taken:
            if item_name(row.item) not in self._settled:
                text = renderer.sql(then, **renderer.context(then, row.item))
                with suppress(ConnectError):  # no connection is free for it now
                    without_transaction.run(step_run.of(then), then.sql, text)

    def _may_join(self, taken: list[IterationRow]) -> bool:
        small = self._is_small(taken[0]) and self._is_small(self._left[0])
        return small and len(taken) < self._at_most

    def _is_small(self, row: IterationRow) -> bool:
        return self._small is None or item_name(row.item) in self._small

    def _plan_again(self, step_run: StepRun, batch_rows: int) -> None:
        # what a worker has in hand is not in the queue, so it stays as it is
        template = "batches/plan_again.sql"
        values = {
            "run": step_run.work.journal.run,
            "step": step_run.step.name,
            "numbers": [row.number for row in self._left],
            "rows": batch_rows,
        }
        text = step_run.renderer.templates.render(template, values)
        planned = step_run.send_alone(template, text).rows
        self._all += len(planned) - len(self._left)
        rows = sorted((IterationRow(**row) for row in planned), key=lambda row: row.number)
        self._left = deque(rows)
        step_run.emit(BatchesPlanned(step_run.step.name, batch_rows, self._all))

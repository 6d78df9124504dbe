"""The iterations of a step: planned, journalled, handed out once each, and planned again."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from executor.database.session import Session
from executor.errors import StepError
from executor.events import BatchesPlanned, Notice
from executor.journal.rows import Control, IterationRow
from executor.plan.model import Step
from executor.templating.names import Name

from .transaction import Work


def plan(work: Work, session: Session, step: Step) -> tuple[list[IterationRow], int]:
    """The iterations of a step, planned on first sight, and about how many rows they have."""
    known = work.journal.iterations(session, step.name)
    if not known and step.form in ("for_each", "batches"):
        items = (_ranges if step.form == "batches" else _items)(work, session, step)
        work.fenced(session, lambda: work.journal.plan_iterations(session, step.name, items))
        known = work.journal.iterations(session, step.name)
    rows = sum(row.item.get("rows", 0) for row in known if isinstance(row.item, dict))
    return known, rows


def _items(work: Work, session: Session, step: Step) -> list[Any]:
    items = [str(i) if isinstance(i, Name) else i for i in work.renderer.items(step)]
    if step.order:
        text = work.renderer.condition(step.order, step)
        rows = work.transact(session, step, lambda: work.execute(session, step.order, text)).rows
        places = {str(value): place for place, row in enumerate(rows) for value in row.values()}
        items.sort(key=lambda item: places.get(str(item), len(places)))
    return items


def _ranges(work: Work, session: Session, step: Step) -> list[dict[str, Any]]:
    table, rows = work.renderer.batch_table(step)
    template = "batches/plan.sql"
    text = work.renderer.templates.render(template, {"table": table, "rows": rows})
    ranges = work.transact(session, step, lambda: work.execute(session, template, text))
    return [dict(row) for row in ranges.rows]


def stale(step: Step, error: StepError) -> str:
    """Why the ranges of a step are no longer those of the table, if that is the error."""
    if step.form != "batches" or error.sqlstate != "EX003":
        raise error
    return error.message


def begin_anew(work: Work, session: Session, step: Step, why: str) -> None:
    """Undo what the iterations of a step have done, and forget them, to plan them again."""
    text = work.renderer.rollback(step)

    def body() -> None:
        if text:
            work.execute(session, step.rollback, text)
        work.journal.forget_iterations(session, step.name)

    work.transact(session, step, body)
    work.emit(Notice(step.name, f"begins anew: {why}"))


class Queue:
    """The iterations of a step that are left; each is handed out once."""

    def __init__(self, work: Work, step: Step, known: list[IterationRow]) -> None:
        self._work = work
        self._step = step
        self._left = deque(row for row in known if row.status != "succeeded")
        self._all = len(known)
        self._batch_rows: int | None = None  # as they were last planned at somebody's wish
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many are left."""
        return len(self._left)

    def take(self, session: Session, control: Control) -> IterationRow | None:
        """The next iteration, in the size that is asked for; None if there is none."""
        with self._lock:
            asked = control.batch_rows
            if asked and asked != self._batch_rows and self._left and self._step.batches:
                self._plan_again(session, asked)
                self._batch_rows = asked
            return self._left.popleft() if self._left else None

    def _plan_again(self, session: Session, batch_rows: int) -> None:
        # what a worker has in hand is not in the queue, so it stays as it is
        template = "batches/plan_again.sql"
        work, step = self._work, self._step
        values = {
            "run": work.journal.run,
            "step": step.name,
            "numbers": [row.number for row in self._left],
            "rows": batch_rows,
        }
        text = work.renderer.templates.render(template, values)
        planned = work.transact(session, step, lambda: work.execute(session, template, text)).rows
        self._all += len(planned) - len(self._left)
        rows = sorted((IterationRow(**row) for row in planned), key=lambda row: row.number)
        self._left = deque(rows)
        work.emit(BatchesPlanned(step.name, batch_rows, self._all))

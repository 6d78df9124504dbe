"""The iterations of a step: planned, journalled, and run one after another or by workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from .database import Session
from .errors import InterruptedRunError, StepError
from .events import IterationFinished
from .model import Step
from .names import Name
from .records import IterationRow
from .render import Batch
from .transactions import Work


def plan(work: Work, session: Session, step: Step) -> tuple[list[IterationRow], int]:
    """The iterations of a step, planned on first sight, and about how many rows they have."""
    known = work.journal.iterations(session, step.name)
    if not known and step.form in ("for_each", "batches"):
        items = _ranges(work, session, step) if step.form == "batches" else _items(work, step)
        work.fenced(session, lambda: work.journal.plan_iterations(session, step.name, items))
        known = work.journal.iterations(session, step.name)
    rows = sum(row.item.get("rows", 0) for row in known if isinstance(row.item, dict))
    return known, rows


def _items(work: Work, step: Step) -> list[Any]:
    return [str(i) if isinstance(i, Name) else i for i in work.renderer.items(step)]


def _ranges(work: Work, session: Session, step: Step) -> list[dict[str, Any]]:
    table, rows = work.renderer.batch_table(step)
    template = "batches/plan.sql"
    text = work.renderer.templates.render(template, {"table": table, "rows": rows})
    ranges = work.transact(session, step, lambda: work.execute(session, template, text))
    return [dict(row) for row in ranges.rows]


def context(step: Step, item: Any) -> dict[str, Any]:
    """What the template of an iteration sees, from the journal's item."""
    if step.form == "batches":
        table = Name(item["schema"], item["name"])
        return {"batch": Batch(table, item["first_block"], item["end_block"])}
    return {"item": item}


def run_all(
    work: Work,
    step: Step,
    session: Session,
    iterations: list[IterationRow],
    run_one: Callable[[Session, IterationRow], int],
) -> None:
    """Run the iterations that are left, in order, by as many workers as the step says."""
    queue = deque(iterations)
    workers = min(work.renderer.workers(step), len(queue))
    if workers <= 1:
        _drain(work, step, session, queue, run_one)
    else:
        _parallel(work, step, queue, run_one, workers)


def _drain(
    work: Work,
    step: Step,
    session: Session,
    queue: deque[IterationRow],
    run_one: Callable[[Session, IterationRow], int],
) -> None:
    while not work.stop.is_set():
        try:
            iteration = queue.popleft()  # atomic, so workers need no lock
        except IndexError:
            return
        rows = run_one(session, iteration)
        work.emit(IterationFinished(step.name, iteration.number, rows))
    raise InterruptedRunError


def _parallel(
    work: Work,
    step: Step,
    queue: deque[IterationRow],
    run_one: Callable[[Session, IterationRow], int],
    workers: int,
) -> None:
    def work_through() -> None:
        with work.connector.session(whole_session=not step.transaction) as session:
            _drain(work, step, session, queue, run_one)

    with ThreadPoolExecutor(workers, thread_name_prefix=step.name) as pool:
        futures = [pool.submit(work_through) for _ in range(workers)]
        try:
            # in slices: a plain wait would keep Ctrl-C waiting too
            while wait(futures, timeout=0.2).not_done:
                if any(future.done() and future.exception() for future in futures):
                    queue.clear()  # the others end with the iteration that they are in
        except KeyboardInterrupt:
            work.stop.set()
            work.connector.cancel_all()
            raise
    _raise_first(futures)


def _raise_first(futures: list[Future[None]]) -> None:
    errors = [error for future in futures if (error := future.exception())]
    errors.sort(key=lambda error: not isinstance(error, StepError))
    if errors:
        raise errors[0]

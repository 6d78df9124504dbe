"""Runs the iterations of a step, one after another or by workers whose number may change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack

from executor.database.session import Session
from executor.errors import ConnectError, StepError
from executor.events import IterationFinished, Notice, WorkersChanged
from executor.journal.rows import IterationRow
from executor.plan.model import MOST_WORKERS, Step

from .gate import never
from .iterations import Queue
from .transaction import Work

RunOne = Callable[[Session, IterationRow], int]


def run_all(work: Work, step: Step, session: Session, queue: Queue, run_one: RunOne) -> None:
    """Run the iterations that are left, in order, by as many workers as plan and operator say."""
    if step.workers == 1:  # the plan wants them one after another
        while _next(work, step, session, queue, run_one):
            pass
    elif len(queue):
        Workers(work, step, queue, run_one).run()


def _next(
    work: Work,
    step: Step,
    session: Session,
    queue: Queue,
    run_one: RunOne,
    given_up: Callable[[], bool] = never,
) -> bool:
    """Run one iteration once the gate is open; false if there is none."""
    if not len(queue):
        return False
    control = work.gate.wait(step.name, throttled=True, given_up=given_up)
    iteration = queue.take(session, control) if control else None
    if iteration is None:
        return False
    rows = run_one(session, iteration)
    work.emit(IterationFinished(step.name, iteration.number, rows))
    return True


class Workers:
    """The connections that run a step's iterations, each in a numbered place."""

    def __init__(self, work: Work, step: Step, queue: Queue, run_one: RunOne) -> None:
        self._work = work
        self._step = step
        self._queue = queue
        self._run_one = run_one
        self._planned = work.renderer.workers(step)
        self._asked = self._wanted = min(self._planned, MOST_WORKERS)
        self._places: set[int] = set()  # who is beyond the number that is wanted leaves
        self._lock = threading.Lock()
        #: one has failed; the others end with the iteration that they are in
        self._over = threading.Event()

    def run(self) -> None:
        """Return when no iteration is left; raises what stopped a worker."""
        futures: list[Future[None]] = []
        with ThreadPoolExecutor(MOST_WORKERS, thread_name_prefix=self._step.name) as pool:
            try:
                while self._places or (len(self._queue) and not self._over.is_set()):
                    futures += [pool.submit(self._work_in, place) for place in self._free_places()]
                    # in slices: a plain wait would keep Ctrl-C waiting too
                    wait(futures, timeout=0.2)
            except BaseException:  # Ctrl-C, or the run was taken over
                self._work.stop.set()
                self._work.connector.cancel_all()
                raise
        _raise_first(futures)

    def _free_places(self) -> list[int]:
        """The places in which a worker is to start."""
        control = self._work.gate.look()
        with self._lock:
            if (
                control
                and (asked := min(control.workers or self._planned, MOST_WORKERS)) != self._asked
            ):
                self._asked = self._wanted = asked
                self._work.emit(WorkersChanged(self._step.name, asked))
            if self._over.is_set():
                return []
            free = [place for place in range(self._wanted) if place not in self._places]
            free = free[: len(self._queue)]
            self._places.update(free)
            return free

    def _work_in(self, place: int) -> None:
        try:
            with ExitStack() as stack:
                session = self._connect(stack)
                while session and place < self._wanted and self._run_next(session, place):
                    pass
        except BaseException:
            self._over.set()  # before the place is free, so that nobody takes it
            raise
        finally:
            with self._lock:
                self._places.discard(place)

    def _connect(self, stack: ExitStack) -> Session | None:
        """A session of the worker's own; None if there is none to be had, but others work."""
        whole = not self._step.transaction
        try:
            return stack.enter_context(self._work.connector.session(whole_session=whole))
        except ConnectError as error:
            with self._lock:
                if len(self._places) == 1:
                    raise
                self._wanted = len(self._places) - 1
            message = f"goes on with {self._wanted} workers: {error.message}"
            self._work.emit(Notice(self._step.name, message))
            return None

    def _run_next(self, session: Session, place: int) -> bool:
        return _next(
            self._work, self._step, session, self._queue, self._run_one, self._is_over(place)
        )

    def _is_over(self, place: int) -> Callable[[], bool]:
        return lambda: self._over.is_set() or place >= self._wanted


def _raise_first(futures: list[Future[None]]) -> None:
    errors = [error for future in futures if (error := future.exception())]
    errors.sort(key=lambda error: not isinstance(error, StepError))
    if errors:
        raise errors[0]

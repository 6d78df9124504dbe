"""Runs the iterations of a step, one after another or by workers whose number may change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress

from executor.database.session import Session
from executor.errors import ConnectError, StepError
from executor.events import IterationFinished, Notice, WorkersChanged
from executor.plan.model import MOST_WORKERS

from .gate import never
from .iterations import Queue, run_together
from .step_run import StepRun


def run_all(step_run: StepRun, queue: Queue) -> None:
    """Run the iterations that are left, in order, by as many workers as plan and operator say."""
    if step_run.step.workers == 1:  # the plan wants them one after another
        while _run_next(step_run, queue):
            pass
    elif len(queue):
        Workers(step_run, queue).run()


def _run_next(step_run: StepRun, queue: Queue, given_up: Callable[[], bool] = never) -> bool:
    """Run one iteration once the gate is open; false if there is none."""
    if not len(queue):
        return False
    control = step_run.wait(throttled=True, given_up=given_up)
    taken = queue.take(step_run.session, control) if control else []
    if not taken:
        return False
    began = time.monotonic()
    rows = run_together(step_run, taken)
    queue.go_on(step_run, taken)
    seconds = time.monotonic() - began
    for iteration in taken:
        step_run.emit(IterationFinished(step_run.step.name, iteration.number, rows, seconds))
    if len(queue):
        step_run.pause()
    return True


class Workers:
    """The connections that run a step's iterations, each in a numbered place."""

    def __init__(self, step_run: StepRun, queue: Queue) -> None:
        self._step_run = step_run
        self._queue = queue
        self._planned = step_run.renderer.workers(step_run.step)
        self._asked = self._wanted = min(self._planned, MOST_WORKERS)
        self._places: set[int] = set()  # who is beyond the number that is wanted leaves
        self._lock = threading.Lock()
        #: one has failed; the others end with the iteration that they are in
        self._over = threading.Event()

    def run(self) -> None:
        """Return when no iteration is left; raises what stopped a worker."""
        futures: list[Future[None]] = []
        name, work = self._step_run.step.name, self._step_run.work
        with ThreadPoolExecutor(MOST_WORKERS, thread_name_prefix=name) as pool:
            try:
                while self._places or (len(self._queue) and not self._over.is_set()):
                    futures += [pool.submit(self._work_in, place) for place in self._free_places()]
                    # in slices: a plain wait would keep Ctrl-C waiting too
                    wait(futures, timeout=0.2)
            except BaseException:  # Ctrl-C, or the run was taken over
                work.stop.set()
                work.connector.cancel_all()
                raise
        _raise_first(futures)

    def _free_places(self) -> list[int]:
        """The places in which a worker is to start."""
        control = self._step_run.work.gate.look()
        with self._lock:
            if control:
                asked = min(control.workers or self._planned, MOST_WORKERS)
                if asked != self._asked:
                    self._asked = self._wanted = asked
                    self._step_run.emit(WorkersChanged(self._step_run.step.name, asked))
            if self._over.is_set():
                return []
            free = [place for place in range(self._wanted) if place not in self._places]
            free = free[: len(self._queue)]
            self._places.update(free)
            return free

    def _work_in(self, place: int) -> None:
        def given_up() -> bool:
            return self._over.is_set() or place >= self._wanted

        try:
            with ExitStack() as stack:
                step_run = self._connect(stack)
                while step_run and place < self._wanted:
                    if not _run_next(step_run, self._queue, given_up):
                        break
        except BaseException:
            self._over.set()  # before the place is free, so that nobody takes it
            raise
        finally:
            with self._lock:
                self._places.discard(place)

    def _connect(self, stack: ExitStack) -> StepRun | None:
        """The step over a session of the worker's own; None if there is none, but others work."""
        step_run = self._step_run
        connector = step_run.work.connector
        whole = not step_run.step.transaction
        aside: Session | None = None
        try:
            asked = connector.session(whole_session=True) if whole else connector.kept_session()
            session = stack.enter_context(asked)
            if step_run.step.then:
                with suppress(ConnectError):  # the step that it names will do it all
                    aside = stack.enter_context(connector.session(whole_session=True))
        except ConnectError as error:
            with self._lock:
                if len(self._places) == 1:
                    raise
                self._wanted = len(self._places) - 1
            message = f"goes on with {self._wanted} workers: {error.message}"
            step_run.emit(Notice(step_run.step.name, message))
            return None
        return step_run.over(session, aside)


def _raise_first(futures: list[Future[None]]) -> None:
    errors = [error for future in futures if (error := future.exception())]
    errors.sort(key=lambda error: not isinstance(error, StepError))
    if errors:
        raise errors[0]

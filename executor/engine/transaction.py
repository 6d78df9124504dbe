"""One fenced transaction of a run, tried again where the step's `retry` says so."""

from __future__ import annotations

import itertools
import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from executor.database.session import Connector, DatabaseError, Result, Session, reason
from executor.errors import FencedError, InterruptedRunError, StepError
from executor.events import Event, Notice, OnEvent, Retrying
from executor.journal.controls import Controls
from executor.journal.writer import Journal
from executor.plan.model import Isolation, Step
from executor.rendering.renderer import Renderer

from .gate import Gate

T = TypeVar("T")

logger = logging.getLogger("executor")

_RETRY_KINDS = {
    "55P03": "lock_timeout",
    "40P01": "deadlock",
    "40001": "serialization",
    "57014": "statement_timeout",
    "EX002": "not_ready",  # a template says that it is not the time yet
}


class StatementFailed(Exception):  # noqa: N818 - never shown; it carries what transact() reports
    """A statement of a template failed: the error, and the text in which it points at a place."""

    def __init__(self, error: DatabaseError, template: str, text: str) -> None:
        super().__init__(str(error))
        self.error = error
        self.template = template
        self.text = text


@dataclass(slots=True)
class Work:
    """What all parts of a run share."""

    renderer: Renderer
    connector: Connector
    journal: Journal
    on_event: OnEvent
    unfenced: bool = False  # a dry run owns no run
    stop: threading.Event = field(default_factory=threading.Event)
    controls: Controls = field(init=False)
    gate: Gate = field(init=False)
    _emitting: threading.Lock = field(default_factory=threading.Lock)
    _after: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.controls = Controls(self.renderer.templates, self.journal.run, self.journal.epoch)
        self.gate = Gate(
            *(self.connector, self.controls, self.renderer, self.emit, self.stop),
            partial(self.spent, kind="wait"),
        )

    def emit(self, event: Event) -> None:
        """Send an event to the sinks, one at a time."""
        with self._emitting:
            self.on_event(event)

    def emit_after(self, event: Event) -> None:
        """Send an event once the open transaction has ended: a sink that blocks holds no lock."""
        self._after.append(event)

    def execute(self, session: Session, template: str | None, text: str) -> Result:
        """Send rendered SQL; its warnings become events by way of the session."""
        try:
            return session.execute(text)
        except DatabaseError as error:
            raise StatementFailed(error, template or "", text) from error

    def transact(
        self,
        session: Session,
        step: Step,
        body: Callable[[], T],
        prepare: Callable[[Session, str], None] | None = None,
    ) -> T:
        """Run ``body`` in a fenced transaction; raises StepError if PostgreSQL refuses it.

        ``prepare`` is given what the step's `retry` names before every attempt.
        """
        for attempt in itertools.count(1):
            began = time.monotonic()
            if prepare and step.retry.prepare:
                prepare(session, step.retry.prepare)
            try:
                with self._begin(session, step.isolation):
                    result = body()
                self._tell_notices(session, step)
                return result
            except (StatementFailed, DatabaseError) as error:
                self.try_again(session, step, error, attempt, began)
            finally:
                while self._after:
                    self.emit(self._after.pop(0))
        raise AssertionError("unreachable")

    def try_again(
        self,
        session: Session,
        step: Step,
        error: StatementFailed | DatabaseError,
        attempt: int,
        began: float,
    ) -> None:
        """Wait for the next attempt, as `retry` says; raises StepError if there is none."""
        cause = error.error if isinstance(error, StatementFailed) else error
        kind = _RETRY_KINDS.get(cause.sqlstate or "")
        if self.stop.is_set():
            raise InterruptedRunError from error
        again = kind in step.retry.on and attempt < step.retry.attempts
        if session.lost or not again:
            raise explain(step, error, attempt) from cause
        why = self._reason(session, step, str(kind), cause)
        self._wait(step, why, attempt)
        self.spent(session, step.name, why, time.monotonic() - began, kind="retry")

    def prepare(self, session: Session, name: str) -> None:
        """Do an earlier step once more, with all its passes; it is not journalled."""
        step = self.renderer.plan.step(name)
        if step.repeat:
            for number in range(1, step.repeat.at_most + 1):
                if self.is_true(session, step, step.repeat.until):
                    break
                self.prepare_once(session, name, number)
        self.prepare_once(session, name)

    def prepare_once(self, session: Session, name: str, number: int = 0) -> None:
        """Do one pass of an earlier step once more; number 0 is the last one, or the only one."""
        step = self.renderer.plan.step(name)
        text = self.renderer.sql(step, **{"pass": number})
        self.transact(session, step, lambda: self.execute(session, step.sql, text))

    def is_true(self, session: Session, step: Step, template: str) -> bool:
        """The answer of a template of one SELECT of one boolean; null is false."""
        text = self.renderer.condition(template, step)
        rows = self.transact(session, step, lambda: self.execute(session, template, text)).rows
        return len(rows) == 1 and next(iter(rows[0].values())) is True

    def fenced(self, session: Session, body: Callable[[], T]) -> T:
        """Run journal work alone in a fenced transaction."""
        with self.journal.fenced(session):
            return body()

    def _begin(self, session: Session, isolation: Isolation) -> AbstractContextManager[None]:
        if self.unfenced:
            return session.transaction(isolation)
        return self.journal.fenced(session, isolation)

    def try_to_journal(self, session: Session, body: Callable[[], None]) -> None:
        """Journal what does not decide about the run, if that can still be done."""
        if session.lost:
            return
        try:
            self.fenced(session, body)
        except (DatabaseError, FencedError) as error:
            logger.warning("the journal could not be written: %s", error)

    def spent(self, session: Session, step: str, reason: str, seconds: float, *, kind: str) -> None:
        """Journal an attempt in vain (`retry`) or a wait (`wait`) that has just ended."""
        if not self.unfenced:
            span = partial(self.journal.span, session, step, kind, reason, seconds)
            self.try_to_journal(session, span)

    def _reason(self, session: Session, step: Step, kind: str, cause: DatabaseError) -> str:
        if kind == "not_ready":
            return cause.diag.message_primary or "not ready"
        reason = kind.replace("_", " ")
        if not step.retry.blockers or kind not in ("lock_timeout", "statement_timeout"):
            return reason
        text = self.renderer.templates.render(step.retry.blockers, self.renderer.values)
        try:
            with session.transaction():
                rows = session.execute(text).rows
        except DatabaseError as error:
            logger.warning("nobody can tell who is in the way: %s", error)
            return reason
        held = ", ".join(str(value) for row in rows for value in row.values())
        return f"{reason}; in the way: {held}" if held else reason

    def _wait(self, step: Step, reason: str, attempt: int) -> None:
        first, longest = step.retry.backoff
        wait = min(longest, first * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311
        self.emit(Retrying(step.name, reason, attempt, step.retry.attempts, wait))
        if self.stop.wait(wait):
            raise InterruptedRunError

    def _tell_notices(self, session: Session, step: Step) -> None:
        for message in session.notices:
            self.emit(Notice(step.name, message))
        session.notices.clear()


def explain(step: Step, error: StatementFailed | DatabaseError, attempts: int = 1) -> StepError:
    """What PostgreSQL refused, in a sentence; its DETAIL is left out, for it can quote rows."""
    cause = error.error if isinstance(error, StatementFailed) else error
    where = ""
    if isinstance(error, StatementFailed):
        line = _line(error)
        where = f" in sql/{error.template}" if error.template else ""
        where += f" (line {line} as rendered)" if line else ""
    tried = f" after {attempts} attempts" if attempts > 1 else ""
    state = f" [{cause.sqlstate}]" if cause.sqlstate else ""
    return StepError(
        f"step {step.name} failed{where}{tried}: {reason(cause)}{state}",
        cause.diag.message_hint or "",
        step=step.name,
        sqlstate=cause.sqlstate or "",
    )


def _line(failure: StatementFailed) -> int | None:
    position = failure.error.diag.statement_position
    if not position or not position.isdecimal():
        return None
    return failure.text.count("\n", 0, int(position) - 1) + 1

"""One transaction of a step, tried again where the step's `retry` says so."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from executor.catalog import rows_of
from executor.database.retry import Failure, kind, retry
from executor.database.session import Connector, DatabaseError, Result, Session, reason
from executor.errors import FencedError, StepError
from executor.events import Event, Notice, OnEvent, Retrying
from executor.formats import listed
from executor.journal.controls import Controls
from executor.journal.rows import Control, IterationRow, StepRow
from executor.journal.writer import Journal
from executor.plan.model import Step
from executor.rendering.facts import Facts, differences
from executor.rendering.iterations import LAST_PASS, pass_number
from executor.rendering.renderer import Renderer
from executor.templating.names import Sql

from .gate import Gate, never

T = TypeVar("T")

_CANCELLED = "57014"
_RAISED = "P0001"  # what a template raises, which says all that there is to say
_PREPARE, _RECHECK = "script/prepare_facts.sql", "script/asked_again.sql"

#: between texts that are sent in one message: the last semicolon of one may be left out
_JOIN = "\n;\n"

logger = logging.getLogger("executor")


@dataclass(slots=True)
class Work:
    """What all parts of a run share."""

    renderer: Renderer
    connector: Connector
    journal: Journal
    on_event: OnEvent
    stop: threading.Event = field(default_factory=threading.Event)
    fails_as: str = "failed"  # the status of the run where an error ends it
    known: dict[str, StepRow] = field(default_factory=dict)  # the steps of a run that goes forward
    pace: float | None = None  # seconds that a weight of 1 takes, as was asked when the run began
    controls: Controls = field(init=False)
    gate: Gate = field(init=False)
    _emitting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.controls = Controls(self.journal.run, self.journal.epoch)
        self.gate = Gate(
            connector=self.connector,
            controls=self.controls,
            renderer=self.renderer,
            emit=self.emit,
            stop=self.stop,
            journal_span=self.journal_span,
        )

    def emit(self, event: Event) -> None:
        """Send an event to the sinks, one at a time."""
        with self._emitting:
            self.on_event(event)

    def journal_if_possible(self, session: Session, write: Callable[[], None]) -> None:
        """Write what does not decide about the run to the journal, if that can be done."""
        for attempt in (1, 2):
            if session.lost:
                return
            try:
                with self.journal.fenced(session):
                    write()
            except (DatabaseError, FencedError) as error:
                # what we have cancelled may have ended before that came, and this got it
                if attempt == 1 and getattr(error, "sqlstate", "") == _CANCELLED:
                    continue
                logger.warning("the journal could not be written: %s", error)
            return

    def journal_span(
        self, session: Session, step: str, kind: str, reason: str, seconds: float
    ) -> None:
        """Journal an attempt in vain (`retry`) or a wait (`wait`) that has just ended.

        What comes before a rollback is no step, and the journal has none of that name.
        """
        if any(step == own.name for own in self.renderer.plan.steps):
            self.journal_if_possible(
                session, lambda: self.journal.span(session, step, kind, reason, seconds)
            )


@dataclass(frozen=True, slots=True)
class _Refused:
    """A statement of a template that PostgreSQL has refused; the error says at which place."""

    error: DatabaseError
    source: str
    texts: Sequence[str]  # sent at once, with _JOIN between them

    def __str__(self) -> str:
        position = self.error.diag.statement_position
        where = f" in {self.source}" if self.source else ""
        if not position or not position.isdecimal():
            return where
        place = int(position) - 1
        for text in self.texts:
            if place <= len(text):
                break
            place -= len(text) + len(_JOIN)
        return f"{where} (line {text.count(chr(10), 0, place) + 1} as rendered)"


class StepCheck:
    """What a step asks, over one session: of any server, without a run and its journal."""

    def __init__(self, renderer: Renderer, session: Session, step: Step, emit: OnEvent) -> None:
        self.renderer = renderer if step.sql else renderer.of_checks()
        self.session = session
        self.step = step
        self.emit = emit
        self.stop = threading.Event()
        self._after: list[Event] = []
        self._refused: _Refused | None = None

    def emit_after(self, event: Event) -> None:
        """Send an event once the open transaction has ended: a sink that blocks holds no lock."""
        self._after.append(event)

    def execute(self, template: str | None, *texts: str) -> Result:
        """Send rendered SQL of a template; its warnings become events by way of the session."""
        try:
            return self.session.execute(_JOIN.join(texts))
        except DatabaseError as error:
            source = self.renderer.templates.display(template) if template else ""
            self._refused = _Refused(error, source, texts)
            raise

    def send_alone(self, template: str, text: str) -> Result:
        """Send rendered SQL in a transaction of its own."""
        return self.transact(lambda: self.execute(template, text))

    def is_true(self, template: str) -> bool:
        """The answer of a template of one SELECT of one boolean; null is false."""
        return self.send_alone(template, self.renderer.condition(template, self.step)).is_true

    def transact(self, body: Callable[[], T], *, before: Callable[[], None] | None = None) -> T:
        """Do ``body`` in a transaction; raises StepError if PostgreSQL refuses it.

        ``before`` is done before every attempt.
        """

        def attempt() -> T:
            if before:
                before()
            try:
                with self.transaction():
                    result = body()
                self._tell_notices()
                return result
            finally:
                while self._after:
                    self.emit(self._after.pop(0))

        return self.retry(attempt)

    def retry(self, attempt: Callable[[], T]) -> T:
        """Do what may be tried again, as the step's `retry` says; raises StepError."""
        return retry(
            self.session,
            attempt,
            self.step.retry,
            stop=self.stop,
            while_waiting=self.while_waiting,
            give_up=self._explain,
        )

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction in the step's isolation."""
        return self.session.transaction(self.step.isolation)

    @contextmanager
    def while_waiting(self, failure: Failure) -> Iterator[None]:
        """Say why another attempt is waited for, and journal it afterwards."""
        why, attempts = self._reason(failure.error), self.step.retry.attempts
        self.emit(Retrying(self.step.name, why, failure.attempt, attempts, failure.wait))
        yield
        self.journal_span("retry", why, failure.began)

    def journal_span(self, kind: str, reason: str, began: float) -> None:
        """Nothing: without a run there is no journal. StepRun writes it down."""

    def _reason(self, error: DatabaseError) -> str:
        """Why an attempt was in vain, and who is in the way if the plan can tell."""
        failed, blockers = kind(error), self.step.retry.blockers
        if failed == "not_ready":
            return error.diag.message_primary or "not ready"
        why = failed.replace("_", " ")
        if not blockers or failed not in ("lock_timeout", "statement_timeout"):
            return why
        text = self.renderer.condition(blockers, self.step)
        try:
            rows = self.session.execute_alone(text).rows
        except DatabaseError as failure:
            logger.warning("nobody can tell who is in the way: %s", failure)
            return why
        held = ", ".join(str(value) for row in rows for value in row.values())
        return f"{why}; in the way: {held}" if held else why

    def _explain(self, error: DatabaseError, attempts: int) -> StepError:
        """What PostgreSQL refused, in a sentence."""
        where = self._refused if self._refused and self._refused.error is error else ""
        tried = f" after {attempts} attempts" if attempts > 1 else ""
        state = f" [{error.sqlstate}]" if error.sqlstate not in (None, _RAISED) else ""
        return StepError(
            f"step {self.step.name} failed{where}{tried}: {reason(error)}{state}",
            error.diag.message_hint or "",
            step=self.step.name,
            sqlstate=error.sqlstate or "",
        )

    def _tell_notices(self) -> None:
        for message in self.session.notices:
            self.emit(Notice(self.step.name, message))
        self.session.notices.clear()


class StepRun(StepCheck):
    """A step of a run over one session: each of its transactions is fenced, and journalled."""

    def __init__(
        self, work: Work, session: Session, step: Step, aside: Session | None = None
    ) -> None:
        super().__init__(work.renderer, session, step, work.emit)
        self.work = work
        self.stop = work.stop
        self._aside = aside  # for what is done without a transaction

    def over(self, session: Session, aside: Session | None = None) -> StepRun:
        """The same step over another session."""
        return StepRun(self.work, session, self.step, aside)

    def of(self, step: Step) -> StepRun:
        """A later step, which has no transaction."""
        return StepRun(self.work, self._aside or self.session, step)

    def wait(
        self, *, throttled: bool = False, given_up: Callable[[], bool] = never
    ) -> Control | None:
        """Wait until the run may go on; returns what it is told, None if the caller gave up."""
        return self.work.gate.wait(self.step.name, throttled=throttled, given_up=given_up)

    def pause(self) -> None:
        """Wait as long as the step says between two iterations, or until the run is stopped."""
        if self.step.pause:
            self.stop.wait(self.step.pause)

    def fenced(self) -> AbstractContextManager[None]:
        """A transaction for the journal alone."""
        return self.work.journal.fenced(self.session)

    def transaction(self) -> AbstractContextManager[None]:
        """A fenced transaction in the step's isolation."""
        return self.work.journal.fenced(self.session, self.step.isolation)

    def journal_span(self, kind: str, reason: str, began: float) -> None:
        """Journal an attempt in vain (`retry`) or a wait (`wait`) that ends now."""
        seconds = time.monotonic() - began
        self.work.journal_span(self.session, self.step.name, kind, reason, seconds)

    def end(self, status: str, rows: int = 0, error: str | None = None) -> int:
        """Journal that the step has ended; returns its rows."""
        return self.work.journal.end_step(self.session, self.step.name, status, rows, error)

    def iterations(self) -> list[IterationRow]:
        """The iterations of the step, as the journal has them."""
        return self.work.journal.iterations(self.session, self.step.name)

    def end_iteration(self, iteration: IterationRow, status: str, rows: int = 0) -> int:
        """Journal that an iteration has ended; returns its rows."""
        return self.work.journal.end_iteration(
            self.session, self.step.name, iteration, status, rows
        )

    def end_iterations(self, iterations: Sequence[IterationRow], status: str) -> None:
        """Journal that several iterations have ended."""
        journal = self.work.journal
        journal.end_iterations(self.session, self.step.name, iterations, status)

    def forget_iterations(self) -> None:
        """Strike the iterations out of the journal."""
        self.work.journal.forget_iterations(self.session, self.step.name)

    def lock(self, template: str | None, text: str, known: Facts) -> None:
        """Take the step's lock; raises StepError if a fact that it rechecks is not as known.

        Looked at before, too, so that nobody waits for what is refused; and prepared by that, so
        that what is asked under the lock takes the shorter.
        """
        if not text:
            return
        names = self.step.recheck
        if names:
            questions = self.renderer.questions(names)
            prepare = self.renderer.templates.render(_PREPARE, {"questions": Sql(questions)})
            self.execute(_PREPARE, prepare)
            self._refuse_changed(known, names)
        self.execute(template, text)
        if names:
            self._refuse_changed(known, names)

    def _refuse_changed(self, known: Facts, names: Sequence[str]) -> None:
        text = self.renderer.templates.render(_RECHECK, {})
        now = rows_of(self.execute(_RECHECK, text))
        found = list(differences(known.rows, now, names))
        if found:
            raise StepError(
                f"step {self.step.name}: what the plan knows of the table has changed"
                f" meanwhile: {listed(found, '; ')}",
                hint="Nothing was changed by this step. Undo that change and run again, or roll"
                " back and begin anew.",
                step=self.step.name,
            )

    def prepare(self) -> None:
        """Do the earlier step that `retry` names once more, with all passes; not journalled."""
        if earlier := self._earlier():
            if repeat := earlier.step.repeat:
                for number in range(1, repeat.at_most + 1):
                    if earlier.is_true(repeat.until):
                        break
                    earlier.do_once(pass_number(number))
            earlier.do_once(LAST_PASS)

    def prepare_last_pass(self) -> None:
        """Do the last pass of the earlier step that `retry` names once more; not journalled."""
        if earlier := self._earlier():
            earlier.do_once(LAST_PASS)

    def _earlier(self) -> StepRun | None:
        name = self.step.retry.prepare
        return StepRun(self.work, self.session, self.renderer.plan.step(name)) if name else None

    def do_once(self, context: Mapping[str, object]) -> None:
        """Do the step's SQL once; it is not journalled."""
        if sql := self.step.sql:
            self.send_alone(sql, self.renderer.sql(self.step, **context))

"""The gate asks before each iteration and each step whether the run may go on, and waits if not.

It waits while the run is paused, while the plan's `throttle` does not hold, and while it can't
tell. It asks over a connection of its own, at most once a second for all workers together.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from executor.database.session import Connector, DatabaseError, Session
from executor.errors import ConnectError, InterruptedRunError
from executor.events import GoingOn, OnEvent, Waiting
from executor.journal.controls import Controls
from executor.journal.rows import Control
from executor.rendering.renderer import Condition, Renderer

T = TypeVar("T")

logger = logging.getLogger("executor")

SECONDS = 1.0  # between two questions
_NAP = 0.1  # seconds between two looks at the answer

#: of a question of the plan: it writes nothing, and no answer in time is no
_SETTINGS = (("statement_timeout", "5s"), ("transaction_read_only", "on"))


def never() -> bool:
    """Whether a caller that waits has given up."""
    return False


class Gate:
    """One for a run, shared by its workers."""

    def __init__(
        self,
        *,
        connector: Connector,
        controls: Controls,
        renderer: Renderer,
        emit: OnEvent,
        stop: threading.Event,
        journal_span: Callable[[Session, str, str, str, float], None],
    ) -> None:
        """``journal_span`` journals a wait: session, step, the word wait, why, how many seconds."""
        self._connector = connector
        self._controls = controls
        self._throttle = renderer.throttle()
        values = {"settings": _SETTINGS, "local": True}
        self._settings = renderer.templates.render("session/settings.sql", values)
        self._emit = emit
        self._stop = stop
        self._journal_span = journal_span
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._session: Session | None = None
        self._control: Control | None = None
        self._unclear = ""  # why there is no control
        self._objection = ""  # what the throttle says
        self._read_at = self._asked_at = -math.inf
        self._told = ""  # why the run waits, as the last event says
        self._since = self._told_at = 0.0

    def wait(
        self, step: str, *, throttled: bool = False, given_up: Callable[[], bool] = never
    ) -> Control | None:
        """Return once the run may go on, with what it is told; None if the caller gave up."""
        while not given_up():
            if self._stop.is_set():
                raise InterruptedRunError
            with self._lock:
                reason = self._reason(throttled=throttled)
                self._tell(step, reason)
                if not reason:
                    return self._control
            self._stop.wait(_NAP)
        return None

    def look(self, *, fresh: bool = False) -> Control | None:
        """What the run is told, without waiting; None if that can't be read."""
        with self._lock:
            if fresh:
                self._read_at = -math.inf
            self._read()
            return self._control

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    def _reason(self, *, throttled: bool) -> str:
        """Why the run may not go on; empty if it may."""
        self._read()
        if self._control is None:
            return self._unclear
        if self._control.paused:
            return "paused; `executor resume` lets it go on"
        if throttled:
            self._ask_throttle()
            return self._objection
        return ""

    def _read(self) -> None:
        if time.monotonic() - self._read_at < SECONDS:
            return
        self._control = None
        self._unclear = "the run has no row in executor.controls"
        try:
            self._control = self._ask(self._controls.read)
        except (DatabaseError, ConnectError) as error:
            self._unclear = f"executor.controls can't be read: {_first_line(error)}"
        self._read_at = time.monotonic()

    def _ask_throttle(self) -> None:
        if time.monotonic() - self._asked_at >= SECONDS:
            self._objection = next(filter(None, map(self._object, self._throttle)), "")
            self._asked_at = time.monotonic()

    def _object(self, condition: Condition) -> str:
        """Why a condition does not let the run go on; empty if it does."""

        def answer(session: Session) -> bool:
            with session.transaction(first=self._settings):
                return session.execute(condition.query).is_true

        try:
            return "" if self._ask(answer) else condition.reason
        except (DatabaseError, ConnectError) as error:
            return f"{condition.reason} ({_first_line(error)})"

    def _ask(self, question: Callable[[Session], T]) -> T:
        session = self._session
        if session is None or session.lost:
            return question(self._connect())
        try:
            return question(session)
        except DatabaseError:
            if not session.lost:
                raise
            return question(self._connect())  # the server ends sessions that are idle for long

    def _connect(self) -> Session:
        self._open.close()
        self._session = self._open.enter_context(self._connector.session())
        return self._session

    def _tell(self, step: str, reason: str) -> None:
        """One event where the waiting begins or has another reason, one where it ends."""
        if reason == self._told:
            return
        now = time.monotonic()
        if self._told:
            self._journal(step, self._told, now - self._told_at)
        else:
            self._since = now
        self._told, self._told_at = reason, now
        if reason:
            self._emit(Waiting(step, reason))
        else:
            self._emit(GoingOn(step, now - self._since))

    def _journal(self, step: str, reason: str, seconds: float) -> None:
        try:
            self._ask(lambda session: self._journal_span(session, step, "wait", reason, seconds))
        except ConnectError as error:
            logger.warning("the journal could not be written: %s", error)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]

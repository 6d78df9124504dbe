"""The journal of the run that this executor owns, written with the templates of sql/journal/."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from executor import __version__
from executor.database.queries import Queries
from executor.database.retry import kind
from executor.database.session import DatabaseError, Result, Session
from executor.errors import FencedError, LockError
from executor.events import Finding
from executor.plan.model import Assertion, Isolation
from executor.templating.templates import own_templates

from . import reader
from .rows import IterationRow, RunRow, Server, StepRow

FENCED = "EX001"  # the SQLSTATE of executor.fence()
_TWICE = "23505"  # a second running run of a plan


class Journal:
    """The journal of one run, which this executor owns while its epoch is the run's."""

    def __init__(self, run: int, epoch: int) -> None:
        self.run = run
        self.epoch = epoch

    @classmethod
    def open(cls, session: Session, server: Server, **run: Any) -> Journal:
        """Begin a run; raises LockError if another executor has just begun one."""
        values = {
            **run,
            "executor_version": __version__,
            "system_identifier": server.system_identifier,
            "timeline": server.timeline,
        }
        try:
            row = Queries(session).send("journal/open_run.sql", **values).one()
        except DatabaseError as error:
            if error.sqlstate == _TWICE or kind(error) == "lock_timeout":
                raise LockError(f"another executor has just begun {run['plan']}") from error
            raise
        return cls(row["id"], row["epoch"])

    @classmethod
    def own(cls, session: Session, run: RunRow, status: str) -> Journal:
        """Own an existing run; raises LockError if another executor was quicker."""
        values = {"run": run.id, "epoch": run.epoch, "status": status}
        try:
            with session.transaction():
                row = Queries(session).send("journal/take_over.sql", **values).first()
                if row:
                    journal = cls(run.id, row["epoch"])
                    journal.claim(session)
        except DatabaseError as error:
            if kind(error) == "lock_timeout":
                raise LockError(
                    f"run {run.id} can't be taken over: its executor, {run.client}, still has a"
                    " transaction open",
                    hint="try again; if it hangs, end its sessions with pg_terminate_backend:"
                    " their application_name is executor: and the plan's name",
                ) from error
            raise
        if not row:
            raise LockError(f"another executor has just taken over run {run.id}")
        return journal

    def _text(self, statement: str, **values: Any) -> str:
        return own_templates().render(
            f"journal/{statement}.sql", {"run": self.run, "epoch": self.epoch, **values}
        )

    def _send(
        self, session: Session, statement: str, *, last: bool = False, **values: Any
    ) -> Result:
        """Write; ``last`` ends the open transaction in the same message."""
        return session.execute(self._text(statement, **values), last=last)

    def _send_alone(self, session: Session, statement: str, **values: Any) -> Result:
        """Write in a fenced transaction of its own, in one message."""
        return self._alone(session, self._text(statement, **values))

    def _alone(self, session: Session, text: str) -> Result:
        try:
            return session.execute_alone(text, first=self._text("fence"))
        except DatabaseError as error:
            if error.sqlstate == FENCED:
                raise self._taken_over() from error
            raise

    def _taken_over(self) -> FencedError:
        return FencedError(f"another executor took run {self.run} over")

    def fence(self, session: Session) -> None:
        """Raise FencedError if another executor took the run over."""
        self._alone(session, "")

    def claim(self, session: Session) -> None:
        """Record this connection as the owner's sign of life."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user without a name
            user = str(os.getuid())
        client = f"{user}@{socket.gethostname()} (pid {os.getpid()})"
        self._send(session, "claim", client=client)

    def heartbeat(self, session: Session) -> bool:
        """Give a sign of life; false if the run was taken over."""
        return bool(self._send(session, "heartbeat").rows)

    @contextmanager
    def fenced(self, session: Session, isolation: Isolation = "read committed") -> Iterator[None]:
        """A transaction that keeps others from a take-over; FencedError if it has happened."""
        owned = False
        try:
            with session.transaction(isolation, self._text("fence")):
                owned = True
                yield
        except DatabaseError as error:
            # later it is somebody else's code that uses our SQLSTATE
            if error.sqlstate == FENCED and not owned:
                raise self._taken_over() from error
            raise

    def insert_steps(self, session: Session, steps: Sequence[Mapping[str, Any]]) -> None:
        """Write down the steps of the run."""
        self._send(session, "insert_steps", steps={"steps": list(steps)})

    def write_facts(self, session: Session, facts: Mapping[str, Any]) -> None:
        """Write down what the catalog says of the table."""
        self._send(session, "write_facts", facts=facts)

    def steps(self, session: Session) -> dict[str, StepRow]:
        """The steps by name, in the plan's order."""
        return reader.steps(session, self.run)

    def begin_step(self, session: Session, step: str) -> None:
        """The step is running: in a transaction of its own."""
        self._send_alone(session, "begin_step", step=step)

    def end_step(
        self, session: Session, step: str, status: str, rows: int = 0, error: str | None = None
    ) -> int:
        """The step ended, and with it the open transaction; returns its rows."""
        ended: dict[str, Any] = {"step": step, "status": status, "rows": rows, "error": error}
        return int(self._send(session, "end_step", last=True, **ended).scalar())

    def plan_iterations(self, session: Session, step: str, items: Sequence[Any]) -> None:
        """Write down the iterations of a step, in a transaction of its own."""
        self._send_alone(session, "plan_iterations", step=step, items={"items": list(items)})

    def iterations(self, session: Session, step: str) -> list[IterationRow]:
        """The iterations of a step."""
        rows = self._send(session, "iterations", step=step).rows
        return [IterationRow(**row) for row in rows]

    def end_iteration(
        self, session: Session, step: str, iteration: IterationRow, status: str, rows: int
    ) -> int:
        """An iteration ended, and with it the open transaction; returns its rows."""
        ended: dict[str, Any] = {"number": iteration.number, "item": {"item": iteration.item}}
        ended |= {"step": step, "status": status, "rows": rows}
        sent = self._send(session, "end_iteration", last=True, **ended)
        return int(sent.scalar())

    def end_iterations(
        self, session: Session, step: str, iterations: Sequence[IterationRow], status: str
    ) -> None:
        """Several iterations ended, and with them the open transaction."""
        ended: dict[str, Any] = {"step": step, "status": status}
        ended["numbers"] = [iteration.number for iteration in iterations]
        self._send(session, "end_iterations", last=True, **ended)

    def reported(self, session: Session) -> int:
        """How many rows the template of this transaction has reported."""
        return int(self._send(session, "reported").scalar())

    def forget_iterations(self, session: Session, step: str) -> None:
        """The step will plan its iterations anew."""
        self._send(session, "forget_iterations", step=step)

    def findings(
        self,
        session: Session,
        step: str,
        number: int,
        assertion: Assertion,
        findings: Sequence[Finding],
    ) -> None:
        """What an assertion saw."""
        about: dict[str, Any] = {"step": step, "assertion": number, "kind": assertion.kind}
        about["severity"] = assertion.severity
        items = {"findings": list(map(asdict, findings))}
        self._send(session, "insert_findings", findings=items, **about)

    def span(self, session: Session, step: str, kind: str, detail: str, seconds: float) -> None:
        """An attempt in vain (`retry`) or a wait (`wait`) of so many seconds has just ended."""
        self._send(session, "insert_span", step=step, kind=kind, detail=detail, seconds=seconds)

    def end_run(self, session: Session, status: str, error: str | None = None) -> None:
        """The run ended."""
        self._send(session, "end_run", status=status, error=error)

"""The journal in schema `executor`, read and written with the templates of sql/journal/."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from executor import __version__
from executor.database.session import DatabaseError, Result, Session, reason
from executor.errors import ConnectError, FencedError, LockError, StepError
from executor.events import Finding
from executor.plan.model import Assertion, Isolation
from executor.templating.templates import Templates

from .rows import IterationRow, RunRow, Server, StepRow

VERSION = 2
FENCED = "EX001"  # the SQLSTATE of executor.fence()
LOCKED = "55P03"
NO_RIGHT = "42501"


@contextmanager
def explained() -> Iterator[None]:
    """What PostgreSQL refuses outside the steps, as an error of ours."""
    try:
        yield
    except DatabaseError as error:
        message = reason(error)
        if error.sqlstate == NO_RIGHT:
            raise ConnectError(
                f"the journal in schema executor can't be used: {message}",
                hint="connect as the role that owns that schema, or let it grant you its rights",
            ) from error
        raise StepError(f"the journal can't be read or written: {message}", step="") from error


def _read(session: Session, templates: Templates, query: str, **values: Any) -> Result:
    # in a transaction, for its settings: a role may have a statement_timeout of its own
    with session.transaction():
        return session.execute(templates.render(f"journal/{query}.sql", values))


def read_server(session: Session, templates: Templates) -> Server:
    """Ask the server who it is."""
    return Server(**_read(session, templates, "server").one())


def is_installed(session: Session, templates: Templates, *, grants: bool = True) -> bool:
    """Whether this database has a journal; raises ConnectError for one that is not ours.

    Nothing in it is read before. Without `grants` others may write there: an upgrade ends that.
    """
    state = _read(session, templates, "state", grants=grants).one()
    if state["fault"]:
        raise ConnectError(state["fault"], hint=state["hint"])
    if not state["installed"]:
        return False
    version = _read(session, templates, "version").scalar()
    if version > VERSION:
        raise ConnectError(
            f"the journal has version {version}; this executor {__version__} knows {VERSION}",
            hint="use the newer executor that wrote it",
        )
    return True


def latest_run(
    session: Session,
    templates: Templates,
    plan: str,
    given: Mapping[str, Any] | None = None,
    *,
    undone: bool = False,
    run: int | None = None,
) -> RunRow | None:
    """The plan's run that is not finished, else the newest; `given` are values that it must have.

    Runs that were rolled back count only with `undone`; with `run` it is that one alone.
    """
    values = {"plan": plan, "given": given or {}, "undone": undone, "run": run}
    rows = _read(session, templates, "latest_run", **values).rows
    return RunRow(**rows[0]) if rows else None


def recent_runs(session: Session, templates: Templates) -> Sequence[Mapping[str, Any]]:
    """The newest runs of all plans."""
    return _read(session, templates, "runs").rows


class Journal:
    """The journal of one run, which this executor owns while its epoch is the run's."""

    def __init__(self, templates: Templates, run: int, epoch: int) -> None:
        self._templates = templates
        self.run = run
        self.epoch = epoch

    @classmethod
    def open(cls, session: Session, templates: Templates, server: Server, **run: Any) -> Journal:
        """Begin a run; raises LockError if another executor has just begun one."""
        text = templates.render(
            "journal/open_run.sql",
            {
                **run,
                "executor_version": __version__,
                "system_identifier": server.system_identifier,
                "timeline": server.timeline,
            },
        )
        try:
            row = session.execute(text).one()
        except DatabaseError as error:
            if error.sqlstate in ("23505", LOCKED):
                raise LockError(f"another executor has just begun {run['plan']}") from error
            raise
        return cls(templates, row["id"], row["epoch"])

    @classmethod
    def take_over(cls, session: Session, templates: Templates, run: RunRow, status: str) -> Journal:
        """Own an existing run; raises LockError if another executor was quicker."""
        values = {"run": run.id, "epoch": run.epoch, "status": status}
        try:
            with session.transaction():
                rows = session.execute(templates.render("journal/take_over.sql", values)).rows
                if rows:
                    journal = cls(templates, run.id, rows[0]["epoch"])
                    journal.claim(session)
        except DatabaseError as error:
            if error.sqlstate == LOCKED:
                raise LockError(
                    f"run {run.id} can't be taken over: its executor, {run.client}, still has a"
                    " transaction open",
                    hint="try again; if it hangs, end its sessions with pg_terminate_backend:"
                    " their application_name is executor: and the plan's name",
                ) from error
            raise
        if not rows:
            raise LockError(f"another executor has just taken over run {run.id}")
        return journal

    def _sql(self, statement: str, **values: Any) -> str:
        return self._templates.render(
            f"journal/{statement}.sql", {"run": self.run, "epoch": self.epoch, **values}
        )

    def claim(self, session: Session) -> None:
        """Record this connection as the owner's sign of life."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user without a name
            user = str(os.getuid())
        client = f"{user}@{socket.gethostname()} (pid {os.getpid()})"
        session.execute(self._sql("claim", client=client))

    def heartbeat(self, session: Session) -> bool:
        """Give a sign of life; false if the run was taken over."""
        return bool(session.execute(self._sql("heartbeat")).rows)

    @contextmanager
    def fenced(self, session: Session, isolation: Isolation = "read committed") -> Iterator[None]:
        """A transaction that keeps others from a take-over; FencedError if it has happened."""
        try:
            with session.transaction(isolation, self._sql("fence")):
                yield
        except DatabaseError as error:
            if error.sqlstate == FENCED:
                raise FencedError(f"another executor took run {self.run} over") from error
            raise

    def insert_steps(self, session: Session, steps: Sequence[Mapping[str, Any]]) -> None:
        """Write down the steps of the run."""
        session.execute(self._sql("insert_steps", steps={"steps": list(steps)}))

    def steps(self, session: Session) -> dict[str, StepRow]:
        """The steps by name, in the plan's order."""
        rows = session.execute(self._sql("steps")).rows
        return {row["name"]: StepRow(**row) for row in rows}

    def begin_step(self, session: Session, step: str) -> None:
        """The step is running."""
        session.execute(self._sql("begin_step", step=step))

    def end_step(
        self, session: Session, step: str, status: str, rows: int = 0, error: str | None = None
    ) -> int:
        """The step ended; returns its rows."""
        text = self._sql("end_step", step=step, status=status, rows=rows, error=error)
        return int(session.execute(text).scalar())

    def plan_iterations(self, session: Session, step: str, items: Sequence[Any]) -> None:
        """Write down the iterations of a step."""
        session.execute(self._sql("plan_iterations", step=step, items={"items": list(items)}))

    def iterations(self, session: Session, step: str) -> list[IterationRow]:
        """The iterations of a step."""
        rows = session.execute(self._sql("iterations", step=step)).rows
        return [IterationRow(**row) for row in rows]

    def end_iteration(
        self, session: Session, step: str, iteration: IterationRow, status: str, rows: int
    ) -> int:
        """An iteration ended; returns its rows."""
        item = {"item": iteration.item}
        text = self._sql(
            "end_iteration", step=step, number=iteration.number, item=item, status=status, rows=rows
        )
        return int(session.execute(text).scalar())

    def reported(self, session: Session) -> int:
        """How many rows the template of this transaction has reported."""
        return int(session.execute(self._sql("reported")).scalar())

    def forget_iterations(self, session: Session, step: str) -> None:
        """The step will plan its iterations anew."""
        session.execute(self._sql("forget_iterations", step=step))

    def findings(
        self,
        session: Session,
        step: str,
        number: int,
        assertion: Assertion,
        findings: Sequence[Finding],
    ) -> None:
        """What an assertion saw."""
        items = [
            {"subject": f.subject, "expected": f.expected, "actual": f.actual, "passed": f.passed}
            for f in findings
        ]
        text = self._sql(
            "findings",
            step=step,
            assertion=number,
            kind=assertion.kind,
            severity=assertion.severity,
            findings={"findings": items},
        )
        session.execute(text)

    def span(self, session: Session, step: str, kind: str, detail: str, seconds: float) -> None:
        """An attempt in vain (`retry`) or a wait (`wait`) of so many seconds has just ended."""
        session.execute(self._sql("span", step=step, kind=kind, detail=detail, seconds=seconds))

    def end_run(self, session: Session, status: str, error: str | None = None) -> None:
        """The run ended."""
        session.execute(self._sql("end_run", status=status, error=error))

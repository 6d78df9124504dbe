"""What the journal in schema `executor` says: of the server, of the runs and of their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any

from executor import __version__
from executor.database import queries
from executor.database.queries import Queries
from executor.database.session import Session
from executor.errors import ConnectError
from executor.templating.names import Name

from .rows import RunRow, Server, StepRow

VERSION = 4


def explained() -> AbstractContextManager[None]:
    """What PostgreSQL refuses outside the steps, as an error of ours."""
    return queries.explained(
        "the journal can't be read or written",
        without_right=(
            "the journal in schema executor can't be used",
            "connect as the role that owns that schema, or let it grant you its rights",
        ),
    )


def read_server(session: Session) -> Server:
    """Ask the server who it is."""
    return Server(**Queries(session).send_alone("journal/server.sql").one())


def is_installed(session: Session, *, grants: bool = True) -> bool:
    """Whether this database has a journal; raises ConnectError for one that is not ours.

    Nothing in it is read before. Without `grants` others may write there: an upgrade ends that.
    """
    state = Queries(session).send_alone("journal/is_ours.sql", grants=grants).one()
    if state["fault"]:
        raise ConnectError(state["fault"], hint=state["hint"])
    if not state["installed"]:
        return False
    version = Queries(session).send_alone("journal/version.sql").scalar()
    if version > VERSION:
        raise ConnectError(
            f"the journal has version {version}; this executor {__version__} knows {VERSION}",
            hint="use the newer executor that wrote it",
        )
    return True


def latest_run(
    session: Session,
    plan: str | None,
    given: Mapping[str, Any] | None = None,
    *,
    with_rolled_back: bool = False,
    run: int | None = None,
    done: bool = False,
) -> RunRow | None:
    """The plan's run that is not finished, else the newest; `given` are values that it must have.

    Without a plan it is that of any. Runs that were rolled back count only with `with_rolled_back`;
    with `run` it is that one alone. With `done` one that has not succeeded, and had only checked,
    does not count.
    """
    values = {"plan": plan, "given": given or {}, "run": run, "done": done}
    row = (
        Queries(session)
        .send_alone("journal/latest_run.sql", **values, with_rolled_back=with_rolled_back)
        .first()
    )
    return RunRow(**row) if row else None


def recent_runs(session: Session) -> Sequence[Mapping[str, Any]]:
    """The newest runs of all plans."""
    return Queries(session).send_alone("journal/runs.sql").rows


def facts(session: Session, run: int) -> Mapping[str, Any] | None:
    """The facts of a run; None if an older version has begun it."""
    row = Queries(session).send("journal/facts.sql", run=run).first()
    return row["facts"] if row else None


def known_facts(session: Session, run: int) -> Mapping[str, Any] | None:
    """The same, in a journal that an older version may have made; None if it has none."""
    known = Queries(session).send("journal/has_facts.sql").scalar()
    return facts(session, run) if known else None


def made_tables(session: Session) -> set[Name]:
    """The names of tables that plans have made for runs, be they there or not."""
    found = set()
    for row in Queries(session).send_alone("journal/made.sql").rows:
        with suppress(ValueError):
            name = Name.parse(row["text"])
            found |= {name} if str(name) == row["text"] else set()  # a word is none
    return found


def steps(session: Session, run: int) -> dict[str, StepRow]:
    """The steps of a run by name, in the plan's order."""
    rows = Queries(session).send("journal/steps.sql", run=run).rows
    return {row["name"]: StepRow(**row) for row in rows}

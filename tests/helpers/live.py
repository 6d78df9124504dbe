"""The flagship plan in this process: what a test does at a moment of the run happens exactly then."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import psycopg
from psycopg.conninfo import make_conninfo

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.events import Event
from executor.plan.loader import Loaded, load
from executor.plan.variables import from_command_line
from tests.helpers.flagship import EXPRESSION, ROOT, Connection, Layout

#: what is done at an event of a step: its class, the step, and what; `*` stands for every step
Moments = Mapping[tuple[str, str], Callable[[Event], object]]

_numbers = itertools.count()


@functools.cache
def loaded(layout: Layout) -> Loaded:
    """The plan; a test that changes it has one of its own."""
    return load(ROOT / layout.plan)


def migrate(
    dsn: str,
    *variables: str,
    layout: Layout = EXPRESSION,
    until: str = "",
    at: Moments | None = None,
    accept: tuple[str, ...] = (),
) -> list[Event]:
    """Run the plan, or go on with it; returns the events."""
    plan = loaded(layout)
    given = from_command_line(plan.plan, (*layout.variables, *variables), accept)
    events: list[Event] = []
    options = RunOptions(dsn=dsn, variables=given, until=until or None)
    runner.run(plan, options, _sink(events, at or {}))
    return events


def begun(dsn: str, tables: str, until: str, *variables: str) -> None:
    """Make tables and run the plan to a step: what a test that is marked `prepared` begins with."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(tables.encode())
    migrate(dsn, *variables, until=until)


def undo(dsn: str, layout: Layout = EXPRESSION, at: Moments | None = None) -> list[Event]:
    """Roll the newest run back; returns the events."""
    events: list[Event] = []
    runner.rollback(loaded(layout), RunOptions(dsn=dsn), _sink(events, at or {}))
    return events


def _sink(events: list[Event], at: Moments) -> Callable[[Event], None]:
    def sink(event: Event) -> None:
        events.append(event)
        for step in (getattr(event, "step", ""), "*"):
            if act := at.get((type(event).__name__, step)):
                act(event)

    return sink


def told(events: list[Event], kind: str, step: str = "") -> list[str]:
    """The reasons and messages of events of a kind."""
    return [
        str(getattr(event, "reason", "") or getattr(event, "message", ""))
        for event in events
        if type(event).__name__ == kind and step in ("", getattr(event, "step", ""))
    ]


@contextmanager
def fresh_database(server_dsn: str, *options: str) -> Iterator[str]:
    """The DSN of a database that a whole module shares; its options are those of CREATE DATABASE."""
    name = f"executor_live_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server_dsn, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 {" ".join(options)}'.encode())
        try:
            yield make_conninfo(server_dsn, dbname=name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def role(connection: Connection, name: str) -> Iterator[str]:
    """A role that may log in, make tables, and see what others do."""
    name = f"executor_{name}_{os.getpid()}"
    connection.execute(f"CREATE ROLE {name} LOGIN".encode())
    connection.execute(
        f'GRANT CREATE ON DATABASE "{connection.info.dbname}" TO {name};'
        f"GRANT CREATE ON SCHEMA public TO {name}; GRANT pg_read_all_stats TO {name}".encode()
    )
    try:
        yield name
    finally:
        drop_role(connection, name)


def drop_role(connection: Connection, name: str) -> None:
    """Drop a role, whose name is quoted where it has to be, and all that it owns in the database."""
    drop = f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}".encode()
    for _ in range(9):
        # with a session that drops its own functions as it ends (cache lookup failed), or an autovacuum
        with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.InternalError_):
            connection.execute(drop)
            return
    connection.execute(drop)

"""Databases for measurements: a server of our own or a DSN, a filled table, and clones of it.

Every measurement has a clone of its own, so none inherits the tables or the bloat of another.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal

from executor import resources
from executor.database import embedded
from executor.database.dsn import check_dsn
from executor.errors import UsageError
from executor.templating.statements import split
from executor.templating.templates import Templates

TEMPLATES = Templates((Path(__file__).parent / "sql", resources.home() / "sql"))

Connection = psycopg.Connection[TupleRow]

_MEMORY = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20

#: of the server of our own: a quarter of the memory, as PostgreSQL's documentation advises, room
#: for a burst of WAL, and figures of the work, not of one disk
SETTINGS = {
    "shared_buffers": f"{max(128, min(8192, _MEMORY // 4))}MB",
    "max_wal_size": "16GB",
    "min_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "fsync": "off",
}


@dataclass(frozen=True)
class Server:
    """Where to measure: the DSN of a role that may create databases."""

    dsn: str

    def database(self, name: str) -> str:
        """The DSN of another database of the server."""
        return make_conninfo(self.dsn, dbname=name)

    @contextmanager
    def connect(self, name: str | None = None) -> Iterator[Connection]:
        """A connection in autocommit."""
        dsn = self.database(name) if name else self.dsn
        with psycopg.connect(dsn, autocommit=True) as connection:
            yield connection

    def run(self, name: str | None, template: str, **values: object) -> list[float]:
        """Run a template of benchmarks/sql, each statement by itself, so that DO may commit.

        Returns the seconds of each.
        """
        spent = []
        with self.connect(name) as connection:
            connection.execute("SET jit = off")
            for statement in split(TEMPLATES.render(template, values), template):
                began = time.perf_counter()
                connection.execute(statement.text.encode())
                spent.append(time.perf_counter() - began)
        return spent

    def fill(self, name: str, rows: int) -> None:
        """Make a database with a table of so many chunks."""
        self.drop(name)
        with self.connect() as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        for part in ("demo/schema.sql", "rows.sql", "demo/finish.sql", "settle.sql"):
            self.run(name, part, rows=rows)

    @contextmanager
    def clone(self, name: str, of: str) -> Iterator[str]:
        """A copy of a filled database, dropped afterwards; yields its name."""
        self.drop(name)
        with self.connect() as connection:
            how = "" if connection.info.server_version < 150000 else " STRATEGY file_copy"
            copy = SQL("CREATE DATABASE {} TEMPLATE {}" + how)
            connection.execute(copy.format(Identifier(name), Identifier(of)))
        try:
            self.run(None, "checkpoint.sql")
            yield name
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database of ours."""
        with self.connect() as connection:
            drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(Identifier(name)))

    def described(self) -> dict[str, str]:
        """Version and settings, for the report."""
        names = [*SETTINGS, "synchronous_commit", "maintenance_work_mem", "wal_level"]
        with self.connect() as connection:
            found = {"version": _value(connection, SQL("SELECT version()"))}
            for name in names:
                found[name] = _value(connection, SQL("SHOW {}").format(Identifier(name)))
        return found


def _value(connection: Connection, query: SQL | Composed) -> str:
    row = connection.execute(query).fetchone()
    assert row
    return str(row[0])


def _given(dsn: str) -> Server:
    """The server of a DSN, looked at before anything is measured; raises UsageError."""
    dsn = check_dsn(dsn)
    patient = conninfo_to_dict(dsn).get("connect_timeout", 10)
    try:
        with psycopg.connect(dsn, connect_timeout=patient) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise UsageError(f"the server of --dsn can't be used: {said}") from None
    if not row or not row[0]:
        raise UsageError("the role of --dsn may not create databases")
    return Server(dsn)


@contextmanager
def serving(dsn: str | None, *, fsync: bool) -> Iterator[Server]:
    """The server of a DSN, or one of our own with its settings, of which nothing is left."""
    if dsn:
        yield _given(dsn)
        return
    with tempfile.TemporaryDirectory(prefix="executor-bench-") as directory:
        Path(directory).chmod(0o711)  # the server is another user when we are root
        data = Path(directory) / "data"
        settings = {**SETTINGS, "fsync": "on" if fsync else "off"}
        with embedded.kept_server(data) as own, psycopg.connect(own, autocommit=True) as first:
            for name, value in settings.items():
                alter = SQL("ALTER SYSTEM SET {} = {}")
                first.execute(alter.format(Identifier(name), Literal(value)))
        with embedded.kept_server(data) as own:  # some settings need a restart
            yield Server(own)

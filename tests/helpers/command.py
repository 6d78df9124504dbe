"""What the tests of the command line share: a refusal in words, and moments to wait for."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import TupleRow

from tests.helpers.plans import Project

Connection = psycopg.Connection[TupleRow]
Process = subprocess.Popen[str]

#: seconds after which what was waited for does not come; nothing that works takes as long anywhere
PATIENCE = 120

#: stands in for a password; no output may hold it
CANARY = "pass3canary"

#: a table, what drops it, and a statement that is long as long as public.slow exists
TABLE = "CREATE TABLE public.t (n integer);"
DROP = "DROP TABLE public.t;"
SLEEP = (
    "DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_class WHERE relname = 'slow')"
    " LOOP PERFORM pg_sleep(0.05); END LOOP; END $$;"
)

MAKE = "- {name: make, sql: make.sql, rollback: drop.sql}\n"

#: how many sessions of the plan `work` are in SLEEP
SLEEPING = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    " AND datname = current_database() AND state = 'active' AND query LIKE '%slow%'"
)


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Assert that the command ended with a code and one error, which says all these words."""
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert done.stderr.count("Error: ") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert CANARY not in done.stdout + done.stderr


@contextmanager
def started(project: Project, *arguments: str, **options: object) -> Iterator[Process]:
    """The command line on a plan in the background; it does not outlive the block."""
    with project.start(*arguments, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def interruptible() -> None:
    """For `preexec_fn`: SIGINT is ignored in what a shell without job control starts behind it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ended(process: Process) -> subprocess.CompletedProcess[str]:
    """Wait for a command that was started."""
    out, err = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def one(connection: Connection, query: str) -> object:
    """The first value of a query."""
    row = connection.execute(query.encode()).fetchone()
    assert row
    return row[0]


def eventually(connection: Connection, query: str, value: object) -> None:
    """Wait until a query returns a value."""
    end = time.monotonic() + PATIENCE
    while (found := one(connection, query)) != value:
        assert time.monotonic() < end, f"{query} is {found}, not {value}"
        time.sleep(0.02)


def alone(connection: Connection) -> None:
    """Wait until no other session is in the database: one that ends still drops its temporary things."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    eventually(connection, f"{others} AND pid <> pg_backend_pid()", 0)


def untouched(connection: Connection) -> bool:
    """Whether there is neither a journal nor a table in the database."""
    relations = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    return one(connection, "SELECT to_regnamespace('executor')") is None and (
        one(connection, relations) == 0
    )

"""The flagship plan as users run it: by the command line, on a table made by a script."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from tests.helpers.plans import ROOT, call

Connection = psycopg.Connection[TupleRow]

SOURCES = ROOT / "tests" / "sources"
LIST_PLAN = "plans/chunks_100_partitions.yaml"
HASH_PLAN = "plans/alternatives/chunks_100_hash_partitions.yaml"
PLAIN_PLAN = "plans/alternatives/plain.yaml"


@dataclass(frozen=True)
class Layout:
    """A plan and how it routes rows."""

    name: str
    plan: str = LIST_PLAN
    variables: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


EXPRESSION = Layout("expression")
COLUMN = Layout("column", variables=("routing=column",))
HASH = Layout("hash", plan=HASH_PLAN)
PLAIN = Layout("plain", plan=PLAIN_PLAN)


def run(
    layout: Layout, dsn: str, *variables: str, options: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the plan."""
    return call("run", layout.plan, "--dsn", dsn, *_given(layout, variables), *options)


def run_until(layout: Layout, dsn: str, step: str, *variables: str) -> None:
    """Run the plan to a step, or on to it; the variables are given to a run that begins."""
    with psycopg.connect(dsn) as connection:
        begun = connection.execute("SELECT to_regclass('executor.runs')").fetchone() != (None,)
    given = [] if begun else _given(layout, variables)
    done = call("run", layout.plan, "--dsn", dsn, "--until", step, *given)
    assert done.returncode == 0, done.stderr


def rollback(layout: Layout, dsn: str) -> subprocess.CompletedProcess[str]:
    """Undo the newest run of the plan."""
    return call("rollback", layout.plan, "--dsn", dsn)


def render(layout: Layout, options: str, facts: Path, *variables: str) -> str:
    """A script printed of a file of facts; every one has the same timestamp."""
    fixed = ("--timestamp", "20250811_120000", f"--facts={facts}")
    done = call("render", layout.plan, *options.split(), *fixed, *_given(layout, variables))
    assert done.returncode == 0, done.stderr
    return done.stdout


def _given(layout: Layout, variables: Sequence[str]) -> list[str]:
    return [f"--var={variable}" for variable in (*layout.variables, *variables)]


def load(connection: Connection, source: str) -> None:
    """Make the tables of a script under tests/sources."""
    connection.execute((SOURCES / f"{source}.sql").read_bytes())
    connection.execute("RESET search_path")


def content(connection: Connection, table: str) -> tuple[str, list[TupleRow]]:
    """The columns of a table but partition_key, and every row of it as text."""
    connection.execute("SET extra_float_digits = 3")
    columns = connection.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname <> 'partition_key'",
        [table],
    ).fetchone()
    assert columns
    text = f"SELECT ROW({columns[0]})::text FROM {table}"
    return columns[0], sorted(connection.execute(text.encode()).fetchall())


def partitions(connection: Connection, table: str) -> list[str]:
    """The names of a table's partitions, in order."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass ORDER BY c.relname",
        [table],
    ).fetchall()
    return [row[0] for row in rows]


def schema(dump: Callable[..., str], database: str) -> str:
    """The schema without the journal, the registry and the backups, which outlive a rollback."""
    kept = ("--exclude-table=*.*migration_backups*", "--exclude-table=*.*_backup_2*")
    return dump(database, "--exclude-schema=executor", *kept)

"""One plan for several tables: which run a command means."""

from __future__ import annotations

import pytest

from tests.acceptance.command import Connection, one, refused
from tests.plans import Project

HEAD = """
variables:
  source: {type: table, default: public.chunks}
  made: {type: table, default: "{{ source | suffix('_made') }}"}
finished_when: there.sql
verify: [{query: {sql: count.sql, equals: 1}}]
"""
TABLES = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '_made$'"


@pytest.fixture
def several(project: Project) -> Project:
    return project.write(
        "- {name: make, sql: make.sql, rollback: drop.sql}",
        head=HEAD,
        make="CREATE TABLE {{ made | ident }} AS SELECT 1 AS n;",
        drop="DROP TABLE {{ made | ident }};",
        there="SELECT to_regclass({{ made | literal }}) IS NOT NULL",
        count="SELECT count(*) FROM {{ made | ident }}",
    )


def test_without_values_the_tables_of_the_run_before_are_meant(
    several: Project, database: str, connection: Connection
) -> None:
    assert several.call("run", "--dsn", database, "--var", "source=public.pieces").returncode == 0
    again = several.call("run", "--dsn", database)
    assert (again.returncode, one(connection, TABLES)) == (0, "pieces_made"), again.stderr
    assert "nothing to do" in again.stderr
    dry = several.call("run", "--dry-run", "--dsn", database)
    assert "nothing to do" in dry.stdout, dry.stdout + dry.stderr

    assert several.call("rollback", "--dsn", database).returncode == 0
    for more in ((), ("--dry-run",)):
        words = ("was with source=public.pieces", "one with source=public.chunks", "--var source=…")
        refused(several.call("run", "--dsn", database, *more), 2, *words)
    assert one(connection, TABLES) is None
    chosen = several.call("run", "--dsn", database, "--var", "source=public.chunks")
    assert (chosen.returncode, one(connection, TABLES)) == (0, "chunks_made"), chosen.stderr


def test_values_choose_an_older_run(
    several: Project, database: str, connection: Connection
) -> None:
    first, second = ("--var", "source=public.a"), ("--var", "source=public.b")
    for chosen in (first, second, first):  # the third finds the first
        done = several.call("run", "--dsn", database, *chosen)
        assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stderr
    assert one(connection, "SELECT count(*) FROM executor.runs") == 2
    connection.execute("INSERT INTO a_made VALUES (2)")
    assert several.call("verify", "--dsn", database).returncode == 0
    assert several.call("verify", "--dsn", database, *first).returncode == 6

    undone = several.call("rollback", "--dsn", database, *first)
    assert (undone.returncode, one(connection, TABLES)) == (0, "b_made"), undone.stderr
    nothing = several.call("rollback", "--dsn", database, *first)
    assert "no run to roll back" in nothing.stderr
    assert one(connection, TABLES) == "b_made"
    status = several.call("status", "--dsn", database)
    assert "table: public.b" in status.stdout

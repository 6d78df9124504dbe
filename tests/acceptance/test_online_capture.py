"""Whatever is written to the table while it is copied is logged, or refused."""

from __future__ import annotations

import psycopg
import pytest

from tests.helpers.command import one
from tests.helpers.flagship import EXPRESSION, Connection, rollback, run_until
from tests.helpers.online import KINDS, WRITES, named, reached, write

#: keys that are in one of two states of the table and not the same in the other
CHANGED = """
SELECT DISTINCT id, collection_id FROM (
  (TABLE before EXCEPT TABLE now) UNION ALL (TABLE now EXCEPT TABLE before)) AS changed
"""


def snapshot(connection: Connection, name: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {name}".encode())
    columns = "id, collection_id, document_id, chunking_config_id, chunk_index, content, token_count, meta::text"
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {columns} FROM chunks".encode())


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=reached("capture", kind)) for kind in KINDS]
)
def test_the_key_of_every_written_row_is_logged(
    kind: str, database: str, connection: Connection, stranger: None
) -> None:
    """Every kind of write, by anyone: changed keys, cascades, replicas, temporary tables of the log's name."""
    log = named(connection, "log")
    connection.execute("GRANT ALL ON chunks TO executor_stranger")
    for name in WRITES:
        snapshot(connection, "before")
        connection.execute(f"DELETE FROM {log}".encode())
        write(connection, name, log)
        snapshot(connection, "now")
        changed = set(connection.execute(CHANGED.encode()).fetchall())
        logged = set(connection.execute(f"SELECT id, collection_id FROM {log}".encode()).fetchall())
        assert changed <= logged, name
        assert bool(logged) == (name not in ("nothing", "rolled back")), name
        assert changed or name in ("nothing", "rolled back", "truncate by cascade"), name


@reached("capture", kind="partitioned")
def test_what_is_written_past_the_table_is_logged_too(
    database: str, connection: Connection
) -> None:
    """Writes and TRUNCATE that name a partition."""
    log = named(connection, "log")
    leaf = str(connection.execute("SELECT tableoid::regclass FROM chunks LIMIT 1").fetchone()[0])  # type: ignore[index]
    for statement in (
        f"UPDATE {leaf} SET content = 'past' WHERE ctid = '(0,1)'",
        f"DELETE FROM {leaf} WHERE ctid = '(0,1)' OR ctid = '(0,2)' OR ctid = '(0,3)'",
        f"INSERT INTO {leaf} SELECT gen_random_uuid(), collection_id, document_id, 1, 99999, 'x', 1, 1 FROM {leaf} LIMIT 1",
        f"TRUNCATE {leaf}",
    ):
        snapshot(connection, "before")
        connection.execute(f"DELETE FROM {log}".encode())
        connection.execute(statement.encode())
        snapshot(connection, "now")
        changed = set(connection.execute(CHANGED.encode()).fetchall())
        logged = set(connection.execute(f"SELECT id, collection_id FROM {log}".encode()).fetchall())
        assert changed and changed <= logged, statement


@reached("capture")
def test_a_truncate_that_could_not_be_logged_is_refused(
    database: str, connection: Connection
) -> None:
    """TRUNCATE under an older snapshot."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(
        psycopg.Error, match="can be truncated in a READ COMMITTED transaction only"
    ):
        connection.execute("TRUNCATE chunks")
    connection.execute("ROLLBACK")
    # which is READ COMMITTED to PostgreSQL
    connection.execute("BEGIN ISOLATION LEVEL READ UNCOMMITTED; TRUNCATE chunks; ROLLBACK")


def test_a_name_that_settings_read_otherwise_is_logged(
    database: str, connection: Connection
) -> None:
    """A backslash, where the writer has standard_conforming_strings off, and every kind of quote."""
    table = r'''"ch\unks'$executor$"'''
    connection.execute(
        rf"""CREATE TABLE {table} ("i\d'" int PRIMARY KEY, collection_id text NOT NULL);"""
        f"INSERT INTO {table} SELECT n, 'c' || n FROM generate_series(1, 50) AS n".encode()
    )
    run_until(EXPRESSION, database, "capture", "partition_count=2", f"source=public.{table}")
    connection.execute("SET standard_conforming_strings = off")
    connection.execute(f"DELETE FROM {table} WHERE collection_id = 'c7'; TRUNCATE {table}".encode())
    run_until(EXPRESSION, database, "monitor")
    connection.execute("SET standard_conforming_strings = on")
    assert one(connection, f"SELECT count(*) FROM {table}") == 0
    connection.execute(f"INSERT INTO {table} VALUES (8, 'c8')".encode())
    done = rollback(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    assert connection.execute(f"TABLE {table}".encode()).fetchall() == [(8, "c8")]

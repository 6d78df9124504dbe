"""A cleanup beside others: a rollback, a lock, a run that begins, a registry that may not be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.backups import registry
from tests.helpers.backed_up import backups, beside, made, moved, tried
from tests.helpers.command import eventually, one, refused
from tests.helpers.flagship import Connection, content
from tests.helpers.plans import call

PLAN = "plans/chunks_100_partitions.yaml"
TABLE = """
CREATE TABLE chunks (id bigint, collection_id varchar, content text, PRIMARY KEY (id, collection_id));
INSERT INTO chunks SELECT n, 'c' || n % 9, 'text ' || n FROM generate_series(1, 90) AS n;
"""
EXPIRE = "UPDATE migration_backups SET retention_until = now() - interval '1 second'"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '{}' AND wait_event_type = 'Lock'"


MOVED = pytest.mark.prepared(moved, TABLE)


@pytest.fixture
def chunks(connection: Connection) -> Connection:
    connection.execute(TABLE.encode())
    return connection


@pytest.fixture
def other(database: str) -> Iterator[psycopg.Connection]:
    """Somebody else, in a transaction."""
    with psycopg.connect(database) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are waited for as long as ever, but not as often."""
    monkeypatch.setattr(registry, "_PATIENTLY", replace(registry._PATIENTLY, attempts=2))


def expired(connection: Connection) -> str:
    """Expire everything; returns the old table."""
    connection.execute(EXPIRE.encode())
    old = "SELECT backup_table_name FROM migration_backups WHERE kind = 'old_table'"
    return str(one(connection, old))


@pytest.mark.usefixtures("impatient")
def test_a_cleanup_that_waits_for_a_lock_says_for_whom_and_goes_on(
    database: str, chunks: Connection, other: psycopg.Connection
) -> None:
    first, second, _ = made(database), made(database), made(database)
    chunks.execute(EXPIRE.encode())
    other.execute(f"SELECT FROM {first}".encode())
    done = tried(database, "cleanup")
    refused(done, 8, f"1 of 3 could not be dropped: {first}")
    assert f"{first}: failed, others are in the way" in done.stdout
    assert f"pid {other.info.backend_pid}" in done.stdout
    assert f"{second} " in done.stdout
    assert one(chunks, f"SELECT to_regclass('{second}')") is None
    other.rollback()
    assert f"{first} " in backups(database, "cleanup")
    assert one(chunks, f"SELECT to_regclass('{first}')") is None


@pytest.mark.usefixtures("impatient")
@MOVED
def test_a_cleanup_that_can_not_end_the_way_back_leaves_it_open(
    database: str, connection: Connection, other: psycopg.Connection
) -> None:
    old = expired(connection)
    other.execute("SELECT FROM chunks")
    done = tried(database, "cleanup")
    refused(done, 8, old)
    assert f"pid {other.info.backend_pid}" in done.stdout
    other.rollback()
    assert call("verify", PLAN, "--dsn", database).returncode == 0
    assert call("rollback", PLAN, "--dsn", database).returncode == 0


@MOVED
def test_a_rollback_that_has_begun_keeps_its_old_table(
    database: str, connection: Connection, other: psycopg.Connection
) -> None:
    """The cleanup has decided, and waits for the entries; meanwhile the rollback owns the run."""
    connection.execute("INSERT INTO chunks VALUES (91, 'c1', 'later')")
    old, before = expired(connection), content(connection, "chunks")
    other.execute("SELECT FROM migration_backups FOR UPDATE")
    cleaning = beside("backups", "cleanup", "--dsn", database)
    eventually(connection, WAITING.format("executor:backups"), 1)
    # what a rollback does first; it is at work from here on
    connection.execute("UPDATE executor.runs SET status = 'running', epoch = epoch + 1")
    other.rollback()
    assert f"{old}: kept, its run has not come to its end" in cleaning.communicate()[0]
    assert call("rollback", PLAN, "--dsn", database, "--take-over").returncode == 0
    assert content(connection, "chunks") == before
    assert one(connection, "SELECT relkind FROM pg_class WHERE relname = 'chunks'") == "r"


@MOVED
def test_a_cleanup_that_has_begun_shuts_the_rollback_out(
    database: str, connection: Connection, other: psycopg.Connection
) -> None:
    """The rollback has found its run open, and is about to own it; the cleanup closes it before."""
    old, before = expired(connection), content(connection, "chunks")
    other.execute("SELECT FROM executor.runs FOR UPDATE")
    back = beside("rollback", PLAN, "--dsn", database)
    eventually(connection, WAITING.format("executor:chunks%"), 1)
    other.execute("UPDATE executor.runs SET epoch = epoch + 1, closed = 'a cleanup has begun'")
    other.commit()
    said = back.communicate()[1]
    assert back.returncode == 4, said
    assert one(connection, "SELECT status FROM executor.runs") == "succeeded"
    assert f"{old} " in backups(database, "cleanup")
    refused(call("rollback", PLAN, "--dsn", database), 7, "can't be rolled back any more")
    assert content(connection, "chunks") == before
    connection.execute("INSERT INTO chunks VALUES (92, 'c1', 'later')")


@MOVED
def test_both_at_once_leave_one_of_two_states(database: str, connection: Connection) -> None:
    connection.execute("INSERT INTO chunks VALUES (91, 'c1', 'later')")
    old, before = expired(connection), content(connection, "chunks")
    cleaning = beside("backups", "cleanup", "--dsn", database)
    back = beside("rollback", PLAN, "--dsn", database)
    cleaned, said = cleaning.communicate()[0], back.communicate()[1]
    rolled_back = back.returncode == 0
    assert content(connection, "chunks") == before
    kind = one(connection, "SELECT relkind FROM pg_class WHERE relname = 'chunks'")
    assert kind == ("r" if rolled_back else "p"), said
    assert one(connection, f"SELECT to_regclass('{old}')") is None
    if rolled_back:
        assert f"{old} " not in cleaned, cleaned
    else:
        assert back.returncode in (4, 7), said
        assert f"{old} " in cleaned, cleaned
    connection.execute("INSERT INTO chunks VALUES (92, 'c1', 'later')")


def test_the_backup_that_stays_is_the_one_that_was_read(
    database: str, chunks: Connection, other: psycopg.Connection
) -> None:
    first, second, third = made(database), made(database), made(database)
    chunks.execute(EXPIRE.encode())
    chunks.execute(f"UPDATE {second} SET content = '' WHERE id = 1".encode())
    other.execute("SELECT FROM migration_backups FOR UPDATE")
    cleaning = beside("backups", "cleanup", "--dsn", database)
    eventually(chunks, WAITING.format("executor:backups"), 1)
    chunks.execute(f"DROP TABLE {third}".encode())
    other.rollback()
    assert "the backup that would stay is another one by now" in cleaning.communicate()[0]
    assert one(chunks, f"SELECT count(*) FROM {first}") == 90


def test_a_registry_that_may_not_be_read_stops_no_other(database: str, chunks: Connection) -> None:
    first, _ = made(database), made(database)
    chunks.execute(EXPIRE.encode())
    role = f"executor_owner_{chunks.info.backend_pid}"
    chunks.execute(
        f"CREATE SCHEMA a; CREATE TABLE a.migration_backups AS TABLE migration_backups; CREATE ROLE {role} LOGIN;"
        f"GRANT CREATE, USAGE ON SCHEMA public TO {role}; ALTER TABLE migration_backups OWNER TO {role}".encode()
    )
    for table in one(chunks, "SELECT array_agg(backup_table_name) FROM migration_backups"):
        chunks.execute(f"ALTER TABLE {table} OWNER TO {role}".encode())
    try:
        owner = make_conninfo(database, user=role)
        for command in ("list", "verify"):
            done = tried(owner, command, *["--all"] * (command == "verify"))
            assert (done.returncode, "may not read a.migration_backups" in done.stderr) == (0, True)
            assert first in done.stdout
        refused(tried(owner, "drill", "nothing"), 8, "that may be read; not a.migration_backups")
        done = tried(owner, "cleanup", "--format", "json")
        items = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 8, done.stderr
        assert ("a", "failed") in [(item["schema"], item["action"]) for item in items]
        assert (first, "dropped") in [(item["name"], item["action"]) for item in items]
    finally:
        chunks.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())

"""What was logged is applied in passes, until little is left for the swap."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.helpers.command import eventually, one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    rollback,
    run_until,
)
from tests.helpers.online import THREE, events, load, named, reached


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=lambda layout: layout.name)
def test_many_keys_are_applied_in_several_passes(
    layout: Layout, database: str, connection: Connection
) -> None:
    load(connection, "plain")
    run_until(layout, database, "first_pass", "partition_count=11", "batch_rows=700")
    connection.execute("UPDATE chunks SET content = content || '!'")
    run_until(layout, database, "catch_up")
    passes = connection.execute(
        "SELECT rows FROM executor.iterations WHERE step = 'catch_up' ORDER BY number"
    ).fetchall()
    counts = [rows for (rows,) in passes]
    assert sum(counts) > 5000 and max(counts) < 3000
    run_until(layout, database, "monitor")
    assert one(connection, "SELECT count(*) FROM chunks WHERE content NOT LIKE '%!'") == 0


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=lambda layout: layout.name)
def test_a_few_rows_that_followed_a_delete_are_gone_before_their_key_is_validated(
    layout: Layout, database: str, connection: Connection
) -> None:
    """Copied before; so few that catch_up by itself would leave them to the swap."""
    connection.execute(
        "CREATE TABLE documents (id int PRIMARY KEY);"
        "CREATE TABLE chunks (id int, collection_id text, document_id int REFERENCES documents ON DELETE CASCADE,"
        " PRIMARY KEY (id, collection_id));"
        "INSERT INTO documents SELECT generate_series(1, 300);"
        "INSERT INTO chunks SELECT i, 'c' || i % 9, i FROM generate_series(1, 300) AS i"
    )
    run_until(layout, database, "discard_touched", *THREE)
    connection.execute("DELETE FROM documents WHERE id <= 20")
    run_until(layout, database, "monitor", *THREE)
    assert one(connection, "SELECT count(*) FROM chunks") == 280


#: by number, in three intervals and a default partition; by word, one that half of the rows have, and others
BY_NUMBER = ("interval=100", "range_start=0", "range_end=299", "ahead=0", "default_partition=true")  # fmt: skip
DIVIDED = [
    Layout("range", variables=("layout=range", "key_column=n", *BY_NUMBER)),
    Layout("list", variables=("layout=list", "key_column=word")),
    Layout("range_hash", variables=("layout=range_hash", "key_column=n", *BY_NUMBER, "sub_key_column=word", "sub_count=2")),
    Layout("list_range", variables=("layout=list_range", "key_column=word", *BY_NUMBER, "sub_key_column=n")),
]  # fmt: skip


@pytest.mark.parametrize("layout", DIVIDED, ids=lambda layout: layout.name)
def test_what_is_unique_on_a_partition_alone_goes_with_a_row_that_gets_another_key(
    layout: Layout, database: str, connection: Connection
) -> None:
    """Its old key and its new one are in one partition, so they have to be in one pass."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, n int NOT NULL, word text NOT NULL, code int NOT NULL UNIQUE);"
        "INSERT INTO chunks SELECT i, CASE WHEN i < 300 THEN i WHEN i < 350 THEN -i ELSE 1000 + i END,"
        " CASE WHEN i % 2 = 0 THEN 'most' ELSE 'w' || i % 50 END, i FROM generate_series(0, 399) AS i"
    )
    run_until(layout, database, "discard_touched", "batch_rows=50")
    connection.execute(
        "UPDATE chunks SET n = CASE WHEN n BETWEEN 0 AND 299 THEN n / 100 * 100 + (n + 37) % 100 ELSE 900 - n END;"
        "UPDATE chunks SET word = 'v' || id % 50 WHERE word <> 'most'"
    )
    rows = content(connection, "public.chunks")
    run_until(layout, database, "monitor")
    assert content(connection, "public.chunks") == rows


def test_a_key_column_may_have_any_name_in_a_pass(database: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, n text NOT NULL, content text);"
        "INSERT INTO chunks SELECT i, 'n' || i % 9, 'x' FROM generate_series(1, 500) AS i"
    )
    run_until(HASH, database, "copy_rows", *THREE, "key_column=n")
    connection.execute("UPDATE chunks SET content = 'y' WHERE id % 2 = 0")
    run_until(HASH, database, "monitor")
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'y'") == 250


@reached("first_pass")
def test_a_row_that_others_update_all_the_time_keeps_no_pass_from_its_end(
    database: str, connection: Connection
) -> None:
    """A counter in the table referred to; in one snapshot every pass would fail."""
    connection.execute("ALTER TABLE collections ADD COLUMN seen int DEFAULT 0")
    ended = threading.Event()

    def count() -> None:
        with psycopg.connect(database, autocommit=True) as counter:
            while not ended.is_set():
                counter.execute("UPDATE collections SET seen = seen + 1 WHERE id = 'c-7'")

    counting = threading.Thread(target=count)
    counting.start()
    try:
        connection.execute("UPDATE chunks SET content = content || '!'")
        again = [
            e for _, e in events(database) if e["event"] == "Retrying" and e["step"] == "catch_up"
        ]
        assert not again
    finally:
        ended.set()
        counting.join()
    assert one(connection, "SELECT count(*) FROM chunks WHERE content NOT LIKE '%!'") == 0


def commit_once_waited_for(holder: Connection, database: str) -> None:
    """Commit as soon as another session waits for a lock of this one."""
    with psycopg.connect(database, autocommit=True) as observer:
        waiting = f"{holder.info.backend_pid} = ANY (pg_blocking_pids(pid))"
        eventually(observer, f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}", 1)
    holder.commit()


def test_half_of_a_change_waits_for_the_other_half(database: str, connection: Connection) -> None:
    """A pass is told of one of two rows that exchange a value; the log is made to tell it so."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, place int,"
        " UNIQUE (collection_id, place));"
        "INSERT INTO chunks SELECT n, 'c', n FROM generate_series(1, 500) AS n"
    )
    run_until(EXPRESSION, database, "await_snapshots", *THREE)
    log = f"public.{named(connection, 'log')}"  # the session gets a temporary one
    sync = log.replace("chunks_log_", "chunks_sync_")
    connection.execute(
        "UPDATE chunks SET place = -1 WHERE id = 1; UPDATE chunks SET place = 1 WHERE id = 2;"
        f"CREATE TABLE hidden AS SELECT * FROM {log} WHERE id = 1; DELETE FROM {log} WHERE id = 1"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):  # there is no other half
        connection.execute(f"SELECT {sync}()")
    with psycopg.connect(database) as writer:
        # the other half is committed while the pass waits for this row
        writer.execute("SELECT FROM chunks_new WHERE id = 2 FOR UPDATE")
        writer.execute(f"INSERT INTO {log} TABLE hidden".encode())
        committing = threading.Thread(target=commit_once_waited_for, args=(writer, database))
        committing.start()
        with pytest.raises(psycopg.Error, match="written meanwhile is in the way") as error:
            connection.execute(f"SELECT {sync}()".encode())
        committing.join()
    assert error.value.sqlstate == "EX002"


@reached("first_pass")
def test_a_log_that_was_long_is_short_again(database: str, connection: Connection) -> None:
    """The swap reads it whole, under its lock, too; there and back."""
    long = "INSERT INTO {0} SELECT id, collection_id FROM chunks, generate_series(1, 40)"
    size = "SELECT pg_relation_size('{0}') > 8 * 1024 * 1024"
    for kind, go in (
        ("log", lambda: run_until(EXPRESSION, database, "await_snapshots")),
        ("back", lambda: rollback(EXPRESSION, database)),
    ):
        log = f"public.{named(connection, kind)}"
        connection.execute(long.format(log).encode())
        assert one(connection, size.format(log)) is True
        before = content(connection, "public.chunks")
        go()
        if kind == "log":
            assert one(connection, size.format(log)) is False
            run_until(EXPRESSION, database, "retain")
        assert content(connection, "public.chunks") == before
    assert one(connection, "SELECT relkind FROM pg_class WHERE relname = 'chunks'") == "r"

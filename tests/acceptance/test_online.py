"""The flagship migration while the application writes: nothing is lost, there and back."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from tests.helpers.command import eventually, one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    ROOT,
    Connection,
    Layout,
    content,
    rollback,
    run,
    run_until,
)
from tests.helpers.live import migrate
from tests.helpers.online import THREE, WRITES, load, reached, write
from tests.helpers.plans import COMMAND

STAGES = [
    "capture", "copy_rows", "discard_touched", "build_indexes", "add_foreign_keys", "catch_up",
    "validate_foreign_keys", "attach_foreign_keys", "verify", "prepare_way_back", "await_snapshots",
    "swap", "end_capture", "attach_restricting_keys", "retain",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "layout"),
    [("plain", EXPRESSION), ("partitioned", EXPRESSION), ("plain", HASH), ("partitioned", COLUMN)],
    ids=str,
)
def test_writes_at_every_stage_arrive_and_go_back(
    kind: str, layout: Layout, database: str, connection: Connection, stranger: None
) -> None:
    """Between any two steps."""
    load(connection, kind)
    connection.execute("GRANT ALL ON chunks TO executor_stranger")
    names = [name for name in WRITES if not name.startswith("truncate") and name != "hijack"]
    connection.execute("DELETE FROM chunks WHERE chunk_index % 5 = 0")  # room for rows that move
    for number, stage in enumerate(STAGES):
        run_until(layout, database, stage, *THREE)
        if layout == COLUMN and stage == "swap":
            break  # from here on, writers must send the key
        if layout != COLUMN and STAGES.index(stage) >= STAGES.index("swap"):
            names = [name for name in names if name not in ("upsert", "copy")]
        for offset in range(3):
            try:
                write(connection, names[(number * 3 + offset) % len(names)], "none")
            except psycopg.errors.UniqueViolation:  # a statement that was here before
                connection.execute("ROLLBACK") if connection.info.transaction_status else None
    done = run(layout, database, *THREE)
    assert done.returncode == 0, done.stderr
    after = content(connection, "public.chunks")
    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    assert content(connection, "public.chunks") == after
    again = run(layout, database, *THREE)
    assert again.returncode == 0, again.stderr
    assert content(connection, "public.chunks") == after


def test_a_row_without_a_collection_is_named_before_the_swap(
    database: str, connection: Connection
) -> None:
    """It has no partition."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 500) AS n"
    )
    run_until(EXPRESSION, database, "copy_rows", *THREE)
    connection.execute("INSERT INTO chunks VALUES (1000, NULL, 'x')")
    refused = run(EXPRESSION, database)
    assert refused.returncode == 5
    assert "without collection_id" in refused.stderr
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (501,)


def test_a_row_that_moves_between_two_batches_is_there_once(
    database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 20000) AS n"
    )

    def break_off(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate(
            database,
            *("partition_count=3", "batch_rows=200", "workers=1"),
            at={("IterationFinished", "copy_rows"): break_off},
        )
    connection.execute("UPDATE chunks SET content = 'moved'")  # to the end of the table
    run_until(EXPRESSION, database, "copy_rows")
    twice = connection.execute("SELECT count(*) > 20000 FROM chunks_new").fetchone()
    assert twice == (True,)
    done = run(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    counted = connection.execute("SELECT count(*), count(DISTINCT id) FROM chunks").fetchone()
    assert counted == (20000, 20000)


@reached("verify")
def test_what_was_written_during_the_comparison_is_there_before_snapshots_are_awaited(
    database: str, connection: Connection
) -> None:
    connection.execute("UPDATE chunks SET content = 'while it compared' WHERE chunk_index = 3")
    run_until(EXPRESSION, database, "await_snapshots")
    with psycopg.connect(database) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        query = "SELECT count(*) FROM {} WHERE content = 'while it compared'"
        assert one(reader, query.format("chunks_new")) == one(reader, query.format("chunks")) != 0


@pytest.mark.parametrize(
    ("step", "table"),
    [
        pytest.param("vacuum", "chunks_part_01", marks=reached("attach_foreign_keys")),
        pytest.param("analyze", "chunks_new", marks=reached("vacuum")),
    ],
)
def test_the_vacuum_waits_for_another_that_is_at_it(
    step: str, table: str, database: str, connection: Connection
) -> None:
    """An autovacuum, or the server's session of an executor that was killed; nobody waits behind it."""
    command = [*COMMAND, "run", EXPRESSION.plan, "--dsn", database, "--until", step]
    connection.execute("SELECT pg_stat_reset()")  # as by a crash: nobody knows what was vacuumed
    with psycopg.connect(database) as holder:
        holder.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE".encode())
        with subprocess.Popen(command, cwd=ROOT) as process:
            waiting = (
                f"{holder.info.backend_pid} = ANY (pg_blocking_pids(pid))"
                " AND clock_timestamp() - query_start > '300 ms'"  # longer than lock_timeout
            )
            eventually(connection, f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}", 1)
            holder.commit()
    assert process.returncode == 0

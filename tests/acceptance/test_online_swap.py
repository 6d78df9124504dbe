"""The swap and those who hold a table: it waits, names them, and gives up rather than be in their way."""

from __future__ import annotations

import signal
import subprocess
import threading
from pathlib import Path

import psycopg

from tests.helpers.command import eventually, one
from tests.helpers.flagship import EXPRESSION, ROOT, Connection, Layout, run, run_until
from tests.helpers.online import THREE, edited, events, first_reason, load, reached
from tests.helpers.plans import COMMAND


def test_no_swap_while_a_snapshot_from_before_the_copy_is_open(
    database: str, connection: Connection
) -> None:
    """A report or a dump that began before would see an empty table."""
    load(connection, "plain")
    with psycopg.connect(database) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SET application_name = 'a report'")
        reader.execute("SELECT count(*) FROM pg_class")
        done: list[subprocess.CompletedProcess[str]] = []
        migration = threading.Thread(target=lambda: done.append(run(EXPRESSION, database, *THREE)))
        migration.start()
        waiting = "SELECT count(*) > 1 FROM executor.iterations WHERE step = 'await_snapshots'"
        eventually(connection, "SELECT to_regclass('executor.iterations') IS NOT NULL", value=True)
        eventually(connection, waiting, value=True)
        assert reader.execute("SELECT count(*) FROM chunks").fetchone() == (10000,)
        reader.rollback()
        migration.join()
    assert done[0].returncode == 0, done[0].stderr
    assert "a report" in done[0].stderr


@reached("await_snapshots")
def test_a_session_with_a_snapshot_holds_up_the_swap_and_is_named(
    database: str, connection: Connection
) -> None:
    with psycopg.connect(database) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM pg_class")
        reason = first_reason(database, reader)
    assert "holds a snapshot from before the swap: pid" in reason


def with_longer_swap(directory: Path, sql: str, *variables: str) -> Layout:
    """A plan whose swap does more under its lock, and whose sessions end soon without an executor."""
    own = directory / "sql/repartition/swap/swap.sql"
    own.parent.mkdir(parents=True)
    swap = (ROOT / "sql/repartition/swap/swap.sql").read_text(encoding="utf-8")
    own.write_text(f"{swap}{sql}")
    return edited(directory, "session_timeout: 10s", "session_timeout: 3s", *variables)


LOCKED = (
    "SELECT count(*) FROM pg_locks WHERE relation = to_regclass('public.chunks_new')"
    " AND mode = 'AccessExclusiveLock' AND granted"
)
KIND = "SELECT relkind::text FROM pg_class WHERE oid = 'public.chunks'::regclass"


def test_the_swap_gives_up_its_lock_rather_than_hold_it_too_long(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    """max_lock is kept by the server, for all statements together: here they would take a minute."""
    sleeps = "SELECT pg_sleep(0.5);{% include 'repartition/swap/clock.sql' %}SELECT pg_sleep(60);"
    layout = with_longer_swap(tmp_path, sleeps, "max_lock=1s")
    load(connection, "plain")
    run_until(layout, database, "await_snapshots", *THREE)
    for process, event in events(database, layout=layout):
        if event["event"] == "StepStarted" and event["step"] == "swap":
            eventually(connection, LOCKED, 1)
            connection.execute("UPDATE chunks SET content = 'served' WHERE chunk_index = 3")
            assert one(connection, KIND) == "r"
        elif event["event"] == "Retrying":
            assert "statement timeout" in str(event["reason"])
            process.kill()
    assert one(connection, KIND) == "r"
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'served'") != 0
    assert one(connection, "SELECT count(*) FROM chunks") == 10000


def test_an_executor_that_is_frozen_under_the_lock_gives_it_back(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    layout = with_longer_swap(tmp_path, "SELECT pg_sleep(2);", "max_lock=20s")  # time to freeze it
    load(connection, "plain")
    run_until(layout, database, "await_snapshots", *THREE)
    command = [*COMMAND, "run", layout.plan, "--dsn", database]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        eventually(connection, LOCKED, 1)
        process.send_signal(signal.SIGSTOP)
        connection.execute("UPDATE chunks SET content = 'at last' WHERE chunk_index = 3")
        process.send_signal(signal.SIGCONT)
        said = process.stderr.read()
    assert process.returncode == 5
    assert "step swap failed" in said
    assert one(connection, "SELECT relkind FROM pg_class WHERE relname = 'chunks'") == "r"
    done = run(layout, database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'at last'") != 0


@reached("retain")
def test_who_holds_a_partition_is_named_without_waiting_for_it(
    database: str, connection: Connection
) -> None:
    with psycopg.connect(database) as holder:
        held_by = f"in the way: pid {holder.info.backend_pid}"
        # not ACCESS EXCLUSIVE: the indexes of a partition can't be read beside that, and so no facts
        holder.execute("LOCK TABLE chunks_part_01 IN SHARE MODE")
        assert held_by in first_reason(database, holder, verb="rollback")


@reached("swap")
def test_who_holds_a_table_that_is_referenced_is_named_after_the_swap(
    database: str, connection: Connection
) -> None:
    with psycopg.connect(database) as holder:
        held_by = f"in the way: pid {holder.info.backend_pid}"
        holder.execute("SELECT FROM chunking_configs LIMIT 1")
        assert held_by in first_reason(database, holder)

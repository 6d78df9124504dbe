"""The way back after the swap: proven at any time, and it loses no write."""

from __future__ import annotations

import subprocess
import threading

import psycopg
import pytest

from tests.helpers.command import eventually, one
from tests.helpers.flagship import (
    EXPRESSION,
    PLAIN,
    ROOT,
    Connection,
    content,
    rollback,
    run,
    run_until,
)
from tests.helpers.live import migrate, told, undo
from tests.helpers.online import THREE, WRITES, events, load, named, reached
from tests.helpers.plans import COMMAND, call


def verify(database: str, code: int) -> str:
    done = call("verify", EXPRESSION.plan, "--dsn", database)
    assert done.returncode == code, done.stderr
    return done.stderr


def test_the_way_back_is_proven_at_any_time(database: str, connection: Connection) -> None:
    """Old and new agree but for what the log holds."""
    load(connection, "partitioned")
    assert "no run of chunks_100_partitions is there" in verify(database, 2)
    run_until(EXPRESSION, database, "swap", *THREE)
    assert "has not come to its end" in verify(database, 2)
    assert run(EXPRESSION, database).returncode == 0
    verify(database, 0)
    for name in ("one row", "another collection", "cascade", "delete", "truncate"):
        connection.execute(str(WRITES[name]).encode())
        verify(database, 0)


@reached()
def test_an_old_table_that_something_has_written_to_does_not_come_back(
    database: str, connection: Connection
) -> None:
    """The kept table changed."""
    after = content(connection, "public.chunks")
    old = named(connection, "old")
    connection.execute(f"UPDATE {old} SET content = 'by hand' WHERE chunk_index = 0".encode())
    assert "bucket" in verify(database, 6)
    refused = rollback(EXPRESSION, database)
    assert refused.returncode == 7
    assert "differ in more than what was logged" in refused.stderr
    assert "Hint: What failed changed nothing. Something has written to" in refused.stderr
    assert content(connection, "public.chunks") == after


def test_rows_that_do_not_fit_the_old_table_stop_the_rollback_and_nothing_is_lost(
    database: str, connection: Connection
) -> None:
    """The same id in two collections."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 500) AS n"
    )
    assert run(EXPRESSION, database, *THREE).returncode == 0
    connection.execute("INSERT INTO chunks VALUES (7, 'c1', 'the same id in another collection')")
    refused = rollback(EXPRESSION, database)
    assert refused.returncode == 7
    assert "duplicate key value" in refused.stderr
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (501,)
    connection.execute("DELETE FROM chunks WHERE content <> 'x'")
    assert rollback(EXPRESSION, database).returncode == 0
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (500,)


@reached()
def test_a_rollback_past_the_swap_has_to_go_to_its_end(
    database: str, connection: Connection
) -> None:
    after = content(connection, "public.chunks")
    for process, event in events(database, verb="rollback"):
        if event["event"] == "StepFinished" and event["step"] == "swap":
            process.kill()
    assert content(connection, "public.chunks") == after
    half = run(EXPRESSION, database)
    assert half.returncode == 7
    assert "is half undone" in half.stderr
    assert "roll back again" in half.stderr
    undone = rollback(EXPRESSION, database)
    assert undone.returncode == 0, undone.stderr
    again = run(EXPRESSION, database, *THREE)
    assert again.returncode == 0, again.stderr
    assert content(connection, "public.chunks") == after


def test_what_goes_while_it_is_brought_back_stops_no_rollback(
    database: str, connection: Connection
) -> None:
    """A row is brought back while what it refers to is being deleted, and that key is back already."""
    connection.execute(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1), (2);"
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, a int REFERENCES a ON DELETE CASCADE,"
        " b int REFERENCES b ON DELETE CASCADE) PARTITION BY HASH (id); CREATE TABLE leaf PARTITION OF chunks FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 1, 1 + n % 2 FROM generate_series(1, 50) AS n"
    )
    migrate(database, *THREE)
    threads = []
    with psycopg.connect(database) as holding, psycopg.connect(database) as deleting:
        holding.execute("LOCK TABLE a IN ROW EXCLUSIVE MODE")  # b comes first
        waits = f"SELECT count(*) > 0 FROM pg_stat_activity WHERE {deleting.info.backend_pid} = ANY (pg_blocking_pids(pid))"

        def commit() -> None:
            eventually(connection, waits, value=True)
            deleting.commit()

        def delete(_: object) -> None:
            if threads:
                return
            connection.execute(
                "INSERT INTO chunks SELECT 1000 + n, 'c7', 1, 2 FROM generate_series(1, 50) AS n"
            )
            deleting.execute("DELETE FROM b WHERE id = 2")
            holding.commit()
            threads.append(threading.Thread(target=commit))
            threads[0].start()

        undo(database, at={("Retrying", "release_old"): delete})
        threads[0].join()
    assert one(connection, "SELECT count(*) FROM chunks") == 25


@reached()
def test_a_rollback_that_stops_before_the_swap_can_be_turned_round(
    database: str, connection: Connection
) -> None:
    old = named(connection, "old")
    connection.execute(f"UPDATE {old} SET content = 'by hand' WHERE chunk_index = 0".encode())
    assert rollback(EXPRESSION, database).returncode == 7
    done = run(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    status = "SELECT status FROM executor.runs ORDER BY id DESC LIMIT 1"
    assert connection.execute(status).fetchone() == ("succeeded",)


def give_up_rollback(database: str, connection: Connection, step: str) -> None:
    """Roll back until a step is undone, while a reader keeps the swap from it; and give that up."""
    with psycopg.connect(database) as reader:
        reader.execute("SELECT FROM chunks LIMIT 1")
        held = [*COMMAND, "rollback", EXPRESSION.plan, "--dsn", database]
        with subprocess.Popen(held, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            undone = f"SELECT status FROM executor.steps WHERE name = '{step}'"
            eventually(connection, undone, "rolled_back")
            process.terminate()
            process.communicate()


@reached("retain")
def test_what_is_written_past_the_log_stops_a_rollback(
    database: str, connection: Connection
) -> None:
    """Triggers that were disabled after the comparison of the way back."""
    give_up_rollback(database, connection, "end_capture")
    connection.execute(
        "ALTER TABLE chunks DISABLE TRIGGER executor_delete; DELETE FROM chunks WHERE chunk_index = 3;"
        "ALTER TABLE chunks ENABLE ALWAYS TRIGGER executor_delete"
    )
    before = content(connection, "public.chunks")
    done = rollback(EXPRESSION, database)
    assert done.returncode == 7 and "the triggers that log" in done.stderr, done.stderr
    assert content(connection, "public.chunks") == before


@reached("retain", "partitioned")
def test_a_rollback_that_is_given_up_leaves_the_old_table_no_foreign_key(
    database: str, connection: Connection
) -> None:
    """It had them again on each of its partitions, and would have followed deletes, or forbidden them."""
    keys = (
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid IN"
        " (SELECT relid FROM pg_class AS c, pg_partition_tree(c.oid) WHERE relname LIKE 'chunks\\_old\\_%')"
    )
    assert one(connection, keys) == 0
    give_up_rollback(database, connection, "release_old")
    assert one(connection, keys) > 0
    run_until(EXPRESSION, database, "retain")
    assert one(connection, keys) == 0
    back = rollback(EXPRESSION, database)
    assert back.returncode == 0, back.stderr


@reached("swap")
def test_rights_on_functions_let_a_rollback_compare_anew(
    database: str, connection: Connection
) -> None:
    """They touch those of the log, too, and nobody can tell that from a function put back after a while."""
    connection.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
    connection.execute("UPDATE chunks SET content = 'logged' WHERE chunk_index = 3")
    before = content(connection, "public.chunks")
    done = rollback(EXPRESSION, database)
    assert done.returncode == 7
    assert "executor run goes forward again, and a rollback after that compares" in done.stderr
    run_until(EXPRESSION, database, "retain")
    done = rollback(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    assert content(connection, "public.chunks") == before


@pytest.mark.parametrize(
    "last", [pytest.param(last, marks=reached(last)) for last in ("swap", "retain")]
)
def test_no_rollback_with_triggers_that_are_not_those_of_the_swap(
    last: str, database: str, connection: Connection
) -> None:
    """Triggers that were disabled before there was any comparison, or that are still."""
    connection.execute(
        "ALTER TABLE chunks_part_02 DISABLE TRIGGER executor_insert;"
        "UPDATE chunks SET content = 'logged' WHERE chunk_index = 3"
    )
    if last == "swap":
        connection.execute("ALTER TABLE chunks_part_02 ENABLE ALWAYS TRIGGER executor_insert")
    before = content(connection, "public.chunks")
    done = rollback(EXPRESSION, database)
    assert done.returncode == 7
    assert "the triggers" in done.stderr and "log what is written" in done.stderr
    assert content(connection, "public.chunks") == before
    connection.execute("ALTER TABLE chunks_part_02 ENABLE ALWAYS TRIGGER executor_insert")
    run_until(EXPRESSION, database, "retain")  # compares, once it goes back
    assert rollback(EXPRESSION, database).returncode == 0
    assert content(connection, "public.chunks") == before


def test_the_way_back_takes_no_row_of_a_table_that_refers_to_the_old_one_since(
    database: str, connection: Connection
) -> None:
    """A foreign key that somebody has added to the old table by its new name; a delete would follow it."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 500) AS n;"
        "CREATE TABLE other (chunk int);"
        "INSERT INTO other SELECT n FROM generate_series(1, 10) AS n"
    )
    done = run(EXPRESSION, database, *THREE)
    assert done.returncode == 0, done.stderr
    old = one(connection, r"SELECT relname FROM pg_class WHERE relname ~ '^chunks_old_\d+_\d+$'")
    key = f"ALTER TABLE other ADD CONSTRAINT other_fk FOREIGN KEY (chunk) REFERENCES {old} ON DELETE CASCADE"
    connection.execute(key.encode())
    connection.execute("UPDATE chunks SET content = 'new' WHERE id < 4")
    back = rollback(EXPRESSION, database)
    assert back.returncode == 7
    refers = "would delete or change rows that refer to it: other_fk on public.other"
    assert refers in back.stderr, back.stderr
    assert "Hint: What failed changed nothing. Drop this foreign key" in back.stderr
    assert one(connection, "SELECT count(*) FROM other") == 10
    connection.execute("ALTER TABLE other DROP CONSTRAINT other_fk")
    back = rollback(EXPRESSION, database)
    assert back.returncode == 0, back.stderr
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'new'") == 3
    assert one(connection, "SELECT count(*) FROM other") == 10


def test_the_capture_is_ended_with_one_waiting_time_for_all_partitions(
    database: str, connection: Connection
) -> None:
    """Who reads the table queues behind it meanwhile."""
    connection.execute(
        "CREATE TABLE chunks (id int, collection_id text, PRIMARY KEY (id, collection_id)) PARTITION BY HASH (id);"
        "CREATE TABLE chunks_0 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        "CREATE TABLE chunks_1 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
    )
    migrate(database, layout=PLAIN, until="capture")
    with psycopg.connect(database) as reader:
        reader.execute("SELECT FROM chunks_1")
        tried = undo(database, PLAIN, at={("Retrying", "capture"): lambda _: reader.rollback()})
    assert "statement timeout" in told(tried, "Retrying")[0]
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgname ~ '^executor_'"
    assert one(connection, triggers) == 0

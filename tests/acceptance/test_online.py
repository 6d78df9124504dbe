"""The flagship migration while the application writes: nothing is lost, there and back."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.helpers.command import eventually, one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    ROOT,
    SOURCES,
    Connection,
    Layout,
    content,
    rollback,
    run,
    run_until,
)
from tests.helpers.plans import COMMAND, call

KINDS = ["plain", "partitioned"]
THREE = ("partition_count=3", "batch_rows=700")

#: keys that are in one of two states of the table and not the same in the other
CHANGED = """
SELECT DISTINCT id, collection_id FROM (
  (TABLE before EXCEPT TABLE now) UNION ALL (TABLE now EXCEPT TABLE before)) AS changed
"""
#: statements of an application, by what is special about each
WRITES = {
    "one row": "INSERT INTO chunks SELECT * FROM another",
    "many rows": "INSERT INTO chunks SELECT * FROM another UNION ALL SELECT * FROM another UNION ALL SELECT * FROM another",
    "update": "UPDATE chunks SET content = content || '!' WHERE chunk_index = 3",
    "a null": "UPDATE chunks SET token_count = NULL, meta = NULL WHERE chunk_index = 4",
    "nothing": "UPDATE chunks SET content = '' WHERE false",
    "another key": "UPDATE chunks SET id = gen_random_uuid() WHERE chunk_index = 5 AND collection_id = 'c-7'",
    "another collection": "UPDATE chunks SET collection_id = 'c-9', chunk_index = 5000 + chunk_index WHERE collection_id = 'c-8'",
    "exchanged keys": """
      UPDATE chunks AS c SET id = CASE c.collection_id WHEN 'c-11' THEN b.id ELSE a.id END
      FROM (SELECT id FROM chunks WHERE collection_id = 'c-11' ORDER BY id LIMIT 1) AS a,
           (SELECT id FROM chunks WHERE collection_id = 'c-12' ORDER BY id LIMIT 1) AS b
      WHERE (c.id, c.collection_id) IN ((a.id, 'c-11'), (b.id, 'c-12'))""",
    "delete": "DELETE FROM chunks WHERE chunk_index = 6",
    "deleted and back": "WITH gone AS (DELETE FROM chunks WHERE collection_id = 'c-13' RETURNING *) INSERT INTO chunks SELECT * FROM gone WHERE chunk_index > 99",
    "upsert": """
      INSERT INTO chunks SELECT * FROM chunks WHERE collection_id IN ('c-14', 'c-15')
      ON CONFLICT (id, collection_id) DO UPDATE SET content = 'upserted'""",
    "cascade": "DELETE FROM collections WHERE id IN ('c-20', 'c-21')",
    "cascade of a cascade": "DELETE FROM documents WHERE id IN ('d-33', 'd-34')",
    "copy": None,
    "replica": "SET session_replication_role = replica; UPDATE chunks SET content = 'from afar' WHERE chunk_index = 7; RESET session_replication_role",
    "hijack": None,
    "rolled back": "BEGIN; DELETE FROM chunks; ROLLBACK",
    "savepoint": "BEGIN; DELETE FROM chunks WHERE chunk_index = 8; SAVEPOINT a; DELETE FROM chunks; ROLLBACK TO a; COMMIT",
    "stranger": "SET ROLE executor_stranger; UPDATE chunks SET content = 'by another' WHERE chunk_index = 9; RESET ROLE",
    "repeatable read": "BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE chunks SET content = 'rr' WHERE chunk_index = 1; COMMIT",
    "truncate": "TRUNCATE chunks",
    "truncate by cascade": "BEGIN; INSERT INTO chunks SELECT * FROM another; COMMIT; TRUNCATE collections CASCADE",
}  # fmt: skip


def load(connection: Connection, kind: str) -> None:
    """The application's table with its foreign keys, plain or in 16 HASH partitions."""
    text = (SOURCES / "hash16.sql").read_text(encoding="utf-8")
    text = text.replace("REFERENCES collections);", "REFERENCES collections ON DELETE CASCADE);")
    if kind == "plain":
        text = text.replace(") PARTITION BY HASH (collection_id);", ");")
        text = re.sub(r"DO \$\$.*?\$\$;", "", text, count=1, flags=re.DOTALL)
    connection.execute(text.encode())
    connection.execute(
        "CREATE VIEW another AS SELECT gen_random_uuid() AS id, 'c-2'::varchar AS collection_id,"
        " 'd-201'::varchar AS document_id, 1 AS chunking_config_id, random(1000, 2000000000) AS chunk_index,"
        " 'new'::text AS content, 0 AS start_offset, 1 AS end_offset, 3 AS token_count, NULL::varchar AS"
        ' embedding_vector_id, now() AS created_at, \'{"a": 1,  "a": 2}\'::json AS meta'
        if connection.info.server_version >= 170000
        else "CREATE VIEW another AS SELECT gen_random_uuid() AS id, 'c-2'::varchar AS collection_id,"
        " 'd-201'::varchar AS document_id, 1 AS chunking_config_id,"
        " 1000 + (random() * 1000000000)::int AS chunk_index, 'new'::text AS content, 0 AS start_offset,"
        " 1 AS end_offset, 3 AS token_count, NULL::varchar AS embedding_vector_id, now() AS created_at,"
        ' \'{"a": 1,  "a": 2}\'::json AS meta'
    )


@pytest.fixture
def stranger(connection: Connection) -> Iterator[None]:
    """A role that may write to the table and to nothing of ours."""
    connection.execute("CREATE ROLE executor_stranger")
    try:
        yield
    finally:
        connection.execute("DROP OWNED BY executor_stranger CASCADE; DROP ROLE executor_stranger")


def write(connection: Connection, name: str, log: str) -> None:
    """One of the writes, in a session of the application."""
    connection.execute("GRANT ALL ON chunks TO executor_stranger")
    if name == "copy":
        row = connection.execute("SELECT * FROM another").fetchone()
        with connection.cursor() as cursor, cursor.copy("COPY chunks FROM STDIN") as copy:
            copy.write_row([*row[:-1], '{"a": 1,  "a": 2}'] if row else [])
    elif name == "hijack":
        connection.execute(
            f"CREATE TEMP TABLE {log} (LIKE {log}); CREATE TEMP TABLE new_rows (id int);"
            f"INSERT INTO chunks SELECT * FROM another; DROP TABLE pg_temp.{log}, pg_temp.new_rows".encode()
        )
    else:
        connection.execute(str(WRITES[name]).encode())


def named(connection: Connection, kind: str) -> str:
    """The newest table of a kind that the plan has made."""
    row = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ %s ORDER BY relname DESC",
        [f"^chunks_{kind}_[0-9]"],
    ).fetchone()
    assert row
    return str(row[0])


def snapshot(connection: Connection, name: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {name}".encode())
    columns = "id, collection_id, document_id, chunking_config_id, chunk_index, content, token_count, meta::text"
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {columns} FROM chunks".encode())


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_of_every_written_row_is_logged(
    kind: str, database: str, connection: Connection, stranger: None
) -> None:
    """A06, A13, A14, A15, A16, A62, B09: every kind of write, by anyone."""
    load(connection, kind)
    run_until(EXPRESSION, database, "capture", *THREE)
    log = named(connection, "log")
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


def test_what_is_written_past_the_table_is_logged_too(
    database: str, connection: Connection
) -> None:
    """A15, A17: writes and TRUNCATE that name a partition."""
    load(connection, "partitioned")
    run_until(EXPRESSION, database, "capture", *THREE)
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


def test_a_truncate_that_could_not_be_logged_is_refused(
    database: str, connection: Connection
) -> None:
    """A15: TRUNCATE under an older snapshot."""
    load(connection, "plain")
    run_until(EXPRESSION, database, "capture", *THREE)
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(
        psycopg.Error, match="can be truncated in a READ COMMITTED transaction only"
    ):
        connection.execute("TRUNCATE chunks")
    connection.execute("ROLLBACK")


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
    """A01, A06, A13, A14, A40, A41, A42, A62, B09: between any two steps."""
    load(connection, kind)
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


def test_no_swap_while_a_snapshot_from_before_the_copy_is_open(
    database: str, connection: Connection
) -> None:
    """A34, D18: it would see an empty table."""
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
        eventually(connection, waiting, value=True, seconds=60)
        assert reader.execute("SELECT count(*) FROM chunks").fetchone() == (10000,)
        reader.rollback()
        migration.join()
    assert done[0].returncode == 0, done[0].stderr
    assert "a report" in done[0].stderr


def test_the_swap_gives_up_its_lock_rather_than_hold_it_too_long(
    database: str, connection: Connection
) -> None:
    """B12: max_lock is kept, and nothing is lost."""
    load(connection, "plain")
    before = content(connection, "public.chunks")
    run_until(EXPRESSION, database, "await_snapshots", *THREE, "max_lock=1ms")
    with psycopg.connect(database, autocommit=True) as other:
        stop, waits = threading.Event(), []

        def read() -> None:
            while not stop.is_set():
                began = time.monotonic()
                other.execute("SELECT 1 FROM chunks LIMIT 1")
                waits.append(time.monotonic() - began)
                time.sleep(0.01)

        reading = threading.Thread(target=read)
        reading.start()
        swapping = threading.Thread(target=lambda: run(EXPRESSION, database))
        swapping.start()
        time.sleep(6)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'executor:%'"
        )
        stop.set()
        reading.join()
        swapping.join()
    assert waits
    assert content(connection, "public.chunks") == before
    assert connection.execute(
        "SELECT relkind FROM pg_class WHERE oid = 'chunks'::regclass"
    ).fetchone() == ("r",)


def test_a_row_without_a_collection_is_named_before_the_swap(
    database: str, connection: Connection
) -> None:
    """A27: it has no partition."""
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


def test_rows_that_do_not_fit_the_old_table_stop_the_rollback_and_nothing_is_lost(
    database: str, connection: Connection
) -> None:
    """A23, A43: the same id in two collections."""
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


def verify(database: str, code: int) -> str:
    done = call("verify", EXPRESSION.plan, "--dsn", database)
    assert done.returncode == code, done.stderr
    return done.stderr


def test_the_way_back_is_proven_at_any_time(database: str, connection: Connection) -> None:
    """A35, A37, A42: old and new agree but for the log."""
    load(connection, "partitioned")
    assert "no run of chunks_100_partitions is there" in verify(database, 2)
    run_until(EXPRESSION, database, "swap", *THREE)
    assert "has not come to its end" in verify(database, 2)
    assert run(EXPRESSION, database).returncode == 0
    verify(database, 0)
    for name in ("one row", "another collection", "cascade", "delete", "truncate"):
        connection.execute(str(WRITES[name]).encode())
        verify(database, 0)


def test_an_old_table_that_something_has_written_to_does_not_come_back(
    database: str, connection: Connection
) -> None:
    """A33, A36: the kept table changed."""
    load(connection, "plain")
    assert run(EXPRESSION, database, *THREE).returncode == 0
    after = content(connection, "public.chunks")
    old = named(connection, "old")
    connection.execute(f"UPDATE {old} SET content = 'by hand' WHERE chunk_index = 0".encode())
    assert "bucket" in verify(database, 6)
    refused = rollback(EXPRESSION, database)
    assert refused.returncode == 7
    assert "differ in more than what was logged" in refused.stderr
    assert content(connection, "public.chunks") == after


def events(
    database: str, *arguments: str, verb: str = "run"
) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """The events of a command as they come, with its process."""
    command = [*COMMAND, verb, EXPRESSION.plan, "--dsn", database, "--format", "json", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            yield process, json.loads(line)
    assert process.returncode in (0, -9)


def first_reason(database: str, holder: Connection, verb: str = "run") -> str:
    """Why a command has to try again, at first; what the holder has in its way ends then."""
    reasons = []
    for _, event in events(database, verb=verb):
        if event["event"] == "Retrying":
            reasons.append(str(event["reason"]))
            holder.rollback()
    return reasons[0]


def edited(directory: Path, text: str, other: str, *variables: str) -> Layout:
    """A copy of the plan with another text in the place of one, beside the sql of that directory, if it has any."""
    plan = directory / "plans" / Path(EXPRESSION.plan).name
    plan.parent.mkdir()
    whole = (ROOT / EXPRESSION.plan).read_text(encoding="utf-8")
    plan.write_text(whole.replace(text, other))
    return Layout("edited", str(plan), variables)


def test_a_row_that_moves_between_two_batches_is_there_once(
    database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 20000) AS n"
    )
    for process, event in events(
        database, "--var=partition_count=3", "--var=batch_rows=200", "--var=workers=1"
    ):
        if event["event"] == "IterationFinished" and event["step"] == "copy_rows":
            process.kill()
    connection.execute("UPDATE chunks SET content = 'moved'")  # to the end of the table
    run_until(EXPRESSION, database, "copy_rows")
    twice = connection.execute("SELECT count(*) > 20000 FROM chunks_new").fetchone()
    assert twice == (True,)
    done = run(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    counted = connection.execute("SELECT count(*), count(DISTINCT id) FROM chunks").fetchone()
    assert counted == (20000, 20000)


def test_a_session_with_a_snapshot_holds_up_the_swap_and_is_named(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    run_until(EXPRESSION, database, "await_snapshots", *THREE)
    with psycopg.connect(database) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM pg_class")
        reason = first_reason(database, reader)
    assert "holds a snapshot from before the swap: pid" in reason


def test_who_holds_a_partition_is_named_without_waiting_for_it(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    run_until(EXPRESSION, database, "retain", *THREE)
    with psycopg.connect(database) as holder:
        held_by = f"in the way: pid {holder.info.backend_pid}"
        holder.execute("LOCK TABLE chunks_part_01")
        assert held_by in first_reason(database, holder, verb="rollback")


def test_what_was_written_during_the_comparison_is_there_before_snapshots_are_awaited(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    run_until(EXPRESSION, database, "verify", *THREE)
    connection.execute("UPDATE chunks SET content = 'while it compared' WHERE chunk_index = 3")
    run_until(EXPRESSION, database, "await_snapshots")
    with psycopg.connect(database) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        query = "SELECT count(*) FROM {} WHERE content = 'while it compared'"
        assert one(reader, query.format("chunks_new")) == one(reader, query.format("chunks")) != 0


def test_who_holds_a_table_that_is_referenced_is_named_after_the_swap(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    run_until(EXPRESSION, database, "swap", *THREE)
    with psycopg.connect(database) as holder:
        held_by = f"in the way: pid {holder.info.backend_pid}"
        holder.execute("SELECT FROM chunking_configs LIMIT 1")
        assert held_by in first_reason(database, holder)


def test_an_executor_that_is_frozen_under_the_lock_gives_it_back(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    own = tmp_path / "sql/repartition/swap/swap.sql"
    own.parent.mkdir(parents=True)
    swap = (ROOT / "sql/repartition/swap/swap.sql").read_text(encoding="utf-8")
    own.write_text(f"{swap}SELECT pg_sleep(2);")  # time to freeze it
    layout = edited(tmp_path, "session_timeout: 10s", "session_timeout: 3s", "max_lock=20s")
    load(connection, "plain")
    run_until(layout, database, "await_snapshots", *THREE)
    locked = (
        "SELECT count(*) FROM pg_locks WHERE relation = to_regclass('public.chunks_new')"
        " AND mode = 'AccessExclusiveLock' AND granted"
    )
    command = [*COMMAND, "run", layout.plan, "--dsn", database]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        eventually(connection, locked, 1)
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


def test_a_rollback_past_the_swap_has_to_go_to_its_end(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    assert run(EXPRESSION, database, *THREE).returncode == 0
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


def test_a_rollback_that_stops_before_the_swap_can_be_turned_round(
    database: str, connection: Connection
) -> None:
    load(connection, "plain")
    assert run(EXPRESSION, database, *THREE).returncode == 0
    old = named(connection, "old")
    connection.execute(f"UPDATE {old} SET content = 'by hand' WHERE chunk_index = 0".encode())
    assert rollback(EXPRESSION, database).returncode == 7
    assert run(EXPRESSION, database).returncode == 0
    status = "SELECT status FROM executor.runs ORDER BY id DESC LIMIT 1"
    assert connection.execute(status).fetchone() == ("succeeded",)


def test_a_row_that_others_update_all_the_time_keeps_no_pass_from_its_end(
    database: str, connection: Connection
) -> None:
    """A10: a counter in the table referred to; in one snapshot every pass would fail."""
    load(connection, "plain")
    run_until(EXPRESSION, database, "first_pass", *THREE)
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
    """A10: a pass is told of one of two rows that exchange a value; the log is made to tell it so."""
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


def test_a_key_column_may_have_any_name_in_a_pass(database: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, n text NOT NULL, content text);"
        "INSERT INTO chunks SELECT i, 'n' || i % 9, 'x' FROM generate_series(1, 500) AS i"
    )
    run_until(HASH, database, "copy_rows", *THREE, "key_column=n")
    connection.execute("UPDATE chunks SET content = 'y' WHERE id % 2 = 0")
    run_until(HASH, database, "monitor")
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'y'") == 250


def test_a_log_that_was_long_is_short_again(database: str, connection: Connection) -> None:
    """The swap reads it whole, under its lock, too; there and back."""
    load(connection, "plain")
    run_until(EXPRESSION, database, "first_pass", *THREE)
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


@pytest.mark.parametrize(
    ("before", "step", "table"),
    [("attach_foreign_keys", "vacuum", "chunks_part_01"), ("vacuum", "analyze", "chunks_new")],
)
def test_the_vacuum_waits_for_another_that_is_at_it(
    before: str, step: str, table: str, database: str, connection: Connection
) -> None:
    """An autovacuum, or the server's session of an executor that was killed; nobody waits behind it."""
    load(connection, "plain")
    run_until(EXPRESSION, database, before, *THREE)
    command = [*COMMAND, "run", EXPRESSION.plan, "--dsn", database, "--until", step]
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


def test_what_is_written_past_the_log_stops_a_rollback(
    database: str, connection: Connection
) -> None:
    """B12: triggers that were disabled after the comparison of the way back."""
    load(connection, "plain")
    run_until(EXPRESSION, database, "retain", *THREE)
    with psycopg.connect(database) as reader:
        reader.execute("SELECT FROM chunks LIMIT 1")
        held = [*COMMAND, "rollback", EXPRESSION.plan, "--dsn", database]
        with subprocess.Popen(held, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            undone = "SELECT status FROM executor.steps WHERE name = 'end_capture'"
            eventually(connection, undone, "rolled_back")
            process.terminate()
            process.communicate()
    connection.execute(
        "ALTER TABLE chunks DISABLE TRIGGER USER; DELETE FROM chunks WHERE chunk_index = 3;"
        "ALTER TABLE chunks ENABLE TRIGGER USER"
    )
    before = content(connection, "public.chunks")
    done = rollback(EXPRESSION, database)
    assert done.returncode == 7 and "the triggers that log" in done.stderr
    assert content(connection, "public.chunks") == before


def test_rights_on_functions_let_a_rollback_compare_anew(
    database: str, connection: Connection
) -> None:
    """They touch those of the log, too, and nobody can tell that from a function put back after a while."""
    load(connection, "plain")
    run_until(EXPRESSION, database, "swap", *THREE)
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


@pytest.mark.parametrize("last", ["swap", "retain"])
def test_no_rollback_with_triggers_that_are_not_those_of_the_swap(
    last: str, database: str, connection: Connection
) -> None:
    """B12: triggers that were disabled before there was any comparison, or that are still."""
    load(connection, "plain")
    run_until(EXPRESSION, database, last, *THREE)
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


def test_the_way_back_takes_no_row_of_a_table_that_still_refers_to_the_old_one(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    """B08: a foreign key into the table that was given up; a delete would follow it."""
    layout = edited(tmp_path, "accept: []", 'accept: ["other_fk on public.other"]')
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, content text);"
        "INSERT INTO chunks SELECT n, 'c' || n % 9, 'x' FROM generate_series(1, 500) AS n;"
        "CREATE TABLE other (chunk int CONSTRAINT other_fk REFERENCES chunks ON DELETE CASCADE);"
        "INSERT INTO other SELECT n FROM generate_series(1, 10) AS n"
    )
    done = run(layout, database, *THREE)
    assert done.returncode == 0, done.stderr
    connection.execute("UPDATE chunks SET content = 'new' WHERE id < 4")
    back = rollback(layout, database)
    assert back.returncode == 7
    refers = "would delete or change rows that refer to it: other_fk on public.other"
    assert refers in back.stderr, back.stderr
    assert "Hint: Nothing was changed. Drop this foreign key" in back.stderr
    assert one(connection, "SELECT count(*) FROM other") == 10
    connection.execute("ALTER TABLE other DROP CONSTRAINT other_fk")
    back = rollback(layout, database)
    assert back.returncode == 0, back.stderr
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'new'") == 3
    assert one(connection, "SELECT count(*) FROM other") == 10

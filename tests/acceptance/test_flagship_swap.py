"""The swap: all that hangs on the table comes along, nothing is lost, and all of it goes back."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.acceptance.flagship import (
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
)

Dump = Callable[..., str]

LAYOUTS = [EXPRESSION, COLUMN, HASH]
FOUR = "partition_count=4"

#: what is another object by design: the table itself, its keys and indexes, and the new trigger
NEW = re.compile(
    r"chunks; Type: TABLE;|Type: (FK )?CONSTRAINT;|Type: INDEX|Type: TABLE ATTACH|zz_partition_key"
    r"|_partition_key\(\)|changes; Type: PUBLICATION;|CONSTRAINT chunks_pkey ON|Type: SCHEMA"
)
#: what is not the application's: the old world, the new partitions, the registry and the views
OURS = re.compile(
    r"_old_2|chunks_(back|sync|log)_2|executor_(insert|update|delete|truncate)|chunks_part_|chunks_backup_2|migration_backups|get_partition|partition_skew|partition_[hdcs]"
)


def load_everything(connection: Connection, kind: str) -> None:
    """The table with all that can hang on one, plain or in partitions."""
    text = (SOURCES / "everything.sql").read_text(encoding="utf-8")
    if kind == "partitioned":
        text = text.replace("/*", "").replace("*/", "")
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in {"executor_test_app", "Executor test Reader"} - known:
        connection.execute(f'CREATE ROLE "{role}"'.encode())
    connection.execute(text.encode())


def parts(dump: str) -> dict[str, str]:
    """The application's objects in a dump, by their heading."""
    found = {}
    for block in re.split(r"(?m)^--\n-- Name: ", dump)[1:]:
        heading, _, body = block.partition("; Owner: ")
        body = re.sub(r"(?m)^(--.*|SET default_.*)?\n", "", body.partition("\n--\n")[2])
        if not OURS.search(heading) and not re.match(r"chunks_\d", heading):
            found[heading] = "\n".join(sorted(body.splitlines())) if "ACL" in heading else body
    return found


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("kind", ["plain", "partitioned"])
def test_everything_comes_along_and_goes_back(
    kind: str, layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    """A30, B19, B20, B27, C01, C03, C04, C09, C15: all that hangs on a table."""
    load_everything(connection, kind)
    rows, schema = content(connection, "public.chunks"), dump(database)

    done = run(layout, database, FOUR)
    assert done.returncode == 0, done.stderr
    before, after = parts(schema), parts(dump(database, "--exclude-schema=executor"))
    assert {k: v for k, v in after.items() if not NEW.search(k)} == {
        k: v for k, v in before.items() if not NEW.search(k)
    }
    assert content(connection, "public.chunks") == rows

    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    kept = ("--exclude-table=*.migration_backups*", "--exclude-table=*.chunks_backup_2*")
    assert dump(database, "--exclude-schema=executor", *kept) == schema
    assert content(connection, "public.chunks") == rows
    assert content(connection, "public.total") == ("by_stats, by_view", [("(2000,2000)",)])


@pytest.fixture
def swapped(database: str, connection: Connection) -> Iterator[Connection]:
    load_everything(connection, "plain")
    done = run(EXPRESSION, database, FOUR)
    assert done.returncode == 0, done.stderr
    yield connection


def one(connection: Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row
    return row[0]


def test_all_that_reads_the_table_reads_the_new_one(swapped: Connection) -> None:
    """A30, B21, C04: views, rules, materialized views with their unique index."""
    swapped.execute("INSERT INTO checked_chunks (collection_id, chunk_index) VALUES ('c3', -7)")
    swapped.execute("INSERT INTO ruled_chunks (content) VALUES ('by the rule')")
    for view in ("chunks", "all_chunks"):
        assert one(swapped, f"SELECT count(*) FROM {view}") == 2002
    assert one(swapped, "SELECT content FROM all_chunks WHERE chunk_index = -7") == "by the view"
    with pytest.raises(psycopg.errors.WithCheckOptionViolation):
        swapped.execute("INSERT INTO checked_chunks VALUES ('c1', 1, 'x')")
    swapped.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY collection_chunking_stats")
    swapped.execute("REFRESH MATERIALIZED VIEW total")
    assert content(swapped, "total")[1] == [("(2002,2002)",)]


def test_triggers_fire_once_and_as_they_were_enabled(swapped: Connection) -> None:
    """A52: the copy fires none of the application's triggers."""
    swapped.execute(
        "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x')"
    )
    swapped.execute("UPDATE chunks SET content = 'y' WHERE chunk_index = -1")
    swapped.execute("SET session_replication_role = replica")
    swapped.execute("DELETE FROM chunks WHERE chunk_index = -1 AND updated_at IS NOT NULL")
    assert content(swapped, "audit")[1] == [("(note_delete)",), ("(note_insert)",)]


def test_ids_go_on_where_they_were_there_and_back(swapped: Connection, database: str) -> None:
    """A20, A21, A22: identity and serial columns."""
    insert = "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x') RETURNING id, serial"
    assert swapped.execute(insert).fetchone() == (100 + 5 * 2000, 2001)
    swapped.execute("DELETE FROM chunks WHERE chunk_index = -1")
    assert rollback(EXPRESSION, database).returncode == 0
    assert swapped.execute(insert).fetchone() == (100 + 5 * 2001, 2002)
    assert (
        one(swapped, "SELECT pg_get_serial_sequence('chunks', 'serial')")
        == "public.chunks_serial_seq"
    )


def test_the_old_table_blocks_no_delete_and_loses_no_row(swapped: Connection) -> None:
    """A33, B07, B08: its foreign keys are gone."""
    old = one(swapped, "SELECT backup_table_name FROM migration_backups WHERE kind = 'old_table'")
    swapped.execute("DELETE FROM chunks WHERE chunking_config_id = 1")
    swapped.execute("DELETE FROM chunking_configs WHERE id = 1")
    swapped.execute("DELETE FROM collections WHERE id = 'c2'")
    assert one(swapped, f"SELECT count(*) FROM {old}") == 2000


def test_a_publication_goes_on_under_the_name_of_the_table(swapped: Connection) -> None:
    """A60: subscribers see the same name."""
    published = "SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_publication_tables"
    assert one(swapped, published) == ["chunks", "collections"]


def test_writes_since_the_swap_come_along_and_fire_no_trigger_again(
    swapped: Connection, database: str
) -> None:
    """A42, A52: the way back keeps later writes."""
    swapped.execute(
        "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x')"
    )
    swapped.execute("UPDATE chunks SET content = 'changed' WHERE chunk_index = 5")
    swapped.execute("DELETE FROM chunks WHERE chunk_index = 6")
    before, fired = content(swapped, "chunks"), one(swapped, "SELECT count(*) FROM audit")
    undone = rollback(EXPRESSION, database)
    assert undone.returncode == 0, undone.stderr
    assert content(swapped, "chunks") == before
    assert one(swapped, "SELECT count(*) FROM audit") == fired


def test_what_was_granted_since_the_swap_goes_back_too(swapped: Connection, database: str) -> None:
    swapped.execute("REVOKE DELETE ON chunks FROM executor_test_app")
    swapped.execute("GRANT REFERENCES ON chunks TO executor_test_app")
    swapped.execute("CREATE VIEW later AS SELECT count(*) FROM chunks")
    swapped.execute("COMMENT ON TABLE chunks IS 'another comment'")
    assert rollback(EXPRESSION, database).returncode == 0
    has = "SELECT has_table_privilege('executor_test_app', 'chunks', '{}')"
    assert one(swapped, has.format("DELETE")) is False
    assert one(swapped, has.format("REFERENCES")) is True
    assert one(swapped, "SELECT obj_description('chunks'::regclass)") == "another comment"
    assert one(swapped, "SELECT relkind::text FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
    assert one(swapped, "SELECT count FROM later") == 2000


def start(database: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a run in the background."""
    command = "from executor.cli.main import main; main()"
    given = ["run", EXPRESSION.plan, "--dsn", database, f"--var={FOUR}", *options]
    return subprocess.Popen(
        [sys.executable, "-c", command, *given], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def until_the_swap(database: str) -> None:
    assert start(database, "--until", "fill_twins").wait() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE chunks ADD COLUMN lang text", "column lang of chunks"),
        ("ALTER TABLE chunks ADD CONSTRAINT short CHECK (length(content) < 99)", "constraint short of"),
        ("CREATE INDEX ix_late ON chunks (meta)" , "ix_late"),
        ("CREATE MATERIALIZED VIEW late AS SELECT count(*) FROM chunks", "materialized view public.late"),
        ("CREATE FUNCTION late(chunks) RETURNS int LANGUAGE sql RETURN 1", "function public.late(public.chunks"),
        ("CREATE VIEW late AS SELECT c FROM chunks AS c", "late can't be bound"),
    ],
)  # fmt: skip
def test_what_changed_during_the_migration_stops_the_swap(
    change: str, words: str, database: str, connection: Connection
) -> None:
    """A30, A51, C03, C11: a definition that changed meanwhile."""
    load_everything(connection, "plain")
    until_the_swap(database)
    connection.execute(change.replace("(meta)", "((meta ->> 'a'))").encode())
    before = content(connection, "chunks")
    refused = run(EXPRESSION, database, FOUR)
    assert refused.returncode == 5
    assert words.replace(" of chunks", " of public.chunks") in refused.stderr
    assert content(connection, "chunks") == before
    assert (
        one(connection, "SELECT relkind::text FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
    )


def test_a_new_view_during_the_migration_comes_along(database: str, connection: Connection) -> None:
    load_everything(connection, "plain")
    until_the_swap(database)
    connection.execute("CREATE VIEW late AS SELECT count(*) FROM chunks")
    assert run(EXPRESSION, database, FOUR).returncode == 0
    connection.execute("DELETE FROM chunks WHERE chunk_index = 7")
    assert one(connection, "SELECT count FROM late") == 1999


def test_the_swap_waits_in_turns_and_others_read_meanwhile(
    database: str, connection: Connection
) -> None:
    """B04, B10: nobody waits behind our lock for long."""
    load_everything(connection, "plain")
    until_the_swap(database)
    waits = []
    with psycopg.connect(database) as reader, psycopg.connect(database, autocommit=True) as other:
        reader.execute("SELECT 1 FROM all_chunks LIMIT 1")
        release = threading.Timer(6, reader.rollback)
        release.start()
        with start(database) as swapping:
            while release.is_alive():
                began = time.monotonic()
                other.execute("SELECT 1 FROM nested_chunks LIMIT 1")
                waits.append(time.monotonic() - began)
            assert swapping.wait() == 0
    assert 0.1 < max(waits) < 2  # lock_timeout, for the views and for the tables

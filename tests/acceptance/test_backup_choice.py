"""What the plan backs up: a copy, the old table itself, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.helpers.backed_up import backups, listed, made, tried
from tests.helpers.command import one, refused
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    load,
    partitions,
    rollback,
    run,
    run_until,
)
from tests.helpers.plans import call

Dump = Callable[..., str]

THREE = ("partition_count=3",)
OLD = (*THREE, "backup=old_table")
TABLE = """
CREATE TABLE collections (id text PRIMARY KEY);
INSERT INTO collections SELECT 'c' || n FROM generate_series(0, 8) AS n;
CREATE TABLE chunks (
  id bigserial, collection_id text NOT NULL REFERENCES collections ON DELETE CASCADE,
  content text DEFAULT 'nothing', number integer GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (id, collection_id), CONSTRAINT chunks_content_check CHECK (content <> ''));
CREATE INDEX chunks_content_idx ON chunks (lower(content)) WITH (fillfactor = 80);
COMMENT ON COLUMN chunks.content IS 'the text';
INSERT INTO chunks (collection_id, content) SELECT 'c' || n % 9, 'text ' || n FROM generate_series(1, 300) AS n;
"""
MORE = """
ALTER TABLE chunks ADD other text, ADD odd bigint DEFAULT 7,
  ADD CONSTRAINT other FOREIGN KEY (other) REFERENCES collections DEFERRABLE INITIALLY DEFERRED,
  ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 7, ALTER content SET (n_distinct = -0.5);
CREATE SEQUENCE chunks_extra OWNED BY chunks.odd;
CREATE STATISTICS chunks_pairs (dependencies) ON collection_id, content FROM chunks;
ALTER STATISTICS chunks_pairs SET STATISTICS 9;
COMMENT ON INDEX chunks_content_idx IS 'lower';
COMMENT ON CONSTRAINT other ON chunks IS 'another';
COMMENT ON SEQUENCE chunks_id_seq IS 'ids';
SELECT setval('chunks_id_seq', 4000, false);
"""
ENTRIES = "SELECT count(*) FROM migration_backups"
DEFINED = "SELECT definition FROM migration_backups WHERE backup_table_name = '{}'"
EXPIRE = "UPDATE migration_backups SET retention_until = now() - interval '1 second'"


@pytest.fixture
def chunks(connection: Connection) -> Connection:
    connection.execute(TABLE.encode())
    return connection


def done(layout: Layout, database: str, *variables: str) -> None:
    ran = run(layout, database, *variables)
    assert ran.returncode == 0, ran.stderr


def old_table(connection: Connection) -> str:
    query = "SELECT backup_table_name FROM migration_backups WHERE kind = 'old_table'"
    return str(one(connection, query))


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
def test_the_old_table_is_restored_as_the_table_that_it_was(
    layout: Layout, database: str, chunks: Connection, dump: Dump
) -> None:
    """With its foreign keys, the names of its indexes, and sequences that go on where the ids are."""
    before = content(chunks, "chunks"), dump(database, "--table=public.chunks*")
    run_until(layout, database, "swap", *OLD)
    key = (", partition_key", ", abs(hashtext('c1')) % 3") if layout == COLUMN else ("", "")
    chunks.execute(
        f"INSERT INTO chunks (collection_id{key[0]}) SELECT 'c1'{key[1]} FROM generate_series(1, 20)".encode()
    )
    done(layout, database, *OLD)
    old = old_table(chunks)
    assert one(chunks, ENTRIES) == 1
    assert f"{old}, 300 rows, equal" in backups(database, "restore", old, "--into", "again")
    assert content(chunks, "again") == before[0]
    restored = dump(database, "--table=public.again*").replace("again", "chunks")
    assert sorted(restored.splitlines()) == sorted(before[1].splitlines())
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = 'again'::regclass"
    assert one(chunks, keys) == 1
    row = chunks.execute("INSERT INTO again (collection_id) VALUES ('c1') RETURNING id, number")
    assert row.fetchall() == [(321, 321)]


def test_its_definition_is_that_of_a_copy(database: str, chunks: Connection) -> None:
    """Whatever the swap and a resumed run have done to the names since."""
    connection = chunks
    connection.execute(MORE.encode())
    copy = made(database)
    run_until(EXPRESSION, database, "verify", *OLD)
    done(EXPRESSION, database)
    old = old_table(connection)
    assert one(connection, DEFINED.format(old)) == one(connection, DEFINED.format(copy))
    assert listed(database)[old]["is_backup"] is True
    assert "old table, the backup" in backups(database, "list")
    assert "restored, 300 rows, equal" in backups(database, "drill", old)


def test_a_partitioned_old_table_is_restored_with_its_partitions(
    database: str, connection: Connection
) -> None:
    load(connection, "hash16")
    copy, before = made(database), content(connection, "chunks")
    done(EXPRESSION, database, *OLD)
    old = old_table(connection)
    assert one(connection, DEFINED.format(old)) == one(connection, DEFINED.format(copy))
    backups(database, "restore", old, "--into", "again")
    assert content(connection, "again") == before
    assert len(partitions(connection, "again")) == 16


def test_the_only_backup_is_kept(database: str, chunks: Connection) -> None:
    """An old table that is the backup goes when there is another one, and takes its way back along."""
    done(EXPRESSION, database, *OLD)
    old = old_table(chunks)
    chunks.execute(EXPIRE.encode())
    kept = backups(database, "cleanup")
    assert "it is the only verified backup of chunks" in kept
    assert one(chunks, f"SELECT count(*) FROM {old}") == 300
    made(database)
    assert "dropped" in backups(database, "cleanup")
    assert one(chunks, f"SELECT to_regclass('{old}')") is None
    assert one(chunks, "SELECT count(*) FROM pg_trigger WHERE tgname = 'executor_insert'") == 0
    refused(rollback(EXPRESSION, database), 7, "was dropped by executor backups cleanup")


def test_a_copy_goes_if_the_old_table_is_a_newer_backup(database: str, chunks: Connection) -> None:
    copy = made(database)
    done(EXPRESSION, database, *OLD)
    chunks.execute((EXPIRE + " WHERE kind = 'backup'").encode())
    assert "dropped" in backups(database, "cleanup")
    assert list(listed(database)) == [old_table(chunks)]
    assert one(chunks, f"SELECT to_regclass('{copy}')") is None


def test_a_changed_old_table_is_no_backup_to_rely_on(database: str, chunks: Connection) -> None:
    copy = made(database)
    done(EXPRESSION, database, *OLD)
    old = old_table(chunks)
    assert "count, digest and columns as recorded" in backups(database, "verify", old)
    chunks.execute(f"UPDATE {old} SET content = 'teXt 7' WHERE id = 7".encode())
    chunks.execute((EXPIRE + " WHERE kind = 'backup'").encode())
    refused(tried(database, "cleanup"), 8)
    assert one(chunks, f"SELECT count(*) FROM {copy}") == 300
    refused(tried(database, "verify", old), 8, "does not verify")
    refused(
        tried(database, "restore", old, "--into", "again"), 8, "does not hold what was backed up"
    )


def test_a_rollback_uses_the_old_table_up(database: str, chunks: Connection) -> None:
    before = content(chunks, "chunks")
    done(EXPRESSION, database, *OLD)
    undone = rollback(EXPRESSION, database)
    assert undone.returncode == 0, undone.stderr
    assert content(chunks, "chunks") == before
    assert one(chunks, ENTRIES) == 0


def test_a_definition_that_changes_before_the_swap_stops_it(
    database: str, chunks: Connection
) -> None:
    """What would be registered has to be what the table was."""
    run_until(EXPRESSION, database, "verify", *OLD)
    chunks.execute("ALTER TABLE chunks SET (fillfactor = 70)")
    stopped = run(EXPRESSION, database)
    assert stopped.returncode == 5
    assert "definition: chunks was changed" in stopped.stderr
    assert "fillfactor" in stopped.stderr.partition("definition: ")[2]
    chunks.execute("ALTER TABLE chunks RESET (fillfactor)")
    done(EXPRESSION, database)


def test_none_says_what_is_given_up(database: str, chunks: Connection) -> None:
    plan = (
        "run",
        EXPRESSION.plan,
        "--dsn",
        database,
        "--var=partition_count=3",
        "--var=backup=none",
    )
    told = call(*plan, "--dry-run")
    assert "the old table is kept for the way back alone" in told.stdout + told.stderr
    assert re.search(r"would begin a run, of about \d+ (s|min)\n", told.stdout)
    done(EXPRESSION, database, *THREE, "backup=none")
    old = old_table(chunks)
    assert one(chunks, ENTRIES) == 1
    assert listed(database)[old]["is_backup"] is False
    chunks.execute(EXPIRE.encode())
    assert "dropped" in backups(database, "cleanup")


@pytest.mark.parametrize(("backup", "copies"), [("copy", "2 copies"), ("old_table", "1 copy")])
def test_what_a_review_says_of_the_disk(
    backup: str, copies: str, database: str, chunks: Connection
) -> None:
    told = call(
        "review",
        EXPRESSION.plan,
        "--dsn",
        database,
        "--var=partition_count=3",
        f"--var=backup={backup}",
        "--output=-",
    )
    assert told.returncode == 0, told.stderr
    assert f"{copies} of the rows" in told.stdout

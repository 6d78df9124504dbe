"""`executor backups` list, verify, extend, create and cleanup, as the guide's operators use them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.database import embedded
from tests.helpers import servers
from tests.helpers.backed_up import backups, listed, made, migrated, moved, tried
from tests.helpers.command import one, refused
from tests.helpers.flagship import Connection
from tests.helpers.plans import call

TABLE = """
CREATE TABLE chunks (id bigint, collection_id varchar, content text, PRIMARY KEY (id, collection_id));
INSERT INTO chunks SELECT n, 'c' || n % 9, 'text ' || n FROM generate_series(1, 90) AS n;
"""
EXPIRE = "UPDATE migration_backups SET retention_until = now() - interval '1 second'"


@pytest.fixture
def chunks(connection: Connection) -> Connection:
    connection.execute(TABLE.encode())
    return connection


MOVED = pytest.mark.prepared(moved, TABLE)


def names(connection: Connection, kind: str) -> list[str]:
    rows = connection.execute(
        "SELECT backup_table_name FROM migration_backups WHERE kind = %s ORDER BY id", [kind]
    )
    return [row[0] for row in rows]


def exists(connection: Connection, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)


# -- list, verify, extend, create -----------------------------------------------------------------


@MOVED
def test_list_shows_backups_and_old_tables(database: str, connection: Connection) -> None:
    """GUIDE: List All Backups."""
    text = backups(database, "list")
    (backup,), (old,) = names(connection, "backup"), names(connection, "old_table")
    assert backup in text
    assert old in text
    entry = listed(database)[backup]
    assert (entry["rows"], entry["status"], entry["kind"]) == (90, "valid", "backup")
    assert isinstance(entry["size_bytes"], int)
    assert backup in call("status", "--backups", "--dsn", database).stdout


def test_list_of_a_database_without_backups(database: str) -> None:
    assert "there is no backup" in backups(database, "list")
    refused(tried(database, "verify", "--all"), 8, "there is no backup in this database")


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE {} SET content = 'teXt 7' WHERE id = 7", "the content of its 90 rows is not what"),
        ("DELETE FROM {} WHERE id = 7", "89 rows instead of 90"),
        ("ALTER TABLE {} RENAME content TO body", "columns: content is missing, body is new"),
        ("ALTER TABLE {} ALTER id TYPE numeric", "columns: id is numeric and was bigint"),
    ],
)
def test_verify_catches_a_change(
    change: str, finding: str, database: str, chunks: Connection
) -> None:
    """GUIDE: Verify Backup Integrity. One character of one row is enough."""
    backup, other = made(database), made(database, "chunks", "--retention", "2 weeks")
    assert "count, digest and columns as recorded" in backups(database, "verify", backup)
    chunks.execute(change.format(backup).encode())
    done = tried(database, "verify", "--all")
    refused(done, 8, "1 of 2 do not verify", backup)
    assert finding in done.stdout
    assert f"{other}: verified" in done.stdout
    assert listed(database)[backup]["status"] == "changed"
    refused(tried(database, "verify", f"public.{backup}"), 8, "does not verify")


@MOVED
def test_an_old_table_is_verified_too(database: str, connection: Connection) -> None:
    (old,) = names(connection, "old_table")
    assert "verified" in backups(database, "verify", old)
    connection.execute(f"DELETE FROM {old} WHERE id = 1".encode())
    refused(tried(database, "verify", old), 8)


def test_extend_lengthens_the_retention(database: str, chunks: Connection) -> None:
    """GUIDE: Extend Backup Retention."""
    backup = made(database)
    backups(database, "extend", backup, "--days", "14")
    left = "SELECT extract(day FROM retention_until - now())::int FROM migration_backups"
    assert one(chunks, left) == 20
    chunks.execute("UPDATE migration_backups SET retention_until = now() - interval '1 year'")
    backups(database, "extend", backup, "--days", "14")
    assert one(chunks, left) == 13
    for days in ("0", "-3", "many", "5000"):
        done = tried(database, "extend", backup, "--days", days)
        assert done.returncode == 2
    assert one(chunks, left) == 13
    chunks.execute("UPDATE migration_backups SET retention_until = NULL")
    refused(tried(database, "extend", backup, "--days", "1"), 8, "kept for ever")


def test_two_backups_of_one_table(database: str, chunks: Connection) -> None:
    """Private, logged, counted in 8 bytes; the retention is by the server's clock."""
    first = made(database, "chunks", "--retention", "1 day")
    until = str(listed(database)[first]["retention_until"]).removesuffix(" UTC")
    created = str(listed(database)[first]["created_at"]).removesuffix(" UTC")
    assert (datetime.fromisoformat(until) - datetime.fromisoformat(created)).days == 1
    assert one(chunks, f"SELECT relpersistence FROM pg_class WHERE relname = '{first}'") == "p"
    chunks.execute("UPDATE migration_backups SET record_count = 3000000000")
    assert listed(database)[first]["rows"] == 3_000_000_000
    done = tried(database, "verify", first)
    assert "90 rows instead of 3,000,000,000" in done.stdout
    refused(tried(database, "create", "nothing.here"), 8, "there is no table nothing.here")
    chunks.execute("CREATE VIEW seen AS SELECT 1")
    refused(tried(database, "create", "seen"), 8, "public.seen is not a table")
    refused(tried(database, "create", "chunks", "--retention", "soon"), 2, "no retention")
    refused(tried(database, "create", "a.b.c"), 2, "not a table name")


# -- cleanup --------------------------------------------------------------------------------------


@MOVED
def test_cleanup_ends_the_retention(database: str, connection: Connection) -> None:
    """GUIDE: Clean Up Expired Backups. What is written to the table is logged no more."""
    (first,), (old,) = names(connection, "backup"), names(connection, "old_table")
    assert "nothing has expired" in backups(database, "cleanup")
    second = made(database)
    connection.execute(EXPIRE.encode())
    dry = backups(database, "cleanup", "--dry-run")
    assert "would be dropped" in dry
    assert names(connection, "backup") == [first, second]
    done = [
        json.loads(line) for line in backups(database, "cleanup", "--format", "json").splitlines()
    ]
    assert {(item["name"], item["action"]) for item in done} == {
        (first, "dropped"), (old, "dropped"), (second, "keep"),
    }  # fmt: skip
    for item in done:
        assert item["reason"] in dry  # a dry run shows what is done
    left = "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'chunks\\_%' AND NOT relispartition"
    assert one(connection, left) == [second]
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'executor%'") == 0
    functions = "SELECT count(*) FROM pg_proc WHERE proname ~ 'chunks_(back|sync|old|undo)_2'"
    assert one(connection, functions) == 0
    connection.execute("INSERT INTO chunks VALUES (91, 'c1', 'later')")
    plan = ("plans/chunks_100_partitions.yaml", "--dsn", database)
    refused(call("rollback", *plan), 7, "run 1 can't be rolled back any more", old)
    refused(call("verify", *plan), 2, "can't be verified any more", old)
    assert "no way back" in call("status", *plan).stdout
    again = call("run", *plan, "--var", "partition_count=3")
    assert (again.returncode, "nothing to do" in again.stderr) == (0, True)


def test_cleanup_takes_the_old_materialized_views_along(database: str, chunks: Connection) -> None:
    chunks.execute("CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM chunks")
    migrated(database)
    chunks.execute(EXPIRE.encode())
    chunks.execute(
        "UPDATE migration_backups SET retention_until = now() + interval '1 day' WHERE kind = 'backup'"
    )
    assert "dropped" in backups(database, "cleanup")
    assert one(chunks, "SELECT array_agg(relname::text) FROM pg_class WHERE relkind = 'm'") == [
        "counted"
    ]


@MOVED
def test_nothing_is_dropped_that_is_still_wanted(database: str, connection: Connection) -> None:
    """A clock of next year, a dependent view, a renamed table, another table of that name."""
    (only,) = names(connection, "backup")
    (old,) = names(connection, "old_table")
    connection.execute(EXPIRE.encode())
    connection.execute(f"CREATE VIEW memories AS SELECT id FROM {old}".encode())
    done = tried(database, "cleanup")
    refused(done, 8, "1 of 2 could not be dropped", old)
    assert "view public.memories would have to go with it" in done.stdout
    assert f"{only}: kept, it is the only verified backup of chunks" in done.stdout
    connection.execute("DROP VIEW memories")

    second, third = made(database), made(database)
    connection.execute(EXPIRE.encode())
    connection.execute(
        f"ALTER TABLE {second} RENAME TO mine; CREATE TABLE {second} (n int)".encode()
    )
    connection.execute(f"COMMENT ON TABLE {only} IS NULL".encode())
    done = tried(database, "cleanup")
    refused(done, 8, second, only)
    assert "it is called public.mine now" in done.stdout
    assert "the comment by which executor knows its tables is not on it" in done.stdout
    assert all(exists(connection, table) for table in (only, second, third, "mine"))


def test_no_name_of_this_second_is_taken_twice(database: str, chunks: Connection) -> None:
    """Backups, restores and a run, where other tables bear the names of the next seconds already."""
    taken = chunks.execute(
        "SELECT 'chunks_' || what || to_char(now() AT TIME ZONE 'UTC' + make_interval(secs => later), '_YYYYMMDD_HH24MISS')"
        " FROM generate_series(0, 9) AS later, unnest(ARRAY['backup', 'kept']) AS what"
    ).fetchall()
    chunks.execute("".join(f"CREATE TABLE {name} ();" for (name,) in taken).encode())
    first, second = made(database), made(database)
    backups(database, "restore", first, "--replace")
    migrated(database)
    assert len({first, second, *names(chunks, "backup"), *(name for (name,) in taken)}) == 23


def test_the_backup_that_would_stay_is_read_first(database: str, chunks: Connection) -> None:
    first, second = made(database), made(database)
    chunks.execute(EXPIRE.encode())
    chunks.execute(f"UPDATE {second} SET content = '' WHERE id = 1".encode())
    done = tried(database, "cleanup")
    refused(done, 8, first)
    assert f"{second}, which would be the only copy, differs" in done.stdout
    assert exists(chunks, first)
    # from now on the other one is the copy that stays; what has changed is not dropped either
    assert "it is the only verified backup" in tried(database, "cleanup").stdout


def test_what_belongs_to_an_unfinished_run_stays(database: str, chunks: Connection) -> None:
    """By hand, or by CASCADE of something else."""
    migrated(database, "--until", "back_up")
    made(database)
    chunks.execute(EXPIRE.encode())
    (first, _) = names(chunks, "backup")
    text = backups(database, "cleanup")
    assert f"{first}: kept, its run has not come to its end" in text
    assert exists(chunks, first)


def test_one_failure_stops_no_other(database: str, chunks: Connection) -> None:
    """Section 1, line 17: no CASCADE, names quoted, and the next one goes on."""
    chunks.execute('CREATE TABLE "we""ird; DROP TABLE chunks" AS TABLE chunks')
    for _ in range(2):
        made(database, '"we""ird; DROP TABLE chunks"')
    backups_of = names(chunks, "backup")
    made(database)
    made(database)
    chunks.execute(EXPIRE.encode())
    held = names(chunks, "backup")[2]
    chunks.execute(f"CREATE VIEW seen AS SELECT * FROM {held}".encode())
    refused(tried(database, "cleanup"), 8, held)
    assert names(chunks, "backup") == [backups_of[1], *names(chunks, "backup")[1:]]
    assert exists(chunks, held)
    assert one(chunks, "SELECT count(*) FROM chunks") == 90


def test_an_entry_without_a_table_is_forgotten(database: str, chunks: Connection) -> None:
    backup, _ = made(database), made(database)
    chunks.execute(f"DROP TABLE {backup}".encode())
    assert listed(database)[backup]["status"] == "missing"
    for command in (["verify"], ["extend", "--days", "3"], ["restore"], ["drill"]):
        done = tried(database, command[0], backup, *command[1:])
        assert "its table is gone" in done.stdout + done.stderr
        assert done.returncode == 8
    chunks.execute(EXPIRE.encode())
    assert "forgotten, its table is gone" in backups(database, "cleanup")
    assert backup not in listed(database)


@pytest.fixture
def moved_away(
    database: str, connection: Connection, psql: Callable[[str, str], object]
) -> Iterator[tuple[str, Connection]]:
    """All of it dumped and restored into another database, where other things have the oids."""
    connection.execute("CREATE TABLE notes (n int); INSERT INTO notes VALUES (1)")
    name = f"{connection.info.dbname}_away"
    connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    away = make_conninfo(database, dbname=name)
    program = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries())) / "pg_dump"
    done = subprocess.run([program, database], check=True, capture_output=True, text=True)
    try:
        psql(away, "CREATE TABLE first AS SELECT 1 AS n; CREATE TABLE second AS SELECT 1 AS n;")
        psql(away, done.stdout)
        with psycopg.connect(away, autocommit=True) as restored:
            yield away, restored
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@MOVED
def test_a_backup_that_was_dumped_and_restored_counts_once_it_is_compared(
    moved_away: tuple[str, Connection],
) -> None:
    """Its oid is another; the triggers of the way back are found by name, and end with it."""
    database, connection = moved_away
    (backup,), (old,) = names(connection, "backup"), names(connection, "old_table")
    assert {entry["status"] for entry in listed(database).values()} == {"changed"}
    refused(tried(database, "restore", backup), 8, "was dumped and restored", "verify")
    connection.execute(EXPIRE.encode())
    refused(tried(database, "cleanup"), 8, "2 of 2 could not be dropped")
    connection.execute(f"UPDATE {backup} SET content = '' WHERE id = 1".encode())
    done = tried(database, "verify", "--all")
    refused(done, 8, "1 of 2", backup)
    assert f"{old}: verified" in done.stdout
    connection.execute(f"UPDATE {backup} SET content = 'text 1' WHERE id = 1".encode())
    backups(database, "verify", backup)
    assert {entry["status"] for entry in listed(database).values()} == {"expired"}
    assert f"{old} " in backups(database, "cleanup")
    connection.execute("INSERT INTO chunks VALUES (91, 'c1', 'later')")
    left = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'executor%'"
    assert one(connection, left) == 0
    assert one(connection, "SELECT count(*) FROM pg_proc WHERE proname ~ '_(back|undo|old)_2'") == 0


@pytest.fixture
def small_server() -> Iterator[str]:
    """A server with the default max_locks_per_transaction, and few connections, so that it has room for few."""
    binaries = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries()))
    with servers.server_of(
        binaries, *("-c max_connections=5", "-c max_wal_senders=0", "-c max_worker_processes=2")
    ) as dsn:
        yield dsn


def test_three_tables_of_100_partitions_fit_the_lock_table(small_server: str) -> None:
    with psycopg.connect(small_server, autocommit=True) as connection:
        connection.execute(TABLE.encode())
        made(small_server)
        connection.execute(
            """DO $$ BEGIN
            FOR t IN 1 .. 3 LOOP
              EXECUTE format('CREATE TABLE chunks_kept_%s (id int, a text, b text, PRIMARY KEY (id)) PARTITION BY HASH (id)', t);
              EXECUTE format('COMMENT ON TABLE chunks_kept_%s IS %L', t, format('Replaced by executor (run %s) and kept.', t));
              EXECUTE format('CREATE INDEX ON chunks_kept_%s (a)', t);
              EXECUTE format('CREATE INDEX ON chunks_kept_%s (b)', t);
              FOR p IN 0 .. 99 LOOP
                EXECUTE format('CREATE TABLE kept_%s_%s PARTITION OF chunks_kept_%s FOR VALUES WITH (MODULUS 100, REMAINDER %s)', t, p, t, p);
                COMMIT;
              END LOOP;
              INSERT INTO migration_backups (backup_table_name, original_table_name, record_count, retention_until, kind, run, table_oid)
              VALUES (format('chunks_kept_%s', t), 'chunks', 0, now() - interval '1 day', 'old_table', t, format('chunks_kept_%s', t)::regclass);
            END LOOP; END $$"""
        )
        with pytest.raises(psycopg.errors.OutOfMemory):
            connection.execute("DROP TABLE chunks_kept_1, chunks_kept_2, chunks_kept_3")
        assert backups(small_server, "cleanup").count(": dropped") == 3
        assert one(connection, "SELECT count(*) FROM pg_class WHERE relname LIKE '%kept%'") == 0


# -- bad input ------------------------------------------------------------------------------------


def test_an_unknown_name_is_told(database: str, chunks: Connection) -> None:
    backup = made(database)
    for command in (["verify"], ["extend", "--days=1"], ["restore"], ["drill"], ["export", "/x"]):
        verb, *rest = command
        for name in ("nothing", "chunks'; DROP TABLE chunks; --", "chunks"):
            options = [part for part in rest if part.startswith("-")]
            places = [part for part in rest if not part.startswith("-")]
            done = tried(database, verb, name, *places, *options)
            refused(done, 8, f"there is no backup {name}", backup)
    refused(tried(database, "verify"), 2, "--all")
    refused(tried(database, "verify", backup, "--all"), 2, "--all")


def test_a_name_in_two_registries_is_asked_for(database: str, chunks: Connection) -> None:
    chunks.execute("CREATE SCHEMA other; CREATE TABLE other.chunks AS TABLE chunks")
    backup = made(database)
    made(database, "other.chunks")
    chunks.execute("UPDATE other.migration_backups SET backup_table_name = %s", [backup])
    done = tried(database, "extend", backup, "--days", "1")
    refused(done, 8, "say which", f"other.{backup}", f"public.{backup}")
    backups(database, "extend", f"public.{backup}", "--days", "1")


def test_an_older_registry_is_read_and_widened(database: str, chunks: Connection) -> None:
    """The guide's own columns: 4-byte counts, times without zones, no digest, no oid."""
    chunks.execute(
        "CREATE TABLE migration_backups (id serial PRIMARY KEY, backup_table_name varchar(255) NOT NULL,"
        " original_table_name varchar(255) NOT NULL, record_count integer, created_at timestamp DEFAULT now(),"
        " migration_revision varchar(255), retention_until timestamp);"
        "CREATE TABLE chunks_backup_1 AS TABLE chunks; CREATE TABLE chunks_backup_2 AS TABLE chunks;"
        "INSERT INTO migration_backups (backup_table_name, original_table_name, record_count, retention_until)"
        " VALUES ('chunks_backup_1', 'chunks', 90, now() - interval '1 d'), ('chunks_backup_2', 'chunks', 91, now() + interval '1 d')"
    )
    assert listed(database)["chunks_backup_1"]["status"] == "expired"
    refused(tried(database, "verify", "chunks_backup_1"), 8)
    assert "recorded no digest" in tried(database, "verify", "chunks_backup_1").stdout
    assert "90 rows instead of 91" in tried(database, "verify", "chunks_backup_2").stdout
    refused(tried(database, "restore", "chunks_backup_1"), 8, "older tool")
    refused(tried(database, "cleanup"), 8, "chunks_backup_1")
    assert exists(chunks, "chunks_backup_1")
    backups(database, "extend", "chunks_backup_1", "--days", "2")
    assert made(database) in listed(database)
    count = "SELECT atttypid::regtype::text FROM pg_attribute WHERE attrelid = 'migration_backups'::regclass AND attname = 'record_count'"
    assert one(chunks, count) == "bigint"


def test_who_has_no_privileges_is_told(database: str, chunks: Connection) -> None:
    backup = made(database)
    made(database)
    role = f"executor_stranger_{chunks.info.backend_pid}"
    chunks.execute(f"CREATE ROLE {role} LOGIN".encode())
    stranger = make_conninfo(database, user=role)
    try:
        for command in (
            ["list"],
            ["verify", "--all"],
            ["cleanup"],
            ["create", "chunks"],
            ["restore", backup],
        ):
            done = tried(stranger, *command)
            refused(done, 8)
            assert "this role may not do that: permission denied" in done.stdout + done.stderr
        chunks.execute(f"GRANT SELECT ON migration_backups TO {role}".encode())
        for command in (["restore", backup], ["extend", backup, "--days", "1"]):
            refused(tried(stranger, *command), 8, "this role may not do that")
        chunks.execute(EXPIRE.encode())
        assert tried(stranger, "cleanup").returncode == 8
        assert exists(chunks, backup)
    finally:
        chunks.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())

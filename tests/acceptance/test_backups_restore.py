"""A backup is worth what can be restored from it: definition, content, and the place of the original."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.database import embedded
from tests.helpers import servers
from tests.helpers.backed_up import backups, beside, listed, made, migrated, tried
from tests.helpers.command import eventually, one, refused
from tests.helpers.flagship import Connection, content, load
from tests.helpers.live import drop_role
from tests.helpers.plans import call

Dump = Callable[..., str]

TABLE = """
CREATE TABLE collections (id text PRIMARY KEY);
INSERT INTO collections SELECT 'c' || n FROM generate_series(0, 8) AS n;
CREATE TABLE chunks (
  id bigserial PRIMARY KEY, collection_id text NOT NULL REFERENCES collections ON DELETE CASCADE,
  parent_id bigint REFERENCES chunks, content text DEFAULT 'nothing', length integer GENERATED ALWAYS AS (length(content)) STORED,
  number integer GENERATED ALWAYS AS IDENTITY, CONSTRAINT chunks_content_check CHECK (content <> ''));
CREATE INDEX chunks_content_idx ON chunks (lower(content)) WITH (fillfactor = 80);
COMMENT ON COLUMN chunks.content IS 'the text';
INSERT INTO chunks (collection_id, content) SELECT 'c' || n % 9, 'text ' || n FROM generate_series(1, 300) AS n;
UPDATE chunks SET parent_id = 1 WHERE id > 290;
"""


#: what is not the application's
OURS = [f"--exclude-table=*.*{name}*" for name in ("migration_backups", "_backup_2", "_kept_2")]


@pytest.fixture
def chunks(connection: Connection) -> Connection:
    connection.execute(TABLE.encode())
    return connection


def test_a_restored_table_equals_its_source(database: str, chunks: Connection, dump: Dump) -> None:
    """A copy of the rows alone is no backup: content, and pg_dump of the definition, are the same."""
    before = content(chunks, "chunks"), dump(database, "--table=public.chunks*")
    backup = made(database)
    chunks.execute("DELETE FROM chunks WHERE id > 10")
    assert "300 rows, equal" in backups(database, "restore", backup, "--into", "again")
    assert content(chunks, "again") == before[0]
    restored = dump(database, "--table=public.again*").replace("again", "chunks")
    # pg_dump prints sequences in the order in which they were made
    assert sorted(restored.splitlines()) == sorted(before[1].splitlines())
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = 'again'::regclass"
    assert one(chunks, keys) == 2
    row = chunks.execute("INSERT INTO again (collection_id) VALUES ('c1') RETURNING id, number")
    assert row.fetchall() == [(301, 301)]


@pytest.mark.parametrize(
    "source",
    ["plain_bigserial", "plain_identity", "plain_uuid", "hash16", "odd_names", "long_names"],
)
def test_a_replaced_table_has_the_definition_that_it_had(
    source: str, database: str, connection: Connection, dump: Dump
) -> None:
    load(connection, source)
    table, identity = connection.execute(
        "SELECT format('%I.%I', n.nspname, c.relname), c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('collections', 'documents', 'chunking_configs')"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY c.oid DESC LIMIT 1"
    ).fetchone() or ("", 0)
    connection.execute(
        "DO $$ DECLARE v record; BEGIN FOR v IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'm'"
        " LOOP EXECUTE format('DROP MATERIALIZED VIEW %s', v.name); END LOOP; END $$"
    )
    before = content(connection, table), _defined(dump(database, *OURS))
    backup = made(database, table)
    connection.execute(f"DELETE FROM {table}".encode())
    kept = json.loads(backups(database, "restore", backup, "--replace", "--format", "json"))["kept"]
    assert one(connection, f"SELECT '{table}'::regclass::oid::bigint") != identity
    assert content(connection, table) == before[0]
    assert one(connection, f"SELECT count(*) FROM {kept}") == 0
    assert _defined(dump(database, *OURS)) == before[1]


def _defined(text: str) -> list[str]:
    """The statements of a dump, in an order of their own."""
    text = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    return sorted(part.strip() for part in re.split(r";\n", text))


def test_a_replaced_partitioned_table_keeps_what_hangs_on_it(
    database: str, connection: Connection
) -> None:
    """The layout of the flagship plan, its trigger, the views on it, its grants; ids go on."""
    role = f"executor_reader_{connection.info.backend_pid}"
    connection.execute(
        "CREATE TABLE chunks (id bigserial, collection_id varchar, content text, PRIMARY KEY (id, collection_id));"
        "INSERT INTO chunks (collection_id, content) SELECT 'c' || n % 9, 'x' FROM generate_series(1, 90) AS n;"
        f"CREATE VIEW seen AS SELECT id, content FROM chunks; CREATE ROLE {role}; GRANT SELECT ON chunks TO {role}".encode()
    )
    try:
        migrated(database)
        backup = made(database)
        refused(
            tried(database, "restore", backup, "--replace"),
            8, "its way back is open", "executor rollback",
        )  # fmt: skip
        connection.execute("UPDATE migration_backups SET retention_until = now() - interval '1 h'")
        connection.execute(
            "UPDATE migration_backups SET retention_until = now() + interval '1 h' WHERE kind = 'backup'"
        )
        assert "dropped" in backups(database, "cleanup")
        before = content(connection, "chunks")
        connection.execute(
            "INSERT INTO chunks (collection_id) SELECT 'c1' FROM generate_series(1, 10)"
        )
        backups(database, "restore", backup, "--replace")
        assert content(connection, "chunks") == before
        assert one(connection, "SELECT count(*) FROM seen") == 90
        assert one(connection, f"SELECT has_table_privilege('{role}', 'chunks', 'SELECT')") is True
        assert (
            one(connection, "INSERT INTO chunks (collection_id) VALUES ('c1') RETURNING id") == 101
        )
        assert one(connection, "SELECT count(*) FROM chunks_part_01") == one(
            connection, "SELECT count(*) FROM chunks WHERE partition_key = 1"
        )
        migrated(database)  # there is nothing to do
        assert one(connection, "SELECT count(*) FROM executor.runs") == 1
    finally:
        drop_role(connection, role)


FILLER = "SELECT p.oid::regproc::text FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE tgname = 'zz_partition_key' AND tgrelid = %s::regclass"


def test_what_is_restored_of_a_partitioned_table_takes_rows(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    """It fills its own partition_key, whatever becomes of the table in use, and comes of files, too."""
    connection.execute(
        'CREATE TABLE "Weird $$ chunks" (id bigserial PRIMARY KEY, "a %s ""b" varchar NOT NULL, content text);'
        """INSERT INTO "Weird $$ chunks" ("a %s ""b", content) SELECT 'c' || n % 9, 'x' FROM generate_series(1, 90) AS n"""
    )
    table = '"Weird $$ chunks"'
    given = ("--var", f"source=public.{table}", "--var", 'key_column=a %s "b')
    migrated(database, *given)
    backup = made(database, f"public.{table}")
    assert "equal by count and digest" in backups(database, "drill", backup)
    exported = tmp_path / "files"
    backups(database, "export", backup, str(exported))
    backups(database, "restore", backup, "--into", "again")
    backups(database, "import", str(exported), "--into", "public.of_files")
    plan = "plans/chunks_100_partitions.yaml"
    undone = call("rollback", plan, "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    backups(database, "restore", backup, "--into", "public.later")
    for restored in ("again", "of_files", "later"):
        connection.execute(
            f"""INSERT INTO {restored} ("a %s ""b") VALUES ('c1'), ('new')""".encode()
        )
        connection.execute(f"""UPDATE {restored} SET "a %s ""b" = 'moved' WHERE id = 7""".encode())
        wrong = f"""SELECT count(*) FROM {restored} WHERE partition_key <> abs(hashtext("a %s ""b") % 3)"""
        assert one(connection, wrong) == 0
        filler = connection.execute(FILLER, [restored]).fetchall()
        assert filler[0] == (f"{restored}_partition_key",)
        acl = "SELECT count(*) FROM pg_proc, aclexplode(proacl) WHERE proname ~ '_partition_key$' AND grantee <> proowner"
        assert one(connection, acl) == 0


def test_a_replaced_table_counts_the_partitions_that_it_has(
    database: str, connection: Connection
) -> None:
    """The backup has three, the table in use four by then: its function steps aside, and goes with it."""
    connection.execute(
        "CREATE TABLE chunks (id bigserial PRIMARY KEY, collection_id text NOT NULL);"
        "INSERT INTO chunks (collection_id) SELECT 'c' || n % 9 FROM generate_series(1, 90) AS n"
    )
    migrated(database)
    backup = made(database)
    plan = "plans/chunks_100_partitions.yaml"
    assert call("rollback", plan, "--dsn", database).returncode == 0
    connection.execute("SELECT pg_sleep(1.1)")  # names have the second in them
    again = call("run", plan, "--dsn", database, "--var", "partition_count=4")
    assert again.returncode == 0, again.stderr
    connection.execute(
        "UPDATE migration_backups SET retention_until = now() - interval '1 h' WHERE kind = 'old_table'"
    )
    assert "dropped" in backups(database, "cleanup")
    kept = json.loads(backups(database, "restore", backup, "--replace", "--format", "json"))["kept"]
    connection.execute(
        "INSERT INTO chunks (collection_id) SELECT 'n' || n FROM generate_series(1, 50) AS n"
    )
    assert (
        one(
            connection,
            "SELECT count(*) FROM chunks WHERE partition_key <> abs(hashtext(collection_id) % 3)",
        )
        == 0
    )
    assert connection.execute(FILLER, ["chunks"]).fetchall()[0] == ("chunks_partition_key",)
    connection.execute(
        "UPDATE migration_backups SET retention_until = now() - interval '1 h' WHERE kind = 'old_table'"
    )
    cleaned = backups(database, "cleanup")
    assert "dropped" in cleaned, cleaned
    assert one(connection, f"SELECT to_regclass('{kept}')") is None
    assert (
        one(
            connection,
            "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc WHERE proname ~ 'partition_key'",
        )
        == "chunks_partition_key get_partition_key"
    )


def test_the_table_that_was_replaced_forbids_no_delete(database: str, chunks: Connection) -> None:
    """Nor does it lose rows by one; that it is dropped later locks no other table."""
    chunks.execute(
        "ALTER TABLE chunks DROP CONSTRAINT chunks_collection_id_fkey,"
        " ADD CONSTRAINT chunks_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES collections"
    )
    backup = made(database)
    chunks.execute("INSERT INTO collections VALUES ('new')")
    chunks.execute("INSERT INTO chunks (collection_id) VALUES ('new')")
    kept = json.loads(backups(database, "restore", backup, "--replace", "--format", "json"))["kept"]
    chunks.execute("DELETE FROM collections WHERE id = 'new'")
    assert "verified: 301 rows" in backups(database, "verify", kept)
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = '{}'::regclass"
    assert (one(chunks, keys.format(kept)), one(chunks, keys.format("chunks"))) == (0, 2)
    backups(database, "restore", kept, "--into", "again", "--no-foreign-keys")
    assert one(chunks, "SELECT count(*) FROM again") == 301


def test_what_comes_meanwhile_is_seen(database: str, chunks: Connection) -> None:
    """What hangs on the table is looked for under the lock, which others have kept the restore waiting for."""
    backup = made(database)
    with psycopg.connect(database) as other:
        other.execute("SELECT FROM chunks")
        restoring = beside("backups", "restore", backup, "--replace", "--dsn", database)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:backups' AND wait_event_type = 'Lock'"
        eventually(chunks, waiting, 1)
        chunks.execute("CREATE PUBLICATION p FOR TABLE chunks")
    assert "publication p" in restoring.communicate()[1]
    assert one(chunks, "SELECT count(*) FROM pg_class WHERE relname LIKE 'chunks_kept%'") == 0


def test_what_hangs_on_a_table_keeps_it_from_being_replaced(
    database: str, chunks: Connection
) -> None:
    backup = made(database)
    chunks.execute(
        "CREATE TABLE notes (chunk_id bigint REFERENCES chunks);"
        "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM chunks; CREATE PUBLICATION p FOR TABLE chunks"
    )
    done = tried(database, "restore", backup, "--replace")
    refused(
        done,
        8,
        "public.chunks can't be replaced",
        "public.notes",
        "public.counted",
        "publication p",
    )
    assert one(chunks, "SELECT count(*) FROM pg_class WHERE relname LIKE 'chunks_kept%'") == 0


def test_an_unfinished_run_keeps_its_table_from_being_replaced(
    database: str, chunks: Connection
) -> None:
    chunks.execute("ALTER TABLE chunks DROP CONSTRAINT chunks_parent_id_fkey")
    migrated(database, "--until", "back_up")
    (backup,) = listed(database)
    done = tried(database, "restore", backup, "--replace")
    refused(done, 8, "run 1 of chunks_100_partitions works on it")


def test_a_foreign_key_that_does_not_hold_any_more_is_told(
    database: str, chunks: Connection
) -> None:
    backup = made(database)
    chunks.execute("DELETE FROM collections WHERE id = 'c3'")
    done = tried(database, "restore", backup, "--into", "again")
    refused(done, 8, "public.again is restored", "violates foreign key constraint", "VALIDATE")
    assert one(chunks, "SELECT count(*) FROM again") == 300
    backups(database, "restore", backup, "--into", "bare", "--no-foreign-keys")
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'bare'::regclass"
    assert one(chunks, keys) == 0


def test_a_drill_leaves_nothing_but_its_result(database: str, chunks: Connection) -> None:
    backup = made(database)
    assert "and dropped again" in backups(database, "drill", backup)
    entry = listed(database)[backup]
    assert entry["drilled_at"]
    assert entry["drill_finding"] is None
    assert (
        one(chunks, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'executor_drill%'") == 0
    )
    chunks.execute(f"DELETE FROM {backup} WHERE id = 7".encode())
    done = tried(database, "drill", backup)
    refused(done, 8, "299 rows were restored of 300")
    assert one(chunks, "SELECT drill_finding IS NOT NULL FROM migration_backups") is True


def test_a_drill_without_the_right_to_it_says_nothing_of_the_backup(
    database: str, chunks: Connection
) -> None:
    backup = made(database)
    role = f"executor_keeper_{chunks.info.backend_pid}"
    chunks.execute(f"CREATE ROLE {role} LOGIN".encode())
    chunks.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}".encode())
    try:
        done = tried(make_conninfo(database, user=role), "drill", backup)
        refused(done, 8, "was not restored: permission denied for database", "GRANT CREATE")
        assert one(chunks, "SELECT drill_finding FROM migration_backups") is None
    finally:
        drop_role(chunks, role)


def test_a_backup_goes_to_files_and_comes_back(
    database: str, chunks: Connection, tmp_path: Path
) -> None:
    backup, directory = made(database), tmp_path / "files"
    before = content(chunks, "chunks")
    backups(database, "export", backup, str(directory))
    manifest = json.loads((directory / "manifest.json").read_text())
    assert manifest["rows"] == 300
    assert "password" not in (directory / "manifest.json").read_text()
    again = json.loads(backups(database, "export", backup, str(directory), "--format", "json"))
    assert again["kept"] == again["files"] == 1
    backups(database, "import", str(directory), "--into", "imported")
    assert content(chunks, "imported") == before
    (file,) = directory.glob("*.copy")
    damaged = bytearray(file.read_bytes())
    damaged[-30] ^= 1
    file.write_bytes(damaged)
    done = tried(database, "import", str(directory), "--into", "other")
    refused(done, 8, "1 of 1 files", file.name, "missing or damaged")
    assert one(chunks, "SELECT to_regclass('other')") is None
    # an interrupted export goes on: what is damaged is written again
    again = json.loads(backups(database, "export", backup, str(directory), "--format", "json"))
    assert (again["files"], again["kept"]) == (1, 0)
    backups(database, "import", str(directory), "--into", "other")
    other = made(database, "collections")
    done = tried(database, "export", other, str(directory))
    refused(done, 8, f"holds the backup {backup}")
    refused(tried(database, "import", str(tmp_path)), 8, "there is no manifest")


def test_files_of_a_rewritten_backup_are_written_again(
    database: str, chunks: Connection, tmp_path: Path
) -> None:
    """VACUUM FULL moves rows to other blocks, so that what was written before may lack some."""
    backup, directory = made(database), str(tmp_path / "files")
    backups(database, "export", backup, directory)
    chunks.execute(f"VACUUM FULL {backup}".encode())
    again = json.loads(backups(database, "export", backup, directory, "--format", "json"))
    assert (again["files"], again["kept"]) == (1, 0)


def test_an_import_with_foreign_keys(database: str, chunks: Connection, tmp_path: Path) -> None:
    backup = made(database)
    backups(database, "export", backup, str(tmp_path / "files"))
    backups(database, "import", str(tmp_path / "files"), "--into", "again", "--foreign-keys")
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = 'again'::regclass"
    assert one(chunks, keys) == 2
    manifest = tmp_path / "files" / "manifest.json"
    manifest.write_text(
        json.dumps({**json.loads(manifest.read_text()), "files": {"000000.copy": {}}})
    )
    refused(tried(database, "import", str(tmp_path / "files")), 8, "000000.copy has no 'bytes'")


def test_a_partitioned_backup_goes_to_files(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    load(connection, "hash16")
    backup, before = made(database), content(connection, "chunks")
    backups(database, "export", backup, str(tmp_path / "files"))
    backups(database, "import", str(tmp_path / "files"), "--into", "imported")
    assert content(connection, "imported") == before


def test_the_restored_table_is_its_owners_alone(database: str, chunks: Connection) -> None:
    chunks.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC")
    backup = made(database)
    backups(database, "restore", backup, "--into", "again")
    for table in (backup, "again"):
        acl = "SELECT count(*) FROM pg_class, aclexplode(relacl) AS a WHERE oid = '{}'::regclass AND a.grantee = 0"
        assert one(chunks, acl.format(table)) == 0


def test_a_restore_does_not_touch_what_is_there(database: str, chunks: Connection) -> None:
    backup = made(database)
    done = tried(database, "restore", backup, "--into", "chunks")
    refused(done, 8, "public.chunks exists already")
    chunks.execute("UPDATE migration_backups SET is_backup = false, kind = 'old_table'")
    refused(tried(database, "restore", backup, "--replace"), 8, "is an old table, not a backup")
    chunks.execute("UPDATE migration_backups SET is_backup = NULL, kind = 'backup'")
    done = tried(database, "restore", backup, "--into", "x", "--replace")
    refused(done, 2, "give one of them")
    chunks.execute(f"UPDATE {backup} SET content = 'y' WHERE id = 1".encode())
    for way in (["--replace"], ["--into", "again"]):
        done = tried(database, "restore", backup, *way)
        refused(done, 8, "nothing was kept")
    with pytest.raises(psycopg.Error):
        chunks.execute("SELECT FROM again")
    assert one(chunks, "SELECT count(*) FROM chunks") == 300


def test_a_backup_survives_a_crash() -> None:
    """It is a logged table; the server is stopped without a checkpoint."""
    binaries = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries()))
    with servers.server_of(binaries, "-c synchronous_commit=on") as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(TABLE.encode())
            backup = made(dsn)
            data = one(connection, "SELECT current_setting('data_directory')")
        restart = ("-D", str(data), "-m", "immediate", "-w", "-l", f"{data}/../log", "restart")
        servers._as_server_user(binaries / "pg_ctl", *restart)
        assert "verified" in backups(dsn, "verify", backup)
        backups(dsn, "restore", backup, "--into", "again")
        with psycopg.connect(dsn) as connection:
            assert content(connection, "again") == content(connection, "chunks")


def nexts(connection: Connection, *tables: str) -> list[object]:
    """The next id of each table, or why there is none, without keeping a row."""
    found: list[object] = []
    for table in tables:
        try:
            with connection.transaction(force_rollback=True):
                found.append(one(connection, f"INSERT INTO {table} (v) VALUES (0) RETURNING id"))
        except psycopg.Error as error:
            found.append(error.sqlstate)
    return found


def test_ids_go_on_whatever_their_sequence_is_like(database: str, connection: Connection) -> None:
    """Restored beside, and in the place of a table that was written to since."""
    connection.execute(
        """
        CREATE TABLE twice (id serial PRIMARY KEY, v int); ALTER TABLE twice ALTER id DROP DEFAULT;
        ALTER TABLE twice ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 1001 INCREMENT 10 CACHE 1);
        CREATE TABLE ended (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 3), v int);
        CREATE TABLE turning (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 5 CYCLE), v int);
        CREATE TABLE falling (id int GENERATED ALWAYS AS IDENTITY (INCREMENT -5 MAXVALUE 0 MINVALUE -1000 START 0), v int);
        CREATE TABLE negative (id bigint GENERATED ALWAYS AS IDENTITY (MINVALUE -9 MAXVALUE 0 START -9), v int);
        CREATE TABLE beyond (id int GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 100), v int);
        CREATE TABLE ahead (id serial, v int);
        INSERT INTO twice (v) SELECT 0 FROM generate_series(1, 3);
        INSERT INTO ended (v) SELECT 0 FROM generate_series(1, 3);
        INSERT INTO turning (v) SELECT 0 FROM generate_series(1, 7);
        INSERT INTO falling (v) SELECT 0 FROM generate_series(1, 3);
        INSERT INTO negative (v) SELECT 0 FROM generate_series(1, 3);
        INSERT INTO beyond (id, v) VALUES (500, 0), (7, 0); INSERT INTO ahead (id, v) VALUES (40, 0);
        SELECT setval('ahead_id_seq', 70, false);
        """
    )
    # the value of a sequence is not undone with a transaction: each look takes one
    tables = ("twice", "ended", "turning", "falling", "negative", "beyond", "ahead")
    backup = {table: made(database, f"public.{table}") for table in tables}
    for table in tables:
        backups(database, "restore", backup[table], "--into", f"public.{table}_beside")
    assert nexts(connection, *(f"{table}_beside" for table in tables)) == [
        1031, "2200H", 3, -15, -6, 8, 70,
    ]  # fmt: skip
    parameters = (
        "SELECT array_agg(ROW(seqstart, seqincrement, seqmin, seqmax, seqcycle)::text ORDER BY n)"
        " FROM unnest(%s::text[]) WITH ORDINALITY AS t (name, n)"
        " JOIN pg_depend ON refobjid = (name || %s)::regclass AND deptype IN ('i', 'a') JOIN pg_sequence ON seqrelid = objid"
        " WHERE deptype = 'i' OR name = 'ahead'"
    )
    here, there = (
        connection.execute(parameters, [list(tables), end]).fetchone() for end in ("", "_beside")
    )
    assert here == there
    # the table in use has gone further
    connection.execute(
        """
        INSERT INTO twice (v) VALUES (1), (1); INSERT INTO turning (v) VALUES (1); INSERT INTO falling (v) VALUES (1);
        SELECT setval('ahead_id_seq', 90, false);
        """
    )
    for table in tables:
        backups(database, "restore", backup[table], "--replace")
    assert nexts(connection, *tables) == [1051, "2200H", 4, -20, -6, 8, 90]
    # the sequence of before it was an identity is the table's still
    owned = "SELECT d.refobjid::regclass::text FROM pg_depend AS d WHERE d.objid = 'twice_id_seq'::regclass AND deptype = 'a'"
    assert one(connection, owned) == "twice"


def test_ids_go_on_where_the_table_has_another_sequence_by_now(
    database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE letters (id serial PRIMARY KEY, v int); INSERT INTO letters (v) VALUES (1), (2)"
    )
    backup = made(database, "public.letters")
    connection.execute(
        "ALTER TABLE letters ALTER id DROP DEFAULT; DROP SEQUENCE letters_id_seq;"
        "ALTER TABLE letters ALTER id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME numbers START 500);"
        "INSERT INTO letters (v) VALUES (3)"
    )
    backups(database, "restore", backup, "--replace")
    assert nexts(connection, "letters") == [501]
    assert one(connection, "SELECT pg_get_serial_sequence('letters', 'id')") == "public.numbers"
    # what the backup's sequence can't give is refused in words
    connection.execute(
        "SELECT setval('numbers', 2147483647); ALTER SEQUENCE numbers AS bigint; SELECT setval('numbers', 5000000000)"
    )
    done = tried(database, "restore", backup, "--replace")
    assert (done.returncode != 0, "the ids of" in done.stderr) == (True, True), done.stderr

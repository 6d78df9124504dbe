"""The swap: all that hangs on the table comes along, nothing is lost, and all of it goes back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import psycopg
import pytest

from tests.helpers.command import one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    SOURCES,
    Connection,
    Layout,
    content,
    rollback,
    run,
)
from tests.helpers.live import migrate

Dump = Callable[..., str]

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


@pytest.mark.parametrize(
    ("kind", "layout"),
    [("plain", EXPRESSION), ("plain", COLUMN), ("plain", HASH), ("partitioned", EXPRESSION)],
    ids=str,
)
def test_everything_comes_along_and_goes_back(
    kind: str, layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    """All that hangs on a table: owner, rights, views, names, comments, statistics, replica identity."""
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


def everything(database: str, *options: str) -> None:
    """Run the plan on the table with all that can hang on one."""
    with psycopg.connect(database, autocommit=True) as connection:
        load_everything(connection, "plain")
    done = run(EXPRESSION, database, FOUR, options=options)
    assert done.returncode == 0, done.stderr


SWAPPED = pytest.mark.prepared.with_args(everything)
BEFORE_THE_SWAP = pytest.mark.prepared(everything, "--until", "fill_twins")


@SWAPPED
def test_all_that_reads_the_table_reads_the_new_one(connection: Connection) -> None:
    """Views, rules and materialized views are bound to a table and not to its name; theirs are exchanged."""
    connection.execute("INSERT INTO checked_chunks (collection_id, chunk_index) VALUES ('c3', -7)")
    connection.execute("INSERT INTO ruled_chunks (content) VALUES ('by the rule')")
    for view in ("chunks", "all_chunks"):
        assert one(connection, f"SELECT count(*) FROM {view}") == 2002
    assert one(connection, "SELECT content FROM all_chunks WHERE chunk_index = -7") == "by the view"
    with pytest.raises(psycopg.errors.WithCheckOptionViolation):
        connection.execute("INSERT INTO checked_chunks VALUES ('c1', 1, 'x')")
    connection.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY collection_chunking_stats")
    connection.execute("REFRESH MATERIALIZED VIEW total")
    assert content(connection, "total")[1] == [("(2002,2002)",)]


@SWAPPED
def test_triggers_fire_once_and_as_they_were_enabled(connection: Connection) -> None:
    """The copy fires none of the application's triggers."""
    connection.execute(
        "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x')"
    )
    connection.execute("UPDATE chunks SET content = 'y' WHERE chunk_index = -1")
    connection.execute("SET session_replication_role = replica")
    connection.execute("DELETE FROM chunks WHERE chunk_index = -1 AND updated_at IS NOT NULL")
    assert content(connection, "audit")[1] == [("(note_delete)",), ("(note_insert)",)]


@SWAPPED
def test_ids_go_on_where_they_were_there_and_back(connection: Connection, database: str) -> None:
    """Identity and serial columns: the sequence comes along, whoever owns it, and goes on."""
    insert = "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x') RETURNING id, serial"
    assert connection.execute(insert).fetchone() == (100 + 5 * 2000, 2001)
    connection.execute("DELETE FROM chunks WHERE chunk_index = -1")
    assert rollback(EXPRESSION, database).returncode == 0
    assert connection.execute(insert).fetchone() == (100 + 5 * 2001, 2002)
    assert (
        one(connection, "SELECT pg_get_serial_sequence('chunks', 'serial')")
        == "public.chunks_serial_seq"
    )


@SWAPPED
def test_the_old_table_blocks_no_delete_and_loses_no_row(connection: Connection) -> None:
    """Its foreign keys are gone, so that it blocks no delete of the application."""
    old = one(
        connection, "SELECT backup_table_name FROM migration_backups WHERE kind = 'old_table'"
    )
    connection.execute("DELETE FROM chunks WHERE chunking_config_id = 1")
    connection.execute("DELETE FROM chunking_configs WHERE id = 1")
    connection.execute("DELETE FROM collections WHERE id = 'c2'")
    assert one(connection, f"SELECT count(*) FROM {old}") == 2000


@SWAPPED
def test_a_publication_goes_on_under_the_name_of_the_table(connection: Connection) -> None:
    """Subscribers see the same name."""
    published = "SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_publication_tables"
    assert one(connection, published) == ["chunks", "collections"]


@SWAPPED
def test_writes_since_the_swap_come_along_and_fire_no_trigger_again(
    connection: Connection, database: str
) -> None:
    """The way back keeps later writes, and fires none of the application's triggers."""
    connection.execute(
        "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c3', -1, 'x')"
    )
    connection.execute("UPDATE chunks SET content = 'changed' WHERE chunk_index = 5")
    connection.execute("DELETE FROM chunks WHERE chunk_index = 6")
    before, fired = content(connection, "chunks"), one(connection, "SELECT count(*) FROM audit")
    undone = rollback(EXPRESSION, database)
    assert undone.returncode == 0, undone.stderr
    assert content(connection, "chunks") == before
    assert one(connection, "SELECT count(*) FROM audit") == fired


@SWAPPED
def test_what_was_granted_since_the_swap_goes_back_too(
    connection: Connection, database: str
) -> None:
    connection.execute("REVOKE DELETE ON chunks FROM executor_test_app")
    connection.execute("GRANT REFERENCES ON chunks TO executor_test_app")
    connection.execute("CREATE VIEW later AS SELECT count(*) FROM chunks")
    connection.execute("COMMENT ON TABLE chunks IS 'another comment'")
    assert rollback(EXPRESSION, database).returncode == 0
    has = "SELECT has_table_privilege('executor_test_app', 'chunks', '{}')"
    assert one(connection, has.format("DELETE")) is False
    assert one(connection, has.format("REFERENCES")) is True
    assert one(connection, "SELECT obj_description('chunks'::regclass)") == "another comment"
    assert (
        one(connection, "SELECT relkind::text FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
    )
    assert one(connection, "SELECT count FROM later") == 2000


#: changes, and how each is named
CHANGED = [
        ("ALTER TABLE chunks ADD COLUMN lang text", "columns: lang was added"),
        ("ALTER TABLE chunks ADD CONSTRAINT short CHECK (length(content) < 99)", "checks: short was added"),
        ("CREATE INDEX ix_late ON chunks (meta)" , "indexes: ix_late was added"),
        ("CREATE MATERIALIZED VIEW late AS SELECT count(*) FROM chunks", "materialized_views: late was added"),
        ("CREATE VIEW late AS SELECT count(*) FROM chunks", "readers: view public.late was added"),
        ("CREATE TRIGGER late AFTER INSERT ON chunks EXECUTE FUNCTION note()", "triggers: late on chunks was added"),
        ("ALTER TABLE chunks ENABLE TRIGGER note_never", "triggers: note_never on chunks was changed (enabled"),
        ("CREATE RULE late AS ON INSERT TO chunks DO ALSO NOTIFY late", "rules: late was added"),
        ("CREATE POLICY late ON chunks USING (true)", "policies: late was added"),
        ("ALTER TABLE chunks FORCE ROW LEVEL SECURITY", "forced: was false, is true"),
        ("GRANT REFERENCES ON chunks TO executor_test_app", "grants:"),
        ("REVOKE DELETE ON chunks FROM executor_test_app", "grants:"),
        ("COMMENT ON COLUMN chunks.content IS 'late'", "comments: COLUMN public.chunks.content was changed"),
        ("ALTER TABLE chunks DROP CONSTRAINT config_fk", "foreign_keys: config_fk was there and is gone"),
        ("ALTER VIEW literal_chunks RESET (security_barrier)", "readers: view public.literal_chunks was changed"),
        ("ALTER SEQUENCE chunks_id_seq INCREMENT BY 7", "increment: was 5, is 7"),
        ("DROP STATISTICS chunks_statistics", "extended_statistics: chunks_statistics was there and is gone"),
        ("DROP PUBLICATION changes", "publications: changes was there and is gone"),
        ("CREATE FUNCTION late(chunks) RETURNS int LANGUAGE sql RETURN 1", "function public.late(public.chunks"),
]  # fmt: skip


@BEFORE_THE_SWAP
# the last one is found after the comparison of what is known
@pytest.mark.parametrize("changes", [*(CHANGED[n:-1:6] for n in range(6)), CHANGED[-1:]])
def test_what_changed_during_the_migration_stops_the_swap(
    changes: list[tuple[str, str]], database: str, connection: Connection
) -> None:
    """A definition that changed meanwhile: each change is named."""
    for change, _ in changes:
        connection.execute(change.replace("(meta)", "((meta ->> 'a'))").encode())
    before = content(connection, "chunks")
    refused = run(EXPRESSION, database, FOUR)
    assert refused.returncode == 5
    for _, words in changes:
        assert words.replace(" of chunks", " of public.chunks") in refused.stderr
    assert content(connection, "chunks") == before
    assert (
        one(connection, "SELECT relkind::text FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
    )


@BEFORE_THE_SWAP
def test_what_stopped_the_swap_may_be_undone_and_the_run_goes_on(
    database: str, connection: Connection
) -> None:
    connection.execute("CREATE VIEW late AS SELECT count(*) FROM chunks")
    assert run(EXPRESSION, database, FOUR).returncode == 5
    connection.execute("DROP VIEW late")
    assert run(EXPRESSION, database, FOUR).returncode == 0
    assert (
        one(connection, "SELECT relkind::text FROM pg_class WHERE oid = 'chunks'::regclass") == "p"
    )


@BEFORE_THE_SWAP
def test_the_swap_waits_in_turns_and_others_read_meanwhile(
    database: str, connection: Connection
) -> None:
    """Whoever comes after waits behind a lock that waits; ours waits for a moment only."""
    reads, at_each_attempt = [], []
    with psycopg.connect(database) as reader, psycopg.connect(database, autocommit=True) as other:
        reader.execute("SELECT 1 FROM all_chunks LIMIT 1")
        swapped = threading.Event()

        def read() -> None:
            while not swapped.is_set():
                other.execute("SELECT 1 FROM nested_chunks LIMIT 1")
                reads.append(1)

        def give_up(_: object) -> None:
            at_each_attempt.append(len(reads))
            if len(at_each_attempt) == 3:
                reader.rollback()

        reading = threading.Thread(target=read)
        reading.start()
        try:
            migrate(database, at={("Retrying", "swap"): give_up})
        finally:
            swapped.set()
            reading.join()
    assert at_each_attempt[0] < at_each_attempt[1] < at_each_attempt[2]
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "p"

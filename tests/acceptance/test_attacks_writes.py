"""Writes that the migration could miss, each at the moment at which it would: none is lost in silence."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.errors import RollbackError, StepError
from executor.events import Event
from tests.helpers.command import one, refused
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, content, run
from tests.helpers.live import begun, migrate, role, told, undo

TWO = "partition_count=2"
PLAIN = "CREATE TABLE chunks (id int, collection_id text NOT NULL, content text, PRIMARY KEY (id, collection_id));"
ROWS = (
    "INSERT INTO chunks SELECT i, 'c' || i % 9, repeat('x', 300) FROM generate_series(1, 200) AS i;"
)

#: whose triggers keep rows that its foreign keys delete or change
VETOED = """
CREATE TABLE collections (id text PRIMARY KEY);
CREATE TABLE documents (id int PRIMARY KEY);
INSERT INTO collections SELECT 'c' || i FROM generate_series(0, 4) AS i;
INSERT INTO documents VALUES (0), (1), (2), (3);
CREATE TABLE chunks (
  id int, collection_id text NOT NULL REFERENCES collections ON DELETE CASCADE,
  document int REFERENCES documents ON DELETE SET NULL ON UPDATE CASCADE, PRIMARY KEY (id, collection_id));
INSERT INTO chunks SELECT i, 'c' || i % 5, i % 4 FROM generate_series(1, 100) AS i;
CREATE FUNCTION veto() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON chunks FOR EACH ROW EXECUTE FUNCTION veto();
"""
FOLLOWED = "DELETE FROM collections WHERE id = 'c1'; DELETE FROM documents WHERE id = 1; UPDATE documents SET id = 9 WHERE id = 2"
BROUGHT_BACK = "INSERT INTO collections VALUES ('c1'); INSERT INTO documents VALUES (1), (2)"


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
def test_what_a_trigger_keeps_from_a_foreign_key_is_kept(
    layout: Layout, database: str, connection: Connection
) -> None:
    """Before the swap the new table has the keys and not the trigger; after it, and going back, the old one."""
    connection.execute(VETOED.encode())
    before = content(connection, "chunks")

    def follow(_: object = None) -> None:
        connection.execute(FOLLOWED)

    def follow_and_bring_back(_: object = None) -> None:
        connection.execute(
            f"{FOLLOWED}; DELETE FROM documents WHERE id = 9; {BROUGHT_BACK}".encode()
        )

    known = ("moved rows: keep on public.chunks",)  # it keeps a row from moving, too
    migrate(database, TWO, "workers=1", layout=layout, until="await_snapshots", accept=known)
    follow()
    assert one(connection, "SELECT count(*) FROM chunks_new") != 100
    with pytest.raises(StepError, match="violates foreign key constraint") as stopped:
        migrate(database, layout=layout)
    assert "bring back what it refers to" in stopped.value.hint
    assert content(connection, "chunks") == before
    connection.execute(f"DELETE FROM documents WHERE id = 9; {BROUGHT_BACK}".encode())
    migrate(database, layout=layout, at={("StepFinished", "swap"): follow_and_bring_back})
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "p"
    assert content(connection, "chunks") == before

    with pytest.raises(RollbackError, match="violates foreign key constraint"):
        undo(database, layout, at={("StepFinished", "release_old"): follow})
    assert content(connection, "chunks") == before
    connection.execute(f"DELETE FROM documents WHERE id = 9; {BROUGHT_BACK}".encode())
    undo(database, layout)
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "r"
    assert content(connection, "chunks") == before


BY_NAME = (
    "TRUNCATE {t}_part_00",
    "DELETE FROM {t}_new WHERE id % 2 = 0",
    "UPDATE {t}_part_01 SET content = 'by name'",
    "INSERT INTO {t}_new (id, collection_id, content) SELECT 1000 + i, 'c1', 'by name' FROM generate_series(1, 600) AS i",
)


@pytest.mark.prepared(begun, PLAIN + ROWS, "prepare_way_back", TWO, "workers=1")
def test_what_is_written_to_the_new_table_by_name_is_mended(
    database: str, connection: Connection
) -> None:
    """After it was proven, and before the swap; by a session that uses the names of ours, too."""
    before = content(connection, "chunks")
    log = one(connection, r"SELECT relname FROM pg_class WHERE relname ~ '^chunks_log_\d+_\d+$'")
    with role(connection, "impostor") as impostor:
        connection.execute(f"GRANT ALL ON chunks_new TO {impostor}".encode())
        connection.execute(f"SET ROLE {impostor}; CREATE TEMP TABLE {log} AS SELECT 1".encode())
        connection.execute("DELETE FROM chunks_new WHERE id = 3; RESET ROLE")
        assert one(connection, f"SELECT count(*) FROM public.{log}") == 1
        for statement in BY_NAME:
            connection.execute(statement.format(t="chunks").encode())
        migrate(
            database,
            at={("StepStarted", "swap"): lambda _: connection.execute("TRUNCATE chunks_new")},
        )
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "p"
    assert content(connection, "chunks") == before

    def write_to_the_old_table(_: object) -> None:
        old = one(
            connection, r"SELECT relname FROM pg_class WHERE relname ~ '^chunks_old_\d+_\d+$'"
        )
        connection.execute(
            f"DELETE FROM {old} WHERE id < 50; UPDATE {old} SET content = 'z'".encode()
        )

    undo(database, at={("StepFinished", "end_capture"): write_to_the_old_table})
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "r"
    assert content(connection, "chunks") == before
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname ~ '^executor_'") == 0
    assert one(connection, "SELECT count(*) FROM pg_proc WHERE proname ~ '^chunks_'") == 0


NOTHING = "AS 'BEGIN RETURN NULL; END'"
BLINDED = {
    "log": f"CREATE OR REPLACE FUNCTION {{log}}() RETURNS trigger LANGUAGE plpgsql {NOTHING}; DELETE FROM chunks WHERE id < 50",
    "guard": f"CREATE OR REPLACE FUNCTION {{back}}() RETURNS trigger LANGUAGE plpgsql {NOTHING}; TRUNCATE chunks_new",
    "sync": "CREATE OR REPLACE FUNCTION {sync}(executor_work boolean DEFAULT true, executor_part integer DEFAULT 0,"
    " executor_of integer DEFAULT 1) RETURNS bigint LANGUAGE sql AS 'DELETE FROM public.{log}; SELECT 0::bigint';"
    "DELETE FROM chunks WHERE id < 50",
    "trigger": "ALTER TABLE chunks_part_00 DISABLE TRIGGER ALL; DELETE FROM chunks_part_00;"
    " ALTER TABLE chunks_part_00 ENABLE ALWAYS TRIGGER executor_delete",
    "child": "CREATE TABLE child () INHERITS (chunks); INSERT INTO child SELECT 5000, 'c1', 'child'",
}  # fmt: skip


@pytest.mark.prepared(begun, PLAIN + ROWS, "prepare_way_back", TWO, "workers=1")
@pytest.mark.parametrize("change", BLINDED.values(), ids=BLINDED)
def test_what_would_not_be_logged_stops_the_swap(
    change: str, database: str, connection: Connection
) -> None:
    """What the proof rests on was changed behind it: functions, triggers, children."""
    stamp = one(connection, "SELECT name_timestamp FROM executor.runs")
    names = {kind: f"chunks_{kind}_{stamp}" for kind in ("log", "back", "sync")}
    connection.execute(change.format(**names).encode())
    before = content(connection, "chunks")
    with pytest.raises(
        StepError,
        match=r"were changed while the plan ran|has changed meanwhile: tree: child was added",
    ):
        migrate(database)
    assert content(connection, "chunks") == before


def test_a_subscription_made_after_the_check_stops_the_swap(
    database: str, connection: Connection
) -> None:
    """Its workers fire no trigger of a statement. The catalog says what it writes to."""
    connection.execute((PLAIN + ROWS).encode())
    migrate(database, TWO, "workers=1", until="await_snapshots")
    connection.execute("SET allow_system_table_mods = on")
    connection.execute(
        "INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) VALUES (1, 'chunks'::regclass, 'r')"
    )
    refused(run(EXPRESSION, database), 5, "a subscription writes to public.chunks", "roll back")
    connection.execute("DELETE FROM pg_subscription_rel")
    migrate(database)
    assert one(connection, "SELECT count(*) FROM chunks") == 200


def test_a_session_that_cannot_be_seen_counts(database: str, connection: Connection) -> None:
    """The right to look into sessions is revoked after the check."""
    connection.execute((PLAIN + ROWS).encode())
    seen: list[object] = []
    with role(connection, "half_blind") as owner, psycopg.connect(database) as reader:
        connection.execute(f"ALTER TABLE chunks OWNER TO {owner}".encode())
        dsn = make_conninfo(database, user=owner)
        migrate(dsn, TWO, "workers=1", until="prepare_way_back")
        connection.execute(f"REVOKE pg_read_all_stats FROM {owner}".encode())

        def begin(_: object) -> None:
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT FROM pg_class LIMIT 1")

        def look(_: object) -> None:
            seen.append(one(reader, "SELECT count(*) FROM chunks"))
            reader.rollback()

        begin(None)
        at = {
            ("Notice", "await_snapshots"): look,
            ("StepStarted", "swap"): begin,
            ("Retrying", "swap"): look,
        }
        events = migrate(dsn, at=at)
    assert seen == [200, 200]
    assert f"GRANT pg_read_all_stats TO {owner}" in told(events, "Notice", "await_snapshots")[0]
    assert f"GRANT pg_read_all_stats TO {owner}" in told(events, "Retrying", "swap")[0]


@pytest.mark.parametrize("rewrite", ["VACUUM FULL chunks", "CLUSTER chunks"])
def test_a_table_that_is_rewritten_while_it_is_copied_is_copied_anew(
    rewrite: str, database: str, connection: Connection
) -> None:
    """The ranges of blocks that are left are those of another file."""
    connection.execute((PLAIN + ROWS + "ALTER TABLE chunks CLUSTER ON chunks_pkey").encode())

    rewrites: list[str] = []

    def rewrite_once(event: Event) -> None:
        if getattr(event, "number", 0) == 3 and not rewrites:
            connection.execute("DELETE FROM chunks WHERE id BETWEEN 10 AND 30")
            connection.execute(rewrite.encode())
            rewrites.append(rewrite)

    at = {("IterationFinished", "copy_rows"): rewrite_once}
    done = migrate(database, TWO, "workers=1", "batch_rows=20", until="copy_rows", at=at)
    assert any("begins anew" in notice for notice in told(done, "Notice", "copy_rows"))
    migrate(database)
    assert one(connection, "SELECT count(*) FROM chunks") == 179

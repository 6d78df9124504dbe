"""Who sees the shape of a row or the name of its table is named by the check, with the line that shows it."""

from __future__ import annotations

import psycopg
import pytest

from tests.helpers.checked import checked
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import migrate, undo

LAYOUTS = pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
TABLE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 70) AS i;
CREATE TABLE audit (about text, said text);
CREATE TABLE history (LIKE chunks);
"""
TRIGGERS = """
CREATE FUNCTION enters() RETURNS trigger LANGUAGE plpgsql AS $$
-- not TG_RELID, nor OLD.*
BEGIN
  INSERT INTO public.audit
    VALUES (tg_table_name, TG_OP);
  RETURN NULL;
END $$;
CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.history SELECT
   OLD.*;
  RETURN NULL; END $$;
CREATE FUNCTION tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('rows', jsonb_build_object('table', TG_RELID::regclass, 'row', to_jsonb( NEW ))::text); RETURN NULL; END $$;
CREATE FUNCTION sets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.audit SELECT 'set', to_jsonb(r)::text FROM gone AS r; RETURN NULL; END $$;
CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.content := concat((NEW).content, (OLD).id); IF NEW IS DISTINCT FROM OLD OR OLD.* IS DISTINCT FROM NEW.* THEN RETURN NEW; END IF; RETURN COALESCE(NEW, OLD); END $$;
CREATE TRIGGER a_enters AFTER UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION enters();
CREATE TRIGGER b_enters AFTER UPDATE ON chunks FOR EACH STATEMENT EXECUTE FUNCTION enters();
CREATE TRIGGER c_never AFTER UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION tells();
ALTER TABLE chunks DISABLE TRIGGER c_never;
CREATE TRIGGER counts BEFORE UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION counts();
CREATE TRIGGER keeps AFTER UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION keeps();
CREATE TRIGGER sets AFTER DELETE ON chunks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sets();
CREATE TRIGGER tells AFTER INSERT ON chunks FOR EACH ROW EXECUTE FUNCTION tells();
"""
NAME, WHOLE = (
    "row triggers that ask for the name of the table",
    "triggers that take the row as a whole",
)
READ, SHOWN = (
    "views and functions that read tableoid",
    "views and functions that show the whole row",
)
UNKNOWN = "triggers that can't be looked into"


@LAYOUTS
def test_triggers_that_see_more_than_before_are_named(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute((TABLE + TRIGGERS).encode())
    found = checked(database, layout)
    assert found[NAME].passed is False
    assert found[NAME].actual.partition(". In PL/pgSQL ")[0] == (
        "get that of a partition: a_enters: enters() line 5: VALUES (tg_table_name, TG_OP);,"
        " tells: tells() line 2: BEGIN PERFORM pg_notify('rows', jsonb_build_object('table', TG_RELID::regclass,"
    ).replace("enters()", "public.enters()").replace("tells: tells()", "tells: public.tells()")
    if layout is HASH:
        assert WHOLE not in found
    else:
        assert found[WHOLE].passed is False
        named = found[WHOLE].actual.partition(". Where one puts the row")[0]
        assert named.startswith(
            "get partition_key, too: keeps: public.keeps() line 3: OLD.*;, sets: "
        )
        assert [name for name in ("enters", "counts", "sets:", "tells:") if name in named] == ["sets:", "tells:"]  # fmt: skip

    migrate(database, "partition_count=2", layout=layout)
    update = b"UPDATE chunks SET content = 'y' WHERE id = 1"
    if layout is not HASH:  # the check has told the truth, and its way out helps
        with pytest.raises(
            psycopg.errors.SyntaxError, match="more expressions than target columns"
        ):
            connection.execute(update)
        connection.execute("ALTER TABLE history ADD partition_key integer")
    connection.execute(update)
    connection.execute("DELETE FROM chunks WHERE id = 2")
    said = connection.execute("SELECT about, said FROM audit ORDER BY 1, 2").fetchall()
    assert ("chunks", "UPDATE") in said
    assert any(about.startswith("chunks_part_0") for about, _ in said)
    assert ("partition_key" in said[-1][1]) is (layout is not HASH)
    undo(database, layout)
    connection.execute(update)


VIEWS = """
CREATE VIEW api AS SELECT c.id, row_to_json(c) AS whole FROM chunks AS c;
CREATE VIEW texts AS SELECT
  audit.about,
  chunks::text AS line FROM chunks, audit;
CREATE MATERIALIZED VIEW places AS SELECT id, tableoid::regclass::text AS place FROM chunks;
CREATE VIEW other AS SELECT row_to_json(a) AS whole FROM chunks JOIN audit AS a ON a.about = content;
CREATE VIEW plain AS SELECT *, 'tableoids' AS word FROM chunks;
CREATE FUNCTION api(bigint) RETURNS jsonb LANGUAGE sql AS '
  SELECT to_jsonb(k)
  FROM public.chunks k WHERE id = $1';
CREATE FUNCTION place(bigint) RETURNS oid LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT tableoid FROM public.chunks WHERE id = $1); END';
CREATE FUNCTION beside() RETURNS oid LANGUAGE sql AS 'SELECT tableoid FROM public.chunks_2; SELECT 1::oid';
CREATE FUNCTION body() RETURNS SETOF json LANGUAGE sql BEGIN ATOMIC SELECT row_to_json(chunks) FROM chunks; END;
"""


@LAYOUTS
def test_views_and_functions_that_see_more_than_before_are_named(
    layout: Layout, database: str, connection: Connection, server_version: int
) -> None:
    views = VIEWS.replace("public.chunks_2", "public.audit").replace("beside", "beside_chunks_2")
    connection.execute((TABLE + views).encode())
    found = checked(database, layout)
    assert found[READ].passed is False
    named = found[READ].actual.partition(". coalesce(")[0]
    assert named.startswith(
        "find the partition: public.place(bigint) line 1: BEGIN RETURN (SELECT tableoid"
    )
    assert [name for name in ("places", "plain", "beside") if f"public.{name} " in named] == [
        "places"
    ]
    if layout is HASH:
        assert SHOWN not in found
        return
    named = found[SHOWN].actual.partition(". Let them name")[0]
    assert "public.api(bigint) line 2: SELECT to_jsonb(k)" in named
    assert "public.api line 2: row_to_json(c.*) AS whole" in named
    assert "public.body() line 2: SELECT row_to_json(chunks.*) AS row_to_json" in named
    assert "public.texts line 2: (chunks.*)::text AS line" in named
    assert named.count("public.") == 4, named


def test_what_cannot_be_looked_into_is_said(database: str, connection: Connection) -> None:
    connection.execute(TABLE.encode())
    connection.execute(
        "CREATE EXTENSION lo; CREATE TRIGGER manages BEFORE UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION lo_manage(content);"
        "CREATE TRIGGER same BEFORE UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )
    found = checked(database, HASH)[UNKNOWN]
    assert found.passed is None
    assert found.actual.startswith(
        "manages: public.lo_manage() in c of lo. Row triggers get the name"
    )

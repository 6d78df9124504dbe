"""Indexes that every partition has by itself are indexes of the table: they come along as such."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    rollback,
    run,
    schema,
)

Dump = Callable[..., str]
LAYOUTS = [EXPRESSION, COLUMN, HASH]
MONTHS = """
CREATE TABLE chunks (id bigint, collection_id text NOT NULL, at date, note text, PRIMARY KEY (id, at))
  PARTITION BY RANGE (at);
CREATE TABLE chunks_old_months PARTITION OF chunks FOR VALUES FROM (MINVALUE) TO ('2024-02-01');
CREATE TABLE "chunks of March" PARTITION OF chunks FOR VALUES FROM ('2024-02-01') TO (MAXVALUE);
INSERT INTO chunks SELECT i, 'c' || i % 7, date '2024-01-01' + i % 60, 'n' || i FROM generate_series(1, 300) AS i;
CREATE INDEX ON chunks_old_months (collection_id, at DESC);
CREATE INDEX ON "chunks of March" (collection_id, at DESC);
CREATE INDEX by_note ON chunks_old_months (lower(note)) WHERE note <> '';
CREATE INDEX march_note ON "chunks of March" (lower(note)) WHERE note <> '';
COMMENT ON INDEX by_note IS 'for the search';
"""
INDEXES = (
    "SELECT c.relname, i.indisvalid, obj_description(c.oid, 'pg_class'),"
    " substr(pg_get_indexdef(c.oid), strpos(pg_get_indexdef(c.oid), 'USING'))"
    " FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = 'chunks'::regclass AND NOT i.indisunique ORDER BY c.relname"
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_equal_indexes_come_along_as_one(
    layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    connection.execute(MONTHS.encode())
    before, defined = content(connection, "chunks"), schema(dump, database)
    done = run(layout, database, "partition_count=3")
    assert done.returncode == 0, done.stderr
    assert content(connection, "chunks") == before
    assert connection.execute(INDEXES).fetchall() == [
        (
            "chunks_by_note",
            True,
            "for the search",
            "USING btree (lower(note)) WHERE (note <> ''::text)",
        ),
        ("chunks_collection_id_at_idx", True, None, "USING btree (collection_id, at DESC)"),
    ]
    attached = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'chunks_by_note'::regclass"
    assert connection.execute(attached.encode()).fetchone() == (3,)
    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == defined
    assert content(connection, "chunks") == before


LEAVES = """
CREATE TABLE chunks (id bigint, collection_id text NOT NULL, kind text, note text) PARTITION BY LIST (kind);
CREATE TABLE chunks_mail PARTITION OF chunks (id NOT NULL) FOR VALUES IN ('mail');
CREATE TABLE chunks_web PARTITION OF chunks (id NOT NULL) FOR VALUES IN ('web', NULL);
ALTER TABLE chunks_mail ADD PRIMARY KEY (id), ADD UNIQUE (collection_id, note);
ALTER TABLE chunks_web ADD PRIMARY KEY (id), ADD UNIQUE (collection_id, note);
ALTER TABLE chunks ALTER id SET NOT NULL;
CREATE INDEX ON chunks_mail (collection_id);
CREATE INDEX ON chunks_web (collection_id);
INSERT INTO chunks SELECT i, 'c' || i % 7, (ARRAY['mail', 'web', NULL])[1 + i % 3], 'n' || i FROM generate_series(1, 300) AS i;
"""


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_key_that_only_partitions_have(
    layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    connection.execute(LEAVES.encode())
    before, defined = content(connection, "chunks"), schema(dump, database)
    connection.execute("INSERT INTO chunks VALUES (1, 'other', 'mail', 'twice')")
    done = run(layout, database, "partition_count=3")
    assert done.returncode == 6, done.stderr
    assert (
        "values of id that are there twice: expected 0, found 1: every partition has" in done.stderr
    )
    connection.execute("DELETE FROM chunks WHERE note = 'twice'")
    done = run(layout, database, "partition_count=3")
    assert done.returncode == 0, done.stderr
    assert content(connection, "chunks") == before
    primary = "SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND conrelid IN (SELECT relid FROM pg_partition_tree('chunks'))"
    assert connection.execute(primary.encode()).fetchone() == (3 if layout is EXPRESSION else 4,)
    connection.execute(
        "UPDATE chunks SET note = 'later' WHERE id = 5; DELETE FROM chunks WHERE id = 6"
    )
    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == defined
    assert len(content(connection, "chunks")[1]) == 299
    later = connection.execute("SELECT id FROM chunks WHERE note = 'later'").fetchall()
    assert later == [(5,)]


def test_what_not_every_partition_has_is_named(database: str, connection: Connection) -> None:
    connection.execute(MONTHS.encode())
    connection.execute(
        "DROP INDEX march_note; CREATE INDEX twice ON chunks_old_months (collection_id, at DESC);"
        "ALTER TABLE chunks_old_months ADD CONSTRAINT c CHECK (id > 0), ADD CONSTRAINT d CHECK (id > 0);"
        'ALTER TABLE "chunks of March" ADD CONSTRAINT c CHECK (id > 0)'
    )
    done = run(HASH, database, "partition_count=3")
    assert done.returncode == 6, done.stderr
    assert (
        "indexes that not every partition has: expected none, or accepted by the plan, found"
        " public.by_note, public.twice; create them on the whole table, or drop them" in done.stderr
    )
    assert (
        'found c on public."chunks of March", c on public.chunks_old_months; add them to the whole'
        " table, which adopts those of the partitions" in done.stderr
    )
    assert "constraints that not every partition has" in done.stderr
    connection.execute("ALTER TABLE chunks ADD CONSTRAINT c CHECK (id > 0)")
    done = run(HASH, database, "partition_count=3")
    assert "every partition has by itself" not in done.stderr

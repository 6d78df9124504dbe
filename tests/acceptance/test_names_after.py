"""Statements that name constraints and indexes: they find those of the table in use, before and after the swap and a rollback."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, run
from tests.helpers.live import migrate, told, undo

TWO = ("partition_count=2", "workers=1")
LAYOUTS = [EXPRESSION, COLUMN, HASH]
TABLES = """
CREATE TABLE collections (id text PRIMARY KEY);
CREATE TABLE files (id int PRIMARY KEY);
CREATE TABLE chunks (
  id bigint CONSTRAINT chunks_key PRIMARY KEY, collection_id text CONSTRAINT has_one NOT NULL, n int CONSTRAINT apart CHECK (n > 0),
  file int CONSTRAINT of_file REFERENCES files ON DELETE CASCADE DEFERRABLE,
  CONSTRAINT within FOREIGN KEY (collection_id) REFERENCES collections DEFERRABLE,
  CONSTRAINT placed UNIQUE (collection_id, n) DEFERRABLE, CONSTRAINT numbered UNIQUE (n) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "9 of %" CHECK (id <> -9));
CREATE INDEX chunks_n ON chunks (n DESC);
CREATE UNIQUE INDEX one_a_file ON chunks (file) WHERE id < 0;
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE CONSTRAINT TRIGGER looked AFTER INSERT ON chunks DEFERRABLE FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO files VALUES (1);
INSERT INTO collections SELECT 'c' || n FROM generate_series(0, 8) AS n;
INSERT INTO chunks SELECT n, 'c' || n % 9, n, 1 FROM generate_series(1, 50) AS n;
"""
#: everything of these names, but for what hangs on partitions
NAMES = """
SELECT string_agg(DISTINCT name, ', ' ORDER BY name) FROM (
  SELECT conname FROM pg_constraint AS c WHERE conrelid = '{table}'::regclass AND contype NOT IN ('f', 't')
  UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = '{table}'::regclass) AS n (name)
"""
ELSEWHERE = "SELECT relname::text FROM pg_class WHERE relname ~ '^chunks_old_[0-9_]+$'"

#: a late row comes before what it refers to; $1 is what the layout wants to be sent
LATE_ROW = """
BEGIN; SET CONSTRAINTS {names} DEFERRED;
INSERT INTO chunks ({columns}) SELECT {values};
INSERT INTO collections VALUES ('late'); INSERT INTO files VALUES (7); SET CONSTRAINTS {names} IMMEDIATE; ROLLBACK
"""


def late_row(connection: Connection, names: str) -> None:
    """Fails if one of these foreign keys is not deferred."""
    sent = one(
        connection,
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'chunks'::regclass AND attname = 'partition_key'",
    )
    key = "abs(hashtext('late') % 2)"
    columns, values = "id, collection_id, n, file", "900, 'late', 900, 7"
    if sent:
        columns, values = f"{columns}, partition_key", f"{values}, {key}"
    try:
        connection.execute(LATE_ROW.format(names=names, columns=columns, values=values).encode())
    finally:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_constraints_are_deferred_by_name_at_every_moment(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    names = "of_file, within, looked"
    late_row(connection, names)
    for step in ("add_foreign_keys", "attach_foreign_keys", "swap", "release_old", "retain"):
        migrate(database, *(TWO if step == "add_foreign_keys" else ()), layout=layout, until=step)
        late_row(connection, names)
    undo(database, layout)
    late_row(connection, names)


def swapped_values(connection: Connection, name: str) -> None:
    """Two rows exchange what is unique; that takes two statements, so the check has to wait."""
    connection.execute(
        f"BEGIN; SET CONSTRAINTS {name} DEFERRED; UPDATE chunks SET n = 10 WHERE id = 1;"
        " UPDATE chunks SET n = 1 WHERE id = 10; COMMIT".encode()
    )


def test_a_unique_constraint_of_the_whole_is_deferred_by_name(
    database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    migrate(database, *TWO, layout=HASH)
    swapped_values(connection, "placed")  # both are in c1
    connection.execute(
        "INSERT INTO chunks (id, collection_id, n) VALUES (1, 'c1', 1) ON CONFLICT ON CONSTRAINT placed DO NOTHING".replace(
            "placed", "chunks_key"
        ).encode()
    )


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_name_is_that_of_the_new_table_alone_and_comes_back(
    layout: Layout, database: str, connection: Connection, dump: Callable[..., str]
) -> None:
    connection.execute(TABLES.encode())
    given = str(one(connection, NAMES.format(table="chunks"))).split(", ")
    before = dump(database, "--table=chunks")
    migrate(database, *TWO, layout=layout)
    old = str(one(connection, ELSEWHERE))
    kept = str(one(connection, NAMES.format(table=old))).split(", ")
    assert not set(given) & set(kept)
    assert len(given) == len(kept)
    new = str(one(connection, NAMES.format(table="chunks"))).split(", ")
    lost = {"chunks_key", "numbered", "placed", "one_a_file"}
    lost -= {"chunks_key"} if layout is not EXPRESSION else set()
    lost -= {"placed"} if layout is HASH else set()
    assert set(given) - set(new) == lost
    assert (
        one(
            connection,
            "SELECT count(*) FROM pg_constraint WHERE conname = 'within' AND conrelid::regclass::text ~ 'old'",
        )
        == 0
    )
    index = "SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = 'chunks_n'::regclass"
    assert one(connection, index) == "chunks"
    for statement in (
        "REINDEX INDEX chunks_n",
        "COMMENT ON INDEX chunks_n IS NULL",
        "ALTER TABLE chunks RENAME CONSTRAINT apart TO aside",
        "ALTER TABLE chunks RENAME CONSTRAINT aside TO apart",
    ):
        connection.execute(statement.encode())
    for name in lost:
        with pytest.raises((psycopg.errors.UndefinedTable, psycopg.errors.UndefinedObject)):
            connection.execute(f"REINDEX INDEX {name}".encode())
    undo(database, layout)
    assert dump(database, "--table=chunks") == before
    swapped_values(connection, "numbered, placed")


@pytest.mark.parametrize(
    ("layout", "lost"),
    [
        (EXPRESSION, "chunks_key, numbered, one_a_file, placed"),
        (COLUMN, "numbered, one_a_file, placed"),
        (HASH, "numbered, one_a_file"),
    ],
)
def test_the_check_names_those_that_the_new_table_has_not(
    layout: Layout, lost: str, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    done = run(layout, database, options=["--dry-run"])
    assert done.returncode == 0, done.stderr
    assert (
        f"statements that name constraints or indexes: expected find those of the new table, found {lost}: "
        in done.stderr
    )
    placed = ", placed" if layout is not HASH else ""
    assert f"by no name to be deferred any more: numbered{placed}\n" in done.stderr


@pytest.mark.parametrize(
    "taken",
    [
        "CREATE INDEX numbered ON chunks (n, id)",
        "CREATE TABLE numbered (); CREATE TABLE chunks_key ()",
        "CREATE INDEX one_a_file ON collections (id)",
    ],
)
def test_a_name_that_was_given_up_and_taken_stops_no_rollback(
    taken: str, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    rows = one(connection, "SELECT count(*) FROM chunks")
    migrate(database, *TWO)
    connection.execute(taken.encode())
    said = " | ".join(told(undo(database), "Notice"))
    name = taken.split()[2]
    assert (
        "keeps this name: something else is called" in said or f"{name} will not come along" in said
    )
    assert one(connection, "SELECT count(*) FROM chunks") == rows
    keys = "SELECT count(*) FROM pg_index WHERE indrelid = 'chunks'::regclass AND indisunique"
    assert one(connection, keys) == 4


def test_what_is_given_up_gives_its_name_up_too(database: str, connection: Connection) -> None:
    """An exclusion constraint, which no table with partitions has."""
    connection.execute(TABLES.encode())
    connection.execute(
        "ALTER TABLE chunks ADD CONSTRAINT one_each EXCLUDE USING btree (id WITH =) DEFERRABLE"
    )
    migrate(database, *TWO, accept=("one_each",))
    with pytest.raises(psycopg.errors.UndefinedObject):
        connection.execute("SET CONSTRAINTS one_each DEFERRED")
    undo(database)
    connection.execute("SET CONSTRAINTS one_each DEFERRED")
    assert (
        one(
            connection,
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = 'one_each'",
        )
        == "chunks"
    )

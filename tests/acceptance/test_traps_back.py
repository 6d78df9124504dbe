"""The traps of the way back, and those of a table whose writers send partition_key."""

from __future__ import annotations

import os
import threading

import psycopg
import pytest

from executor.events import Event
from tests.helpers.command import eventually, one
from tests.helpers.flagship import COLUMN, HASH, Connection, content
from tests.helpers.live import migrate, undo

SCHEMA = """
CREATE TABLE collections (id text PRIMARY KEY);
CREATE TABLE configs (id int PRIMARY KEY);
INSERT INTO collections SELECT 'c' || i FROM generate_series(0, 9) AS i;
INSERT INTO configs VALUES (1), (2);
CREATE TABLE chunks (
  id bigserial, collection_id text NOT NULL REFERENCES collections ON DELETE CASCADE,
  config int REFERENCES configs, content text, PRIMARY KEY (id, collection_id));
INSERT INTO chunks (collection_id, config, content) SELECT 'c' || i % 10, 1, 'x' FROM generate_series(1, 200) AS i;
CREATE TABLE twin AS TABLE chunks;
"""


def test_a_table_whose_writers_send_the_key(database: str, connection: Connection) -> None:
    """A wrong key is refused; it all goes back with the writes made since, and nothing is left."""
    connection.execute(SCHEMA.encode())
    migrate(database, "partition_count=3", layout=COLUMN)
    insert = (
        "INSERT INTO chunks (id, collection_id, content, partition_key) VALUES (900, 'c1', 'y', {})"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(insert.format("(abs(hashtext('c1') % 3) + 1) % 3").encode())
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "UPDATE chunks SET collection_id = 'c' || (substr(collection_id, 2)::int + 1) % 10"
        )
    connection.execute(insert.format("abs(hashtext('c1') % 3)").encode())
    connection.execute("INSERT INTO twin VALUES (900, 'c1', NULL, 'y')")
    for table in ("chunks", "twin"):
        connection.execute(f"DELETE FROM {table} WHERE id % 7 = 0".encode())
        connection.execute(f"UPDATE {table} SET config = 2".encode())
    connection.execute("DELETE FROM configs WHERE id = 1")  # only the old table has such rows
    connection.execute("DELETE FROM collections WHERE id = 'c8'")
    connection.execute("DELETE FROM twin WHERE collection_id = 'c8'")
    assert content(connection, "chunks") == content(connection, "twin")

    undo(database, COLUMN)
    assert content(connection, "chunks") == content(connection, "twin")
    # a worker's temporary tables go when its server process does, a moment after the run
    left = (
        "SELECT count(*) FROM pg_class WHERE relname ~ '^chunks_(log|back|sync|undo|new|part|old)_'"
    )
    left += " AND relpersistence = 'p'"
    assert one(connection, left) == 0
    assert one(connection, "SELECT count(*) FROM pg_proc WHERE proname ~ '^chunks_'") == 0
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname ~ '^executor_'") == 0
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM configs WHERE id = 2")


def test_a_prepared_select_star_outlives_the_swap_with_hash_partitions(
    database: str, connection: Connection
) -> None:
    """No column comes in that SELECT * would see; a query by the collection alone reads one partition."""
    connection.execute(SCHEMA.encode())
    if connection.info.server_version >= 150000:
        connection.execute("SET allow_in_place_tablespaces = on")
        space = f"executor_space_{os.getpid()}"
        connection.execute(f"CREATE TABLESPACE {space} LOCATION ''".encode())
        connection.execute(f"ALTER TABLE chunks SET TABLESPACE {space}".encode())
    star = "SELECT * FROM chunks WHERE collection_id = %s"
    before = connection.execute(star, ["c3"], prepare=True).fetchall()
    migrate(database, "partition_count=3", layout=HASH)
    assert sorted(connection.execute(star, ["c3"], prepare=True).fetchall()) == sorted(before)
    plan = connection.execute("EXPLAIN SELECT * FROM chunks WHERE collection_id = 'c3'").fetchall()
    assert sum(" on chunks_part_" in row[0] for row in plan) == 1
    if connection.info.server_version >= 150000:  # the tablespace comes along
        spaces = "SELECT array_agg(DISTINCT t.spcname::text) FROM pg_class AS c JOIN pg_tablespace AS t ON t.oid = c.reltablespace WHERE c.relname ~ '^chunks(_part_[0-9]+)?$'"
        assert one(connection, spaces) == [space]
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute(f"DROP TABLESPACE {space}".encode())


def test_a_truncate_while_the_way_back_is_proven(database: str, connection: Connection) -> None:
    """A snapshot does not keep the rows that TRUNCATE removes; the proof is done again."""
    connection.execute(SCHEMA.encode())
    migrate(database, "partition_count=3")
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"

    def truncate() -> None:
        with psycopg.connect(database) as writer:
            writer.execute("TRUNCATE chunks")
            holding.set()
            eventually(connection, waiting, True)

    def begin(_: Event) -> None:
        thread.start()
        assert holding.wait(20)

    holding, thread = threading.Event(), threading.Thread(target=truncate)
    undo(database, at={("StepFinished", "validate_restricting_keys"): begin})
    thread.join()
    assert one(connection, "SELECT count(*) FROM chunks") == 0

"""What keys of the table become: of the whole, deferrable or not, and foreign keys that nothing enforces."""

from __future__ import annotations

import pytest

from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, PLAIN, Connection, Layout
from tests.helpers.live import migrate, undo

TWO = ("partition_count=2", "workers=1")
TABLES = """
CREATE TABLE parents (id text PRIMARY KEY);
CREATE TABLE chunks (id bigint, collection_id text NOT NULL, parent text, PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO parents VALUES ('p');
INSERT INTO chunks SELECT n, 'c' || n % 9, 'p' FROM generate_series(1, 50) AS n;
"""
OF_WHOLE = "SELECT string_agg(pg_get_constraintdef(oid), ';') FROM pg_constraint WHERE conrelid = 'chunks'::regclass AND contype = '{}'"


@pytest.mark.parametrize("layout", [COLUMN, HASH], ids=str)
def test_a_deferrable_key_is_deferrable_as_a_whole(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    migrate(database, *TWO, layout=layout)
    key = one(connection, OF_WHOLE.format("p"))
    columns = "id, collection_id, partition_key" if layout is COLUMN else "id, collection_id"
    assert key == f"PRIMARY KEY ({columns}) DEFERRABLE INITIALLY DEFERRED"


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_foreign_key_that_is_not_enforced_comes_along(
    layout: Layout, database: str, connection: Connection, server_version: int
) -> None:
    """It forbids and follows nothing, so it is added to the whole table at once, before the swap."""
    if server_version < 18:
        pytest.skip("from PostgreSQL 18 on")
    connection.execute(
        TABLES.encode()
        + b"ALTER TABLE chunks ADD CONSTRAINT loose FOREIGN KEY (parent) REFERENCES parents NOT ENFORCED;"
        b" COMMENT ON CONSTRAINT loose ON chunks IS 'not kept';"
        b" INSERT INTO chunks VALUES (99, 'c', 'nobody')"
    )
    before = one(connection, OF_WHOLE.format("f"))
    note = "SELECT obj_description(oid) FROM pg_constraint WHERE conname = 'loose' AND conrelid = 'chunks'::regclass"
    migrate(database, *TWO, layout=layout)
    assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'chunks'::regclass") == "p"
    assert one(connection, OF_WHOLE.format("f")) == before
    assert one(connection, note) == "not kept"
    undo(database, layout)
    assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
    assert one(connection, OF_WHOLE.format("f")) == before
    assert one(connection, note) == "not kept"


#: each key of the whole has adopted one that a partition had, under that one's own name; and two levels of them
ADOPTED = """
CREATE TABLE parents (id text PRIMARY KEY);
CREATE TABLE chunks (id bigint, collection_id text NOT NULL, parent text, other text, PRIMARY KEY (id, collection_id)) PARTITION BY HASH (collection_id);
CREATE TABLE chunks_0 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE chunks_1 (LIKE chunks) PARTITION BY HASH (id);
CREATE TABLE chunks_1_0 (LIKE chunks, CONSTRAINT leaf_parent FOREIGN KEY (parent) REFERENCES parents);
ALTER TABLE chunks_1 ATTACH PARTITION chunks_1_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE chunks_1 ADD CONSTRAINT branch_parent FOREIGN KEY (parent) REFERENCES parents;
ALTER TABLE chunks_1 ADD CONSTRAINT branch_other FOREIGN KEY (other) REFERENCES parents ON DELETE CASCADE;
ALTER TABLE chunks ADD CONSTRAINT chunks_parent FOREIGN KEY (parent) REFERENCES parents;
ALTER TABLE chunks ADD CONSTRAINT chunks_other FOREIGN KEY (other) REFERENCES parents ON DELETE CASCADE;
ALTER TABLE chunks ATTACH PARTITION chunks_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parents VALUES ('p');
INSERT INTO chunks SELECT n, 'c' || n % 9, 'p', 'p' FROM generate_series(1, 50) AS n;
"""
OF_ALL = """
SELECT string_agg(concat_ws(' ', relid, conname, convalidated), ', ' ORDER BY relid::text, conname)
FROM pg_partition_tree('chunks') JOIN pg_constraint ON conrelid = relid AND contype = 'f'
"""


def test_keys_that_partitions_have_under_names_of_their_own_come_back(
    database: str, connection: Connection
) -> None:
    connection.execute(ADOPTED.encode())
    before = one(connection, OF_ALL)
    assert "chunks_1_0 leaf_parent t" in before and "chunks_1 branch_other t" in before
    for step in ("prepare_way_back", "swap"):
        migrate(database, *TWO, layout=PLAIN, until=step)
        undo(database, PLAIN)
        assert one(connection, OF_ALL) == before

"""What keys of the table become: of the whole, deferrable or not, and foreign keys that nothing enforces."""

from __future__ import annotations

import pytest

from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
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

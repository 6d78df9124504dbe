"""A fault planted in the new table, by whoever can silence its triggers, is found: whichever, and in whichever phase."""

from __future__ import annotations

import re

import pytest
from psycopg.errors import UniqueViolation

from executor.errors import AssertionFailedError, StepError
from tests.acceptance.test_traps_changes import PLAIN, ROWS, TWO
from tests.helpers.command import one
from tests.helpers.flagship import Connection, content
from tests.helpers.live import begun, migrate

TABLES = PLAIN + ROWS + "INSERT INTO chunks VALUES (500, 'c1', '')"
FAULTS = {
    "a byte changed": "UPDATE chunks_new SET content = 'x8' WHERE id = 7",
    "a row dropped": "DELETE FROM chunks_new WHERE id = 3",
    "a row doubled": "INSERT INTO chunks_new SELECT * FROM chunks_new WHERE id = 4",
    "a row instead of another": "DELETE FROM chunks_new WHERE id = 3;"
    " INSERT INTO chunks_new (id, collection_id, content, partition_key) SELECT 900, collection_id, content, partition_key FROM chunks_new WHERE id = 4",
    "a row moved to another partition": "UPDATE chunks_new SET (collection_id, partition_key) = ({key_1}, 1) WHERE id = {in_0}",
    "two values exchanged": "UPDATE chunks_new AS a SET content = b.content FROM chunks_new AS b WHERE (a.id, b.id) IN ((10, 19), (19, 10))",
    "null for empty": "UPDATE chunks_new SET content = NULL WHERE content = ''",
}  # fmt: skip
#: until which step the run has come: the rows are there, have indexes, are watched, are settled
PHASES = ["copy_rows", "build_indexes", "capture_target", "analyze"]


@pytest.mark.parametrize("phase", [
    pytest.param(phase, marks=pytest.mark.prepared(begun, TABLES, phase, TWO)) for phase in PHASES
])  # fmt: skip
@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_found_before_the_swap(
    fault: str, phase: str, database: str, connection: Connection
) -> None:
    """By what compares the tables, or by the unique index that a doubled row meets."""
    before = content(connection, "chunks")
    if fault == "a row doubled" and phase != "copy_rows":
        with pytest.raises(UniqueViolation):
            plant(connection, FAULTS[fault])
        return
    plant(connection, FAULTS[fault])
    with pytest.raises(StepError if fault == "a row doubled" else AssertionFailedError) as found:
        migrate(database, until="verify")
    assert re.search("build_indexes.*unique" if fault == "a row doubled" else "verify", str(found.value))  # fmt: skip
    assert content(connection, "chunks") == before


def plant(connection: Connection, fault: str) -> None:
    """Change the new table with all its triggers silenced: what is logged, or filled, would be mended."""
    tables = "SELECT string_agg(format('ALTER TABLE %s DISABLE TRIGGER ALL', relid), ';') FROM pg_partition_tree('chunks_new')"
    key_1 = one(connection, "SELECT collection_id FROM chunks_new WHERE partition_key = 1 LIMIT 1")
    in_0 = one(connection, "SELECT min(id) FROM chunks_new WHERE partition_key = 0")
    with connection.transaction():
        connection.execute(str(one(connection, tables)).encode())
        connection.execute(fault.format(key_1=repr(key_1), in_0=in_0).encode())

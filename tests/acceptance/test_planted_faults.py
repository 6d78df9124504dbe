"""A fault that somebody plants who can silence triggers is found: whichever, and in whichever phase."""

from __future__ import annotations

import re

import pytest
from psycopg.errors import UniqueViolation

from executor.errors import AssertionFailedError, StepError
from tests.acceptance.test_traps_changes import PLAIN, ROWS, TWO
from tests.helpers.command import one, refused
from tests.helpers.flagship import EXPRESSION, Connection, content
from tests.helpers.live import begun, migrate
from tests.helpers.plans import call

TABLES = PLAIN + ROWS + "INSERT INTO chunks VALUES (500, 'c1', '')"
FAULTS = {
    "a byte changed": "UPDATE {t} SET content = 'x8' WHERE id = 7",
    "a row dropped": "DELETE FROM {t} WHERE id = 3",
    "a row doubled": "INSERT INTO {t} SELECT * FROM {t} WHERE id = 4",
    "a row instead of another": "DELETE FROM {t} WHERE id = 3;"
    " INSERT INTO {t} SELECT (twin).* FROM (SELECT jsonb_populate_record(r, '{{\"id\": 900}}') AS twin FROM {t} AS r WHERE id = 4) AS made",
    "a row moved to another partition": "UPDATE {t} AS r SET {moved} FROM {t} AS other"
    " WHERE r.id = 9 AND other.id = (SELECT min(id) FROM chunks WHERE abs(hashtext(collection_id) % 2) <> abs(hashtext(r.collection_id) % 2))",
    "two values exchanged": "UPDATE {t} AS a SET content = b.content FROM {t} AS b WHERE (a.id, b.id) IN ((10, 19), (19, 10))",
    "null for empty": "UPDATE {t} SET content = NULL WHERE content = ''",
}  # fmt: skip
MOVED = "collection_id = other.collection_id"
#: until which step the run has come: the rows are there, have indexes, are watched, are settled
PHASES = ["copy_rows", "build_indexes", "capture_target", "analyze"]


def plant(connection: Connection, fault: str, table: str, moved: str = MOVED) -> None:
    """Change a table with all its triggers silenced: what is logged, or filled, would be mended."""
    silence = f"SELECT string_agg(format('ALTER TABLE %s DISABLE TRIGGER ALL', relid), ';') FROM pg_partition_tree('{table}')"
    with connection.transaction():
        connection.execute(str(one(connection, silence) or "").encode())
        connection.execute(FAULTS[fault].format(t=table, moved=moved).encode())


@pytest.mark.parametrize("phase", [
    pytest.param(phase, marks=pytest.mark.prepared(begun, TABLES, phase, TWO)) for phase in PHASES
])  # fmt: skip
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_new_table_is_found(
    fault: str, phase: str, database: str, connection: Connection
) -> None:
    """By what compares the tables, or by the unique index that a doubled row meets."""
    before = content(connection, "chunks")
    moved = f"{MOVED}, partition_key = other.partition_key"
    if fault == "a row doubled" and phase != "copy_rows":
        with pytest.raises(UniqueViolation):
            plant(connection, fault, "chunks_new", moved)
        return
    plant(connection, fault, "chunks_new", moved)
    with pytest.raises(StepError if fault == "a row doubled" else AssertionFailedError) as found:
        migrate(database, until="verify")
    assert re.search("build_indexes.*unique" if fault == "a row doubled" else "verify", str(found.value))  # fmt: skip
    assert content(connection, "chunks") == before


@pytest.mark.prepared(begun, TABLES, "prepare_way_back", TWO)
def test_a_fault_between_the_comparison_and_the_swap_is_found(
    database: str, connection: Connection
) -> None:
    """The tables are not compared any more, but who silences the triggers that log is found out."""
    plant(connection, "a byte changed", "chunks_new")
    with pytest.raises(StepError, match="triggers that log what is written to it"):
        migrate(database)
    assert one(connection, "SELECT relkind = 'r' FROM pg_class WHERE oid = 'chunks'::regclass")


@pytest.mark.prepared(begun, TABLES, "", TWO)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_backup_or_the_old_table_is_found(
    fault: str, database: str, connection: Connection
) -> None:
    """After the swap: the backup by its digest, and the old table by its own, by `verify`, and by a rollback."""
    backup, old = (
        str(
            one(
                connection,
                f"SELECT table_oid::regclass::text FROM migration_backups WHERE kind = '{kind}'",
            )
        )
        for kind in ("backup", "old_table")
    )
    plant(connection, fault, backup)
    refused(call("backups", "verify", backup, "--dsn", database), 8, "does not verify")
    if fault == "a row doubled":
        with pytest.raises(UniqueViolation):
            plant(connection, fault, old)
        return
    plant(connection, fault, old)
    refused(call("backups", "verify", old, "--dsn", database), 8, "does not verify")
    before = content(connection, "chunks")
    assert call("verify", EXPRESSION.plan, "--dsn", database).returncode == 6
    refused(call("rollback", EXPRESSION.plan, "--dsn", database), 7, "differ in more than")
    assert content(connection, "chunks") == before

"""Foreign keys into the table: given up by name, dropped in the swap, told, and put back by a rollback."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.errors import ExecutorError
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, run
from tests.helpers.live import migrate, role, told, undo

TWO = ("partition_count=2", "workers=1")
TABLES = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id text NOT NULL, parent bigint CONSTRAINT up REFERENCES chunks ON DELETE SET NULL);
INSERT INTO chunks SELECT n, 'c' || n % 9, CASE WHEN n > 10 THEN n / 2 END FROM generate_series(1, 100) AS n;
CREATE SCHEMA other;
CREATE TABLE other.notes (id int PRIMARY KEY, chunk bigint);
INSERT INTO other.notes SELECT n, n FROM generate_series(1, 20) AS n;
ALTER TABLE other.notes ADD CONSTRAINT notes_fk FOREIGN KEY (chunk) REFERENCES chunks MATCH FULL
  ON DELETE CASCADE ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT notes_fk ON other.notes IS 'goes with its chunk';
CREATE TABLE marks (chunk bigint) PARTITION BY LIST (chunk);
CREATE TABLE marks_rest PARTITION OF marks DEFAULT;
INSERT INTO marks VALUES (30), (31);
ALTER TABLE marks ADD CONSTRAINT marks_fk FOREIGN KEY (chunk) REFERENCES chunks;
"""
ALL = ("notes_fk", "marks_fk", "up")
KEYS = """
SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid)), E'\n' ORDER BY conrelid::regclass::text)
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND conname IN ('notes_fk', 'marks_fk', 'up', 'late')
"""
TOLD = "SELECT error FROM executor.runs"
VALID = "SELECT convalidated FROM pg_constraint WHERE conname = '{}' AND conparentid = 0"


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
def test_they_go_in_the_swap_and_come_back_as_they_were(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    before = one(connection, KEYS)
    migrate(database, *TWO, layout=layout, accept=ALL, until="keep_foreign_keys")
    assert one(connection, KEYS) == before  # they hold as long as the old table is in use
    migrate(database, layout=layout)
    assert one(connection, KEYS) is None
    connection.execute(
        "INSERT INTO other.notes VALUES (99, 4711); DELETE FROM other.notes WHERE id = 99"
    )
    connection.execute(
        "UPDATE chunks SET parent = 1 WHERE id < 9"
    )  # deleted and inserted on the way back
    undone = undo(database, layout)
    assert told(undone, "Notice") == []
    assert one(connection, KEYS) == before
    assert one(connection, "SELECT count(*) FROM other.notes") == 20
    connection.execute("DELETE FROM chunks WHERE id = 7")
    assert one(connection, "SELECT count(*) FROM other.notes") == 19
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM chunks WHERE id = 30")


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_row_that_refers_to_none_stops_no_rollback(
    layout: Layout, database: str, connection: Connection, server_version: int
) -> None:
    connection.execute(TABLES.encode())
    migrate(database, *TWO, layout=layout, accept=ALL)
    connection.execute("DELETE FROM chunks WHERE id IN (5, 30)")
    events = undo(database, layout)
    notices = told(events, "Notice")
    said = " | ".join(notices)
    assert {*notices} == {*events[-1].warnings} == {*one(connection, TOLD).splitlines()}
    for key, row in (
        ("notes_fk on other.notes", "(chunk)=(5)"),
        ("up on public.chunks", "(parent)=(5)"),
    ):
        assert f"the foreign key {key} is back" in said
        assert row in said
    assert 'ALTER TABLE other.notes VALIDATE CONSTRAINT "notes_fk"' in said
    assert "marks_fk on public.marks" in said and "(chunk)=(30)" in said
    assert one(connection, VALID.format("notes_fk")) is False
    assert one(connection, VALID.format("up")) is False
    if server_version >= 18:
        assert one(connection, VALID.format("marks_fk")) is False
    else:  # a partitioned table has none that is not validated
        assert 'ALTER TABLE public.marks ADD CONSTRAINT "marks_fk" FOREIGN KEY' in said
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("INSERT INTO other.notes VALUES (100, 5)")
    connection.execute("DELETE FROM other.notes WHERE chunk = 5")
    connection.execute("ALTER TABLE other.notes VALIDATE CONSTRAINT notes_fk")


ELSEWHERE = {
    "dropped": ("DROP TABLE other.notes", "the table is gone"),
    "of_somebody_else": (
        "DROP TABLE other.notes; CREATE TABLE other.notes (id int, chunk bigint); ALTER TABLE other.notes OWNER TO {}",
        "belongs no longer to",
    ),
    "without_the_column": (
        "ALTER TABLE other.notes DROP COLUMN chunk",
        'column "chunk" referenced in foreign key constraint does not exist',
    ),
    "with_another_key": (
        "ALTER TABLE other.notes ADD CONSTRAINT notes_fk CHECK (id > 0)",
        "has another constraint of that name",
    ),
}


@pytest.mark.parametrize("change", ELSEWHERE)
def test_a_table_that_can_not_have_its_key_again_stops_no_rollback(
    change: str, database: str, connection: Connection
) -> None:
    statement, words = ELSEWHERE[change]
    with role(connection, "newcomer") as newcomer:
        connection.execute(TABLES.encode())
        migrate(database, *TWO, accept=ALL)
        connection.execute(statement.format(newcomer).encode())
        (said,) = told(undo(database), "Notice")
        assert "the foreign key notes_fk on other.notes did not come back" in said
        assert words in said
        assert "then: ALTER TABLE other.notes ADD CONSTRAINT" in said
        assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'chunks'::regclass") == "r"
        assert one(connection, VALID.format("up")) is True


def test_keys_that_the_new_table_has_got_since_come_along(
    database: str, connection: Connection
) -> None:
    """Partitioned by HASH of what is referenced, it can have them."""
    connection.execute(TABLES.encode())
    by_id = (*TWO, "key_column=id")
    migrate(database, *by_id, layout=HASH, accept=ALL)
    again = (
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES chunks (id) ON DELETE CASCADE"
    )
    for table, name, column in (
        *(("other.notes", "notes_fk", "chunk"), ("chunks", "late", "parent")),
        ("other.notes", "more", "chunk"),
    ):
        connection.execute(again.format(table, name, column).encode())
    connection.execute("DELETE FROM chunks WHERE id = 7")  # and 14 and 15, which refer to it
    assert one(connection, "SELECT count(*) FROM other.notes") == 17
    undo(database, HASH)
    for name, cascades in (("notes_fk", True), ("more", True), ("late", True), ("up", False)):
        key = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}'"
        assert ("CASCADE" in str(one(connection, key))) is cascades
        assert one(connection, VALID.format(name)) is True


@pytest.mark.parametrize(
    ("by", "step", "layout"),
    [
        *(
            (by, step, EXPRESSION)
            for by in ("other.notes (chunk)", "chunks (parent)")
            for step in ("create_target", "copy_rows", "keep_foreign_keys")
        ),
        ("other.notes (chunk)", "keep_foreign_keys", HASH),
    ],
    ids=str,
)
def test_one_that_comes_while_the_plan_runs_stops_it(
    by: str, step: str, layout: Layout, database: str, connection: Connection
) -> None:
    """Before a step after which it would be lost; the application goes on deleting meanwhile."""
    connection.execute(TABLES.encode())
    connection.execute(
        "ALTER TABLE other.notes DROP CONSTRAINT notes_fk; ALTER TABLE chunks DROP CONSTRAINT up"
    )
    migrate(database, *TWO, layout=layout, accept=("marks_fk",), until=step)
    table, _, column = by.partition(" ")
    connection.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT late FOREIGN KEY {column} REFERENCES chunks ON DELETE CASCADE".encode()
    )
    connection.execute("DELETE FROM chunks WHERE id IN (11, 12)")
    before = one(connection, KEYS)
    rows = one(
        connection, "SELECT (SELECT count(*) FROM chunks) || ' ' || count(*) FROM other.notes"
    )
    with pytest.raises(
        ExecutorError, match=rf"incoming_keys: late on (public\.)?{table} was added"
    ):
        migrate(database, layout=layout)
    undo(database, layout)
    assert one(connection, KEYS) == before
    assert rows == one(
        connection, "SELECT (SELECT count(*) FROM chunks) || ' ' || count(*) FROM other.notes"
    )


@pytest.mark.parametrize(
    ("layout", "column", "words"),
    [
        (
            EXPRESSION,
            "collection_id",
            "the new table has no unique key of those columns as a whole, which it would have in PARTITION BY HASH (id): executor init public.chunks --layout hash:id writes that plan.",
        ),
        (HASH, "collection_id", "the new table has no unique key of those columns as a whole"),
    ],
)
def test_the_check_says_why(
    layout: Layout, column: str, words: str, database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    done = run(layout, database, f"key_column={column}", options=["--dry-run"])
    assert done.returncode == 6
    assert f"found marks_fk on public.marks, notes_fk on other.notes; {words}" in done.stderr
    itself = "foreign keys of the table to itself: expected none, or accepted by the plan, found up on public.chunks"
    assert f"{itself}; {words}" in done.stderr


def test_the_dry_run_says_what_giving_them_up_means(database: str, connection: Connection) -> None:
    connection.execute(TABLES.encode())
    done = run(EXPRESSION, database, options=["--dry-run", *(f"--accept={name}" for name in ALL)])
    assert done.returncode == 0, done.stderr
    assert (
        "dropped in the swap, as they are given up: marks_fk on public.marks, notes_fk on other.notes (a row is no longer deleted"
        in done.stderr
    )
    assert "up on public.chunks (no longer ON DELETE SET NULL)" in done.stderr


def test_it_can_only_be_dropped_by_the_owner_of_its_table(
    database: str, connection: Connection
) -> None:
    with role(connection, "owner") as owner:
        connection.execute(TABLES.encode())
        connection.execute(f"ALTER TABLE chunks OWNER TO {owner}".encode())
        dsn = make_conninfo(database, user=owner)
        with pytest.raises(
            ExecutorError, match=r"owner of the tables that refer to the table: .* other.notes of"
        ):
            migrate(dsn, *TWO, accept=ALL)

"""What is said is true, clear and said once: reasons, names, ways out."""

from __future__ import annotations

import subprocess

import pytest

from tests.helpers.command import one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    rollback,
    run,
)

LAYOUTS = [EXPRESSION, COLUMN, HASH]
TYPES = """
CREATE TYPE kind AS ENUM ('mail', 'sms');
CREATE DOMAIN uid AS uuid; CREATE DOMAIN tenant AS uid; CREATE DOMAIN kinds AS kind;
"""


def _dry(layout: Layout, database: str, *variables: str) -> subprocess.CompletedProcess[str]:
    return run(layout, database, "partition_count=2", *variables, options=["--dry-run"])


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize(
    "columns",
    [
        "k kind, id int, collection_id tenant NOT NULL, PRIMARY KEY (k, id)",
        "id int, k kind, collection_id text NOT NULL, PRIMARY KEY (id) INCLUDE (k)",
        "id tenant PRIMARY KEY, collection_id int NOT NULL",
    ],
    ids=["an_enum", "an_enum_included", "a_domain_over_a_domain"],
)
def test_keys_of_enums_and_domains_work(
    columns: str, layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(f"{TYPES}CREATE TABLE chunks ({columns})".encode())
    values = {"k": "'mail'", "id": "1", "collection_id": "1"}
    for name in values:
        if f", {name} tenant" in f", {columns}":
            values[name] = "'00000000-0000-0000-0000-000000000001'"
    given = {name: value for name, value in values.items() if f", {name} " in f", {columns}"}
    connection.execute(
        f"INSERT INTO chunks ({', '.join(given)}) VALUES ({', '.join(given.values())})".encode()
    )
    before = content(connection, "chunks")
    done = run(layout, database, "partition_count=2")
    assert done.returncode == 0, done.stderr
    assert content(connection, "chunks") == before
    assert rollback(layout, database).returncode == 0
    assert content(connection, "chunks") == before


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("bytea", "bytea, whose text depends on settings of the session; use the plan with hash"),
        ("date", "date, whose text depends on settings of the session; use the plan with hash"),
        ("kind", "kind, whose labels may be renamed; use the plan with hash"),
        (
            "kinds",
            "kinds, a domain over an enum, which PostgreSQL can't compare; choose another one",
        ),
        ("boolean", "boolean, which this layout doesn't take; use the plan with hash"),
        ("numeric", "numeric, of which equal values may differ as text; use the plan with hash"),
        ("money", "money, whose text depends on settings of the session; choose another one"),
    ],
)
def test_why_a_type_does_not_choose_partitions(
    kind: str, reason: str, database: str, connection: Connection
) -> None:
    connection.execute(
        f"{TYPES}CREATE TABLE chunks (id int PRIMARY KEY, collection_id {kind} NOT NULL)".encode()
    )
    done = _dry(EXPRESSION, database)
    assert done.returncode == 6, done.stderr
    assert reason in done.stderr
    assert (_dry(HASH, database).returncode == 0) is ("hash" in reason)


def test_partitions_whose_names_are_taken_get_others(database: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int, collection_id int, PRIMARY KEY (id, collection_id))"
        " PARTITION BY HASH (id);"
        "CREATE TABLE chunks_part_0 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        "CREATE TABLE chunks_part_1 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
    )
    assert _dry(EXPRESSION, database).returncode == 0
    connection.execute("ALTER TABLE chunks_part_0 RENAME TO chunks_part_00")
    done = run(EXPRESSION, database, "partition_count=2")
    assert done.returncode == 0, done.stderr
    query = "SELECT array_agg(inhrelid::regclass::text ORDER BY 1) FROM pg_inherits WHERE inhparent = 'chunks'::regclass"
    assert one(connection, query) == ["chunks_p2_00", "chunks_p2_01"]
    assert one(connection, "SELECT relkind FROM pg_class WHERE relname = 'chunks_part_00'") == "r"


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_key_to_the_table_itself_is_none_of_another_table(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE chunks (collection_id int PRIMARY KEY, parent int REFERENCES chunks, UNIQUE (parent));"
        "ALTER TABLE chunks ADD FOREIGN KEY (parent) REFERENCES chunks (parent) NOT VALID"
    )
    done = _dry(layout, database)
    assert done.returncode == 6, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("  foreign keys")]
    assert all(line.startswith("  foreign keys of the table to itself:") for line in said)
    # the hash plan's table has a primary key for the first to come along
    lost = (
        ["chunks_parent_fkey1"] if layout is HASH else ["chunks_parent_fkey", "chunks_parent_fkey1"]
    )
    assert [line.split("found ")[1].split()[0] for line in said] == lost


def test_many_names_are_five_and_more(database: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE chunks (id int PRIMARY KEY, collection_id int NOT NULL)")
    for number in range(12):
        connection.execute(f"CREATE TABLE notes{number:02} (id int REFERENCES chunks)".encode())
    done = _dry(EXPRESSION, database)
    assert "notes04_id_fkey on public.notes04 and 7 more; the new table has" in done.stderr
    assert "notes05_id_fkey" not in done.stderr
    assert done.stderr.count("notes00_id_fkey on public.notes00") == 1


def test_a_check_that_fails_has_changed_nothing(database: str, connection: Connection) -> None:
    connection.execute("CREATE TABLE chunks (id int, collection_id int NOT NULL)")
    done = run(HASH, database, "partition_count=2")
    assert done.returncode == 6
    assert (
        "Hint: Nothing was changed; `executor run chunks_100_hash_partitions --var partition_count=2` tries"
        in done.stderr
    )
    assert "committed" not in done.stderr
    assert done.stderr.count("none that is valid and whole") == 1
    again = run(HASH, database, "partition_count=2")
    assert (again.returncode, "Nothing was changed" in again.stderr) == (6, True)
    assert "committed" not in again.stderr
    connection.execute("ALTER TABLE chunks ADD PRIMARY KEY (id)")
    stopped = run(HASH, database, "partition_count=2", options=["--until", "create_target"])
    assert stopped.returncode == 0, stopped.stderr
    connection.execute("CREATE TABLE chunks_part_00 ()")
    done = run(HASH, database)
    assert done.returncode == 5
    assert "What was committed is kept" in done.stderr


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_rollback_that_a_row_blocks_names_its_key(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id int NOT NULL);"
        "INSERT INTO chunks SELECT i, i FROM generate_series(1, 20) AS i"
    )
    assert run(layout, database, "partition_count=2").returncode == 0
    connection.execute(
        "INSERT INTO chunks SELECT 7, i FROM generate_series(30, 45) AS i ON CONFLICT DO NOTHING"
    )
    done = rollback(layout, database)
    assert done.returncode == 7
    assert "Key (id)=(7) already exists" in done.stderr
    assert "Two rows of public.chunks have the key that public.chunks_old_" in done.stderr
    assert (
        "still to be undone: end_capture, release_old, swap, keep_foreign_keys, await_snapshots and "
        in done.stderr
    )
    connection.execute("DELETE FROM chunks WHERE collection_id >= 30")
    assert rollback(layout, database).returncode == 0


def test_what_depends_on_a_thing_is_named(database: str, connection: Connection) -> None:
    """PostgreSQL says it in its DETAIL alone."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id int NOT NULL);"
        "INSERT INTO chunks VALUES (1, 1)"
    )
    done = run(HASH, database, "partition_count=2", options=["--until", "create_partitions"])
    assert done.returncode == 0, done.stderr
    connection.execute("CREATE VIEW lookout AS TABLE chunks_part_01")
    done = rollback(HASH, database)
    assert done.returncode == 7
    assert "view public.lookout depends on table public.chunks_part_01" in done.stderr

"""What the check says of statements is what they do afterwards, in every layout."""

from __future__ import annotations

import psycopg
import pytest

from tests.helpers.checked import checked
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import migrate

UPSERTS = """
CREATE FUNCTION puts() RETURNS void LANGUAGE plpgsql AS 'BEGIN INSERT INTO "public".chunks AS c (id) VALUES (1) ON CONFLICT (collection_id, id) DO NOTHING; END';
CREATE FUNCTION skips() RETURNS void LANGUAGE plpgsql AS 'BEGIN INSERT INTO chunks (id) VALUES (1) ON CONFLICT DO NOTHING; END';
CREATE FUNCTION beside() RETURNS void LANGUAGE plpgsql AS 'BEGIN INSERT INTO chunks_2 VALUES (1) ON CONFLICT (id) DO NOTHING; END';
CREATE TABLE inbox (id bigint);
CREATE RULE takes AS ON INSERT TO inbox DO INSTEAD INSERT INTO chunks (id) VALUES (NEW.id) ON CONFLICT (collection_id, id) DO NOTHING;
"""
LAYOUTS = pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
TABLE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id uuid NOT NULL, slug text UNIQUE, content text);
INSERT INTO chunks SELECT i, md5((i % 7)::text)::uuid, 's' || i, 'x' FROM generate_series(1, 70) AS i;
"""
VALUE = "'8F14E45F-CEEA-467F-9C3A-1B5E2C4D6A7B'"
NUMBER = f"abs(hashtext({VALUE}::uuid::text) % 4)"
INSERT = f"INSERT INTO chunks (id, collection_id, slug, content) VALUES (900, {VALUE}, 'new', 'x')"
WITH_NUMBER = INSERT.replace("content)", "content, partition_key)").replace("'x')", f"'x', {NUMBER})")  # fmt: skip
UPDATE = "ON CONFLICT ({}) DO UPDATE SET content = 'y'"


def fails(connection: Connection, statement: str) -> bool:
    try:
        with connection.transaction():
            connection.execute(statement.encode())
    except psycopg.errors.InvalidColumnReference as error:
        assert "no unique or exclusion constraint matching the ON CONFLICT" in str(error)
        return True
    return False


@LAYOUTS
def test_what_is_said_of_conflicts_and_keys_is_true(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute((TABLE + UPSERTS).encode())
    found = checked(database, layout)
    by_name = found["functions and rules that say ON CONFLICT"]
    assert by_name.passed is False
    assert by_name.actual.startswith("public.puts(), takes on public.inbox: each call fails")
    conflict = found["ON CONFLICT"]
    assert conflict.passed is False
    narrow = found["unique indexes"]
    assert narrow.passed is False
    assert narrow.actual.startswith("public.chunks_pkey, public.chunks_slug_key: unique within a")

    migrate(database, "partition_count=4", layout=layout)
    insert = WITH_NUMBER if layout is COLUMN else INSERT
    works = {
        EXPRESSION: "ON CONFLICT DO NOTHING",
        COLUMN: UPDATE.format("id, collection_id, partition_key"),
        HASH: UPDATE.format("id, collection_id"),
    }[layout]
    said = {
        EXPRESSION: "only ON CONFLICT DO NOTHING works",
        COLUMN: "ON CONFLICT (id, collection_id, partition_key). With the columns of any other",
        HASH: "with (id), the key of public.chunks_pkey, which becomes (id, collection_id): name these,"
        " with (slug) of public.chunks_slug_key",
    }[layout]
    assert said in conflict.actual
    for columns in ("id", "slug", "id, collection_id"):
        assert fails(connection, f"{insert} {UPDATE.format(columns)}") is (UPDATE.format(columns) != works)  # fmt: skip
    assert not fails(connection, f"{insert} {works}")
    # an UPDATE makes two rows of one id, as said
    number = f", partition_key = {NUMBER}" if layout is COLUMN else ""
    update = f"UPDATE chunks SET collection_id = {VALUE}{number} WHERE id = 1"
    moved = found["UPDATE of collection_id"]
    assert moved.passed is False
    assert ("has to set partition_key" in moved.actual) is (layout is COLUMN)
    connection.execute(update.encode())


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN], ids=str)
def test_the_condition_that_is_advised_finds_the_rows_in_one_partition(
    layout: Layout, database: str, connection: Connection
) -> None:
    """Also where the value is written in another way than the column's type prints it."""
    connection.execute(TABLE.encode())
    said = checked(database, layout)["queries by collection_id"]
    assert said.passed is False
    condition = said.actual.partition("add: ")[2].partition(", where $1")[0].replace("% 2)", "% 4)")
    migrate(database, "partition_count=4", layout=layout)
    connection.execute((WITH_NUMBER if layout is COLUMN else INSERT).encode())
    for mode in ("force_custom_plan", "force_generic_plan"):
        connection.execute(f"SET plan_cache_mode = {mode}".encode())
        connection.execute(
            f"PREPARE q AS SELECT count(*) FROM chunks WHERE collection_id = $1 {condition}".encode()
        )
        assert connection.execute(f"EXECUTE q ({VALUE})".encode()).fetchone() == (1,)
        plan = "\n".join(r[0] for r in connection.execute(f"EXPLAIN ANALYZE EXECUTE q ({VALUE})".encode()))  # fmt: skip
        scans = plan.count("on chunks_part_") - plan.count("never executed")
        assert scans == 1, plan
        connection.execute("DEALLOCATE q")


def test_a_key_that_has_the_column_conflicts_as_before(
    database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE chunks (collection_id int, id bigint, content text, PRIMARY KEY (collection_id, id));"
        + UPSERTS
    )
    found = checked(database, HASH)
    assert found["ON CONFLICT"].passed is found["unique indexes"].passed is True
    assert found["functions and rules that say ON CONFLICT"].passed is True
    connection.execute("CREATE UNIQUE INDEX lower_content ON chunks (lower(content))")
    found = checked(database, HASH)
    assert found["ON CONFLICT"].passed is False
    assert found["ON CONFLICT"].actual.startswith(
        "fails with the expressions of public.lower_content; and"
    )

"""What can't come back from files is said when they are written; what is restored is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.backed_up import backups, made, migrated, tried
from tests.helpers.command import one, refused
from tests.helpers.flagship import Connection, content

#: values that were there before what forbids them
REFUSED = {
    "a domain": (
        """
        CREATE DOMAIN email AS text; CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, e email);
        INSERT INTO chunks SELECT n, 'c', 'none' FROM generate_series(1, 50) AS n;
        ALTER DOMAIN email ADD CONSTRAINT at CHECK (VALUE LIKE '%@%') NOT VALID
        """,
        'violates check constraint "at"',
    ),
    "a domain over a domain in an array": (
        """
        CREATE DOMAIN small AS int; CREATE DOMAIN tiny AS small;
        CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, n tiny[]);
        INSERT INTO chunks SELECT n, 'c', ARRAY[n, n] FROM generate_series(1, 50) AS n;
        ALTER DOMAIN small ADD CHECK (VALUE < 40) NOT VALID
        """,
        'violates check constraint "small_check"',
    ),
    "a domain in a composite type": (
        """
        CREATE DOMAIN said AS text; CREATE TYPE pair AS (a int, b said);
        CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, p pair);
        INSERT INTO chunks SELECT n, 'c', ROW(n, CASE WHEN n > 3 THEN 'x' END::said)::pair FROM generate_series(1, 50) AS n;
        ALTER DOMAIN said ADD CHECK (VALUE IS NOT NULL) NOT VALID
        """,
        'violates check constraint "said_check"',
    ),
    "a function that says something else by now": (
        """
        CREATE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN true;
        CREATE DOMAIN word AS text CHECK (public.fine(VALUE));
        CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, w word);
        INSERT INTO chunks SELECT n, 'c', 'w' FROM generate_series(1, 50) AS n;
        CREATE OR REPLACE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN false
        """,
        'violates check constraint "word_check"',
    ),
    "a check that says something else by now": (
        """
        CREATE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN true;
        CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, CHECK (public.fine(collection_id)));
        CREATE DOMAIN word AS text CHECK (VALUE <> ''); ALTER TABLE chunks ADD w word;
        INSERT INTO chunks SELECT n, 'c', 'w' FROM generate_series(1, 50) AS n;
        CREATE OR REPLACE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN false
        """,
        'check constraint "chunks_restored',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_export_that_can_not_be_imported_says_so(
    case: str, database: str, connection: Connection, tmp_path: Path
) -> None:
    tables, words = REFUSED[case]
    connection.execute(tables.encode())
    backup, before = made(database), one(connection, "SELECT count(*) FROM pg_class")
    refused(
        tried(database, "export", backup, str(tmp_path / "files")),
        8, "was written to", "can't be imported here", words,
    )  # fmt: skip
    assert one(connection, "SELECT count(*) FROM pg_class") == before
    assert tried(database, "import", str(tmp_path / "files"), "--into", "again").returncode == 8
    # elsewhere it may be fine, and so it is here once the cause is gone
    connection.execute(
        "DO $$ DECLARE k record; BEGIN FOR k IN SELECT conname, contypid::regtype AS domain FROM pg_constraint WHERE contypid <> 0"
        " AND contypid >= 16384 LOOP EXECUTE format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.domain, k.conname); END LOOP; END $$"
    )
    if "FUNCTION fine" in tables:
        connection.execute(
            "CREATE OR REPLACE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN true"
        )
    backups(database, "import", str(tmp_path / "files"), "--into", "again")
    assert content(connection, "again") == content(connection, "chunks")


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("aclitem", "'=r/postgres'"),
        ("aclitem[]", "'{=r/postgres}'"),
        ("own", "ROW(1, '=r/postgres')"),
    ],
)
def test_a_type_without_a_binary_form_is_named_before_anything_is_written(
    type_: str, value: str, database: str, connection: Connection, tmp_path: Path
) -> None:
    connection.execute(
        "CREATE TYPE own AS (n int, who aclitem);"
        f"CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL, who {type_});"
        f"INSERT INTO chunks VALUES (1, 'c', {value})".encode()
    )
    backup, shown = made(database), type_.replace("own", "public.own")
    refused(
        tried(database, "export", backup, str(tmp_path / "files")),
        8, f"PostgreSQL has no binary form of column who ({shown})", f"pg_dump --table='public.{backup}'",
    )  # fmt: skip
    assert not (tmp_path / "files").exists()
    assert "equal" in backups(database, "restore", backup, "--into", "again")


def test_a_definition_that_names_its_table_is_found_by_the_drill_and_the_export(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    """Neither bears the name of the table, as the restored one does not."""
    connection.execute(
        "CREATE TABLE chunks (id int PRIMARY KEY, collection_id text NOT NULL);"
        "ALTER TABLE chunks ADD CHECK (chunks IS NOT NULL); INSERT INTO chunks VALUES (1, 'c')"
    )
    backup = made(database)
    finds = {
        "drill": tried(database, "drill", backup),
        "export": tried(database, "export", backup, str(tmp_path / "files")),
        "restore": tried(database, "restore", backup),
    }
    assert {done.returncode for done in finds.values()} == {8}
    for done in finds.values():
        assert "can't be restored from its definition" in done.stderr + done.stdout


FILLED = """
CREATE TABLE chunks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection_id text NOT NULL, a text, b int, c int,
  up text GENERATED ALWAYS AS (upper(a)) VIRTUAL, CONSTRAINT said NOT NULL a, CONSTRAINT alone NOT NULL b NO INHERIT);
INSERT INTO chunks (collection_id, a, b) SELECT 'c' || n % 9, 'a', n FROM generate_series(1, 30) AS n;
ALTER TABLE chunks ADD CONSTRAINT later NOT NULL c NOT VALID;
COMMENT ON CONSTRAINT said ON chunks IS 'a is said'; COMMENT ON CONSTRAINT later ON chunks IS 'not yet';
COMMENT ON COLUMN chunks.up IS 'virtual';
"""
CONSTRAINTS = """
SELECT string_agg(concat_ws(' ', conname, convalidated, connoinherit, obj_description(oid, 'pg_constraint')), ', ' ORDER BY conname)
FROM pg_constraint WHERE contype = 'n' AND conrelid = %s::regclass AND conname IN ('said', 'alone', 'later')
"""


@pytest.mark.parametrize("way", ["restore", "replace", "import"])
def test_what_is_said_of_not_null_comes_back(
    way: str, database: str, connection: Connection, tmp_path: Path
) -> None:
    if connection.info.server_version < 180000:
        pytest.skip("these constraints are of PostgreSQL 18")
    connection.execute(FILLED.encode())
    before = connection.execute(CONSTRAINTS, ["chunks"]).fetchall(), content(connection, "chunks")
    assert "later f f not yet" in before[0][0][0]
    backup = made(database)
    if way == "replace":
        backups(database, "restore", backup, "--replace")
    elif way == "restore":
        backups(database, "restore", backup, "--into", "again")
    else:
        backups(database, "export", backup, str(tmp_path / "files"))
        backups(database, "import", str(tmp_path / "files"), "--into", "again")
    table = "chunks" if way == "replace" else "again"
    assert connection.execute(CONSTRAINTS, [table]).fetchall() == before[0]
    assert content(connection, table) == before[1]


def test_statistics_objects_are_restored_where_they_were(
    database: str, connection: Connection
) -> None:
    """Two of one name, in two schemas; where the schema is gone, beside the table."""
    connection.execute(
        "CREATE TABLE chunks (id bigserial PRIMARY KEY, collection_id text NOT NULL, a int);"
        "INSERT INTO chunks (collection_id) VALUES ('c'); CREATE SCHEMA st;"
        "CREATE STATISTICS same ON id, a FROM chunks; CREATE STATISTICS st.same ON collection_id, a FROM chunks;"
        "ALTER STATISTICS st.same SET STATISTICS 7"
    )
    backup = made(database)
    found = (
        "SELECT string_agg(concat_ws(' ', stxnamespace::regnamespace, stxname, nullif(stxstattarget, -1)), ', ' ORDER BY stxnamespace::regnamespace::text)"
        " FROM pg_statistic_ext WHERE stxrelid = '{}'::regclass"
    )
    backups(database, "restore", backup, "--replace")
    assert one(connection, found.format("chunks")) == "public same, st same 7"
    backups(database, "restore", backup, "--into", "again")
    assert str(one(connection, found.format("again"))).endswith("again_same 7")
    assert str(one(connection, found.format("again"))).count("st ") == 1
    migrated(database)

"""Publications go on with the new table and back, or are named before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from executor.errors import RollbackError
from tests.helpers.checked import checked
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import migrate, role, undo

LAYOUTS = pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
TABLE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text, secret text);
INSERT INTO chunks SELECT i, i % 7, 'x', 's' FROM generate_series(1, 70) AS i;
"""
PARTITIONED = """
CREATE TABLE chunks (id bigint, collection_id int NOT NULL, content text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE chunks_low PARTITION OF chunks FOR VALUES FROM (0) TO (40);
CREATE TABLE chunks_high PARTITION OF chunks FOR VALUES FROM (40) TO (100);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 70) AS i;
"""
OTHER = """
CREATE TABLE days (day date PRIMARY KEY) PARTITION BY RANGE (day);
CREATE TABLE day_1 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2025-01-02');
"""
NAMES, LISTS = "publications that would name partitions", "lists of columns in publications"
LEAVES, IDENTITY = "partitions published one by one", "replica identity"
OWNERS = "owner of publications that name the table"


def writes(connection: Connection) -> None:
    """What an application does; a publication makes it fail where nothing identifies a row."""
    connection.execute("UPDATE chunks SET content = content WHERE id = 3")
    connection.execute("DELETE FROM chunks WHERE id = 4")


def options(connection: Connection) -> list[object]:
    """All that the publications say of the table."""
    rows = connection.execute(
        "SELECT p.pubname, pubviaroot, pubinsert, pubupdate, pubdelete, to_jsonb(t) ->> 'attnames', to_jsonb(t) ->> 'rowfilter'"
        " FROM pg_publication AS p JOIN pg_publication_tables AS t USING (pubname) WHERE tablename = 'chunks' ORDER BY 1"
    )
    return list(rows)


@pytest.fixture
def lists(server_version: int) -> None:
    if server_version < 15:
        pytest.skip("column lists and row filters are younger")


SEVERAL = """
CREATE TABLE beside (id int PRIMARY KEY);
CREATE PUBLICATION few FOR TABLE chunks (collection_id, id, content) WHERE (id > 10), beside;
CREATE PUBLICATION inserts FOR TABLE chunks (content) WHERE (content <> '') WITH (publish = 'insert');
CREATE PUBLICATION rooted FOR TABLE chunks WHERE (id < 60) WITH (publish_via_partition_root);
CREATE PUBLICATION "the Schema's" FOR TABLES IN SCHEMA public;
"""


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_several_with_options_of_their_own_go_there_and_back(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute((TABLE + SEVERAL).encode())
    before = options(connection)
    migrate(database, "partition_count=2", layout=layout)
    writes(connection)
    after = options(connection)
    assert [row[1] for row in after] == [True] * 4  # type: ignore[index]
    assert [row[2:5] for row in after] == [row[2:5] for row in before]  # type: ignore[index]
    assert [row[6] for row in after] == [row[6] for row in before]  # type: ignore[index]
    assert "{collection_id,id,content}" not in str(after)  # in the order of the table
    undo(database, layout)
    assert options(connection) == before
    writes(connection)


@pytest.mark.usefixtures("lists")
@LAYOUTS
def test_a_list_without_what_identifies_a_row_is_refused(
    layout: Layout, database: str, connection: Connection
) -> None:
    """The key of the new table has columns more, and the list has not; an insert needs none."""
    connection.execute(TABLE.encode())
    connection.execute("CREATE PUBLICATION picked FOR TABLE chunks (id, content)")
    connection.execute("CREATE PUBLICATION more FOR TABLE chunks (content) WITH (publish = insert)")
    writes(connection)
    found = checked(database, layout)[LISTS]
    if layout is EXPRESSION:
        assert found.passed is True
        migrate(database, "partition_count=2", layout=layout)
        writes(connection)
        return
    assert found.passed is False
    missing = "collection_id" + (", partition_key" if layout is COLUMN else "")
    assert found.actual.startswith(f"picked without {missing}; what identifies a row")
    connection.execute("ALTER PUBLICATION picked DROP TABLE chunks")
    listed = "(id, collection_id, content)" if layout is HASH else ""
    connection.execute(f"ALTER PUBLICATION picked ADD TABLE chunks {listed}".encode())
    migrate(database, "partition_count=2", layout=layout)
    writes(connection)
    undo(database, layout)
    writes(connection)


@pytest.mark.usefixtures("lists")
@LAYOUTS
def test_a_filter_on_all_that_is_logged_goes_on(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(TABLE.encode())
    connection.execute("ALTER TABLE chunks REPLICA IDENTITY FULL")
    connection.execute("CREATE PUBLICATION picked FOR TABLE chunks WHERE (collection_id > 3)")
    migrate(database, "partition_count=2", layout=layout)
    writes(connection)
    undo(database, layout)
    writes(connection)


@pytest.mark.usefixtures("lists")
def test_what_the_old_table_could_not_publish_stops_the_rollback(
    database: str, connection: Connection
) -> None:
    """A list and a filter made since the swap may name what the old table has not, or is not known by."""
    connection.execute((TABLE + OTHER + "CREATE PUBLICATION picked FOR TABLE chunks").encode())
    migrate(database, "partition_count=2", layout=HASH)
    connection.execute("ALTER PUBLICATION picked SET TABLE chunks WHERE (collection_id > 3)")
    writes(connection)
    with pytest.raises(
        RollbackError, match="row filter of publication picked asks for collection_id"
    ):
        undo(database, HASH)
    connection.execute("ALTER PUBLICATION picked SET TABLE chunks, days")
    undo(database, HASH)
    writes(connection)
    # the other table's subscribers go on to receive it as they have agreed since
    assert one(connection, "SELECT pubviaroot FROM pg_publication") is True


@pytest.mark.usefixtures("lists")
def test_a_list_with_the_new_column_comes_back_without_it(
    database: str, connection: Connection
) -> None:
    connection.execute((TABLE + "CREATE PUBLICATION picked FOR TABLE chunks").encode())
    migrate(database, "partition_count=2")
    connection.execute("ALTER PUBLICATION picked SET TABLE chunks (id, partition_key, content)")
    writes(connection)
    undo(database)
    writes(connection)
    assert one(connection, "SELECT attnames::text FROM pg_publication_tables") == "{id,content}"


@pytest.mark.parametrize("published", ["FOR TABLE chunks, days", "FOR TABLE chunks, day_1", "FOR ALL TABLES", "FOR TABLES IN SCHEMA public"])  # fmt: skip
def test_how_another_partitioned_table_is_published_is_not_changed(
    published: str, database: str, connection: Connection, server_version: int
) -> None:
    if server_version < 15 and "SCHEMA" in published:
        pytest.skip("younger")
    connection.execute((TABLE + OTHER + f"CREATE PUBLICATION picked {published}").encode())
    found = checked(database)[NAMES]
    assert found.passed is False
    assert "publication picked (publishes via partition roots would change" in found.actual
    assert "subscribers receive of public.days)" in found.actual
    assert "SET (publish_via_partition_root = true)" in found.actual
    migrate(database, "partition_count=2", accept=("publication picked",))
    assert one(connection, "SELECT pubviaroot FROM pg_publication") is False
    writes(connection)
    undo(database)
    assert one(connection, "SELECT pubviaroot FROM pg_publication") is False
    connection.execute("ALTER PUBLICATION picked SET (publish_via_partition_root = true)")
    assert checked(database)[NAMES].passed is True


@pytest.mark.usefixtures("lists")
def test_what_needs_the_option_cannot_be_left_without(
    database: str, connection: Connection
) -> None:
    """A partitioned table is published with a filter only under its own name."""
    connection.execute((TABLE + OTHER).encode())
    connection.execute("CREATE PUBLICATION picked FOR TABLE chunks WHERE (id > 3), days")
    assert checked(database, accept=("publication picked",))[NAMES].passed is False


@LAYOUTS
def test_partitions_that_are_published_are_named(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(PARTITIONED.encode())
    connection.execute("CREATE PUBLICATION whole FOR TABLE chunks")
    connection.execute("CREATE PUBLICATION parts FOR TABLE chunks_low, chunks_high")
    found = checked(database, layout)
    names = ("public.chunks_high in publication parts", "public.chunks_low in publication parts")
    assert found[LEAVES].passed is found[NAMES].passed is False
    assert found[LEAVES].actual.startswith(", ".join(names) + "; they are the old table's then")
    assert found[NAMES].actual.startswith("publication whole (names the partitions of now)")
    connection.execute("ALTER PUBLICATION whole SET (publish_via_partition_root = true)")
    migrate(database, "partition_count=2", layout=layout, accept=names)
    writes(connection)
    before = "SELECT array_agg(pubname::text || tablename ORDER BY pubname, tablename) FROM pg_publication_tables"
    assert one(connection, before) == ["partschunks_high", "partschunks_low", "wholechunks"]
    undo(database, layout)
    writes(connection)
    assert one(connection, before) == ["partschunks_high", "partschunks_low", "wholechunks"]


def test_partitions_that_log_more_than_the_oldest_are_named(
    database: str, connection: Connection
) -> None:
    connection.execute(PARTITIONED.encode())
    connection.execute("ALTER TABLE chunks_high REPLICA IDENTITY FULL")
    assert checked(database)[IDENTITY].passed is True
    connection.execute(
        "CREATE PUBLICATION picked FOR TABLE chunks WITH (publish_via_partition_root)"
    )
    found = checked(database)[IDENTITY]
    assert found.passed is False
    assert found.actual.startswith("public.chunks_high unlike public.chunks_low; the partitions")


@pytest.fixture
def owner(connection: Connection) -> Iterator[str]:
    with role(connection, "owner") as name:
        yield name


def test_publications_of_other_owners_are_asked_for(
    database: str, connection: Connection, owner: str
) -> None:
    connection.execute(f"SET ROLE {owner}; {TABLE}; RESET ROLE".encode())
    connection.execute("CREATE PUBLICATION named FOR TABLE chunks")
    connection.execute("CREATE PUBLICATION everything FOR ALL TABLES")
    run_as = f"{database} user={owner}"
    found = checked(run_as)
    assert found[OWNERS].passed is found[NAMES].passed is False
    assert re.match(r"named of \w+; its owner alone can put the new table", found[OWNERS].actual)
    assert re.match(r"publication everything \(can be altered by \w+ alone\)", found[NAMES].actual)
    connection.execute("ALTER PUBLICATION everything SET (publish_via_partition_root = true)")
    connection.execute(f"ALTER PUBLICATION named OWNER TO {owner}".encode())
    migrate(run_as, "partition_count=2")
    writes(connection)
    undo(run_as)
    writes(connection)

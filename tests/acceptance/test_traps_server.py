"""Traps that need a server of their own: subscribers, prepared transactions, a full disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from executor.database import embedded
from executor.database.session import Connector
from executor.errors import StepError
from executor.events import AssertionChecked
from executor.init.ask import survey
from executor.init.page import as_page
from tests.helpers import servers
from tests.helpers.checked import checked
from tests.helpers.command import eventually, one
from tests.helpers.flagship import EXPRESSION, HASH, Connection, Layout, content
from tests.helpers.live import fresh_database, migrate, told, undo
from tests.stress.server import small_disk

TABLE = """
CREATE TABLE chunks (id int, collection_id text NOT NULL, content text, PRIMARY KEY (id, collection_id));
"""
ROWS = "INSERT INTO chunks SELECT i, 'c' || i % 9, 'x' || i FROM generate_series(1, 200) AS i;"
TWIN = "CREATE TABLE twin AS TABLE chunks"
TWO = "partition_count=2"


@pytest.fixture(scope="module")
def own_server() -> Iterator[str]:
    """A server that can replicate, keep a prepared transaction, and say which statements there were."""
    binaries = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries()))
    settings = {
        "wal_level": "logical",
        "max_prepared_transactions": "4",
        "wal_retrieve_retry_interval": "100ms",
        "shared_preload_libraries": "pg_stat_statements",
    }
    options = (f"-c {name}={value}" for name, value in settings.items())
    with servers.server_of(binaries, *options) as dsn:
        yield dsn


@pytest.fixture
def own_database(own_server: str) -> Iterator[str]:
    with fresh_database(own_server) as dsn:
        yield dsn


@pytest.fixture
def here(own_database: str) -> Iterator[Connection]:
    with psycopg.connect(own_database, autocommit=True) as connection:
        yield connection


def prepared(connection: Connection, name: str, *statements: str) -> None:
    """Write the same to the table and its twin, and prepare it, so that no session holds it."""
    with psycopg.connect(connection.info.dsn) as writer:
        for statement in statements:
            for table in ("chunks", "twin"):
                writer.execute(statement.format(t=table).encode())
        writer.execute(f"PREPARE TRANSACTION '{name}'".encode())


@pytest.mark.parametrize("variables", [(TWO,), ("layout=list", "key_column=content")], ids=str)
def test_bytes_may_be_no_text(own_server: str, variables: tuple[str, ...]) -> None:
    """A database without an encoding: of rows, of the planner's statistics, and of statements that it was asked."""
    with (
        fresh_database(own_server, "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'") as dsn,
        psycopg.connect(dsn, autocommit=True, client_encoding="SQL_ASCII") as connection,
    ):
        connection.execute(
            TABLE.encode()
            + b"CREATE EXTENSION pg_stat_statements; INSERT INTO chunks SELECT i, 'c\xe4' || i % 9,"
            b" CASE WHEN i % 2 = 0 THEN 'plain' ELSE 'b\xfc' || i % 4 END FROM generate_series(1, 200) AS i; ANALYZE chunks"
        )
        connection.execute(b"SELECT 1 AS \"\xff\" FROM chunks WHERE content = 'b\xfc1' LIMIT 1")
        find = "SELECT md5(string_agg(md5(id || collection_id || content), '' ORDER BY id)) FROM chunks"
        before = connection.execute(find.encode()).fetchone()
        migrate(dsn, *variables)
        assert connection.execute(find.encode()).fetchone() == before
        undo(dsn)
        assert connection.execute(find.encode()).fetchone() == before
        # whoever asks for statements gets an error in any other database
        with fresh_database(own_server) as other, psycopg.connect(other, autocommit=True) as there:
            there.execute((TABLE + ROWS + "CREATE EXTENSION pg_stat_statements").encode())
            with pytest.raises(psycopg.errors.CharacterNotInRepertoire):
                there.execute("SELECT query FROM pg_stat_statements")
            assert "no statement was looked at" in str(migrate(other, TWO))
            with Connector(other, "test", read_only=True).session() as session:
                found = survey(session, "public.chunks", layout=None, columns=(), size=None)
            assert "no pg_stat_statements" in as_page(found)
        # such statements outlive their database, and other tests ask this server
        connection.execute(b"SELECT pg_stat_statements_reset()")


def test_a_prepared_transaction_is_named_and_waited_for(
    own_database: str, here: Connection
) -> None:
    """A prepared transaction: no session shows it, it holds its locks, and what it wrote arrives whenever it commits."""
    here.execute((TABLE + ROWS + TWIN).encode())
    prepared(here, "before the log", "DELETE FROM {t} WHERE id < 5")
    commit = "COMMIT PREPARED '{}'"
    events = migrate(
        own_database,
        TWO,
        at={
            ("Retrying", "capture"): lambda _: here.execute(commit.format("before the log").encode()),
            ("StepFinished", "capture"): lambda _: prepared(
                here, "while copying", "UPDATE {t} SET content = 'late' WHERE id = 7"
            ),
            ("StepFinished", "verify"): lambda _: here.execute(
                commit.format("while copying").encode()
            ),
            ("StepFinished", "prepare_way_back"): lambda _: prepared(
                here, "before the swap", "UPDATE {t} SET collection_id = 'c3' WHERE id = 11"
            ),
            ("Retrying", "swap"): lambda _: here.execute(
                commit.format("before the swap").encode()
            ),
        },
    )  # fmt: skip
    assert "prepared transaction 'before the log'" in told(events, "Retrying", "capture")[0]
    assert "prepared transaction 'before the swap'" in told(events, "Retrying", "swap")[0]
    assert content(here, "chunks") == content(here, "twin")
    prepared(here, "before the way back", "DELETE FROM {t} WHERE id = 13")
    events = undo(
        own_database,
        at={
            ("Retrying", "swap"): lambda _: here.execute(
                commit.format("before the way back").encode()
            )
        },
    )
    assert "prepared transaction 'before the way back'" in told(events, "Retrying", "swap")[0]
    assert content(here, "chunks") == content(here, "twin")


@pytest.fixture
def subscriber(own_server: str, here: Connection) -> Iterator[Connection]:
    """Another database that has the table, and subscribes to it once it is published."""
    with (
        fresh_database(own_server) as dsn,
        psycopg.connect(dsn, autocommit=True) as there,
    ):
        there.execute(TABLE.encode())
        yield there
        there.execute(
            "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER SUBSCRIPTION %I DISABLE', subname), ';')"
            " FROM pg_subscription); END $$"
        )
        there.execute("ALTER SUBSCRIPTION follow SET (slot_name = NONE)")
        there.execute("DROP SUBSCRIPTION follow")
        eventually(here, "SELECT count(*) FROM pg_replication_slots WHERE active", 0)
        here.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")


def subscribe(here: Connection, there: Connection) -> None:
    """Both databases are of one server, so the slot is made by hand."""
    here.execute("SELECT pg_create_logical_replication_slot('follow', 'pgoutput')")
    to = conninfo_to_dict(here.info.dsn)
    there.execute(
        f"CREATE SUBSCRIPTION follow CONNECTION 'host={to['host']} dbname={to['dbname']} user={to['user']}'"
        " PUBLICATION p WITH (create_slot = false, slot_name = 'follow')".encode()
    )


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_subscriber_follows_through_the_swap_and_back(
    layout: Layout, own_database: str, here: Connection, subscriber: Connection
) -> None:
    """Every write arrives, once, and none of those by which the plan keeps its tables in step."""
    here.execute((TABLE + ROWS + "CREATE PUBLICATION p FOR TABLE chunks").encode())
    subscribe(here, subscriber)

    def write(word: str) -> None:
        here.execute(f"UPDATE chunks SET content = '{word}' WHERE id % 20 = 0".encode())

    def followed(word: str) -> bool:
        here.execute(f"UPDATE chunks SET content = 'last {word}' WHERE id = 1".encode())
        eventually(subscriber, "SELECT content FROM chunks WHERE id = 1", f"last {word}")
        return content(subscriber, "chunks") == content(here, "chunks")

    eventually(subscriber, "SELECT count(*) FROM chunks", 200)
    if layout is not HASH:
        subscriber.execute("ALTER TABLE chunks ADD partition_key integer")
    at = {
        ("StepFinished", "copy_rows"): lambda _: write("copied"),
        ("StepStarted", "swap"): lambda _: write("drained"),
        ("StepFinished", "swap"): lambda _: write("swapped"),
    }
    migrate(own_database, TWO, layout=layout, at=at)
    here.execute("INSERT INTO chunks VALUES (900, 'c1', 'swapped')")
    here.execute("DELETE FROM chunks WHERE id = 40")
    here.execute("UPDATE chunks SET id = 960 WHERE id = 60")
    assert followed("swapped")

    back = {
        ("StepStarted", "swap"): lambda _: write("undone"),
        ("StepFinished", "swap"): lambda _: write("back"),
    }
    undo(own_database, layout, at=back)
    here.execute("INSERT INTO chunks VALUES (901, 'c1', 'back')")
    assert followed("back")


def test_a_statement_by_ctid_is_found_before_it_meets_other_rows(
    own_database: str, here: Connection
) -> None:
    """What deletes a few rows by ctid would delete as many in every partition; and what says ONLY none."""
    here.execute((TABLE + ROWS + "CREATE EXTENSION pg_stat_statements").encode())
    some = "DELETE FROM chunks WHERE ctid IN (SELECT ctid FROM chunks WHERE id < 4)"
    exact = some.replace("ctid IN (SELECT", "(tableoid, ctid) IN (SELECT tableoid,")

    def deleted(statement: str) -> int:
        with here.transaction(force_rollback=True):
            return here.execute(statement.encode()).rowcount

    def found(word: str = "ctid") -> str:
        events = migrate(own_database, TWO, until="check", at={})
        findings = [f for e in events if isinstance(e, AssertionChecked) for f in e.findings]
        subject = {"ctid": "find rows by ctid alone", "ONLY": "say ONLY"}[word]
        return {f.subject: f.actual for f in findings}[f"statements that {subject}"]

    assert deleted(exact) == 3
    assert found() == "none"
    undo(own_database)
    assert deleted(some) == 3
    assert found().startswith("DELETE FROM chunks WHERE ctid IN")
    undo(own_database)
    here.execute("SET pg_stat_statements.track = 'all'")  # what a foreign key asks, too
    here.execute("CREATE TABLE notes (id int, c text, FOREIGN KEY (id, c) REFERENCES chunks)")
    here.execute("INSERT INTO notes SELECT id, collection_id FROM chunks WHERE id = 9")
    assert (
        one(here, "SELECT count(*) > 0 FROM pg_stat_statements WHERE query ~ 'FROM ONLY'") is True
    )
    here.execute("DROP TABLE notes; CREATE TABLE chunks_2 ()")
    here.execute("ALTER TABLE ONLY chunks SET (fillfactor = 90)")
    here.execute("SELECT FROM ONLY chunks_2")
    assert found("ONLY") == "none"
    undo(own_database)
    here.execute('UPDATE ONLY public."chunks" SET content = content WHERE id = 3')
    assert found("ONLY").startswith('UPDATE ONLY public."chunks" SET content = content')
    migrate(own_database, TWO)
    assert deleted(some) > 3
    assert deleted(exact) == 3


def test_a_full_disk_stops_the_run_and_no_more(own_database: str, here: Connection) -> None:
    """The transaction is undone, nothing is swapped, and it goes on when there is room."""
    directory = Path(conninfo_to_dict(own_database)["host"]) / "disk"
    with small_disk(directory) as disk:
        if disk is None:
            pytest.skip("no file system can be mounted here")
        here.execute(f"CREATE TABLESPACE small LOCATION '{disk.tablespace}'".encode())
        here.execute((TABLE + ROWS + "ALTER TABLE chunks SET TABLESPACE small").encode())
        here.execute("INSERT INTO chunks SELECT i, 'c', repeat(md5(i::text), 60) FROM generate_series(1001, 2000) AS i")  # fmt: skip
        before = content(here, "chunks")
        for step in ("capture", "define_indexes"):
            with pytest.raises(StepError, match="No space left on device"):
                migrate(own_database, TWO, "batch_rows=100", at={("StepFinished", step): lambda _: disk.fill()})  # fmt: skip
            assert content(here, "chunks") == before
            disk.free()
        migrate(own_database)
        assert content(here, "chunks") == before
        here.execute("DROP SCHEMA public CASCADE")
        here.execute("DROP TABLESPACE small")


def test_slots_of_other_plugins_are_named(own_database: str, here: Connection) -> None:
    """Nobody can see which tables a reader of such a slot asks for."""
    here.execute(TABLE.encode())
    here.execute("SELECT pg_create_logical_replication_slot('reads', 'test_decoding')")
    try:
        found = checked(own_database)["logical replication slots"]
    finally:
        here.execute("SELECT pg_drop_replication_slot('reads')")
    assert found.passed is False
    assert found.actual.startswith("reads (test_decoding): whether it decodes the table")


def test_init_says_by_which_columns_the_statements_look(
    own_database: str, here: Connection
) -> None:
    """What is set, returned or inserted is not compared; and what is looked up chooses the layout."""
    here.execute(
        b"CREATE EXTENSION pg_stat_statements; CREATE SCHEMA app;"
        b"CREATE TABLE app.visits (id uuid PRIMARY KEY, shop_id uuid NOT NULL, at timestamptz NOT NULL, note text);"
        b"INSERT INTO app.visits SELECT gen_random_uuid(), gen_random_uuid(), now() - random() * interval '90 days', 'n' FROM generate_series(1, 300); ANALYZE"
    )
    here.execute(b"SELECT pg_stat_statements_reset()")
    for _ in range(30):
        here.execute(b"SELECT note FROM app.visits WHERE shop_id = gen_random_uuid()")
    for _ in range(10):
        here.execute(
            b"UPDATE app.visits SET note = 'm', at = now() WHERE id IN (gen_random_uuid())"
        )
    with Connector(own_database, "test", read_only=True).session() as session:
        found = survey(session, "app.visits", layout=None, columns=(), size="100GB")
    used = {row["name"]: row for row in found.table.facts["statements"]}
    assert (used[None]["calls"], used["shop_id"]["equal"], used["id"]["equal"]) == (40, 30, 10)
    assert used["at"]["compared"] == used["note"]["compared"] == 0
    assert found.chosen and found.chosen.spec == "hash:shop_id:16"
    assert "look into one partition by shop_id (75 % of the calls)" in found.chosen.statements
    said = (
        "shop_id has some 300 values, none of them frequent. 75 % of the calls say shop_id = value."
    )
    assert found.chosen.reason.startswith(said)
    (other,) = (offer for offer in found.offers if offer.layout == "range")
    assert "No statement that pg_stat_statements knows compares at." in other.reason
    assert "they compare shop_id (75 %), id (25 %)" in " ".join(as_page(found).split())

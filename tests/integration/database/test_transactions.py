"""A transaction begins in one message with its settings, and ends whatever happens in it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from executor.database.session import Connector, Session

IN_ONE = "SELECT transaction_timestamp() = statement_timestamp() AS same"


@pytest.fixture
def session(database, connection) -> Iterator[Session]:
    connection.execute("CREATE TABLE t (id int)")
    with Connector(database, "executor:test", {"lock_timeout": "20ms"}).session() as session:
        yield session


def status(session: Session, name: str) -> object:
    return session.execute(f"SHOW {name}").scalar()


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_it_has_its_isolation_and_its_settings(session, isolation):
    with session.transaction(isolation):
        assert status(session, "transaction_isolation") == isolation
        assert status(session, "lock_timeout") == "20ms"


def test_a_statement_without_one_has_the_settings_for_itself(session):
    assert status(session, "search_path") == "pg_catalog, pg_temp"
    assert status(session, "lock_timeout") == "20ms"


def test_its_first_statement_is_of_the_message_that_begins_it(session):
    keep = "CREATE TEMPORARY TABLE seen ON COMMIT DROP AS " + IN_ONE
    with session.transaction(first=keep):
        assert session.execute("SELECT same FROM seen").scalar() is True


@pytest.mark.parametrize("first", ["SELECT 1 / 0", "SELECT"])
def test_what_fails_in_it_leaves_nothing_and_the_next_one_begins(session, connection, first):
    with pytest.raises(psycopg.errors.DivisionByZero), session.transaction(first=first):
        session.execute("INSERT INTO public.t VALUES (1)")
        session.execute("SELECT 1 / 0")
    with session.transaction():
        session.execute("INSERT INTO public.t VALUES (2)")
    assert connection.execute("SELECT id FROM t").fetchall() == [(2,)]


def test_an_interruption_undoes_it(session, connection):
    with pytest.raises(KeyboardInterrupt), session.transaction():
        session.execute("INSERT INTO public.t VALUES (1)")
        raise KeyboardInterrupt
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    assert session.execute_alone("SELECT 1 AS one").scalar() == 1


def test_a_commit_that_is_refused_is_an_error_and_ends_it(session, connection):
    connection.execute(
        "CREATE TABLE u (id int PRIMARY KEY);"
        "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u DEFERRABLE INITIALLY DEFERRED"
    )
    with pytest.raises(psycopg.errors.ForeignKeyViolation), session.transaction():
        session.execute("INSERT INTO public.t VALUES (1)")
    assert session.execute_alone("SELECT count(*) AS rows FROM public.t").scalar() == 0


def test_a_connection_that_is_lost_in_it_is_what_is_told(session, connection):
    with pytest.raises(psycopg.OperationalError, match="terminat"), session.transaction():
        connection.execute("SELECT pg_terminate_backend(%s)", [session.backend_pid])
        session.execute("SELECT 1")
    assert session.lost


def test_a_session_that_only_reads_writes_nothing(database, connection):
    connection.execute("CREATE TABLE t (id int)")
    with Connector(database, "executor:test", read_only=True).session() as session:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), session.transaction():
            session.execute("INSERT INTO public.t VALUES (1)")
        assert session.execute_alone("SELECT count(*) AS rows FROM public.t").scalar() == 0

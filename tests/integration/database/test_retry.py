"""The one retry of the tool, asked with locks and errors of a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from executor.database.retry import OTHERS_IN_THE_WAY, Failure, kind, retry
from executor.database.session import Connector, DatabaseError, Session
from executor.errors import InterruptedRunError, StepError
from executor.plan.model import Retry

LOCK = "LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE"
NOT_READY = "DO $$BEGIN RAISE EXCEPTION 'not yet' USING ERRCODE = 'EX002'; END$$"


@pytest.fixture
def session(database, connection) -> Iterator[Session]:
    connection.execute("CREATE TABLE t (id int)")
    connector = Connector(database, "executor:test", {"lock_timeout": "20ms"})
    with connector.session() as session:
        yield session


@dataclass
class Waits:
    """What happens between the attempts."""

    release: threading.Event | psycopg.Connection | None = None
    failures: list[Failure] = field(default_factory=list)

    @contextmanager
    def __call__(self, failure: Failure) -> Iterator[None]:
        self.failures.append(failure)
        if isinstance(self.release, threading.Event):
            self.release.set()
        elif self.release:
            self.release.rollback()
        yield


def locking(session: Session):
    def body() -> str:
        with session.transaction():
            session.execute(LOCK)
        return "locked"

    return body


def test_a_lock_that_another_session_has_is_tried_again(session, database):
    with psycopg.connect(database) as other:
        other.execute(LOCK)
        waits = Waits(release=other)
        how = Retry(on=("lock_timeout",), attempts=3, backoff=(0.01, 0.01))
        assert retry(session, locking(session), how, while_waiting=waits) == "locked"
    (failure,) = waits.failures
    assert (kind(failure.error), failure.attempt) == ("lock_timeout", 1)


def test_a_retry_has_a_limit_and_says_how_often_it_was_tried(session, database):
    waits = Waits()
    with psycopg.connect(database) as other:
        other.execute(LOCK)
        with pytest.raises(StepError, match="gave up after 3: 55P03"):
            retry(
                session,
                locking(session),
                Retry(on=OTHERS_IN_THE_WAY, attempts=3, backoff=(0.01, 0.01)),
                while_waiting=waits,
                give_up=lambda error, attempts: StepError(
                    f"gave up after {attempts}: {error.sqlstate}", step=""
                ),
            )
    assert [failure.attempt for failure in waits.failures] == [1, 2]


@pytest.mark.parametrize("statement", [NOT_READY, "SELECT 1 / 0"])
def test_what_is_not_named_is_not_tried_again(statement, session):
    waits = Waits()
    with pytest.raises(DatabaseError):
        retry(session, lambda: session.execute(statement), Retry(), while_waiting=waits)
    assert waits.failures == []


def test_the_waits_double_up_to_the_longest_and_differ(session):
    waits = Waits()
    how = Retry(on=("not_ready",), attempts=6, backoff=(0.001, 0.004))
    with pytest.raises(DatabaseError):
        retry(session, lambda: session.execute(NOT_READY), how, while_waiting=waits)
    for failure, most in zip(waits.failures, (0.001, 0.002, 0.004, 0.004, 0.004), strict=True):
        assert most / 2 <= failure.wait <= most
    assert len({failure.wait for failure in waits.failures}) == len(waits.failures)


def test_a_wait_ends_as_soon_as_it_is_told_to_stop(session):
    stop = threading.Event()
    how = Retry(on=("not_ready",), attempts=1000, backoff=(60, 60))
    with pytest.raises(InterruptedRunError):
        retry(
            *(session, lambda: session.execute(NOT_READY), how),
            stop=stop,
            while_waiting=Waits(release=stop),
        )


def test_nothing_is_tried_again_over_a_lost_connection(session, connection):
    def body() -> None:
        try:
            session.execute(NOT_READY)
        except DatabaseError:
            connection.execute("SELECT pg_terminate_backend(%s)", [session.backend_pid])
            with pytest.raises(DatabaseError):
                session.execute("SELECT 1")
            raise

    waits = Waits()
    with pytest.raises(DatabaseError, match="not yet"):
        retry(session, body, Retry(on=("not_ready",)), while_waiting=waits)
    assert waits.failures == []


@pytest.mark.parametrize(
    ("query", "answer"),
    [("true", True), ("false", False), ("null", False), ("true WHERE false", False), ("1", False)],
)
def test_only_true_is_true(query, answer, session):
    assert session.execute(f"SELECT {query}").is_true is answer

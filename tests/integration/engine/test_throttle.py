"""A run makes way for others: it is throttled by what its plan asks."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from executor import resources
from executor.database import embedded
from executor.engine import gate
from executor.events import GoingOn, Waiting
from executor.templating.templates import Templates
from tests.helpers.command import ended, eventually, interruptible, one, refused, started
from tests.helpers.controlled import SLEEPERS, at_least, each, events, hurry, stands_still

pytestmark = pytest.mark.usefixtures("pace")

TEMPLATES = Templates((resources.home() / "sql",))
THROTTLE = "throttle: [may.sql]"
MAY = "-- There is room.\nSELECT go FROM public.may"


@pytest.mark.parametrize(
    ("shut", "reason"),
    [
        ("UPDATE public.may SET go = false", "There is room."),
        ("UPDATE public.may SET go = null", "There is room."),
        ("DELETE FROM public.may", "There is room."),
        (
            "ALTER TABLE public.may RENAME go TO gone",
            'There is room. (column "go" does not exist',
        ),
    ],
    ids=["false", "null", "no row", "error"],
)
def test_a_run_waits_until_its_throttle_is_true(shut, reason, project, database, connection):
    """A run makes way for replicas and for the application."""
    connection.execute("CREATE TABLE public.may (go boolean); INSERT INTO public.may VALUES (true)")
    each(project, THROTTLE, may=MAY)
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 3)
        connection.execute(shut)
        assert stands_still(connection)
        hurry(connection)
        connection.execute(
            "DROP TABLE public.may; CREATE TABLE public.may (go boolean); INSERT INTO public.may VALUES (true)"
        )
        done = ended(process)
    assert done.returncode == 0, done.stderr
    waited, went_on = events(done, "Waiting", "GoingOn")
    assert waited["reason"].startswith(reason)
    assert went_on["event"] == "GoingOn"


def test_a_throttle_that_does_not_answer_is_no(project, database, connection, monkeypatch):
    connection.execute("CREATE SEQUENCE public.asked")
    # not read-only, so that the sequence can count
    monkeypatch.setattr(gate, "_SETTINGS", (("statement_timeout", "1s"),))
    each(
        project,
        THROTTLE,
        sql="SELECT 1;",
        may="-- In time.\nSELECT pg_sleep(CASE nextval('public.asked') WHEN 1 THEN 60 ELSE 0 END)"
        " IS NOT NULL",
    )
    seen: list = []
    assert project.run(database, seen).status == "succeeded"
    (waited,) = [event for event in seen if isinstance(event, Waiting)]
    assert waited.reason == "In time. (canceling statement due to statement timeout)"
    assert [event for event in seen if isinstance(event, GoingOn)]


def test_a_throttle_is_asked_once_a_second_and_writes_nothing(project, database, connection):
    connection.execute("CREATE SEQUENCE public.asked; CREATE TABLE public.log (n integer)")
    each(project, THROTTLE, number=25, may="SELECT nextval('public.asked') > 0")
    seen: list = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("executor.engine.gate._SETTINGS", (("statement_timeout", "5s"),))
        began = time.monotonic()
        project.run(database, seen)
        took = time.monotonic() - began
    assert 3 <= one(connection, "SELECT last_value FROM public.asked") <= took + 1
    assert not [event for event in seen if isinstance(event, Waiting)]


def test_a_step_without_iterations_is_not_throttled(project, database):
    project.write(
        "- {name: once, sql: one.sql, rollback: nothing}",
        head=THROTTLE,
        one="SELECT 1;",
        may="SELECT false",
    )
    assert project.run(database).status == "succeeded"


def test_ctrl_c_ends_a_throttled_run_at_once(project, database, connection):
    project.write(
        '- {name: each, for_each: "range(9)", workers: 3, sql: each.sql, rollback: nothing}',
        head=THROTTLE,
        each="SELECT 1;",
        may="SELECT pg_sleep(4) IS NULL",
    )
    with started(project, "run", "--dsn", database, preexec_fn=interruptible) as process:
        eventually(connection, SLEEPERS, 1)
        process.send_signal(signal.SIGINT)
        refused(ended(process), 130, "interrupted")


def answer(connection, template: str, **values: object) -> object:
    return one(connection, TEMPLATES.render(f"throttle/{template}.sql", {"plan": "work", **values}))


def test_waiting_sessions_are_counted(database, connection):
    connection.execute("CREATE TABLE public.busy (n integer); INSERT INTO public.busy VALUES (1)")
    assert answer(connection, "waiting_sessions", max_waiting=0) is True
    with psycopg.connect(database) as owner:
        owner.execute("UPDATE public.busy SET n = 2")
        waiter = threading.Thread(target=lambda: owner_of_nothing(database))
        waiter.start()
        eventually(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", 1)
        assert answer(connection, "waiting_sessions", max_waiting=0) is False
        assert answer(connection, "waiting_sessions", max_waiting=1) is True
        owner.rollback()
        waiter.join()


def owner_of_nothing(database: str) -> None:
    with psycopg.connect(database) as waits:
        waits.execute("UPDATE public.busy SET n = 3")


def test_without_a_replica_nothing_lags(connection):
    assert answer(connection, "replication_lag", max_lag="256MB") is True


def test_a_replica_that_lags_is_noticed_and_an_unknown_lag_is_no(database, connection, tmp_path):
    """The run makes way for replicas that are behind."""
    program = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries())) / "pg_receivewal"
    connection.execute("CREATE TABLE public.wal (t text); CREATE ROLE nobody_special")
    receiver = subprocess.Popen([program, "-D", tmp_path, "-d", database, "-s", "1", "--no-sync"])
    try:
        eventually(connection, "SELECT count(write_lsn) FROM pg_stat_replication", 1)
        assert answer(connection, "replication_lag", max_lag="64MB") is True
        connection.execute("SET ROLE nobody_special")
        assert answer(connection, "replication_lag", max_lag="64MB") is False
        connection.execute("RESET ROLE")
        receiver.send_signal(signal.SIGSTOP)
        connection.execute(
            "INSERT INTO public.wal SELECT repeat('x', 1000) FROM generate_series(1, 5000)"
        )
        lag = TEMPLATES.render("throttle/replication_lag.sql", {"max_lag": "1MB"})
        eventually(connection, lag, False)
        assert answer(connection, "replication_lag", max_lag="1GB") is True
        receiver.send_signal(signal.SIGCONT)
        eventually(connection, lag, True)
    finally:
        receiver.kill()
        receiver.wait()
        connection.execute("DROP ROLE nobody_special")

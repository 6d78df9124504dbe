"""A running run is paused by other processes, and goes on."""

from __future__ import annotations

import signal

import pytest

from executor.engine import gate
from executor.events import Waiting
from tests.helpers.command import ended, interruptible, one, refused, started
from tests.helpers.controlled import (
    SEEN_TWICE_OR_NEVER,
    STILL,
    at_least,
    each,
    events,
    hurry,
    stands_still,
    told,
    with_workers,
)

pytestmark = pytest.mark.usefixtures("pace")


@pytest.mark.parametrize("workers", [1, 3])
def test_a_run_pauses_between_its_batches_and_goes_on(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 3)
        assert told(big, database, "pause").startswith("run 1: paused")
        assert stands_still(connection)
        assert "paused; `executor resume`" in big.call("status", "--dsn", database).stdout
        hurry(connection)
        assert told(big, database, "resume") == "run 1: goes on\n"
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0
    waited, went_on = events(done, "Waiting", "GoingOn")
    assert waited["event"] == "Waiting"
    assert waited["reason"].startswith("paused")
    assert went_on["seconds"] > STILL / 2


def test_a_run_pauses_between_steps_and_passes(project, database, connection):
    project.write(
        "- {name: passes, repeat: {until: done.sql}, sql: sleep.sql, rollback: nothing}\n"
        "- {name: last, sql: mark.sql, rollback: nothing}",
        done="SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'enough')",
        sleep="SELECT pg_sleep(0.1);",
        mark="CREATE TABLE public.marked ();",
    )
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(project, database, "pause")
        assert stands_still(connection)
        connection.execute("CREATE TABLE public.enough ()")
        assert stands_still(connection)
        assert one(connection, "SELECT to_regclass('public.marked')") is None
        told(project, database, "resume")
        assert ended(process).returncode == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_ctrl_c_ends_a_paused_run_at_once(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--dsn", database, preexec_fn=interruptible) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        process.send_signal(signal.SIGINT)
        done = ended(process)
    refused(done, 130, "interrupted; what was committed is kept")


def test_a_pause_outlives_an_executor_that_is_killed(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        process.kill()
    with started(big, "run", "--dsn", database) as process:
        assert any("waiting: paused" in line for line in process.stderr)
        assert stands_still(connection)
        hurry(connection)
        told(big, database, "resume")
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


def test_a_rollback_does_not_wait_for_an_old_pause(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        process.kill()
    assert big.call("rollback", "--dsn", database).returncode == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_a_paused_run_can_be_taken_over(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--dsn", database) as first:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        with started(big, "run", "--take-over", "--dsn", database) as second:
            refused(ended(first), 4, "another executor took run 1 over")
            hurry(connection)
            told(big, database, "resume")
            assert ended(second).returncode == 0
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


def test_a_run_waits_as_long_as_its_controls_cannot_be_read(project, database, connection):
    each(project)
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 1)
        connection.execute("ALTER TABLE executor.controls RENAME TO away")
        assert stands_still(connection)
        connection.execute("ALTER TABLE executor.away RENAME TO controls")
        at_least(connection, 10)
        row = connection.execute("DELETE FROM executor.controls RETURNING run_id").fetchone()
        assert stands_still(connection)
        hurry(connection)
        connection.execute("INSERT INTO executor.controls (run_id) VALUES (%s)", row)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    reasons = [event["reason"] for event in events(done, "Waiting")]
    assert "executor.controls can't be read" in reasons[0]
    assert reasons[1:] == ["the run has no row in executor.controls"]


def test_a_gate_whose_session_was_ended_opens_another(project, database, monkeypatch):
    monkeypatch.setattr(gate, "SECONDS", 0.1)
    each(
        project,
        number=12,
        sql="SELECT pg_sleep(0.1), pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'executor:work' AND datname = current_database()"
        " AND pid <> pg_backend_pid() AND state = 'idle';",
    )
    seen: list = []
    assert project.run(database, seen).status == "succeeded"
    assert not [event for event in seen if isinstance(event, Waiting)]

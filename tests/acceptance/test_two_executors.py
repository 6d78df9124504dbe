"""Two executors and one run: the second is refused, or takes over and shuts the first one out."""

from __future__ import annotations

import getpass
import json
import os
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from executor import resources
from executor.database.session import Connector
from executor.journal.writer import Journal
from executor.templating.templates import Templates
from tests.helpers.command import (
    DROP,
    MAKE,
    SLEEP,
    SLEEPING,
    TABLE,
    Connection,
    ended,
    eventually,
    one,
    refused,
    started,
)
from tests.helpers.plans import Project

TEMPLATES = Templates((resources.home() / "sql",))
FILL = "INSERT INTO public.t VALUES (1);"
STATE = (
    "SELECT jsonb_build_array((SELECT jsonb_agg(r) FROM executor.runs AS r),"
    " (SELECT jsonb_agg(s ORDER BY position) FROM executor.steps AS s),"
    " (SELECT jsonb_agg(e) FROM executor.executors AS e), (SELECT jsonb_agg(t) FROM public.t AS t))"
)


def terminate(connection: Connection) -> None:
    """End the sessions of the plan, as the hint says."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'executor:work' AND datname = current_database()"
    )


@pytest.fixture
def slow(project: Project, connection: Connection) -> Project:
    connection.execute("CREATE TABLE public.slow ()")
    return project.write(
        MAKE
        + "- {name: sleep, sql: sleep.sql, rollback: nothing}\n"
        + "- {name: fill, sql: fill.sql, rollback: nothing}",
        head="settings: {lock_timeout: 500ms}\nvariables: {color: red}",
        make=TABLE,
        drop=DROP,
        sleep=SLEEP,
        fill=FILL,
    )


def test_a_second_run_is_refused_and_the_first_goes_on(slow, database, connection):
    """The run has one owner."""
    with started(slow, "run", "--dsn", database) as first:
        eventually(connection, SLEEPING, 1)
        since = one(
            connection, "SELECT to_char(claimed_at, 'YYYY-MM-DD HH24:MI') FROM executor.executors"
        )
        owner = f"run 1 belongs to {getpass.getuser()}@{socket.gethostname()} (pid {first.pid})"
        words = (owner, f"since {since}", "sign of life", "Hint: wait for it", "--take-over")
        refused(slow.call("run", "--dsn", database), 4, *words)
        refused(slow.call("rollback", "--dsn", database), 4, *words)
        assert first.poll() is None
        connection.execute("DROP TABLE public.slow")
        done = ended(first)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT count(*) FROM public.t") == 1


def test_an_executor_that_wakes_up_after_a_take_over_changes_nothing(
    project: Project, database: str, connection: Connection
) -> None:
    """SIGSTOP, take-over, SIGCONT."""
    project.write(
        MAKE
        + """
- name: fill
  retry: {on: [lock_timeout], attempts: 9, backoff: 3s..3s}
  sql: fill.sql
  rollback: nothing
""",
        head="settings: {lock_timeout: 100ms}",
        make=TABLE,
        drop=DROP,
        fill=FILL,
    )
    assert project.call("run", "--until", "make", "--dsn", database).returncode == 0
    with psycopg.connect(database) as blocker:
        blocker.execute("LOCK TABLE public.t")
        with started(project, "run", "--format", "json", "--dsn", database) as first:
            assert first.stdout
            # it waits between two attempts, and no transaction is open
            assert any(json.loads(line)["event"] == "Retrying" for line in first.stdout)
            first.send_signal(signal.SIGSTOP)
            try:
                blocker.rollback()
                refused(project.call("run", "--dsn", database), 4, f"(pid {first.pid})")
                second = project.call("run", "--take-over", "--dsn", database)
                assert second.returncode == 0, second.stderr
                state = one(connection, STATE)
            finally:
                first.send_signal(signal.SIGCONT)
            done = ended(first)
    refused(done, 4, "another executor took run 1 over", f"`executor status {project.plan}`")
    assert "journalled" not in done.stderr
    assert one(connection, STATE) == state
    assert one(connection, "SELECT count(*) FROM public.t") == 1


def test_a_take_over_says_that_a_transaction_is_still_open(slow, database, connection):
    with started(slow, "run", "--dsn", database) as first:
        eventually(connection, SLEEPING, 1)
        first.send_signal(signal.SIGSTOP)
        try:
            done = slow.call("run", "--take-over", "--dsn", database)
            words = ("run 1 can't be taken over", f"(pid {first.pid})", "a transaction open")
            refused(done, 4, *words, "Hint: try again", "pg_terminate_backend")
            connection.execute("DROP TABLE public.slow")
            eventually(connection, SLEEPING, 0)  # idle in transaction from now on
            terminate(connection)
            done = slow.call("run", "--take-over", "--dsn", database)
            assert done.returncode == 0, done.stderr
        finally:
            first.send_signal(signal.SIGCONT)
        done = ended(first)
    assert done.returncode in (4, 5), done.stderr
    refused(done, done.returncode)
    assert one(connection, "SELECT count(*) FROM public.t") == 1
    assert one(connection, "SELECT status FROM executor.runs") == "succeeded"


def test_a_dead_executor_whose_statement_still_runs(slow, database, connection):
    """The old backend lives on until the server notices that nobody listens."""
    with started(slow, "run", "--dsn", database) as first:
        eventually(connection, SLEEPING, 1)
        os.kill(first.pid, signal.SIGKILL)
        ended(first)
    eventually(connection, SLEEPING, 0)
    connection.execute("DROP TABLE public.slow")
    done = slow.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT count(*) FROM public.t") == 1


def test_another_value_or_another_plan_on_resume(slow, database, connection):
    """Variables and steps that changed."""
    assert slow.call("run", "--until", "make", "--dsn", database).returncode == 0
    connection.execute("DROP TABLE public.slow")
    done = slow.call("run", "--var", "color=blue", "--dsn", database)
    refused(done, 2, "run 1 was begun with color=red", "Hint: leave --var out", "roll it back")

    slow.templates(fill=FILL + FILL)
    done = slow.call("run", "--dsn", database)
    refused(
        done, 3, "the plan was edited since run 1 began; changed: fill", "--accept-changed-plan"
    )
    assert one(connection, "SELECT count(*) FROM public.t") == 0

    done = slow.call("run", "--accept-changed-plan", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT count(*) FROM public.t") == 2
    done = slow.call("run", "--var", "color=red", "--dsn", database)
    refused(done, 3, "has run already: run 1", "--again")


def test_a_run_has_an_owner_from_its_first_moment(
    slow: Project, database: str, connection: Connection
) -> None:
    """Also before the first sign of life on the connection that gives them."""
    connection.execute(
        "CREATE SCHEMA executor_test; CREATE TABLE executor_test.owners (owned boolean)"
    )
    assert slow.call("run", "--dsn", database, "--until", "make").returncode == 0
    assert slow.call("rollback", "--dsn", database).returncode == 0
    connection.execute(
        "CREATE FUNCTION executor_test.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO executor_test.owners SELECT EXISTS ("
        "  SELECT FROM executor.executors AS e JOIN pg_stat_activity AS a ON a.pid = e.backend_pid"
        "  WHERE e.run_id = NEW.id AND e.epoch = NEW.epoch); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER note AFTER INSERT OR UPDATE OF epoch ON executor.runs"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION executor_test.note()"
    )
    for _ in range(2):  # begun, and resumed
        assert slow.call("run", "--dsn", database, "--until", "make").returncode == 0
    owned = one(connection, "SELECT jsonb_agg(owned) FROM executor_test.owners")
    assert owned == [True, True]


def test_two_that_begin_at_once_on_a_new_database(slow: Project, database: str) -> None:
    """One of them makes the journal and runs; the other says so."""
    with (
        started(slow, "run", "--dsn", database, "--until", "make") as first,
        started(slow, "run", "--dsn", database, "--until", "make") as second,
    ):
        codes = sorted(ended(process).returncode for process in (first, second))
    assert codes in ([0, 0], [0, 4])


def test_no_snapshot_is_held_before_the_run_is(
    slow: Project, database: str, tmp_path: Path
) -> None:
    """Stopped between the two, it would let a take-over pass, and keep it from swapping."""
    assert slow.call("run", "--dsn", database, "--until", "make").returncode == 0
    run = Journal(1, 1)
    trace = tmp_path / "trace"
    with Connector(database, "test").session() as session, trace.open("w") as file:
        # pg_stat_activity shows the first 1,024 bytes of a message only
        session._connection.pgconn.trace(file.fileno())
        with run.fenced(session, "repeatable read"):
            session._connection.pgconn.untrace()
    sent = trace.read_text()
    assert sent.count("\tQuery\t") == 1
    assert "BEGIN ISOLATION LEVEL repeatable read" in sent
    assert "set_config" in sent
    assert "executor.fence(1, 1)" in sent

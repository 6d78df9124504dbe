"""What interrupts a run: signals, kills, lost connections. Every run is resumed or undone."""

from __future__ import annotations

import json
import signal
import socket

import pytest

from tests.helpers.command import (
    DROP,
    MAKE,
    SLEEP,
    SLEEPING,
    TABLE,
    Connection,
    alone,
    ended,
    eventually,
    interruptible,
    one,
    refused,
    started,
)
from tests.helpers.plans import Project

FORMS = {
    "once": "",
    "workers": 'for_each: "range(3)", workers: 2, ',
    "no_transaction": "transaction: false, ",
}


@pytest.fixture
def slow(project: Project, connection: Connection) -> Project:
    connection.execute("CREATE TABLE public.slow ()")
    return sleeping(project, "")


def sleeping(project: Project, form: str) -> Project:
    """A plan with a step that is busy as long as public.slow exists."""
    return project.write(
        MAKE
        + f"- {{name: sleep, {form}sql: sleep.sql, rollback: nothing}}\n"
        + "- {name: fill, sql: fill.sql, rollback: nothing}",
        make=TABLE,
        drop=DROP,
        sleep=SLEEP,
        fill="INSERT INTO public.t VALUES (1);",
    )


def resumes(project: Project, database: str, connection: Connection) -> None:
    """Assert that the next run does what is left, once."""
    connection.execute("DROP TABLE public.slow")
    done = project.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert "resuming" in done.stderr
    assert one(connection, "SELECT count(*) FROM public.t") == 1


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        (signal.SIGINT, "once"),
        (signal.SIGTERM, "once"),
        (signal.SIGINT, "no_transaction"),
        (signal.SIGTERM, "workers"),
    ],
)
def test_a_signal_cancels_on_the_server_and_the_run_resumes(sent, form, slow, database, connection):
    """SIGINT and SIGTERM."""
    sleeping(slow, FORMS[form])
    with started(
        slow,
        "run",
        "--dsn",
        database,
        preexec_fn=interruptible,
    ) as process:
        eventually(connection, SLEEPING, 2 if form == "workers" else 1)
        process.send_signal(sent)
        eventually(connection, SLEEPING, 0)
        done = ended(process)
    refused(done, 130, "interrupted; what was committed is kept")
    run = connection.execute("SELECT status, error FROM executor.runs").fetchone()
    assert run == ("failed", "interrupted")
    resumes(slow, database, connection)


def test_a_signal_before_the_run_has_begun(slow):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with started(slow, "run", "--dsn", f"host=127.0.0.1 port={port}") as process:
            caller, _ = silent.accept()
            with caller:  # who never gets an answer
                process.send_signal(signal.SIGTERM)
                done = ended(process)
    refused(done, 130, "interrupted")


def test_each_iteration_is_done_once_whenever_the_executor_is_killed(
    project: Project, database: str, connection: Connection
) -> None:
    """SIGKILL; none comes past a gate, so that the last one is not done before the signal is sent."""
    connection.execute("CREATE TABLE public.gate AS SELECT 0 AS most")
    project.write(
        MAKE + '- {name: each, for_each: "range(200)", sql: each.sql, rollback: nothing}',
        make=TABLE,
        drop=DROP,
        each="INSERT INTO public.t VALUES ({{ item }}); DO $$ BEGIN WHILE {{ item }} >"
        " (SELECT most FROM public.gate) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;",
    )
    for at in (20, 90):
        connection.execute("UPDATE public.gate SET most = %s", [at + 50])
        with started(project, "run", "--format", "json", "--dsn", database) as process:
            assert process.stdout
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "IterationFinished" and event["number"] >= at:
                    process.kill()
                    break
        assert at <= one(connection, "SELECT count(*) FROM public.t") < 200
        connection.execute("UPDATE public.gate SET most = 200")  # for a session that lives on
        alone(connection)
    done = project.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    found = connection.execute("SELECT n FROM public.t ORDER BY n").fetchall()
    assert [row[0] for row in found] == list(range(200))


def test_sessions_that_an_administrator_ends(slow, database, connection):
    """pg_terminate_backend, of which nobody knows whether a COMMIT was done."""
    with started(slow, "run", "--dsn", database) as process:
        eventually(connection, SLEEPING, 1)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'executor:work' AND datname = current_database()"
        )
        done = ended(process)
    refused(
        done,
        5,
        "step sleep failed",
        "terminating connection",
        f"`executor run {slow.plan}` goes on",
    )
    resumes(slow, database, connection)


BAD = MAKE + "- {name: fill, sql: fill.sql, rollback: nothing}"


def test_a_failure_is_rolled_back_where_that_is_asked_for(project, database, connection):
    project.write(BAD, make=TABLE, drop=DROP, fill="SELECT 1 / 0;")
    done = project.call("run", "--rollback-on-failure", "--dsn", database)
    refused(done, 5, "step fill failed", "division by zero", "Everything was rolled back")
    assert one(connection, "SELECT to_regclass('public.t')") is None
    assert one(connection, "SELECT status FROM executor.runs") == "rolled_back"


def test_a_rollback_that_fails_says_what_is_left(project, database, connection):
    project.write(
        BAD + "\n- {name: view, sql: view.sql, rollback: drop_view.sql}",
        make=TABLE,
        drop=DROP,
        fill="INSERT INTO public.t VALUES (1);",
        view="CREATE VIEW public.v AS TABLE public.t;",
        drop_view="DROP VIEW public.v;",
    )
    assert project.call("run", "--dsn", database).returncode == 0
    connection.execute("CREATE VIEW public.in_the_way AS TABLE public.t")
    done = project.call("rollback", "--dsn", database)
    words = ("the rollback stopped: step make failed in sql/drop.sql", "other objects depend on it")
    refused(done, 7, *words, "still to be undone: make;", "roll back again")
    assert one(connection, "SELECT to_regclass('public.v')") is None
    connection.execute("DROP VIEW public.in_the_way")
    done = project.call("rollback", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT to_regclass('public.t')") is None


def test_a_rollback_on_failure_that_fails_itself(project, database, connection):
    project.write(
        BAD,
        make=TABLE + "CREATE VIEW public.in_the_way AS TABLE public.t;",
        drop=DROP,
        fill="SELECT 1 / 0;",
    )
    done = project.call("run", "--rollback-on-failure", "--dsn", database)
    refused(done, 7, "the rollback stopped: step make failed", "still to be undone: make;")
    assert "division by zero" in done.stderr
    connection.execute("DROP VIEW public.in_the_way")
    done = project.call("rollback", "--dsn", database)
    assert done.returncode == 0, done.stderr

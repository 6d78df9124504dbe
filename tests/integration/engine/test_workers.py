"""Workers are added to a running step and taken away, and done without."""

from __future__ import annotations

import time

import psycopg
import pytest

from tests.helpers.command import PATIENCE, ended, eventually, one, refused, started
from tests.helpers.controlled import DONE, SLEEPERS, SLOW, at_least, each, events, hurry, told
from tests.helpers.live import drop_role

pytestmark = pytest.mark.usefixtures("pace")


def test_workers_are_added_and_taken_away(project, database, connection):
    project.write(
        """
- {name: each, for_each: "range(400)", workers: "{{ workers }}", sql: each.sql, rollback: nothing}
""",
        head="variables: {workers: 1}",
        each=SLOW,
    )
    connection.execute("UPDATE public.pace SET seconds = 0.4")
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 1)
        eventually(connection, SLEEPERS, 1)
        assert told(project, database, "set", "--workers", "5") == "run 1: workers 5\n"
        eventually(connection, SLEEPERS, 5)
        assert "workers set to 5" in project.call("status", "--dsn", database).stdout
        told(project, database, "set", "--workers", "2")
        assert most_in_a_second(connection) == 2
        told(project, database, "set", "--workers", "40")
        eventually(connection, SLEEPERS.replace("count(*)", "count(*) > 5"), True)
        hurry(connection)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert [event["workers"] for event in events(done, "WorkersChanged")] == [5, 2, 40]
    assert one(connection, DONE) == 400


def most_in_a_second(connection) -> int:
    """How many iterations go on at once, when those that were begun before have ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        most, since = 0, time.monotonic()
        while most <= 2 and time.monotonic() < since + 1:  # in which each of them ends and begins
            most = max(most, one(connection, SLEEPERS))
            time.sleep(0.02)
        if most <= 2:
            return most
    raise AssertionError("more than two go on")


def test_workers_that_find_no_connection_are_done_without(project, database, connection):
    """The run's own session, its heartbeat and its gate take three of five."""
    connection.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 5")
    name = one(connection, "SELECT current_database()")
    connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO limited')
    project.write(
        """
- {name: each, for_each: "range(12)", workers: "{{ workers }}", sql: each.sql, rollback: nothing}
""",
        head="variables: {workers: 6}",
        each="SELECT pg_sleep(0.1);",
    )
    dsn = psycopg.conninfo.make_conninfo(database, user="limited")
    try:
        done = project.call("run", "--dsn", dsn)
        assert done.returncode == 0, done.stderr
        assert "goes on with" in done.stderr
        assert one(connection, DONE) == 12
    finally:
        drop_role(connection, "limited")


def test_an_iteration_that_finds_no_connection_is_not_forgotten(project, database, connection):
    connection.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 4")
    name = one(connection, "SELECT current_database()")
    connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO limited')
    project.write(
        """
- name: each
  for_each: range(6)
  workers: 2
  transaction: false
  sql: each.sql
  rollback: nothing
""",
        each="SELECT pg_sleep(0.1);",
    )
    dsn = psycopg.conninfo.make_conninfo(database, user="limited")
    try:
        done = project.call("run", "--dsn", dsn)  # whether one is left depends on who is first
        connection.execute("ALTER ROLE limited CONNECTION LIMIT 9")
        if done.returncode:
            refused(done, 4, "too many connections")
            assert project.call("run", "--dsn", dsn).returncode == 0
        assert one(connection, DONE) == 6
    finally:
        drop_role(connection, "limited")


def test_a_step_whose_plan_has_no_workers_stays_one_after_another(project, database, connection):
    each(project)
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(project, database, "set", "--workers", "4")
        most, until = 0, one(connection, DONE) + 12
        while process.poll() is None and one(connection, DONE) < until:
            most = max(most, one(connection, SLEEPERS))
        assert process.poll() is None
        hurry(connection)
        assert ended(process).returncode == 0
    assert most == 1

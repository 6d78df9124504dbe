"""What a rollback does first is tried again like a step, and is none."""

from __future__ import annotations

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.events import Event, Retrying
from executor.plan.loader import load
from tests.helpers.command import one

HEAD = """
before_rollback: first.sql
retry: {on: [not_ready], attempts: 3, backoff: 100ms..100ms}
"""
FIRST = """
DO $$ BEGIN
  IF nextval('public.tries') < 2 THEN RAISE EXCEPTION 'not yet' USING ERRCODE = 'EX002'; END IF;
END $$
"""


def test_what_comes_before_a_rollback_is_tried_again(project, database, connection, caplog):
    connection.execute("CREATE SEQUENCE public.tries")
    plan = project.write(
        "- {name: make, sql: make.sql, rollback: drop.sql}",
        head=HEAD, first=FIRST, make="CREATE TABLE public.t ();", drop="DROP TABLE public.t;",
    )  # fmt: skip
    assert plan.call("run", "--dsn", database).returncode == 0
    events: list[Event] = []
    runner.rollback(load(plan.plan), RunOptions(dsn=database), events.append)
    assert [(e.step, e.attempt) for e in events if isinstance(e, Retrying)] == [("before_rollback", 1)]  # fmt: skip
    assert caplog.messages == []  # such as that the journal could not be written
    assert one(connection, "SELECT last_value FROM public.tries") == 2
    assert one(connection, "SELECT to_regclass('public.t')") is None

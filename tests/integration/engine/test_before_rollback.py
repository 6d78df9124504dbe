"""What a rollback does first is tried again like a step, and is none."""

from __future__ import annotations

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


def test_what_comes_before_a_rollback_is_tried_again(project, database, connection):
    connection.execute("CREATE SEQUENCE public.tries")
    plan = project.write(
        "- {name: make, sql: make.sql, rollback: drop.sql}",
        head=HEAD, first=FIRST, make="CREATE TABLE public.t ();", drop="DROP TABLE public.t;",
    )  # fmt: skip
    assert plan.call("run", "--dsn", database).returncode == 0
    done = plan.call("rollback", "--dsn", database)
    assert (done.returncode, "attempt 2 of 3" in done.stderr) == (0, True)
    assert "could not be written" not in done.stderr
    assert one(connection, "SELECT last_value FROM public.tries") == 2
    assert one(connection, "SELECT to_regclass('public.t')") is None

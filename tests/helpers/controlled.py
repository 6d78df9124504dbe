"""A run that other processes control: plans of short iterations, and what is seen of them."""

from __future__ import annotations

import json
import time

from tests.helpers.command import PATIENCE, eventually, one
from tests.helpers.plans import Project

DONE = "SELECT count(*) FROM executor.iterations WHERE status = 'succeeded'"
SLEEPERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    " AND datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%'"
)
#: sessions of the run that keep a transaction open; to ask something takes less
IN_TRANSACTION = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    " AND datname = current_database() AND state LIKE 'idle in transaction%'"
    " AND xact_start < clock_timestamp() - interval '200 ms'"
)
SEEN_TWICE_OR_NEVER = (
    "SELECT count(*) FROM (SELECT id FROM public.big EXCEPT ALL SELECT id FROM public.seen"
    " UNION ALL (SELECT id FROM public.seen EXCEPT ALL SELECT id FROM public.big)) AS wrong"
)
SEE = """
INSERT INTO public.seen SELECT id FROM ONLY {{ batch.table | ident }}
WHERE {% if batch.whole %} true {% else %} ctid >= '({{ batch.first_block }},0)'::tid
{% if batch.end_block is not none %} AND ctid < '({{ batch.end_block }},0)'::tid {% endif %}
{% endif %};
SELECT pg_sleep(seconds) FROM public.pace;
"""
SLOW = "SELECT pg_sleep(seconds) FROM public.pace;"
STILL = 1.0  # seconds in which a run that goes on would have done several iterations
#: the command line, but a run asks ten times as often what it is told, so that nobody has to wait
HASTY = """
import sys
if sys.argv[1] == "run":
    from executor.engine import gate
    gate.SECONDS = 0.1
from executor.cli.main import main
main()
"""


def hurry(connection) -> None:
    """What is left of the run need not be watched."""
    connection.execute("UPDATE public.pace SET seconds = 0")


def with_workers(project: Project, workers: int, rows: int | None = None) -> Project:
    rows = rows or 150 // workers  # a run of about six seconds, unless it hurries
    return project.write(
        f"""
- name: see
  batches: {{table: public.big, rows: {rows}}}
  workers: "{{{{ {workers} }}}}"
  sql: see.sql
  rollback: nothing
""",
        see=SEE,
    )


def each(
    project: Project, head: str = "", sql: str = SLOW, number: int = 150, **more: str
) -> Project:
    """A plan with one step of short iterations."""
    return project.write(
        f'- {{name: each, for_each: "range({number})", sql: each.sql, rollback: nothing}}',
        head=head,
        each=sql,
        **more,
    )


def at_least(connection, number: int) -> None:
    eventually(connection, "SELECT to_regclass('executor.iterations') IS NOT NULL", True)
    eventually(connection, DONE.replace("count(*)", f"count(*) >= {number}"), True)


def still(connection, query: str) -> object:
    """The value of a query, once it has been the same for a while."""
    value, since = one(connection, query), time.monotonic()
    end = since + PATIENCE
    while time.monotonic() - since < STILL:
        time.sleep(0.02)
        if (now := one(connection, query)) != value:
            assert time.monotonic() < end, f"{query} goes on"
            value, since = now, time.monotonic()
    return value


def stands_still(connection) -> bool:
    """Whether a run does nothing for a while, once it has noticed that it is to wait."""
    still(connection, DONE)
    no_transaction_is_kept_open(connection)
    return one(connection, "SELECT status FROM executor.runs") == "running"


def no_transaction_is_kept_open(connection) -> None:
    """On a busy machine what asks may be slow; what is kept open stays so."""
    eventually(connection, IN_TRANSACTION, 0)


def events(done, *kinds: str) -> list[dict]:
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if line["event"] in kinds]


def told(project: Project, database: str, *arguments: str) -> str:
    """Give a command to the run, and return what it says."""
    verb, *rest = arguments
    done = project.call(verb, *rest, "--dsn", database)
    assert done.returncode == 0, done.stderr
    return done.stderr

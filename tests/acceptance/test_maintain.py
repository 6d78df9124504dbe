"""The command `maintain`: a year of a partitioned table, by a clock that is given."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.events import AssertionChecked, Event
from executor.plan.loader import load
from executor.plan.maintain import maintenance
from tests.helpers.command import Connection, one, refused
from tests.helpers.plans import ROOT, call

PLAN = ROOT / "plans" / "maintenance" / "maintain_partitions.yaml"

MONTHS = """
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz, body text NOT NULL DEFAULT '',
  size integer GENERATED ALWAYS AS (length(body)) STORED, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON events (body);
CREATE TABLE events_p202601 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') WITH (fillfactor = 80);
CREATE TABLE events_default PARTITION OF events DEFAULT;
"""


#: how `maintain` marks a table that it has detached: its comment names both tables, by oid
MARK = """
DO $$ BEGIN
  EXECUTE format('COMMENT ON TABLE %I IS %L', '{table}',
    format('executor: a partition of public.events until {day} 00:00:00.000000+00 (oid %s of %s)', '{table}'::regclass::oid, 'events'::regclass::oid));
END $$;
"""


@dataclass(frozen=True)
class Table:
    """A table by hand, and how rows of a day get into it."""

    sql: str
    values: tuple[str, ...]
    row: str = "INSERT INTO events (at) VALUES (%(day)s)"


YEARS = {
    "timestamptz by month, with a default partition": Table(
        MONTHS, ("interval=1 month", "keep=90 days", "grace=30 days")
    ),
    "date by day, without": Table(
        "CREATE TABLE events (at date NOT NULL, n integer) PARTITION BY RANGE (at);"
        "CREATE TABLE events_p20260101 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-01-02');",
        ("interval=1 day", "keep=90 days", "grace=30 days"),
    ),
    "bigint by 1000": Table(
        "CREATE TABLE events (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (id);"
        "CREATE TABLE events_p0000000000 PARTITION OF events FOR VALUES FROM (0) TO (1000);"
        "CREATE TABLE events_default PARTITION OF events DEFAULT;",
        ("interval=1000", "keep=90000", "grace=30 days"),
        "INSERT INTO events VALUES ((%(day)s::date - '2026-01-01'::date) * 1000 + 7, %(day)s)",
    ),
    "timestamp by week over hash": Table(
        "CREATE TABLE events (id integer, at timestamp, n integer, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
        "CREATE TABLE events_p20251229 PARTITION OF events FOR VALUES FROM ('2025-12-29') TO ('2026-01-05') PARTITION BY HASH (id);"
        "CREATE TABLE events_p20251229_a PARTITION OF events_p20251229 FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        "CREATE TABLE events_p20251229_b PARTITION OF events_p20251229 FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
        "CREATE TABLE events_default PARTITION OF events DEFAULT PARTITION BY HASH (id);"
        "CREATE TABLE events_default_a PARTITION OF events_default FOR VALUES WITH (MODULUS 1, REMAINDER 0);",
        ("interval=1 week", "keep=90 days", "grace=30 days"),
        "INSERT INTO events VALUES (extract(doy FROM %(day)s::date), %(day)s)",
    ),
}

PARTITIONS = "SELECT array_agg(relid::text ORDER BY relid::text) FROM pg_partition_tree('events') WHERE level = 1"
DEFAULT = (
    "SELECT coalesce((SELECT count(*) FROM events WHERE tableoid IN"
    " (SELECT relid FROM pg_partition_tree(to_regclass('events_default')))), 0)"
)
SCHEMA = (
    "SELECT array_agg(c.oid::regclass::text || ' ' || coalesce(pg_get_expr(c.relpartbound, c.oid), '') ORDER BY c.oid::regclass::text)"
    " FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace"
)


def maintain(dsn: str, *values: str, plan: Path = PLAN) -> list[Event]:
    """Maintain the table `events` in this process."""
    given = dict(value.split("=", 1) for value in values)
    loaded, chosen = maintenance(load(plan), given)
    events: list[Event] = []
    runner.run(loaded, RunOptions(dsn=dsn, variables=chosen, afresh=True), events.append)
    return events


def told(events: list[Event]) -> str:
    """What needs a person."""
    return "\n".join(
        str(finding)
        for event in events
        if isinstance(event, AssertionChecked) and event.severity == "warn"
        for finding in event.findings
        if not finding.passed
    )


def command(dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line on that table."""
    return call("maintain", str(PLAN), "--dsn", dsn, *arguments)


@pytest.mark.parametrize("table", YEARS.values(), ids=YEARS)
def test_a_year(table: Table, database: str, connection: Connection):
    """Run every day or so, after a pause of 40 days, and after one that was too long for `ahead`."""
    connection.execute(table.sql.encode())
    first = date(2026, 1, 1)
    days = [0, 1, 2, 33, 73, 74, 120, 170, 230, 300, 330, 365]
    written, before = 0, -1
    for number in days:
        clock = f"clock={first + timedelta(number)}"
        with_default = one(connection, "SELECT to_regclass('events_default') IS NOT NULL")
        for day in range(before + 1, number + 1):
            # without a default partition there is a place for what was made ahead of the last run
            if with_default or day - before <= 3:
                connection.execute(table.row.encode(), {"day": first + timedelta(day)})
                written += 1
        before = number
        assert told(maintain(database, *table.values, clock)) == ""
        assert one(connection, DEFAULT) == 0
    names = one(connection, PARTITIONS)
    # what is wholly older than 90 days is detached, and dropped 30 days later
    kept = {"1 month": 3, "1 day": 90, "1000": 90, "1 week": 13}[table.values[0].split("=")[1]]
    assert kept + 1 + 3 <= len(names) - ("events_default" in names) <= kept + 2 + 3
    detached = one(
        connection,
        "SELECT count(*) FROM pg_description WHERE description LIKE 'executor: a partition of public.events until %'",
    )
    assert 1 <= detached <= 65
    assert 0 < one(connection, "SELECT count(*) FROM events") < written
    # again, nothing is to be done
    connection.execute("VACUUM")
    once = one(connection, SCHEMA)
    assert told(maintain(database, *table.values, clock)) == ""
    assert one(connection, SCHEMA) == once


def test_the_facts_beside_the_plan_are_those_of_a_table_in_need(
    database: str, connection: Connection, server_version: int
):
    """EXECUTOR_UPDATE_GOLDEN=1 writes the file anew."""
    connection.execute(MONTHS.encode())
    connection.execute(
        b"CREATE TABLE events_p202512 (LIKE events_p202601);"
        + MARK.format(table="events_p202512", day="2026-01-02").encode()
        + b"CREATE INDEX events_size_idx ON ONLY events (size);"
        b"INSERT INTO events (at) VALUES ('2026-05-05')"
    )
    given = ("keep=90 days", "grace=30 days", "clock=2026-06-15")
    variables = [word for value in given for word in ("--var", value)]
    done = call("facts", str(PLAN), "--dsn", database, *variables)
    assert done.returncode == 0, done.stderr
    beside = PLAN.with_suffix(".facts.json")
    if os.environ.get("EXECUTOR_UPDATE_GOLDEN"):
        beside.write_text(done.stdout, encoding="utf-8")
    if server_version >= 18:
        assert json.loads(done.stdout)["facts"] == json.loads(beside.read_text("utf-8"))["facts"]


def test_no_row_is_hidden_while_it_is_moved(database: str, connection: Connection):
    """Readers by plain and by prepared statements, and writers, while the default partition is emptied again and again."""
    connection.execute(MONTHS.encode())
    connection.execute(b"INSERT INTO events (at) SELECT '2026-01-05' FROM generate_series(1, 50)")
    done, failures, added = threading.Event(), list[str](), list[int]()

    def read(prepare: bool) -> None:
        with psycopg.connect(database, autocommit=True) as own:
            least = 0
            while not done.is_set():
                (found,) = own.execute(
                    "SELECT count(*) FROM events", prepare=prepare
                ).fetchone() or (0,)
                if found < least:
                    failures.append(f"{found} of {least} rows")
                least = max(least, found)

    def write() -> None:
        with psycopg.connect(database, autocommit=True) as own:
            while not done.is_set():
                own.execute(
                    "INSERT INTO events (at) SELECT timestamptz '2026-01-05' + random() * interval '1 year'"
                )
                added.append(1)

    threads = [
        threading.Thread(target=read, args=(True,)),
        threading.Thread(target=read, args=(False,)),
    ]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    try:
        for clock in ("2026-01-05", "2026-02-15", "2026-06-15"):
            # what is written after the default partition was looked at is for the next run
            assert told(maintain(database, "interval=1 month", f"clock={clock}")) == ""
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert told(maintain(database, "interval=1 month", "clock=2026-06-15")) == ""
    assert one(connection, "SELECT count(*) FROM events") == 50 + len(added)
    assert one(connection, DEFAULT) == 0


def test_the_command(database: str, connection: Connection):
    """Dry run, a person, another executor, the journal; and a plan that has no `maintain` or another layout."""
    connection.execute(MONTHS.encode())
    connection.execute(b"INSERT INTO events (at) VALUES ('2031-05-05')")  # a row from the future
    given = ("--var", "clock=2026-01-05", "--var", "keep=1 month")
    before = one(connection, SCHEMA)
    dry = command(database, *given, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "events_p202602, events_p202603" in dry.stdout + dry.stderr
    assert "events_p203105" in dry.stdout + dry.stderr
    assert one(connection, SCHEMA) == before

    # another one is at it
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE events IN SHARE MODE")
        first = threading.Thread(target=command, args=(database, *given))
        first.start()
        try:
            while not one(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted"):
                pass
            refused(command(database, *given), 4)
        finally:
            other.rollback()
            first.join()
    assert one(connection, DEFAULT) == 0
    assert one(connection, "SELECT count(*) FROM events_p203105") == 1

    # a person is needed: the rest is done, and that has a code of its own
    connection.execute(
        b"INSERT INTO events (at) VALUES ('2026-05-05'), ('infinity'); CREATE TABLE events_p202605 ()"
    )
    needy = command(database, "--var", "clock=2026-03-01", "--format", "json")
    assert needy.returncode == 6, needy.stderr
    last = json.loads(needy.stdout.splitlines()[-1])
    assert "needs a person" in json.dumps(last)
    assert "events_p202605" in json.dumps(last)
    assert "infinity" in json.dumps(last)
    assert one(connection, "SELECT to_regclass('events_p202606') IS NOT NULL")
    status = call("status", f"{PLAN} maintain", "--dsn", database)
    assert status.returncode == 0, status.stderr
    assert "succeeded" in status.stdout + status.stderr

    connection.execute(
        b"CREATE TABLE chunks (id int) PARTITION BY LIST (id); CREATE TABLE logs (id int)"
    )
    flagship = ROOT / "plans" / "chunks_100_partitions.yaml"
    refused(call("maintain", str(flagship), "--dsn", database), 6, "which needs no maintenance")
    refused(command(database, "--var", "source=logs"), 6, "it is not partitioned")
    refused(command(database, "--var", "source=nix"), 2, "there is no table public.nix")
    refused(command(database, "--var", "nix=1"), 2, "nix")
    hello = ROOT / "plans" / "examples" / "01_hello.yaml"
    refused(call("maintain", str(hello), "--dsn", database), 3, "no `maintain`")


def test_what_a_rollback_needs_stays(database: str, connection: Connection):
    """While a run has its way back, no old partition goes, and the default partition is what the run has made."""
    connection.execute(
        b"CREATE TABLE events (id integer PRIMARY KEY, at timestamptz NOT NULL);"
        b"INSERT INTO events SELECT i, timestamptz '2026-01-15' + i * interval '1 month' FROM generate_series(0, 5) AS i"
    )
    plan = str(ROOT / "plans" / "alternatives" / "events_by_month.yaml")
    given = ("key_column=at", "range_end=2026-07-01", "default_partition=true")
    ran = call("run", plan, "--dsn", database, *(f"--var={value}" for value in given))
    assert ran.returncode == 0, ran.stderr
    connection.execute(b"INSERT INTO events VALUES (7, '2027-03-03')")

    chosen = ("interval=1 month", "keep=30 days", "clock=2026-07-15")
    assert told(maintain(database, *chosen)) == ""
    assert one(
        connection, "SELECT to_regclass('events_p202610') IS NOT NULL"
    )  # of the months ahead
    assert one(connection, DEFAULT) == 1
    back = call("rollback", plan, "--dsn", database)
    assert back.returncode == 0, back.stderr
    assert one(connection, "SELECT array_agg(id ORDER BY id) FROM events") == [*range(6), 7]
    assert one(connection, "SELECT count(*) FROM pg_partition_tree('events')") == 0

    again = call("run", plan, "--again", "--dsn", database, *(f"--var={value}" for value in given))
    assert again.returncode == 0, again.stderr
    expire = "UPDATE migration_backups SET retention_until = now() - interval '1 h' WHERE kind = 'old_table'"
    connection.execute(expire.encode())
    closed = call("backups", "cleanup", "--dsn", database)
    assert closed.returncode == 0, closed.stderr
    assert told(maintain(database, *chosen)) == ""
    assert one(connection, DEFAULT) == 0
    assert one(connection, "SELECT min(at) FROM events").isoformat() > "2026-05"

"""`executor maintain` day by day, killed, beside itself and beside a reader who does not end.

EXECUTOR_TEST_DAYS=1 takes every day of the year; by default it is every fifteenth.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest

from tests.acceptance.test_maintain import (
    DEFAULT,
    MARK,
    MONTHS,
    PARTITIONS,
    PLAN,
    SCHEMA,
    maintain,
    told,
)
from tests.helpers.command import Connection, alone, eventually, one
from tests.helpers.plans import COMMAND, ROOT

FIRST = date(2026, 1, 1)
PAUSE = range(85, 125)
#: what is to be done on that day: partitions ahead and of a gap, one for rows of the default partition, one to detach, one to
#: drop, an index that all lack
NEEDY = (
    MONTHS
    + """
CREATE TABLE events_p202512 PARTITION OF events FOR VALUES FROM ('2025-12-01') TO ('2026-01-01');
CREATE TABLE events_p202511 (LIKE events_p202601);
"""
    + MARK.format(table="events_p202511", day="2026-01-02")
    + """
CREATE INDEX events_size_idx ON ONLY events (size);
INSERT INTO events (at) SELECT '2026-01-05' FROM generate_series(1, 50);
INSERT INTO events (at) VALUES ('2025-12-05'), ('2026-04-04'), ('2026-05-05'), ('2028-02-05');
"""
)
CLOCK = ("clock=2026-04-20", "keep=90 days", "grace=30 days")
INDEXES = (
    "SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready"
    " OR indexrelid::regclass::text LIKE '%ccnew%'"
)


def test_every_day_of_a_year(database: str, connection: Connection) -> None:
    """With a pause of 40 days, longer than what there is ahead, and a row from the future."""
    connection.execute(MONTHS.encode())
    steps, written = int(os.environ.get("EXECUTOR_TEST_DAYS", "15")), 0
    for number in range(366):
        day = FIRST + timedelta(number)
        connection.execute("INSERT INTO events (at) VALUES (%s), (%s::date + interval '23:59:59')", [day, day])  # fmt: skip
        written += 2
        if number == 60:
            connection.execute("INSERT INTO events (at) VALUES ('2028-02-05')")
            written += 1
        if number in PAUSE or (number % steps and number not in (60, PAUSE.stop, 365)):
            continue
        if number == PAUSE.stop:
            assert one(connection, DEFAULT) == 2 * 6  # since the first of May
        given = ("interval=1 month", "ahead=1", "keep=90 days", "grace=30 days", f"clock={day}")
        assert told(maintain(database, *given)) == "", day
        assert one(connection, DEFAULT) == 0
        names = one(connection, PARTITIONS)
        next_month = (day.replace(day=1) + timedelta(31)).strftime("events_p%Y%m")
        assert {day.strftime("events_p%Y%m"), next_month} <= set(names)  # type: ignore[call-overload]
        assert ("events_p202802" in names) == (number >= 60)  # type: ignore[operator]
    # of 2026 those from October on are attached, as 90 days ago is in it; the one before is kept for 30 days
    kept = "SELECT count(*) FROM events WHERE at >= '2026-10-01'"
    assert one(connection, kept) == one(connection, "SELECT count(*) FROM events") == 2 * 93 + 1
    assert names == ["events_default", "events_p202610", "events_p202611", "events_p202612", "events_p202701", "events_p202702", "events_p202802"]  # fmt: skip
    detached = {f"{month:%Y%m}" for month in (date(2026, n, 1) for n in range(1, 10))}
    tables = "SELECT array_agg(substr(relname, 9)) FROM pg_class WHERE relkind = 'r' AND relname ~ '^events_p2026'"
    assert detached & set(one(connection, tables)) in ({"202609"}, {"202608", "202609"})  # type: ignore[call-overload]


@contextmanager
def maintaining(dsn: str, *given: str) -> Iterator[subprocess.Popen[str]]:
    """The command line, in the background; it does not outlive the block."""
    values = [word for value in given for word in ("--var", value)]
    with subprocess.Popen(
        [*COMMAND, "maintain", str(PLAN), "--dsn", dsn, "--format", "json", *values],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def seen(process: subprocess.Popen[str], event: str, step: str) -> None:
    """Wait for an event of a step."""
    assert process.stdout
    for line in process.stdout:
        found = json.loads(line)
        if (found["event"], found.get("step")) == (event, step):
            return
    raise AssertionError(f"no {event} of {step}: {process.stderr and process.stderr.read()}")


def state(connection: Connection) -> tuple[object, object]:
    """The partitions with their bounds, and where rows are."""
    where = "SELECT array_agg(tableoid::regclass::text || at ORDER BY id) FROM events"
    names: list[str] = one(connection, SCHEMA)  # type: ignore[assignment]
    # the indexes of an emptied default partition have the run in their names
    return [re.sub(r"_\d{8}_\d{6}_", "_", name) for name in names], one(connection, where)


def test_killed_beside_itself_and_beside_a_reader(database: str, connection: Connection) -> None:
    """The next run finds what is left to do, whatever the last one came to; nothing is done twice, and nothing is lost."""

    def begin() -> None:
        alone(connection)
        connection.execute("DROP TABLE IF EXISTS events, events_p202511, events_p202512, events_p202601")  # fmt: skip
        connection.execute(NEEDY.encode())

    connection.execute(NEEDY.encode())
    assert told(maintain(database, *CLOCK)) == ""
    undisturbed = state(connection)
    assert one(connection, INDEXES) == 0
    assert one(connection, DEFAULT) == 0
    for event, step in (
        ("StepStarted", "empty_default"),
        ("IterationFinished", "add"),
        ("StepFinished", "detach"),
        ("IterationFinished", "build_indexes"),
    ):
        begin()
        with maintaining(database, *CLOCK) as process:
            seen(process, event, step)
            process.kill()
        alone(connection)
        with maintaining(database, *CLOCK) as process:
            process.communicate()
        assert process.returncode == 0, (event, step)
        assert state(connection) == undisturbed, (event, step)
        assert one(connection, INDEXES) == 0, (event, step)

    begin()
    with maintaining(database, *CLOCK) as first, maintaining(database, *CLOCK) as second:
        first.communicate()
        second.communicate()
    assert sorted([first.returncode, second.returncode]) in ([0, 0], [0, 4])
    assert state(connection) == undisturbed

    # a reader who does not end is named, and nobody waits behind the executor for longer than lock_timeout
    begin()
    with psycopg.connect(database) as reader, maintaining(database, *CLOCK) as process:
        reader.execute("SELECT FROM events LIMIT 1")
        seen(process, "Retrying", "empty_default")
        one(connection, "SELECT count(*) FROM events")
        reader.rollback()
        process.communicate()
    assert process.returncode == 0
    assert state(connection) == undisturbed


DAYS = """
CREATE TABLE events (at date NOT NULL, n integer) PARTITION BY RANGE (at);
CREATE TABLE events_p20260101 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-01-02');
CREATE TABLE events_p20260102 PARTITION OF events FOR VALUES FROM ('2026-01-02') TO ('2026-01-03');
INSERT INTO events VALUES ('2026-01-01'), ('2026-01-02');
"""


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "cancelled"])
def test_a_detach_that_was_broken_off_is_finished(
    killed: bool, database: str, connection: Connection
) -> None:
    """DETACH CONCURRENTLY waits for readers between its two transactions: what was begun stays `pending`."""
    connection.execute(DAYS.encode())
    pending = "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"
    given = ("interval=1 day", "keep=30 days", "clock=2026-02-15", "ahead=0")
    with psycopg.connect(database) as reader, maintaining(database, *given) as process:
        reader.execute("SELECT FROM events LIMIT 1")
        eventually(connection, pending, 1)
        if killed:
            process.kill()
        others = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%DETACH PARTITION%' AND pid <> pg_backend_pid()"
        connection.execute(others)
        eventually(connection, pending, 1)
        # by this the next run knows that it was one of ours, whatever became of it
        said = one(connection, "SELECT obj_description('events_p20260101'::regclass)")
        assert said.startswith("executor: about to be detached from public.events at 2026-02-15")
    alone(connection)
    assert told(maintain(database, *given)) == ""
    assert one(connection, pending) == 0
    assert one(connection, PARTITIONS) == [f"events_p{day:%Y%m%d}" for day in (date(2026, 1, 16) + timedelta(n) for n in range(31))]  # fmt: skip
    assert one(connection, "SELECT count(*) FROM events_p20260101") == 1

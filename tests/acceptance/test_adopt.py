"""A table that becomes the first partition of a new one: nothing is copied, everything comes along, and back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from executor.engine.connect import RunOptions
from executor.errors import AssertionFailedError, ExecutorError
from executor.events import AssertionChecked, Event
from tests.helpers.command import PATIENCE, one, refused
from tests.helpers.flagship import ROOT, Connection, Layout, content, load
from tests.helpers.live import loaded, migrate, runner, undo
from tests.helpers.online import events
from tests.helpers.plans import call

ADOPT = Layout("adopt", plan="plans/alternatives/adopt.yaml")
BY_NUMBER = ("key_column=id", "interval=1000")
LISTED = ("method=list", "key_column=tenant", "values=a,b")
NUMBERED = """
  CREATE TABLE events (id bigserial PRIMARY KEY, code text UNIQUE, body text);
  INSERT INTO events (code, body) SELECT 'code ' || i, 'text' FROM generate_series(1, 5000) AS i;
"""
TIMED = """
  CREATE TABLE events (id int PRIMARY KEY, at timestamptz, body text);
  INSERT INTO events SELECT i, now() - i * interval '1 hour', 'text' FROM generate_series(1, 100) AS i;
"""
Dump = Callable[..., str]


@pytest.fixture
def everything(connection: Connection) -> Iterator[None]:
    """The table with all that hangs on one, and a role that its application has."""
    if one(connection, "SELECT to_regrole('executor_test_app') IS NULL"):
        connection.execute("CREATE ROLE executor_test_app")
    load(connection, "events")
    yield


@contextmanager
def application(dsn: str) -> Iterator[list[str]]:
    """Writers beside: what they have committed, which must be there at the end."""
    written: list[str] = []
    failed: list[BaseException] = []
    end = threading.Event()

    def write() -> None:
        try:
            with psycopg.connect(dsn, autocommit=True) as session:
                for number in range(1, 2000):  # as many rows as are deleted are inserted
                    session.execute(
                        "INSERT INTO events (customer_id, code, body) VALUES (3, %s, 'written')",
                        [f"beside {number}"],
                    )
                    session.execute(
                        "UPDATE events SET body = body || '.' WHERE code = %s", [f"code {number}"]
                    )
                    session.execute("DELETE FROM events WHERE code = %s", [f"code {2000 - number}"])
                    written.append(f"beside {number}")
                    if end.wait(0.02):
                        break
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        end.set()
        thread.join()
        assert failed == []


def schema(dump: Dump, database: str) -> str:
    return dump(database, "--exclude-schema=executor")


def places(connection: Connection) -> dict[str, int]:
    """How many rows lie in each partition, or in the table."""
    text = "SELECT tableoid::regclass::text, count(*)::int FROM events GROUP BY 1"
    return dict(connection.execute(text).fetchall())


def test_everything_comes_along_while_it_is_written_to_and_goes_back(
    everything: None, database: str, connection: Connection, dump: Dump
) -> None:
    """The swap waits for a reader, and no write is lost; the file of the table is the same throughout."""
    before = schema(dump, database)
    files = "SELECT pg_relation_filenode('{}')"
    kept = one(connection, files.format("events"))
    reader = psycopg.connect(database)
    with reader, application(database) as written:
        done = migrate(
            database,
            layout=ADOPT,
            at={
                ("StepStarted", "swap"): lambda _: reader.execute("SELECT FROM events LIMIT 1"),
                ("Retrying", "swap"): lambda _: reader.rollback(),
            },
        )
        assert any(type(event).__name__ == "Retrying" for event in done)
        assert one(connection, files.format("events_before")) == kept
        assert list(places(connection)) == ["events_before"]
        connection.execute(
            "INSERT INTO events (customer_id, code, body, created_at) SELECT 4, 'later ' || i, 'later',"
            # the eleventh of the third month and of the fourth have partitions, whatever day it is
            " date_trunc('month', now() AT TIME ZONE 'UTC') + i * interval '1 month' + interval '10 days'"
            " FROM generate_series(3, 4) AS i"
        )
        assert len(places(connection)) == 3
        checked = call("verify", ADOPT.plan, "--dsn", database)
        assert checked.returncode == 0, checked.stderr

        # what has come along
        assert one(connection, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'events'::regclass AND contype = 'p'") == "PRIMARY KEY (id, created_at)"  # fmt: skip
        kinds = "SELECT string_agg(DISTINCT contype::text, '') FROM pg_constraint WHERE conrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'events'::regclass) AND contype = 'f' AND conparentid = 0"
        assert one(connection, kinds) is None  # each foreign key is one of the whole
        assert one(connection, "SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 0
        assert one(
            connection, "SELECT has_table_privilege('executor_test_app', 'events', 'INSERT')"
        )
        assert not one(connection, "SELECT has_table_privilege('executor_test_app', 'events_before', 'SELECT')")  # fmt: skip
        assert one(connection, "SELECT count(*) >= 2002 FROM all_events")
        connection.execute("INSERT INTO ruled_events (body) VALUES ('by the rule')")
        assert one(connection, "SELECT count(*) FROM pg_publication_tables WHERE tablename = 'events'") == 1  # fmt: skip

        undo(database, layout=ADOPT)
        so_far, until = len(written), time.monotonic() + PATIENCE
        while len(written) < so_far + 3:  # it goes on afterwards, too
            assert time.monotonic() < until
            time.sleep(0.01)

    assert one(connection, files.format("events")) == kept
    assert schema(dump, database) == before
    codes = {row[0] for row in connection.execute("SELECT code FROM events WHERE code ~ '^(b|l)'")}
    assert codes == {*written, "later 3", "later 4"}
    assert one(connection, "SELECT count(*) FROM events") == 2000 + 3
    # every trigger has fired once for each row that the application has written, and never for one that was moved
    rows = len(written) + 3
    fired = connection.execute("SELECT what, count(*) FROM audit GROUP BY 1 ORDER BY 1").fetchall()
    assert fired == [("note_insert", rows), ("note_statement", len(written) + 2)]
    assert one(connection, "INSERT INTO events (customer_id, body) VALUES (1, 'x') RETURNING id > (SELECT max(id) FROM events)")  # fmt: skip


MOMENTS = {
    "between two indexes": ("IterationFinished", "build_keys"),
    "while rows are refused": ("StepFinished", "bound"),
    "at the start of the swap": ("StepStarted", "swap"),
    "right after the swap": ("StepFinished", "swap"),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_run_goes_on_and_a_killed_rollback_too(
    moment: tuple[str, str], everything: None, database: str, connection: Connection, dump: Dump
) -> None:
    """Whatever was done is known, and done once."""

    def killed(verb: str, at: tuple[str, str]) -> None:
        for process, event in events(database, verb=verb, layout=ADOPT):
            if (event["event"], event.get("step")) == at:
                process.kill()

    before = schema(dump, database), content(connection, "events")
    killed("run", moment)
    assert content(connection, "events") == before[1]
    done = call("run", ADOPT.plan, "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert places(connection) == {"events_before": 2000}

    killed("rollback", moment)
    undone = call("rollback", ADOPT.plan, "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    assert (schema(dump, database), content(connection, "events")) == before


@pytest.mark.parametrize("keys", ["widen", "keep"])
def test_by_number_with_names_that_have_to_be_quoted(
    keys: str, database: str, connection: Connection, dump: Dump
) -> None:
    """A bound that is found from the sequence; the key lacks nothing, and goes on to be that of the whole."""
    table, key = '"My Schema"."we""ird"', "col ' ID%"
    connection.execute('CREATE SCHEMA "My Schema"; SET search_path = "My Schema"')
    text = NUMBERED.replace("events", '"we""ird"').replace("(id", '("col \' ID%"')
    connection.execute(text.encode())
    connection.execute("RESET search_path")
    before = schema(dump, database), content(connection, table)
    given = (f"source={table}", f"key_column={key}", "interval=1000", f"keys={keys}")
    migrate(database, *given, "default_partition=true", layout=ADOPT)
    assert content(connection, table) == before[1]
    bounds = "SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY relname"
    assert connection.execute(bounds.encode()).fetchall() == [
        ('we"ird_before', "FOR VALUES FROM (MINVALUE) TO ('7000')"),
        ('we"ird_default', "DEFAULT"),
        ('we"ird_p0000007000', "FOR VALUES FROM ('7000') TO ('8000')"),
        ('we"ird_p0000008000', "FOR VALUES FROM ('8000') TO ('9000')"),
        ('we"ird_p0000009000', "FOR VALUES FROM ('9000') TO ('10000')"),
    ]
    connection.execute(
        f"INSERT INTO {table} (\"{key}\", code) VALUES (7001, 'later'), (99999, 'last') ON CONFLICT (\"{key}\") DO NOTHING".encode()
    )
    after = content(connection, table)
    undo(database, layout=ADOPT)
    assert (schema(dump, database), content(connection, table)) == (before[0], after)


TYPES = {
    "date": ("date", "'2026-11-03'", ("bound=2999-12-15", "interval=1 week")),
    "timestamp": ("timestamp(3)", "'2026-11-03 10:00'", ("interval=3 hours",)),
    "uuid": ("uuid", "'019a0000-0000-7000-8000-000000000000'", ("interval=1 year", "time_zone=Europe/Berlin")),
    "numeric": ("numeric(12, 2)", "7.25", ("bound=1000", "interval=100")),
    "smallint": ("smallint", "7", ("bound=-5", "interval=7")),
    "varchar": ("varchar(9)", "'a'", ("method=list", "values=a,it's")),
    "enum": ("mood", "'sad'", ("method=list", "values=sad,glad", "default_partition=true")),
}  # fmt: skip


@pytest.mark.parametrize(("of_type", "value", "given"), TYPES.values(), ids=TYPES)
def test_no_row_is_read_under_the_lock(
    of_type: str, value: str, given: tuple[str, ...], database: str, connection: Connection
) -> None:
    """What the CHECK says is what PostgreSQL asks of the partition: it says so itself."""
    if of_type == "smallint":
        value = "-7"
    connection.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'glad', 'new');"
        f"CREATE TABLE events (at {of_type}); INSERT INTO events VALUES ({value})".encode()
    )
    migrate(database, "key_column=at", *given, layout=ADOPT, until="validate_bound")
    bound = one(connection, "SELECT facts #>> '{bound,0,bound_sql}' FROM executor.facts")
    told: list[str] = []
    connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    with connection.transaction(force_rollback=True):
        connection.execute("ALTER TABLE events ALTER at SET NOT NULL")
        connection.execute("SET LOCAL client_min_messages = debug1")
        connection.execute(f"ALTER TABLE events_new ATTACH PARTITION events {bound}".encode())
    assert 'partition constraint for table "events" is implied by existing constraints' in told
    migrate(database, layout=ADOPT)
    assert places(connection) == {"events_before": 1}
    undo(database, layout=ADOPT)


BAD = {
    "a view": ("CREATE VIEW events AS SELECT now() AS at", "", "a view; name the table itself"),
    "a foreign table": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE events (at timestamptz) SERVER s",
        "", "a foreign table; name the table itself"),
    "a child": ("CREATE TABLE parent (at timestamptz); CREATE TABLE events () INHERITS (parent)", "", "INHERIT and partitions do not mix"),
    "a partition": (
        "CREATE TABLE years (at timestamptz) PARTITION BY RANGE (at); CREATE TABLE events PARTITION OF years DEFAULT",
        "", "a partition of public.years already"),
    "partitioned already": ("CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at)", "", "a partitioned table already"),
    "no such column": (TIMED, "key_column=when", "no such column"),
    "a type without intervals": (TIMED, "key_column=body", "text; choose another one"),
    "an interval of another kind": (TIMED, "interval=1000", "timestamp with time zone; choose another one"),
    "a bound of another kind": (TIMED, "bound=1000", "1000: not of the kind of the interval, 1 month"),
    "no sequence": (TIMED, "key_column=id,interval=1000", "give one with --var bound="),
    "a sequence near the end of its type": (
        "CREATE TABLE events (at int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY); SELECT setval('events_at_seq', 2147000000)",
        "interval=1000000", "or the next bound is more than its type can hold"),
    "rows beyond the bound": (TIMED + "INSERT INTO events VALUES (0, '2999-01-01')", "", "1: they are not in the bound (20"),
    "rows without a value": (TIMED + "INSERT INTO events VALUES (0)", "", "1: they have no partition; give them a value"),
    "too little time": (TIMED, "margin=999 weeks,bound=2027-01-01", "too little. Give a later bound"),
    "names that are taken": (TIMED + "CREATE TABLE events_before ()", "", "already taken: events_before"),
    "a foreign key that is not validated": (
        TIMED + "CREATE TABLE c (id int PRIMARY KEY); ALTER TABLE events ADD CONSTRAINT to_c FOREIGN KEY (id) REFERENCES c NOT VALID",
        "", "to_c: not validated"),
    "a foreign key into the table": (TIMED + "CREATE TABLE refs (id int CONSTRAINT to_events REFERENCES events)", "", "to_events on public.refs"),
    "a materialized view": (TIMED + "CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM events", "", "public.sums: bound to the table itself"),
    "a view grouped by the key": (TIMED + "CREATE VIEW grouped AS SELECT id, body FROM events GROUP BY id", "", "public.grouped"),
    "an index that can't be kept": (TIMED + "ALTER TABLE events ADD EXCLUDE (id WITH =)", "", "exclusion"),
    "no values": (TIMED, "method=list,key_column=id", "say which values the rows of now have"),
    "other values": (TIMED, "method=list,key_column=id,values=1,", "99: they are not in the bound (1)"),
}  # fmt: skip


@pytest.mark.parametrize(("tables", "given", "sentence"), BAD.values(), ids=BAD)
def test_what_stands_in_the_way_is_said_before_anything_is_changed(
    tables: str, given: str, sentence: str, database: str, connection: Connection, dump: Dump
) -> None:
    connection.execute(tables.encode())
    before = schema(dump, database)
    values = {"key_column": "at", **dict(item.split("=") for item in given.split(",") if item)}
    found: list[Event] = []
    with pytest.raises(AssertionFailedError):
        runner.run(loaded(ADOPT), RunOptions(dsn=database, variables=values), found.append)
    said = [
        f"{finding.subject}: {finding.actual}"
        for event in found
        if isinstance(event, AssertionChecked) and event.stops
        for finding in event.findings
        if finding.passed is False
    ]
    assert any(sentence in line for line in said), said
    assert schema(dump, database) == before


def test_a_dry_run_says_what_will_be_different(everything: None, database: str, dump: Dump) -> None:
    before = schema(dump, database)
    done = call("run", ADOPT.plan, "--dsn", database, "--dry-run", "--var=bound=2999-12-31")
    assert done.returncode == 0, done.stderr
    for words in (
        "TO ('3000-01-01 00:00:00+00'). Not a row is copied. Others go to events_p300001, events_p300002, events_p300003",
        "from the step bound to the swap a row of another partition",
        "becomes (id, created_at): two unique indexes are built beforehand",
        "fails with (code), with (id), now (id, created_at): name these",
    ):
        assert words in done.stdout + done.stderr
    assert schema(dump, database) == before


def test_a_way_back_that_would_lose_or_hold_up_is_refused(
    database: str, connection: Connection
) -> None:
    """More rows than may be moved under the lock, two rows of one key, and a first partition that is gone."""
    connection.execute(NUMBERED.encode())
    migrate(database, *BY_NUMBER, "move_rows=10", layout=ADOPT)
    back = ("rollback", ADOPT.plan, "--dsn", database)
    connection.execute("INSERT INTO events (id, code) SELECT i, 'later ' || i FROM generate_series(7000, 7019) AS i")  # fmt: skip
    connection.execute("INSERT INTO events (id, code) VALUES (7020, 'code 1')")
    refused(call(*back), 7, "more than 10 rows (move_rows)", "--accept later_rows")
    refused(call(*back, "--accept", "later_rows"), 7, "by a key that is unique there alone", "(code)=(code 1)")  # fmt: skip
    assert places(connection) == {"events_before": 5000, "events_p0000007000": 21}
    connection.execute("UPDATE events SET code = 'another' WHERE id = 7020")
    connection.execute("ALTER TABLE events DETACH PARTITION events_before")
    refused(
        call(*back),
        7,
        "events_before",
        "is no partition of public.events any more",
        "`executor maintain` has detached it",
    )
    connection.execute("ALTER TABLE events ATTACH PARTITION events_before FOR VALUES FROM (MINVALUE) TO (7000)")  # fmt: skip
    assert call(*back, "--accept", "later_rows").returncode == 0
    assert places(connection) == {"events": 5021}


def test_an_index_that_came_meanwhile_is_not_built_under_the_lock(
    database: str, connection: Connection
) -> None:
    connection.execute(TIMED.encode())
    migrate(database, "key_column=at", layout=ADOPT, until="validate_bound")
    connection.execute("CREATE INDEX meanwhile ON events (body)")
    with pytest.raises(ExecutorError, match="meanwhile was added"):
        migrate(database, layout=ADOPT)
    connection.execute("DROP INDEX meanwhile")
    connection.execute("CREATE INDEX lone ON events_new (body)")
    with pytest.raises(ExecutorError, match="would be built under the lock"):
        migrate(database, layout=ADOPT)
    undo(database, layout=ADOPT)
    assert places(connection) == {"events": 100}


def test_the_facts_beside_the_plan_are_those_of_the_table(
    everything: None, database: str, server_version: int
) -> None:
    """EXECUTOR_UPDATE_GOLDEN=1 writes the file anew."""
    beside = (ROOT / ADOPT.plan).with_suffix(".facts.json")
    done = call("facts", ADOPT.plan, "--dsn", database, "--var=bound=2027-01-01")
    assert done.returncode == 0, done.stderr
    if os.environ.get("EXECUTOR_UPDATE_GOLDEN"):
        beside.write_text(done.stdout, encoding="utf-8")
    if server_version >= 180000 // 10000:  # what PostgreSQL deparses may differ before
        assert done.stdout == beside.read_text(encoding="utf-8")

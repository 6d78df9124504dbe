"""`executor maintain` beside keys at the end of their type, holes, what a partition has of its own, and those who read and write."""

from __future__ import annotations

import re
import subprocess
import threading

import psycopg
import pytest

from executor.events import IterationFinished
from tests.acceptance.test_attacks_layouts import while_it_waits
from tests.acceptance.test_maintain import DEFAULT, command, maintain, told
from tests.acceptance.test_maintain_days import maintaining, seen
from tests.helpers.command import Connection, eventually, one

CLOCK = "clock=2026-11-20"
MONTHS = """
CREATE TABLE events (id bigint, at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE events_p202611 PARTITION OF events FOR VALUES FROM ('2026-11-01+00') TO ('2026-12-01+00');
CREATE TABLE events_default PARTITION OF events DEFAULT;
INSERT INTO events SELECT g, '2027-06-05' FROM generate_series(1, 100) AS g;
"""
NOVEMBER = ("'2026-11-01'", "'2026-12-01'")
V7 = ("'019a3c70-0000-0000-0000-000000000000'", "'019ae000-0000-0000-0000-000000000000'")
NONE = "rows without, such as null or infinity"
EDGES = [
    ("numeric", ("0", "1000"), "'NaN'", "1000", NONE),
    ("numeric", ("0", "1000"), "1e30", "1000", NONE),
    ("timestamptz", NOVEMBER, "'294276-12-31'", "1 month", NONE),
    ("date", NOVEMBER, "'5874897-12-31'", "1 month", NONE),
    ("integer", ("2146000000", "2147000000"), "2147400000", "1000000", ""),
    ("smallint", ("31000", "32000"), "32767", "1000", ""),
    ("bigint", ("0", "1"), "9223372036854775807", "1", "far above all others"),
    ("uuid", V7, "'00000000-0000-0000-0000-000000000000'", "1 week", ""),
]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge[0]} {edge[2]}")
def test_keys_at_the_end_of_their_type(
    edge: tuple[str, tuple[str, str], str, str, str], database: str, connection: Connection
) -> None:
    """The row gets a partition or is named, and the partitions ahead are made in any case."""
    kind, (low, high), value, interval, expected = edge
    connection.execute(
        f"SET timezone = 'UTC'; CREATE TABLE events (k {kind}) PARTITION BY RANGE (k);"
        f"CREATE TABLE events_first PARTITION OF events FOR VALUES FROM ({low}) TO ({high});"
        f"CREATE TABLE events_default PARTITION OF events DEFAULT; INSERT INTO events VALUES ({low}), ({value})".encode()
    )
    said = told(maintain(database, f"interval={interval}", CLOCK))
    assert (expected in said) if expected else not said, said
    assert one(connection, DEFAULT) == bool(expected)
    assert one(connection, "SELECT count(*) > 2 FROM pg_inherits WHERE inhparent = 'events'::regclass")  # fmt: skip


@pytest.mark.parametrize("with_default", [False, True])
def test_holes_of_an_interval_are_filled(
    with_default: bool, database: str, connection: Connection
) -> None:
    """Partitions of weeks, then of months: all that they leave of a month is made, in several parts if need be."""
    connection.execute(b"""
        CREATE TABLE events (at date) PARTITION BY RANGE (at);
        CREATE TABLE events_w1 PARTITION OF events FOR VALUES FROM ('2026-11-09') TO ('2026-11-30');
        CREATE TABLE events_w2 PARTITION OF events FOR VALUES FROM ('2026-12-07') TO ('2026-12-14');
        CREATE TABLE events_w3 PARTITION OF events FOR VALUES FROM ('2026-12-14') TO ('2026-12-21');
    """)
    row = b"INSERT INTO events VALUES ('2026-11-30'), ('2026-12-01'), ('2026-12-25')"
    if with_default:
        connection.execute(b"CREATE TABLE events_default PARTITION OF events DEFAULT")
        connection.execute(row)
    for _ in range(2):
        assert told(maintain(database, CLOCK, "ahead=1")) == ""
        bounds = one(connection, "SELECT array_agg(c.relname || pg_get_expr(c.relpartbound, c.oid) ORDER BY c.relname) FROM pg_class AS c WHERE relispartition AND relname LIKE '%_p%'")  # fmt: skip
        assert [str(bound).replace("FOR VALUES FROM ", "") for bound in bounds] == [  # type: ignore[attr-defined]
            "events_p202611('2026-11-01') TO ('2026-11-09')",
            "events_p202611x2('2026-11-30') TO ('2026-12-01')",
            "events_p202612('2026-12-01') TO ('2026-12-07')",
            "events_p202612x2('2026-12-21') TO ('2027-01-01')",
        ]
    if not with_default:
        connection.execute(row)
    assert one(connection, DEFAULT) == 0


OWN = {
    "GRANT SELECT ON events_default TO pg_monitor": "grant to pg_monitor",
    "GRANT SELECT (id) ON events_default TO PUBLIC": "grant to PUBLIC",
    "COMMENT ON COLUMN events_default.id IS 'ours'": "comment on events_default",
    "CREATE INDEX own ON events_default (id)": "index own",
    "CREATE UNIQUE INDEX events_default_own ON events_default (id)": "key own",
    "CREATE UNIQUE INDEX events_p202611_own ON events_p202611 (id)": "the newest partition has key own",
    "ALTER TABLE events_default ALTER id SET NOT NULL": "NOT NULL of the column id",
    "ALTER TABLE events_default ALTER id SET DEFAULT 7": "default of the column id",
    "CREATE STATISTICS own ON id, at FROM events_default": "statistics own",
    "CREATE PUBLICATION p FOR TABLES IN SCHEMA public": "publication p of all tables in its schema",
}


@pytest.mark.parametrize("statement", OWN)
def test_what_the_exchange_would_lose_is_named(
    statement: str, database: str, connection: Connection, server_version: int
) -> None:
    """The rows stay where they are until a person has seen to it; the rest is done."""
    if "SCHEMA" in statement and server_version < 15:
        pytest.skip("no such publication before PostgreSQL 15")
    connection.execute(MONTHS.encode())
    connection.execute(statement.encode())
    said = told(maintain(database, CLOCK))
    assert f"100 are left there, because {OWN[statement]}" in said
    assert one(connection, DEFAULT) == 100
    assert one(connection, "SELECT to_regclass('events_p202612') IS NOT NULL")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE events ADD amount numeric DEFAULT 9.5", "the table has other columns by now"),
        ("COMMENT ON TABLE events_default IS 'ours'", "comment on events_default"),
    ],
)
def test_what_comes_while_it_waits_is_not_lost(
    statement: str, said: str, database: str, connection: Connection
) -> None:
    connection.execute(MONTHS.encode())
    done: list[subprocess.CompletedProcess[str]] = []

    def run() -> None:
        done.append(command(database, "--var", CLOCK))

    with psycopg.connect(database, autocommit=True) as owner:
        while_it_waits(owner, connection, "events", run, statement)
    assert done[0].returncode == 5, done[0].stderr
    assert f"rows of the default partition can't be moved: {said}" in done[0].stderr
    assert one(connection, DEFAULT) == 100
    assert told(maintain(database, CLOCK)).count("comment on events_default") == (
        "ours" in statement
    )
    if "amount" in statement:
        assert one(connection, "SELECT sum(amount) FROM events_p202706") == 950


def test_a_key_of_each_partition_is_made_for_the_next_ones(
    database: str, connection: Connection
) -> None:
    """Ahead, for rows of the default partition, and for the new default partition."""
    connection.execute(MONTHS.encode())
    for name in ("events_p202611", "events_default"):
        connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY (id); CREATE UNIQUE INDEX {name}_at_id ON {name} (at, id)".encode())  # fmt: skip
    assert told(maintain(database, CLOCK, "ahead=1")) == ""
    keys = "SELECT array_agg(i.indexrelid::regclass::text || ' ' || indisprimary) FROM pg_index AS i WHERE indrelid::regclass::text LIKE 'events%'"
    names: list[str] = one(connection, keys)  # type: ignore[assignment]
    # those of an emptied default partition have the run in their names
    assert sorted(re.sub(r"_\d{8}_\d{6}_", "_", name) for name in names) == sorted(
        f"events_{part}{key}"
        for part in ("p202611", "p202612", "p202706", "default")
        for key in ("_pkey true", "_at_id false")
    )
    assert one(connection, DEFAULT) == 0


def test_foreign_partitions_and_views_of_parts_stop_nothing(
    database: str, connection: Connection
) -> None:
    """A foreign partition that is too old is detached, what a view depends on is named, and the rest is done."""
    connection.execute(b"""
        CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
        CREATE FOREIGN TABLE events_p202601 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') SERVER s;
        CREATE TABLE events_p202602 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY HASH (id);
        CREATE TABLE events_p202602_0 PARTITION OF events_p202602 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE VIEW seen AS SELECT FROM events_p202602_0;
        CREATE TABLE events_p202603 PARTITION OF events FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
        CREATE TABLE events_p202611 PARTITION OF events FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
    """)
    given = ("keep=90 days", "grace=1 day", "ahead=0")
    assert told(maintain(database, *given, CLOCK)) == ""
    said = told(maintain(database, *given, "clock=2026-11-25"))
    assert "events_p202602 is left: rule _RETURN on view public.seen depends on it" in said
    names = "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relname LIKE 'events_p%' AND NOT relispartition"
    assert one(connection, names) == ["events_p202601", "events_p202602"]


SNAPSHOTS = {
    "a function in a statement": "SELECT slow_count()",
    "a transaction in one message": "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_advisory_xact_lock(1); SELECT count(*) FROM events",
}


@pytest.mark.parametrize("statement", SNAPSHOTS.values(), ids=SNAPSHOTS)
def test_a_statement_at_work_does_not_miss_rows(
    statement: str, database: str, connection: Connection
) -> None:
    """It has its snapshot, and comes to the table later: the rows are moved when it is over."""
    connection.execute(MONTHS.encode())
    connection.execute(b"""
        CREATE FUNCTION slow_count() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
        BEGIN PERFORM pg_advisory_xact_lock(1); RETURN (SELECT count(*) FROM events); END $$""")
    found: list[int] = []

    def read() -> None:
        with psycopg.connect(database, autocommit=True) as own:
            cursor = own.execute(statement.encode())
            while cursor.nextset():
                pass
            found.extend(cursor.fetchone() or ())

    with psycopg.connect(database, autocommit=True) as other, psycopg.connect(database) as reader:
        other.execute("SELECT pg_advisory_lock(1)")
        reader.execute("SELECT FROM events LIMIT 1")
        thread = threading.Thread(target=read)
        with maintaining(database, CLOCK, "max_lock=10s") as process:
            seen(process, "Retrying", "empty_default")  # so the check was before
            thread.start()
            eventually(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", 1)  # fmt: skip
            reader.rollback()
            seen(process, "Retrying", "empty_default")
            seen(process, "Retrying", "empty_default")
            other.execute("SELECT pg_advisory_unlock(1)")
            thread.join()
            process.communicate()
    assert found == [100]
    assert process.returncode == 0
    assert one(connection, DEFAULT) == 0


def test_nothing_is_copied_while_a_reader_is_there(database: str, connection: Connection) -> None:
    """The copy makes writers wait, and would be vain."""
    connection.execute(MONTHS.encode())
    connection.execute(b"INSERT INTO events SELECT g, '2027-06-05' FROM generate_series(1, 9900) AS g")  # fmt: skip
    inserted = "SELECT tup_inserted FROM pg_stat_database WHERE datname = current_database()"
    with psycopg.connect(database) as reader, maintaining(database, CLOCK) as process:
        reader.execute("SELECT FROM events LIMIT 1")
        before = one(connection, inserted)
        for _ in range(3):
            seen(process, "Retrying", "empty_default")
        reader.rollback()
        process.communicate()
    assert process.returncode == 0
    assert one(connection, DEFAULT) == 0
    assert one(connection, f"SELECT ({inserted}) - {before}") < 2 * 9900 + 9000  # type: ignore[operator]


def test_few_partitions_are_exchanged_at_a_time(database: str, connection: Connection) -> None:
    """As many as max_lock has time for, of 20 ms each; the default partition stays where it was, with its keys."""
    connection.execute(MONTHS.encode())
    connection.execute(b"""
      CREATE SCHEMA apart; ALTER TABLE events_default SET SCHEMA apart;
      ALTER TABLE events_p202611 ADD CONSTRAINT events_p202611_id_key UNIQUE (id);
      ALTER TABLE apart.events_default ADD CONSTRAINT events_default_id_key UNIQUE (id);
    """)
    connection.execute(b"INSERT INTO events SELECT 100 + g, timestamptz '2027-01-01' + g * interval '1 month' FROM generate_series(1, 10) AS g")  # fmt: skip
    events = maintain(database, CLOCK, "max_lock=100ms", "ahead=0")
    done = [e for e in events if isinstance(e, IterationFinished) and e.step == "empty_default"]
    assert len(done) == 2  # of 10 intervals
    assert one(connection, "SELECT count(*) FROM apart.events_default") == 0
    key = "SELECT conname FROM pg_constraint WHERE conrelid = 'apart.events_default'::regclass AND contype = 'u'"
    assert one(connection, key) == "events_default_id_key"
    assert one(connection, "SELECT count(*) FROM events") == 110


def test_writers_of_referenced_tables_do_not_wait(database: str, connection: Connection) -> None:
    """With a foreign key it locks what that refers to, too: for a moment, and again later."""
    connection.execute(b"""
        CREATE TABLE customers (id int PRIMARY KEY, n int); INSERT INTO customers VALUES (1), (2);
        CREATE TABLE events (at date, customer int REFERENCES customers) PARTITION BY RANGE (at);
        CREATE TABLE events_p202601 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE TABLE events_p202602 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-12-01');
        INSERT INTO events VALUES ('2026-01-05', 1);
    """)
    given = (CLOCK, "keep=90 days", "ahead=0")
    with psycopg.connect(database) as writer, maintaining(database, *given) as process:
        writer.execute("UPDATE customers SET n = 1 WHERE id = 1")
        seen(process, "Retrying", "detach")
        connection.execute(b"UPDATE customers SET n = 1 WHERE id = 2")
        writer.rollback()
        process.communicate()
    assert process.returncode == 0
    assert one(connection, "SELECT count(*) FROM events") == 0
    assert one(connection, "SELECT count(*) FROM events_p202601") == 1

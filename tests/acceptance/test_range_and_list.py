"""RANGE by interval and LIST by value: there under somebody who writes, back with what was written since, there again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.helpers.command import one, refused
from tests.helpers.flagship import LIST_PLAN, Connection, content, schema
from tests.helpers.plans import call

Dump = Callable[..., str]

PARTITIONS = (
    "SELECT array_agg(concat_ws(' ', relid::text, nullif(pg_get_expr(relpartbound, relid), '')) ORDER BY relid::text)"
    " FROM pg_partition_tree('{}') JOIN pg_class ON oid = relid WHERE level = 1"
)
PARENTS = "CREATE TABLE parents (id integer PRIMARY KEY); INSERT INTO parents SELECT generate_series(0, 9);"


@dataclass(frozen=True)
class Case:
    """A table t (id, k, note), how a row number makes a key, the variables, and some of the partitions it gets."""

    type: str
    value: str
    variables: tuple[str, ...]
    partitions: tuple[str, ...]
    count: int
    elsewhere: str  # a key that lies in another partition than most
    was: tuple[str, ...] = ()  # by what it is partitioned now, and the bounds of its partitions

    @property
    def sql(self) -> str:
        by = f" PARTITION BY {self.was[0]}" if self.was else ""
        return (
            f"SET TimeZone = 'UTC'; {PARENTS} CREATE TABLE t (id integer, k {self.type} NOT NULL,"
            " note text NOT NULL DEFAULT '', parent integer NOT NULL REFERENCES parents ON DELETE CASCADE,"
            f" PRIMARY KEY (id, k)){by}; CREATE INDEX t_note ON t (note);"
            + "".join(
                f"CREATE TABLE t_was_{number} PARTITION OF t {bound};"
                for number, bound in enumerate(self.was[1:])
            )
            + f"CREATE TABLE looks (id integer, k {self.type});"
            " ALTER TABLE looks ADD CONSTRAINT looks_t FOREIGN KEY (id, k) REFERENCES t ON UPDATE CASCADE ON DELETE CASCADE;"
            f"INSERT INTO t (id, k, parent) SELECT i, {self.value}, i % 10 FROM generate_series(1, 400) AS i;"
            "INSERT INTO looks SELECT id, k FROM t WHERE id % 5 = 0;"
        )


V7 = "(lpad(to_hex((extract(epoch FROM timestamptz '2025-01-31 00:00+00' + i * interval '1 hour') * 1000)::bigint), 12, '0') || '7000800000000000' || lpad(to_hex(i), 4, '0'))::uuid"
CASES = {
    "timestamptz by month of a zone": Case(
        "timestamptz",
        "timestamptz '2025-01-31 00:00+00' + i * interval '6 hours'",
        ("layout=range", "range_end=2025-07-15", "time_zone=Europe/Berlin"),
        (
            "t_p202501 FOR VALUES FROM ('2024-12-31 23:00:00+00') TO ('2025-01-31 23:00:00+00')",
            "t_p202504 FOR VALUES FROM ('2025-03-31 22:00:00+00') TO ('2025-04-30 22:00:00+00')",
        ),
        7,
        "timestamptz '2025-07-01 00:00+00'",
    ),
    "date by day, with a default partition": Case(
        "date",
        "date '2025-03-25' + i / 40",
        ("layout=range", "interval=1 day", "range_end=2025-04-05", "default_partition=true"),
        ("t_default DEFAULT", "t_p20250325 FOR VALUES FROM ('2025-03-25') TO ('2025-03-26')"),
        13,
        "date '2031-01-01'",
        ("LIST (k)", "FOR VALUES IN ('2025-03-25', '2025-03-26')", "DEFAULT"),
    ),
    "timestamp by year, from a day on": Case(
        "timestamp",
        "timestamp '2024-06-01' + i * interval '1 day'",
        ("layout=range", "interval=1 year", "range_start=2020-01-01", "range_end=2026-01-01"),
        ("t_p2020 FOR VALUES FROM ('2020-01-01 00:00:00') TO ('2021-01-01 00:00:00')",),
        7,
        "timestamp '2020-01-01'",
        ("RANGE (k)", "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", "DEFAULT"),
    ),
    "numbers by 100": Case(
        "bigint",
        "i - 150",
        ("layout=range", "interval=100", "ahead=2"),
        (
            "t_m0000000200 FOR VALUES FROM ('-200') TO ('-100')",
            "t_p0000000400 FOR VALUES FROM ('400') TO ('500')",
        ),
        7,
        "-190",
    ),
    "small numbers to the end of the type": Case(
        "smallint",
        "32760 - i * 50",
        ("layout=range", "interval=10000", "ahead=2", "default_partition=true"),
        ("t_p0000030000 FOR VALUES FROM ('30000') TO (MAXVALUE)",),
        4,
        "12000",
    ),
    "uuid v7 by week": Case(
        "uuid",
        V7,
        ("layout=range", "interval=1 week", "range_end=2025-03-01", "default_partition=true"),
        (
            "t_p20250127 FOR VALUES FROM ('0194a50e-d400-0000-0000-000000000000') TO ('0194c91b-5800-0000-0000-000000000000')",
        ),
        6,
        "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    ),
    "text by value": Case(
        "text",
        "(ARRAY['Big tenant', 'acme', 'o''hara', 'x' || i])[1 + i % 4]",
        ("layout=list", "min_share=10"),
        (
            "t_acme FOR VALUES IN ('acme')",
            "t_default DEFAULT",
            "t_part_00 FOR VALUES IN ('Big tenant')",
        ),
        4,
        "'new ' || random()",
        (
            "HASH (id)",
            "FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
            "FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        ),
    ),
    "integer by value": Case(
        "integer",
        "least(i, 100) * (1 - 2 * (i % 2))",
        ("layout=list",),
        ("t_100 FOR VALUES IN (100)", "t__100 FOR VALUES IN ('-100')", "t_default DEFAULT"),
        3,
        "100000 + (random() * 1000000)::integer",
        ("RANGE (k)", "FOR VALUES FROM (-50) TO (50)", "DEFAULT"),
    ),
    "hash of what is by day": Case(
        "date",
        "date '2025-03-25' + i % 3",
        ("layout=hash", "partition_count=3"),
        ("t_part_02 FOR VALUES WITH (modulus 3, remainder 2)",),
        3,
        "date '2031-01-01' + (random() * 1000)::integer",
        ("RANGE (k)", "FOR VALUES FROM ('2025-03-25') TO ('2025-03-26')", "DEFAULT"),
    ),
}


@contextmanager
def writing(dsn: str, elsewhere: str) -> Iterator[list[int]]:
    """Somebody who inserts, updates, moves and deletes rows; the list has an entry for each insert that stays."""
    ended = threading.Event()
    written: list[int] = []

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for number in range(1000, 5000):  # 5000 and 7000 are the tests' own
                if ended.wait(0.005):
                    return
                for statement in (
                    f"INSERT INTO t (id, k, parent) SELECT {number}, k, 3 FROM t WHERE id = 1 + {number} % 400",
                    f"INSERT INTO t (id, k, parent) SELECT -{number}, {elsewhere}, 4",
                    f"UPDATE t SET note = note || '.' WHERE id = {number} % 400",
                    f"UPDATE t SET k = {elsewhere} WHERE id = {number} - 20",
                    f"DELETE FROM t WHERE id = -{number} + 10",
                ):
                    while True:
                        try:
                            connection.execute(statement.encode())
                        except psycopg.errors.SerializationFailure:
                            continue  # the table was replaced while it waited
                        break
                written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_there_and_back_and_there_again(
    case: Case, database: str, connection: Connection, dump: Dump
) -> None:
    connection.execute(case.sql.encode())
    before = schema(dump, database)
    given = [
        f"--var={variable}" for variable in ("source=public.t", "key_column=k", *case.variables)
    ]
    run = ("run", LIST_PLAN, "--dsn", database, *given)

    shown = call(*run, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    ends = "layout=range" in case.variables and "default_partition=true" not in case.variables
    assert ("rows in no partition" in shown.stderr) == ends
    with writing(database, case.elsewhere) as written:
        done = call(*run)
    assert done.returncode == 0, done.stderr
    assert written
    found = one(connection, PARTITIONS.format("t"))
    assert set(case.partitions) <= set(found), found
    assert len(found) == case.count, found
    assert one(connection, "SELECT count(*) FROM t WHERE id > 999") == len(written)
    assert one(connection, "SELECT count(*) FROM t WHERE id BETWEEN 1 AND 400") == 400
    assert one(connection, "SELECT sum(length(note)) > 0 FROM t")
    again = call(*run)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stderr
    verified = call("verify", LIST_PLAN, "--dsn", database)
    assert verified.returncode == 0, verified.stderr

    # the foreign key into the table goes on, and rows change their partition with it
    connection.execute(f"UPDATE t SET k = {case.elsewhere}, note = 'moved' WHERE id = 10".encode())
    connection.execute("DELETE FROM t WHERE id IN (15, 16)")
    connection.execute("DELETE FROM parents WHERE id = 8")
    connection.execute(f"INSERT INTO t (id, k, parent) VALUES (5000, {case.elsewhere}, 1)".encode())
    if (
        connection.info.server_version >= 150000
    ):  # before, such an UPDATE is a DELETE for them, which the check says
        joined = "SELECT count(*) FROM looks AS l JOIN t USING (id, k) WHERE l.id = 10"
        assert one(connection, joined) == 1
    else:
        assert "PostgreSQL before 15 does what ON DELETE says" in done.stderr
    assert one(connection, "SELECT count(*) FROM looks WHERE id = 15") == 0
    rows = content(connection, "t"), content(connection, "looks")
    undone = call("rollback", LIST_PLAN, "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == before
    assert (content(connection, "t"), content(connection, "looks")) == rows

    done = call(*run)
    assert done.returncode == 0, done.stderr
    assert (content(connection, "t"), content(connection, "looks")) == rows


EVENTS = """
CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id integer NOT NULL, body text,
  created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO events (tenant_id, created_at, body)
SELECT CASE WHEN i % 3 = 0 THEN 1 ELSE i END, now() - i * interval '1 day', 'x' FROM generate_series(1, 200) AS i;
VACUUM ANALYZE events
"""


def test_what_init_writes_runs_and_is_maintained(
    database: str, connection: Connection, dump: Dump, tmp_path: Path
) -> None:
    for statement in EVENTS.split(";"):
        connection.execute(statement.encode())
    before = schema(dump, database)
    server = ("--dsn", database)

    plan = str(tmp_path / "months.yaml")
    done = call("init", "events", "--layout", "range:created_at:month", "-o", plan, *server)
    assert done.returncode == 0, done.stderr
    done = call("run", plan, *server)
    assert done.returncode == 0, done.stderr
    months = len(one(connection, PARTITIONS.format("events")))
    done = call("maintain", plan, *server)
    assert done.returncode == 0, done.stderr
    assert len(one(connection, PARTITIONS.format("events"))) == months
    # by the zone of the plan, whatever the server's is
    later = one(connection, "SELECT (now() AT TIME ZONE 'UTC' + interval '13 months')::date::text")
    done = call("maintain", plan, "--var", f"clock={later}", *server)
    assert done.returncode == 0, done.stderr
    assert len(one(connection, PARTITIONS.format("events"))) == months + 13
    assert "nothing to do" in call("run", plan, *server).stderr
    connection.execute(
        "INSERT INTO events (tenant_id, created_at) VALUES (5, now() + interval '13 months');"
        "UPDATE events SET created_at = now() + interval '1 year', body = 'later' WHERE id = 3"
    )
    assert call("verify", plan, *server).returncode == 0
    healthy = call("health", "events", *server)
    assert healthy.returncode == 0, healthy.stdout
    rows = content(connection, "events")
    undone = call("rollback", plan, *server)
    assert undone.returncode == 0, undone.stderr
    assert content(connection, "events") == rows
    assert schema(dump, database) == before

    plan = str(tmp_path / "tenants.yaml")
    done = call("init", "events", "--layout", "list:tenant_id", "-o", plan, *server)
    assert done.returncode == 0, done.stderr
    done = call("run", plan, *server)
    assert done.returncode == 0, done.stderr
    assert one(connection, PARTITIONS.format("events")) == [
        "events_1 FOR VALUES IN (1)",
        "events_default DEFAULT",
    ]
    # a value with many rows has a partition that is larger than others, and the default one is in use
    connection.execute("VACUUM ANALYZE events")
    healthy = call("health", "events", *server)
    assert healthy.returncode == 0, healthy.stdout
    assert "of the values that have no partition of their own" in " ".join(healthy.stdout.split())
    refused(call("maintain", plan, *server), 6, "which needs no maintenance of this kind")
    # who has many rows by now gets a partition of its own; names that are taken get a number
    assert "nothing to do" in call("run", plan, *server).stderr
    connection.execute("UPDATE events SET tenant_id = 2 WHERE tenant_id > 100")
    words = "has run already: run ", "(source=public.events)", "by now not all", f"{plan} --again`"
    for more in ((), ("--dry-run",)):
        refused(call("run", plan, *server, *more), 3, *words)
    done = call("run", plan, *server, "--again")
    assert done.returncode == 0, done.stderr
    names = [name.split()[0] for name in one(connection, PARTITIONS.format("events"))]
    assert names == ["events_p2_1", "events_p2_2", "events_p2_default"]
    # and by month again: maintain goes on with the names of the newest partition
    plan = str(tmp_path / "months.yaml")
    done = call("run", plan, *server)
    assert done.returncode == 0, done.stderr
    done = call("maintain", plan, "--var", f"clock={later}", *server)
    assert done.returncode == 0, done.stderr
    names = [name.split()[0] for name in one(connection, PARTITIONS.format("events"))]
    assert len(names) == months + 13
    assert all(name.startswith("events_p3_20") for name in names)
    rows = content(connection, "events")
    undone = call("rollback", plan, *server)
    assert undone.returncode == 0, undone.stderr
    assert content(connection, "events") == rows


VIEW = "ALTER TABLE t RENAME TO u; CREATE VIEW t AS TABLE u"
BAD = {
    "a view": (VIEW, (), ("public.t: expected a plain or partitioned table, found a view",)),
    "a view without partitions": (
        VIEW,
        ("layout=plain",),
        ("found a view; name the table itself",),
    ),
    "no key at all": (
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        (),
        ("key: expected a primary key, or a unique index on NOT NULL columns, found none",),
    ),
    "a key with NULLs": (
        "ALTER TABLE t ADD at timestamptz; UPDATE t SET at = now() WHERE id > 3",
        ("key_column=at",),
        ("rows without at: expected 0, found 3: they have no partition",),
    ),
    "too many": (
        "",
        ("interval=1 hour", "range_end=2026-01-01"),
        ("partitions by interval: expected from 1 to 5,000, found 16,", "choose a longer interval"),
    ),
    "a row of a far future": (
        "UPDATE t SET k = '9999-12-31' WHERE id = 1",
        (),
        ("partitions by interval: expected from 1 to 5,000, found 95,",),
    ),
    "rows beyond the bounds": (
        "UPDATE t SET k = 'infinity' WHERE id = 1",
        ("range_start=2024-01-31",),
        ("rows that no partition holds: expected 0, found 1: lie before 2024-01-01 00:00:00+00",),
    ),
    "bounds in the wrong order": (
        "",
        ("range_start=2024-01-01", "range_end=2023-01-01"),
        ("range_end: expected not before range_start, 2024-01-01, found 2023-01-01",),
    ),
    "a bound that is a number": (
        "",
        ("range_end=17",),
        ("range_end: expected a day, as 2025-01-31, found 17",),
    ),
    "a day for numbers": (
        "",
        ("key_column=id", "interval=100", "range_end=2025-01-31"),
        ("range_end: expected a number, found 2025-01-31",),
    ),
    "no such column": ("", ("key_column=gone",), ("column gone: expected", "no such column")),
    "a generated column": (
        "ALTER TABLE t ADD twice integer GENERATED ALWAYS AS (id * 2) STORED",
        ("key_column=twice", "interval=100"),
        ("a generated column, by which no table can be partitioned",),
    ),
    "another type": (
        "",
        ("key_column=note",),
        ("column note: expected a stored column of type timestamptz", "found text"),
    ),
    "a number of time": (
        "",
        ("interval=1000",),
        ("column k: expected a stored column of type bigint", "found timestamp with time zone"),
    ),
    "no time zone": (
        "",
        ("time_zone=Mars/Base",),
        ('time zone "Mars/Base" not recognized',),
    ),
    "a foreign key that needs another key": (
        "CREATE TABLE looks (id integer REFERENCES t)",
        (),
        ("foreign keys from other tables: expected", "looks_id_fkey on public.looks"),
    ),
    "an exclusion constraint": (
        "ALTER TABLE t ADD CONSTRAINT one EXCLUDE (note WITH =)",
        (),
        ("exclusion constraints", "one on public.t"),
    ),
    "the name of a partition": (
        "CREATE TABLE t_p202402 ()",
        (),
        ("t_p202402",),
    ),
    "a number with decimals": (
        "ALTER TABLE t ADD n numeric(10, 2) NOT NULL DEFAULT 1",
        ("key_column=n", "interval=150"),
        ("column n: expected a stored column of type bigint", "found numeric(10,2)"),
    ),
    "a number too short for the last bound": (
        "ALTER TABLE t ADD n numeric(3) NOT NULL DEFAULT 999",
        ("key_column=n", "interval=150"),
        ("long enough for the last bound", "found numeric(3,0)"),
    ),
    "an array of what has no hash": (
        "ALTER TABLE t ADD n money[] NOT NULL DEFAULT '{1}'",
        ("layout=hash", "key_column=n"),
        ("column n: expected a stored column of a type that can be hashed, found money[]",),
    ),
    "a value with few rows": (
        "",
        ("layout=list", "key_column=id"),
        ("values of id: expected at least one that 5 percent of the rows have, found none",),
    ),
    "a value that no list has": (
        "ALTER TABLE t ADD part double precision NOT NULL DEFAULT 1",
        ("layout=list", "key_column=part"),
        ("column part: expected a stored column of type text", "found double precision"),
    ),
    "a list without a value": (
        "ALTER TABLE t ADD tenant text; UPDATE t SET tenant = 'a' WHERE id > 3",
        ("layout=list", "key_column=tenant"),
        ("rows without tenant: expected 0, found 3",),
    ),
}


@pytest.mark.parametrize(("prepared", "variables", "words"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_nothing_is_changed(
    prepared: str,
    variables: tuple[str, ...],
    words: tuple[str, ...],
    database: str,
    connection: Connection,
    dump: Dump,
) -> None:
    connection.execute(
        "CREATE TABLE t (id integer PRIMARY KEY, k timestamptz NOT NULL, note text);"
        "INSERT INTO t SELECT i, '2024-01-31 00:00+00', i FROM generate_series(1, 50) AS i;"
        f"{prepared}".encode()
    )
    before = dump(database), content(connection, "t")
    usual = {"layout": "range", "source": "t", "key_column": "k"}
    chosen = usual | dict(variable.split("=") for variable in variables)
    given = [f"--var={name}={value}" for name, value in chosen.items()]
    done = call("run", LIST_PLAN, "--dsn", database, *given)
    refused(done, 2 if "time_zone" in chosen else 6, *words)  # that the facts are read with
    found = [
        line
        for line in done.stderr[done.stderr.index("Error: ") :].splitlines()
        if ": expected " in line
    ]
    assert len(found) == (0 if "time_zone" in chosen else 1), done.stderr
    assert (dump(database, "--exclude-schema=executor"), content(connection, "t")) == before

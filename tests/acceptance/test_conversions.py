"""What is written while columns get another type comes along as it is, or stops the run with its key."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from executor.errors import ExecutorError
from tests.helpers.command import one
from tests.helpers.flagship import Connection, Layout
from tests.helpers.live import migrate, undo
from tests.helpers.plans import call

PLAN = """
description: Other types.
extends: chunks_100_partitions.yaml
variables:
  source: public.t
  layout: %s
  key_column: id
  partition_count: 2
  workers: 1
  backup: none
  interval: "50"
  default_partition: true
  columns: [%s]
"""


def _plan(path: Path, columns: dict[str, str], layout: str = "plain") -> Layout:
    path.chmod(0o755)
    plan = path / f"types_{len(list(path.iterdir()))}.yaml"
    said = ", ".join(f"{{name: {name}, type: '{type_}'}}" for name, type_ in columns.items())
    plan.write_text(PLAN % (layout, said))
    return Layout("types", plan=str(plan))


def _stops(connection: Connection, n: int, wrong: str, right: str) -> None:
    """A pass names the row whose value is wrong, and goes on when it is mended."""
    name = one(connection, "SELECT proname FROM pg_proc WHERE proname LIKE 't_sync_%'")
    step = f"SELECT public.{name}()".encode()
    connection.execute(f"UPDATE t SET k{n} = %s WHERE id = 5".encode(), [wrong])
    with pytest.raises(psycopg.Error, match=f"the row id = 5 of .*t has a value of k{n} that"):
        connection.execute(step)
    connection.execute(f"UPDATE t SET k{n} = %s WHERE id = 5".encode(), [right])
    connection.execute(step)


#: from, to, a value that comes back, one that doesn't
LOSSY = [
    ("numeric", "integer", "7", "1.5"),
    ("numeric(10,4)", "numeric(12,2)", "1.2500", "1.2345"),
    ("json", "jsonb", '{"a": 1}', '{"b": 1, "a": 2, "a": 3}'),
    ("timestamp", "date", "2026-01-01", "2026-01-01 23:30"),
    ("text", "name", "x", "y" * 70),
    ("text", '"char"', "x", "yy"),
    ("float8", "real", "0.5", "0.1"),
    ("varchar(10)", "char(10)", "x", "x  "),
    ("varchar(10)", "varchar(3)", "x", "x     "),
    ("bigint", "smallint", "7", "70000"),
]


def test_a_value_that_does_not_come_back_stops_the_run(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    columns = ", ".join(f"k{n} {old}" for n, (old, *_) in enumerate(LOSSY))
    good = [case[2] for case in LOSSY]
    connection.execute(f"CREATE TABLE t (id int PRIMARY KEY, {columns})".encode())
    values = ", ".join("%s" for _ in LOSSY)
    connection.execute(
        f"INSERT INTO t SELECT n, {values} FROM generate_series(1, 20) AS n".encode(), good
    )
    plan = _plan(tmp_path, {f"k{n}": case[1] for n, case in enumerate(LOSSY)})

    # of rows that are copied, all are compared
    def spoil(_: object) -> None:
        connection.execute("UPDATE t SET k0 = 2.5 WHERE id = 20")

    with pytest.raises(ExecutorError, match="every column of every row"):
        migrate(database, layout=plan, at={("StepFinished", "create_target"): spoil})
    undo(database, plan)
    connection.execute("UPDATE t SET k0 = 7 WHERE id = 20")

    # of what is written meanwhile, the row is named
    migrate(database, layout=plan, until="verify")
    for n, (_, _, back, lost) in enumerate(LOSSY):
        _stops(connection, n, lost, back)
    connection.execute("UPDATE t SET k0 = 1.5 WHERE id = 5")
    with pytest.raises(ExecutorError, match=r"the row id = 5 of .*t has a value of k0 that"):
        migrate(database, layout=plan)
    connection.execute("UPDATE t SET k0 = 7 WHERE id = 5")
    connection.execute("UPDATE t SET k0 = -7 WHERE id = 2")
    migrate(database, layout=plan)
    done = call("verify", plan.plan, "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT k0 FROM t WHERE id = 2") == -7

    # and where the new type holds what the old one doesn't, on the way back
    undo(database, plan)
    assert one(connection, "SELECT count(*) FROM t WHERE k0 IN (7, -7)") == 20


#: from, to, a value, one that is written after the swap and that the old type can't hold
KEPT = [
    ("numeric(8,2)", "numeric(12,4)", "1.25", "1.2345"),
    ("numeric", "numeric( 12, 2 )", "1.25", None),
    ("numeric(8,2)", "numeric", "1.25", "1.234"),
    ("integer", "numeric(12)", "7", "3000000000"),
    ("integer", "numeric(12,2)", "7", "1.5"),
    ("varchar(10)", "char(10)", "x", None),
    ("char(5)", "char(8)", "x", "too long"),
    ("char(5)", "text", "x", "too long"),
    ("text", "varchar(9)", "x ", None),
    ("varchar(9)", "varchar(20)", "x ", "0123456789"),
    ("real", "float8", "0.5", "0.1"),
    ("date", "timestamp", "2026-01-01", "2026-01-01 12:00"),
    ("smallint", "bigint", "7", "70000"),
]


def test_types_of_another_scale_or_length_come_along(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    columns = ", ".join(f"k{n} {old}" for n, (old, *_) in enumerate(KEPT))
    values = [case[2] for case in KEPT]
    # the first column, by which rows are counted apart, is one of them
    connection.execute(f"CREATE TABLE t ({columns}, id int PRIMARY KEY)".encode())
    insert = f"INSERT INTO t SELECT {', '.join('%s' for _ in KEPT)}, n FROM generate_series(%s::int, %s) AS n".encode()
    connection.execute(insert, [*values, 1, 20])
    as_they_were = connection.execute("SELECT * FROM t WHERE id <= 20 ORDER BY id").fetchall()
    plan = _plan(tmp_path, {f"k{n}": case[1] for n, case in enumerate(KEPT)})

    def write(_: object) -> None:
        connection.execute("UPDATE t SET id = id WHERE id = 3")
        connection.execute(insert, [*values, 100, 100])

    migrate(database, layout=plan, at={("StepFinished", "verify"): write})
    (finished,) = migrate(database, layout=plan)[-1:]
    assert getattr(finished, "status", "") == "nothing_to_do"
    for n, (_, _, kept, beyond) in enumerate(KEPT):
        if beyond is not None:
            _stops(connection, n, beyond, kept)
    connection.execute("UPDATE t SET k0 = 1.2345 WHERE id = 5")
    with pytest.raises(ExecutorError, match=r"the row id = 5 of .*t has a value of k0 that"):
        undo(database, plan)
    connection.execute("UPDATE t SET k0 = 1.25 WHERE id = 5")
    undo(database, plan)
    assert (
        connection.execute("SELECT * FROM t WHERE id <= 20 ORDER BY id").fetchall() == as_they_were
    )


#: the application's session has settings of its own
SETTINGS = "SET TimeZone = 'Europe/Berlin'; SET DateStyle = 'SQL, DMY'; SET extra_float_digits = -5"
DIFFERENT = "SELECT count(*) FROM ((SELECT id, v FROM t EXCEPT TABLE o) UNION ALL (TABLE o EXCEPT SELECT id, v FROM t)) AS different"


@pytest.mark.parametrize(
    ("old", "new", "layout"),
    [
        ("int", "bigint", "range"),
        ("bigint", "int", "hash"),
        ("varchar(9)", "text", "list_by_hash"),
        ("varchar(9)", "varchar(20)", "hash"),
    ],
)
def test_no_write_is_lost_where_a_key_gets_another_type(
    old: str, new: str, layout: str, tmp_path: Path, database: str, connection: Connection
) -> None:
    connection.execute(f"CREATE TABLE t (id {old} PRIMARY KEY, v text)".encode())
    connection.execute("INSERT INTO t SELECT n, 'a' FROM generate_series(1, 100) AS n")
    connection.execute("CREATE TABLE o AS TABLE t")
    plan = _plan(tmp_path, {"id": new}, layout)
    written = iter(range(10, 100))

    def write(_: object) -> None:
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(SETTINGS)
            n = next(written)
            for table in ("t", "o"):
                other.execute(
                    f"UPDATE {table} SET v = v || 'b' WHERE id = '{n}';"
                    f"UPDATE {table} SET id = '10{n}' WHERE id = '{n + 20}';"
                    f"DELETE FROM {table} WHERE id = '{n + 40}';"
                    f"INSERT INTO {table} VALUES ('{n + 40}', 'again'), ('100{n}', 'new')".encode()
                )

    steps = ("copy_rows", "build_indexes", "first_pass", "verify", "swap", "monitor")
    moments = {("StepStarted", step): write for step in steps}
    if new == "int":
        migrate(database, layout=plan, at=moments, until="build_indexes")
        connection.execute("INSERT INTO t VALUES (3000000000, 'large')")
        with pytest.raises(
            ExecutorError, match=r"the row id = 3000000000 of .*t has a value of id"
        ):
            migrate(database, layout=plan)
        connection.execute("DELETE FROM t WHERE id = 3000000000")
    migrate(database, layout=plan, at=moments)
    write(None)
    assert one(connection, DIFFERENT) == 0
    undo(database, plan, at={("StepStarted", "swap"): write})
    assert one(connection, DIFFERENT) == 0
    assert next(written) > 15


REFUSED = [
    ("numeric", "bigint"),
    ("float8", "real"),
    ("char(9)", "text"),
    ("text", "varchar(9)"),
    ("varchar(9)", "varchar(5)"),
    ("timestamp", "date"),
    ("timestamp", "timestamptz"),
]


def test_a_key_becomes_a_number_or_a_longer_text_only(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    columns = ", ".join(f"k{n} {old}" for n, (old, _) in enumerate(REFUSED))
    keys = ", ".join(f"k{n}" for n in range(len(REFUSED)))
    connection.execute(f"CREATE TABLE t ({columns}, id int, PRIMARY KEY ({keys}, id))".encode())
    plan = _plan(tmp_path, {f"k{n}": new for n, (_, new) in enumerate(REFUSED)})
    with pytest.raises(ExecutorError) as refused:
        migrate(database, layout=plan, until="check")
    for n in range(len(REFUSED)):
        assert re.search(f"column k{n}: .*rows are known by it", str(refused.value))


def test_a_conversion_by_the_settings_of_a_session_is_refused(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamp, day date, tz timestamptz, n numeric, c text)"
    )
    types = {"at": "timestamptz", "day": "timestamptz", "tz": "date", "n": "money"}
    plan = _plan(tmp_path, types)
    with pytest.raises(ExecutorError) as refused:
        migrate(database, layout=plan, until="check")
    for name in types:
        assert re.search(f"column {name}: .*by the settings of a session", str(refused.value))
    plan = _plan(tmp_path, {"n": "numeric(5,-2)", "c": "char", "id": "int(4)"})
    with pytest.raises(ExecutorError) as refused:
        migrate(database, layout=plan, until="check")
    for said in (
        "numeric.5,-2.: a length or precision is",
        "char: say how long",
        "understood of varchar",
    ):
        assert re.search(said, str(refused.value)), str(refused.value)


TENANTS = """
CREATE TABLE t (id int PRIMARY KEY, tenant text NOT NULL, junk text, code char(5), at timestamp);
INSERT INTO t SELECT n, CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END, 'j' || n, 'c' || n, '2026-07-01 12:00' FROM generate_series(1, 60) AS n;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY one ON t USING (code = 'c1');
CREATE POLICY two ON t USING (code = 'c2');
"""
POLICIES = "SELECT string_agg(polname || pg_get_expr(polqual, polrelid), ' ' ORDER BY polname) FROM pg_policy WHERE polrelid = 't'::regclass"


def test_what_nobody_has_changed_is_as_it_was_after_a_rollback(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    """A dropped value, though its row has moved to another partition; and a policy, though it is printed otherwise."""
    connection.execute(TENANTS.encode())
    policies = one(connection, POLICIES)
    plan = _plan(tmp_path, {"code": "text"}, "list")
    changed = Path(plan.plan).read_text().replace("key_column: id", "key_column: tenant")
    more = "{name: junk, drop: true}, {name: at, drop: true}, {name: at_utc, type: timestamptz, expression: \"at AT TIME ZONE 'Europe/Berlin'\"}"
    Path(plan.plan).write_text(changed.replace("columns: [", f"columns: [{more}, "))
    migrate(database, layout=plan)
    assert one(connection, "SELECT count(*) FROM t WHERE at_utc = '2026-07-01 10:00+00'") == 60
    assert one(connection, POLICIES) != policies
    connection.execute(
        "UPDATE t SET tenant = 'b' WHERE id = 2; ALTER POLICY two ON t USING (code = 'c3')"
    )
    undo(database, plan)
    assert one(connection, "SELECT count(*) FROM t WHERE junk = 'j' || id") == 60
    assert one(connection, POLICIES).partition(" two")[0] == policies.partition(" two")[0]
    assert "c3" in one(connection, POLICIES)

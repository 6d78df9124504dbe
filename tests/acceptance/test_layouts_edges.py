"""What layouts meet at their edges: names that values make, days that are none, labels that change, odd names of columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from executor.errors import ExecutorError
from tests.helpers.command import one
from tests.helpers.flagship import Connection, Layout
from tests.helpers.live import migrate, undo

NAMES = "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relispartition"
TENANTS = "'acme', 'acme_pkey', 'Acme-p202501', 'new_note_idx', 'default_pkey', '!', '00'"


@pytest.mark.parametrize("layout", ["list", "list_range"])
def test_values_make_no_name_twice(layout: str, database: str, connection: Connection) -> None:
    """Names of partitions are those of values, which whoever writes can choose; the second run has other ones."""
    connection.execute(
        "CREATE TABLE t (id integer, tenant text, at date, note text, PRIMARY KEY (id, tenant, at)); CREATE INDEX t_note_idx ON t (note);"
        f"INSERT INTO t SELECT n, (ARRAY[{TENANTS}])[1 + n % 7], '2025-01-01', 'x' FROM generate_series(1, 70) AS n".encode()
    )
    variables = (
        f"layout={layout}",
        "key_column=tenant",
        "sub_key_column=at",
        "range_end=2025-01-01",
    )
    own = Layout(layout, variables=("source=t", *variables))
    for begins, share in (("t", "5"), ("t_p2", "1")):
        if share == "1":
            connection.execute("INSERT INTO t VALUES (71, 'few', '2025-01-01', 'x')")
        migrate(database, f"min_share={share}", layout=own)
        names = one(connection, NAMES)
        assert isinstance(names, list)
        assert {f"{begins}_acme", f"{begins}_00", f"{begins}_part_00", f"{begins}_default"} <= {
            *names
        }
        assert not {f"{begins}_acme_pkey", f"{begins}_default_pkey"} & {*names}


#: the variables, the keys, and what partitions there are
DAYS = {
    "a day that the zone skipped": (
        ("interval=1 day", "time_zone=Pacific/Apia", "range_end=2012-01-01"),
        "timestamptz",
        "'2011-12-29 12:00+00', '2012-01-01 00:00+00'",
        ["t_p20111229", "t_p20111231", "t_p20120101"],
    ),
    "a uuid of before 1970": (
        ("interval=1 year", "time_zone=Europe/Berlin", "range_end=1971-01-01"),
        "uuid",
        "'00000000-0000-0000-0000-000000000000', '000757b1-2c00-7000-8000-000000000000'",
        ["t_p1970", "t_p1971"],
    ),
}


@pytest.mark.parametrize(("variables", "kind", "keys", "names"), DAYS.values(), ids=DAYS)
def test_intervals_that_are_none_or_begin_before_all(
    variables: tuple[str, ...],
    kind: str,
    keys: str,
    names: list[str],
    database: str,
    connection: Connection,
) -> None:
    connection.execute(
        f"CREATE TABLE t (k {kind} PRIMARY KEY); INSERT INTO t SELECT unnest(ARRAY[{keys}]::{kind}[])".encode()
    )
    own = Layout("range", variables=("layout=range", "source=t", "key_column=k", *variables))
    migrate(database, layout=own)
    assert one(connection, NAMES) == names
    assert one(connection, "SELECT count(*) FROM t") == 2


def test_a_label_that_was_renamed_is_told(database: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TABLE t (id integer, k mood, PRIMARY KEY (id, k));"
        "INSERT INTO t SELECT n, 'ok' FROM generate_series(1, 9) AS n"
    )
    own = Layout("list", variables=("layout=list", "source=t", "key_column=k"))
    migrate(database, layout=own)
    connection.execute("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'; DELETE FROM t WHERE id = 1")
    with pytest.raises(
        ExecutorError, match=r"t_ok holds FOR VALUES IN .'fine'., where the run had made it"
    ):
        undo(database, own)
    connection.execute("ALTER TYPE mood RENAME VALUE 'fine' TO 'ok'")
    undo(database, own)
    assert one(connection, "SELECT count(*) FROM t WHERE k = 'ok'") == 8


ODD = """
description: x
extends: chunks_100_partitions.yaml
variables:
  source: t
  layout: plain
  columns: [{name: "a\\nb", type: text}]
"""


def test_a_value_is_told_of_a_column_of_any_name(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    """PL/pgSQL knows no name that is written with escapes."""
    connection.execute(
        'CREATE TABLE t ("i\nd" integer PRIMARY KEY, "a\nb" varchar(3)); INSERT INTO t VALUES (1, \'a\')'
    )
    plan = tmp_path / "odd.yaml"
    plan.write_text(ODD)
    own = Layout("odd", plan=str(plan))
    migrate(database, layout=own)
    connection.execute("INSERT INTO t VALUES (2, 'abcdef')")
    with pytest.raises(ExecutorError, match=r"the row i\nd = 2 of public.t has a value of"):
        undo(database, own)
    connection.execute('DELETE FROM t WHERE "i\nd" = 2')
    undo(database, own)
    assert one(connection, "SELECT count(*) FROM t") == 1

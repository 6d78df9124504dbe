"""Digests notice every change of a value, also one that exchanges the values of two rows."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.rows import dict_row

from executor import resources
from executor.rendering.facts import Facts
from executor.templating.names import Name
from executor.templating.templates import Templates

TEMPLATES = Templates((resources.home() / "sql",))
SOURCE, BACKUP = Name("public", "a"), Name("public", "a_backup")
VALUES = {
    "source": SOURCE, "backup_table": BACKUP, "timestamp": "20250811_120000", "plan": "p",
    "revision": "r", "retention": "7 days",
}  # fmt: skip

#: a type, a value, and another one that a careless digest takes for the same
LOOKALIKES = [
    ("bigint", "1", "4294967296"),  # equal once folded to 32 bits
    ("bigint", "-1", "0"),
    ("timestamptz", "'2000-01-01 00:00:00.000001Z'", "'2000-01-01 01:11:34.967296Z'"),
    ("timestamp", "'20000-01-01 00:00:00'", "'20000-01-01 00:00:00.000001'"),
    ("timestamp", "'infinity'", "'-infinity'"),
    ("numeric", "1.0", "1.00"),
    ("float8", "0", "-0.0::float8"),
    ("interval", "'1 day'", "'24 hours'"),
    ("json", """'{"a": 1}'""", """'{"a":1}'"""),
    ("jsonb", "'1.0'", "'1.00'"),
    ("char(3)", "'a'", "'b'"),
    ("text", "''", "NULL"),
    ("bytea", r"'\x00'", r"'\x0000'"),
    ("boolean", "false", "NULL"),
    ("integer[]", "'{1,NULL}'", "'{1}'"),
    ("date", "'infinity'", "'-infinity'"),
]


def send(connection, template, **values):
    cursor = connection.execute(TEMPLATES.render(template, {**VALUES, **values}).encode())
    while cursor.nextset():
        pass
    return cursor.fetchall() if cursor.description else []


def measured(connection, table):
    with connection.transaction():
        send(connection, "backups/measure.sql", table=Name("public", table))
        return send(connection, "tables/digest.sql", table=Name("public", table))


def test_the_digest_is_only_given_of_the_table_that_was_measured(connection):
    connection.execute("CREATE TABLE public.a (id integer); CREATE TABLE public.b (id integer)")
    a, b = Name("public", "a"), Name("public", "b")
    with connection.transaction():
        send(connection, "backups/measure.sql", table=a)
        assert send(connection, "tables/digest.sql", table=a) == [(0, "0:0")]
    with pytest.raises(psycopg.Error, match="not the table that was measured"):
        with connection.transaction():
            send(connection, "backups/measure.sql", table=a)
            send(connection, "tables/digest.sql", table=b)
    with pytest.raises(psycopg.Error):
        send(connection, "tables/digest.sql", table=a)


def hash_of(connection):
    """What row_hash.sql makes of the columns of public.a, as in the passes over the log."""
    asked = TEMPLATES.render("facts/columns.sql", VALUES).encode()
    columns = Facts({"columns": connection.cursor(row_factory=dict_row).execute(asked).fetchall()})
    values = {"columns": columns.columns, "facts": columns}
    return TEMPLATES.render("tables/row_hash.sql", values)


@pytest.mark.parametrize(("kind", "value", "other"), LOOKALIKES)
def test_values_that_look_alike_have_different_digests(connection, kind, value, other):
    connection.execute(f"CREATE TABLE public.a (i integer, v {kind})")
    for table in ("b", "c"):
        connection.execute(f"CREATE TABLE public.{table} (LIKE public.a)")
    connection.execute(f"INSERT INTO public.a VALUES (1, {value}); TABLE public.a")
    connection.execute(f"INSERT INTO public.b VALUES (1, {other})")
    connection.execute("INSERT INTO public.c TABLE public.a")
    assert measured(connection, "a") == measured(connection, "c")
    assert measured(connection, "a") != measured(connection, "b")
    hashed = hash_of(connection)
    one, two = (
        connection.execute(f"SELECT {hashed} FROM public.{table} AS r".encode()).fetchone()
        for table in "ab"
    )
    assert one != two


def test_values_that_change_rows_are_noticed(connection):
    connection.execute(
        "CREATE TABLE public.a (id integer, x text, y text);"
        "INSERT INTO public.a SELECT n, md5(n::text), md5((n * 7)::text) FROM generate_series(1, 100) AS n;"
        "CREATE TABLE public.b AS SELECT id, x, (SELECT y FROM public.a AS p"
        " WHERE p.id = CASE a.id % 2 WHEN 0 THEN a.id - 1 ELSE a.id + 1 END) AS y FROM public.a"
    )
    assert measured(connection, "a") != measured(connection, "b")
    digests = "SELECT (id - 1) / 2, sum({}) FROM public.{} AS r GROUP BY 1 ORDER BY 1"
    left, right = (
        connection.execute(digests.format(hash_of(connection), table).encode()).fetchall()
        for table in "ab"
    )
    assert not set(left) & set(right)  # every single pair


def test_a_table_of_as_many_columns_as_there_can_be_is_measured(connection):
    columns = ", ".join(f"c{n} bigint" for n in range(1600))
    connection.execute(f"CREATE TABLE public.a ({columns}); INSERT INTO public.a (c0) VALUES (1)")
    assert measured(connection, "a")[0][0] == 1


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("SELECT", []),
        ("UPDATE public.a_backup SET note = note || '.' WHERE id = 7", ["digest of a_backup"]),
        ("DELETE FROM public.a_backup WHERE id = 7", ["rows of a_backup", "digest of a_backup"]),
        ("ALTER TABLE public.a_backup ALTER id TYPE bigint", ["columns of a_backup"]),
    ],
)
def test_a_backup_is_compared_by_what_is_registered(connection, damage, wrong):
    connection.execute(
        "CREATE TABLE public.a (id integer PRIMARY KEY, gone text, note text, doc json);"
        "INSERT INTO public.a SELECT n, 'x', 'note ' || n, '{}' FROM generate_series(1, 50) AS n;"
        "ALTER TABLE public.a DROP COLUMN gone; CREATE TABLE public.a_backup AS TABLE public.a"
    )
    connection.execute("SET search_path = pg_catalog, public, pg_temp")
    send(connection, "backups/session.sql")
    connection.execute("CALL pg_temp.executor_open_registry()")
    with connection.transaction():
        connection.execute(damage)
        connection.execute(
            "CALL pg_temp.executor_register('public.a_backup', 'backup', 'public.a')"
        )
        findings = send(connection, "backups/check_copy.sql")
    failed = [subject for subject, _, _, passed in findings if not passed]
    assert len(findings) == 3
    # a type of another width is another digest as well
    assert failed[: len(wrong)] == wrong
    assert bool(failed) == bool(wrong)


def test_an_empty_table_has_a_digest(connection):
    connection.execute("CREATE TABLE public.a (id integer)")
    assert measured(connection, "a") == [(0, "0:0")]

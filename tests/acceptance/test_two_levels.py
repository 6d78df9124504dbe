"""RANGE by interval and each interval by HASH: there under somebody who writes, and back with what was written since."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.test_range_and_list import CASES, Case, writing
from tests.helpers.command import one, refused
from tests.helpers.flagship import LIST_PLAN, Connection, content, schema
from tests.helpers.plans import call

Dump = Callable[..., str]

MONTHS = CASES["timestamptz by month of a zone"]
LEAVES = (
    "SELECT array_agg(relid::text || ' of ' || parentrelid::text ORDER BY relid::text)"
    " FROM pg_partition_tree('t') WHERE isleaf"
)
TWO = ("layout=range_hash", "sub_key_column=id", "sub_count=3")


def command(verb: str, database: str, *more: str) -> tuple[str, ...]:
    return (verb, LIST_PLAN, "--dsn", database, *more)


def given(case: Case) -> list[str]:
    variables = ("source=public.t", "key_column=k", *case.variables[1:], *TWO)
    return [f"--var={variable}" for variable in variables]


def test_there_and_back_and_there_again(database: str, connection: Connection, dump: Dump) -> None:
    connection.execute(MONTHS.sql.encode())
    before = schema(dump, database)
    run = command("run", database, *given(MONTHS))
    shown = call(*run, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    with writing(database, MONTHS.elsewhere) as written:
        done = call(*run)
    assert done.returncode == 0, done.stderr
    leaves = one(connection, LEAVES)
    assert len(leaves) == 21
    assert leaves[:2] == ["t_p202501_00 of t_p202501", "t_p202501_01 of t_p202501"]
    assert one(connection, "SELECT count(*) FROM t WHERE id > 999") == len(written) > 0
    assert one(connection, "SELECT count(*) FROM t WHERE id BETWEEN 1 AND 400") == 400
    assert one(
        connection,
        "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid IN (SELECT relid FROM pg_partition_tree('t'))",
    )
    again = call(*run)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stderr
    verified = call("verify", LIST_PLAN, "--dsn", database)
    assert verified.returncode == 0, verified.stderr

    connection.execute(
        f"UPDATE t SET k = {MONTHS.elsewhere}, note = 'moved' WHERE id = 10".encode()
    )
    connection.execute(
        "INSERT INTO t_p202501 (id, k, parent) VALUES (7000, '2025-01-10 00:00+00', 1)"
    )
    connection.execute("DELETE FROM t_p202502 WHERE id = 150")
    connection.execute("DELETE FROM parents WHERE id = 8")
    rows = content(connection, "t"), content(connection, "looks")
    undone = call(*command("rollback", database))
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == before
    assert (content(connection, "t"), content(connection, "looks")) == rows
    done = call(*run)
    assert done.returncode == 0, done.stderr
    assert (content(connection, "t"), content(connection, "looks")) == rows

    # it is watched by its parts, and kept up as any table of intervals
    shown = call("health", "t", "--dsn", database)
    assert "RANGE (k), 21 partitions" in shown.stdout
    assert "none of all" in shown.stdout
    assert one(connection, "SELECT count(*) FROM partition_stats") == 21
    kept = call(*command("maintain", database, *given(MONTHS), "--var=clock=2025-06-15"))
    assert kept.returncode == 0, kept.stderr
    assert one(connection, LEAVES)[-3:] == [f"t_p202509_0{n} of t_p202509" for n in range(3)]


def test_what_became_of_an_interval_is_said_on_the_way_back(
    database: str, connection: Connection, dump: Dump
) -> None:
    """One is detached, one loses a part, one is gone as a whole; the rows of these are as they were at the swap."""
    connection.execute(MONTHS.sql.encode() + b"DROP TABLE looks")
    before = schema(dump, database)
    done = call(*command("run", database, *given(MONTHS), "--var=default_partition=true"))
    assert done.returncode == 0, done.stderr
    assert one(connection, LEAVES)[0] == "t_default_00 of t_default"
    rows = content(connection, "t")

    connection.execute("ALTER TABLE t DETACH PARTITION t_p202501")
    refused(
        call(*command("rollback", database)), 7, "public.t_p202501 is a partition of public.t no more",
        "ALTER TABLE public.t ATTACH PARTITION public.t_p202501 FOR VALUES FROM",
    )  # fmt: skip
    connection.execute(
        "ALTER TABLE t ATTACH PARTITION t_p202501 FOR VALUES FROM ('2024-12-31 23:00:00+00') TO ('2025-01-31 23:00:00+00')"
    )
    connection.execute("DROP TABLE t_p202503; DROP TABLE t_p202502_01")
    lost = "--accept public.t_p202502_01 --accept public.t_p202503"
    refused(call(*command("rollback", database)), 7, lost)
    undone = call(
        *command("rollback", database, "--accept", "t_p202502_01", "--accept", "t_p202503")
    )
    assert undone.returncode == 0, undone.stderr
    assert content(connection, "t") == rows
    assert schema(dump, database) == before


def test_what_can_not_be_divided_so_is_refused(database: str, connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY, k timestamptz NOT NULL, p point, g int GENERATED ALWAYS AS (id) STORED);"
        "INSERT INTO t (id, k) VALUES (1, '2025-01-01')"
    )
    run = command("run", database, "--var=source=public.t", "--var=key_column=k", "--var=layout=range_hash",
                  "--dry-run", "--var=range_end=2025-03-01")  # fmt: skip
    for column, words in {
        "nowhere": "no such column; choose one with --var sub_key_column=...",
        "k": "the column that the intervals divide",
        "g": "a generated column",
        "p": "point; choose another one",
    }.items():
        refused(call(*run, f"--var=sub_key_column={column}"), 6, words)
    refused(call(*run, "--var=sub_count=1000", "--var=interval=1 day"), 6, "a smaller sub_count")
    listed = command("run", database, "--var=source=public.t", "--var=layout=list_range", "--dry-run",
                     "--var=key_column=id", "--var=min_share=50", "--var=default_partition=true")  # fmt: skip
    for variables, words in {
        ("sub_key_column=id",): ["id twice", "id: expected a stored column of type timestamptz"],
        ("sub_key_column=nowhere",): ["no such column; choose one with --var sub_key_column=..."],
        ("sub_key_column=k", "interval=1 hour", "range_end=2030-01-01"): ["none, or too many for one value"],
        ("sub_key_column=k", "range_end=5"): ["range_end: expected a day, as 2025-01-31, found 5"],
    }.items():  # fmt: skip
        refused(call(*listed, *(f"--var={variable}" for variable in variables)), 6, *words)


VALUES_AND_MONTHS = Case(
    "text",
    "(ARRAY['Big tenant', 'acme', 'x' || i])[1 + i % 3]",
    ("layout=list_range", "min_share=10", "sub_key_column=at", "range_end=2025-03-01", "default_partition=true"),
    (),
    0,
    "'new ' || random()",
)  # fmt: skip


def test_values_and_of_each_the_months(database: str, connection: Connection, dump: Dump) -> None:
    sql = (
        VALUES_AND_MONTHS.sql.replace("(id, k))", "(id, k, at))")
        .replace("note text", "at timestamptz NOT NULL DEFAULT '2025-02-03 00:00+00', note text", 1)
        .split("CREATE TABLE looks")[0]
    )
    connection.execute(sql.encode())
    connection.execute(
        f"INSERT INTO t (id, k, at, parent) SELECT i, {VALUES_AND_MONTHS.value},"
        " timestamptz '2025-01-31 00:00+00' + i * interval '2 hours', i % 10 FROM generate_series(1, 400) AS i".encode()
    )
    before = schema(dump, database)
    variables = ("source=public.t", "key_column=k", *VALUES_AND_MONTHS.variables)
    run = command("run", database, *(f"--var={variable}" for variable in variables))
    shown = call(*run, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    with writing(database, VALUES_AND_MONTHS.elsewhere) as written:
        done = call(*run)
    assert done.returncode == 0, done.stderr
    assert one(connection, LEAVES) == [
        f"t_{value}_{part} of t_{value}"
        for value in ("acme", "default", "part_00")
        for part in ("default", "p202501", "p202502", "p202503")
    ]
    assert one(connection, "SELECT count(*) FROM t WHERE id > 999") == len(written) > 0
    assert "nothing to do" in call(*run).stderr
    verified = call(*command("verify", database))
    assert verified.returncode == 0, verified.stderr
    connection.execute("UPDATE t SET at = '2031-01-01 00:00+00', k = 'acme' WHERE id = 10")
    rows = content(connection, "t")
    connection.execute("DROP TABLE t_default; DROP TABLE t_acme_p202502")
    lost = "--accept public.t_acme_p202502 --accept public.t_default"
    refused(call(*command("rollback", database)), 7, lost)
    undone = call(*command("rollback", database, *lost.split()))
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == before
    came_back = content(connection, "t")
    assert came_back[0] == rows[0]
    assert len(came_back[1]) > 300

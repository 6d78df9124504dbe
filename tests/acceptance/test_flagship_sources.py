"""Every source that must work: there, nothing to do, and back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.command import one
from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    load,
    partitions,
    render,
    rollback,
    run,
    run_until,
    schema,
)
from tests.helpers.plans import call

Dump = Callable[..., str]
Psql = Callable[[str, str], subprocess.CompletedProcess[str]]

LONG = "a23456789012345678901234567890123456789"


@dataclass(frozen=True)
class Source:
    """A script, and what the plan has to know of its table."""

    name: str
    table: str = "public.chunks"
    variables: tuple[str, ...] = ()
    partitions: int = 4

    def __str__(self) -> str:
        return self.name


SOURCES = [
    Source("hash16", partitions=16),
    Source("plain_uuid"),
    Source("plain_bigserial"),
    Source("plain_varchar", partitions=1),
    Source("plain_composite"),
    Source("plain_identity", partitions=11),
    Source("empty"),
    Source("kinds", partitions=2),
    Source(
        "odd_names",
        table='"My Schema"."we""ird"',
        variables=('source="My Schema"."we""ird"', "key_column=col ' ID%"),
    ),
    Source("long_names", table=f"public.{LONG}", variables=(f"source={LONG}",)),
]
LAYOUTS = [EXPRESSION, COLUMN, HASH]
#: what does not depend on the layout is tried in one more of them
ONCE_MORE = {
    "plain_uuid": COLUMN,
    "plain_bigserial": HASH,
    "plain_varchar": COLUMN,
    "plain_identity": HASH,
}


@pytest.mark.parametrize(
    ("source", "layout"),
    [
        pytest.param(source, layout, id=f"{source}-{layout}")
        for source in SOURCES
        for layout in LAYOUTS
        if layout in (EXPRESSION, ONCE_MORE.get(source.name, layout))
    ],
)
def test_there_and_back(
    source: Source, layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    """Every kind of source, value and name; the dry run refuses none."""
    load(connection, source.name)
    schema_before = schema(dump, database)
    before = content(connection, source.table)
    # one of three layouts with many
    count = source.partitions if layout is EXPRESSION else min(source.partitions, 3)
    variables = (*source.variables, f"partition_count={count}")

    asked = run(layout, database, *variables, options=("--dry-run",))
    assert asked.returncode == 0, asked.stderr
    done = run(layout, database, *variables)
    assert done.returncode == 0, done.stderr
    assert content(connection, source.table) == before
    assert len(partitions(connection, source.table)) == count

    again = run(layout, database, *variables)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stdout + again.stderr

    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == schema_before
    assert content(connection, source.table) == before


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_without_a_table_an_empty_one_is_made_on_request(
    layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    schema_before = schema(dump, database)
    done = run(layout, database, "partition_count=3", "create=true")
    assert done.returncode == 0, done.stderr
    assert partitions(connection, "chunks") == [f"chunks_part_0{i}" for i in range(3)]
    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == schema_before


def test_the_rollback_keeps_a_table_that_has_rows_by_now(
    database: str, connection: Connection
) -> None:
    run(HASH, database, "partition_count=3", "create=true")
    connection.execute(
        "INSERT INTO chunks (collection_id, chunk_index, content) VALUES ('c', 1, 'x')"
    )
    assert rollback(HASH, database).returncode == 7
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (1,)


def test_names_of_partitions_have_as_many_digits_as_the_last(
    database: str, connection: Connection
) -> None:
    load(connection, "plain_varchar")
    run_until(EXPRESSION, database, "create_partitions", "partition_count=101")
    names = partitions(connection, "chunks_new")
    assert (names[0], names[-1]) == ("chunks_part_000", "chunks_part_100")


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_what_is_printed_does_the_same_in_psql(
    layout: Layout, database: str, connection: Connection, dump: Dump, psql: Psql, tmp_path: Path
) -> None:
    load(connection, "hash16")
    schema_before = schema(dump, database)
    before = content(connection, "public.chunks")

    variable, facts = "partition_count=4", tmp_path / "facts.json"
    assert call("facts", layout.plan, f"--dsn={database}", f"-o{facts}").returncode == 0
    done = psql(database, render(layout, "--print-sql", facts, variable))
    assert done.returncode == 0, done.stderr
    assert content(connection, "public.chunks") == before
    assert len(partitions(connection, "chunks")) == 4

    if layout is EXPRESSION:
        refuses_a_script_back_that_is_too_late(database, tmp_path, variable)
        functions = "SELECT string_agg(pg_get_functiondef(oid), '' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        made = one(connection, functions)
        late = render(layout, "--print-sql", tmp_path / "late.json", variable)
        assert psql(database, late).returncode == 0
        assert one(connection, functions) == made
    undone = psql(database, render(layout, "--rollback", facts, variable))
    assert undone.returncode == 0, undone.stderr
    assert schema(dump, database) == schema_before
    assert content(connection, "public.chunks") == before


def refuses_a_script_back_that_is_too_late(database: str, folder: Path, variable: str) -> None:
    late, asked = folder / "late.json", (EXPRESSION.plan, f"--var={variable}")
    assert call("facts", *asked, f"--dsn={database}", f"-o{late}").returncode == 0
    for where in (f"--dsn={database}", f"--facts={late}"):
        for form in ("text", "json"):
            done = call("render", *asked, "--rollback", where, "--format", form)
            assert done.returncode == 2 and '"Step"' not in done.stdout, done.stdout
            said = done.stderr if form == "text" else done.stdout
            assert "public.chunks is already as chunks_100_partitions makes it" in said


def test_a_folded_script_has_one_partition_of_100_and_cant_be_run(
    database: str, connection: Connection, dump: Dump, psql: Psql, tmp_path: Path
) -> None:
    load(connection, "hash16")
    facts = tmp_path / "facts.json"
    assert call("facts", EXPRESSION.plan, f"--dsn={database}", f"-o{facts}").returncode == 0
    before = schema(dump, database)
    for option in ("--print-sql", "--rollback"):
        text = render(EXPRESSION, f"{option} --fold", facts)
        assert "chunks_part_50" in render(EXPRESSION, option, facts)
        assert "chunks_part_50" not in text
        assert "-- … and 99 more like this: " in text
        done = psql(database, text)
        assert done.returncode != 0
        assert "this script is folded" in done.stderr
    assert schema(dump, database) == before
    refused = call("render", EXPRESSION.plan, "--fold")
    assert refused.returncode == 2
    assert "--fold goes with --print-sql or --rollback" in refused.stderr


def test_partitions_and_the_backup_are_the_owners_alone(
    database: str, connection: Connection
) -> None:
    """Owner and privileges; no partition beside row level security."""
    load(connection, "plain_varchar")
    number = connection.info.backend_pid
    for name in ("owner", "reader"):
        connection.execute(f"CREATE ROLE executor_{name}_{number}".encode())
    try:
        connection.execute(
            f"GRANT CREATE ON SCHEMA public TO executor_owner_{number};"
            f"ALTER TABLE chunks OWNER TO executor_owner_{number};"
            f"GRANT SELECT ON chunks TO executor_reader_{number};"
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC".encode()
        )
        done = run(EXPRESSION, database, "partition_count=2")
        assert done.returncode == 0, done.stderr
        readable = connection.execute(
            # A worker's temporary table goes when its server process ends, a moment after the run.
            "SELECT relname FROM pg_class WHERE relname LIKE 'chunks%%' AND relkind IN ('r', 'p')"
            " AND relpersistence <> 't' AND relname NOT LIKE '%%_old_%%' AND has_table_privilege(%s, oid, 'SELECT')",
            [f"executor_reader_{number}"],
        ).fetchall()
        owners = connection.execute(
            "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname LIKE 'chunks%'"
            " AND relkind IN ('r', 'p') AND relpersistence <> 't'"
        ).fetchall()
        assert readable == [("chunks",)]
        assert owners == [(f"executor_owner_{number}",)]
    finally:
        for name in ("owner", "reader"):
            connection.execute(f"DROP OWNED BY executor_{name}_{number} CASCADE".encode())
            connection.execute(f"DROP ROLE executor_{name}_{number}".encode())

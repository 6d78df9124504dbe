"""What the catalog says of a table: written to a file, printed from it, and looked at again before the lock."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.helpers.changed import CHANGES
from tests.helpers.command import refused
from tests.helpers.flagship import (
    EXPRESSION,
    ROOT,
    Connection,
    content,
    load,
    rollback,
    run,
    run_until,
)
from tests.helpers.plans import call

PLAN = ROOT / EXPRESSION.plan
BESIDE = PLAN.with_suffix(".facts.json")


def facts(dsn: str, *options: str) -> subprocess.CompletedProcess[str]:
    return call("facts", EXPRESSION.plan, f"--dsn={dsn}", *options)


def demonstration(connection: Connection) -> None:
    for part in ("schema", "finish"):
        connection.execute((ROOT / f"sql/demo/{part}.sql").read_bytes())


def without_server(document: str) -> dict[str, object]:
    """All but what differs with the server."""
    known = json.loads(document)
    return {name: rows for name, rows in known["facts"].items() if name != "server"}


def test_the_facts_beside_the_plan_are_those_of_the_demonstration(
    database: str, connection: Connection, server_version: int
) -> None:
    """EXECUTOR_UPDATE_GOLDEN=1 writes the file anew."""
    demonstration(connection)
    done = facts(database)
    assert done.returncode == 0, done.stderr
    if os.environ.get("EXECUTOR_UPDATE_GOLDEN"):
        BESIDE.write_text(done.stdout, encoding="utf-8")
    if server_version >= 180000:  # what PostgreSQL deparses may differ before
        assert without_server(done.stdout) == without_server(BESIDE.read_text(encoding="utf-8"))


def test_a_script_from_a_file_of_facts_is_that_of_the_server(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    demonstration(connection)
    file = tmp_path / "facts.json"
    assert facts(database, f"--output={file}").returncode == 0
    printed = [
        call("render", EXPRESSION.plan, "--print-sql", "--timestamp=20250811_120000", option)
        for option in (f"--facts={file}", f"--dsn={database}")
    ]
    first, second = (done.stdout.split("\n", 1) for done in printed)
    assert first[0] != second[0]  # where the facts are from
    assert first[1] == second[1]


def test_facts_of_another_table_are_refused(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    demonstration(connection)
    file = tmp_path / "facts.json"
    facts(database, f"--output={file}")
    done = call(
        "render", EXPRESSION.plan, "--print-sql", f"--facts={file}", "--var=source=public.documents"
    )
    refused(done, 2, "those of public.chunks, and not of public.documents")


def test_a_server_that_is_configured_and_does_not_answer_is_an_error() -> None:
    done = call("render", EXPRESSION.plan, "--print-sql", "--dsn=host=/nowhere dbname=x")
    refused(done, 4, "can't connect")


def test_without_a_server_the_first_line_says_whose_facts_these_are() -> None:
    done = call("render", EXPRESSION.plan, "--print-sql")
    assert "not for yours" in done.stdout.splitlines()[0]
    assert "give --dsn or --facts FILE" in done.stderr


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_table_before_the_swap_is_refused_and_named(
    change: str, database: str, connection: Connection
) -> None:
    """Between capture and swap: nothing is lost, and the way back is open."""
    load(connection, "plain_bigserial")
    sql, name = CHANGES[change]
    run_until(EXPRESSION, database, "mark_in_step", "partition_count=2")
    connection.execute(sql.encode())
    before = content(connection, "public.chunks")
    refused(run(EXPRESSION, database), 5, "has changed meanwhile", name)
    assert content(connection, "public.chunks") == before
    done = rollback(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    assert content(connection, "public.chunks") == before

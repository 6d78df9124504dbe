"""What the catalog says of a table: written to a file, printed from it, and looked at again before the lock."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.helpers.command import refused
from tests.helpers.flagship import EXPRESSION, ROOT, Connection
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

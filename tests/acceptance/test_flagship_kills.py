"""The flagship plan survives the death of its executor: run again goes on, rollback undoes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.helpers.flagship import (
    EXPRESSION,
    LIST_PLAN,
    ROOT,
    Connection,
    content,
    load,
    partitions,
    rollback,
    run,
)

COUNT = 4

MOMENTS = {
    "at the start of the backup": ("StepStarted", "back_up"),
    "between two partitions": ("IterationFinished", "create_partitions"),
    "between two batches": ("IterationFinished", "copy_rows"),
    "while indexes are built": ("IterationFinished", "build_indexes"),
    "outside a transaction": ("StepStarted", "analyze"),
    "at the start of the swap": ("StepStarted", "swap"),
    "right after the swap": ("StepFinished", "swap"),
}


def run_and_kill(database: str, moment: tuple[str, str]) -> None:
    """Run the plan and send SIGKILL when an event arrives."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from executor.cli.main import main; main()", "run", LIST_PLAN),
            *("--dsn", database, "--format", "json"),
            *(f"--var=partition_count={COUNT}", "--var=batch_rows=200"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process, process.stdout as events:
        for line in events:
            event = json.loads(line)
            if (event["event"], event.get("step")) == moment:
                process.kill()
                break
        else:
            pytest.fail(f"the run ended without {moment}")


@pytest.fixture
def before(connection: Connection):
    load(connection, "hash16")
    return content(connection, "public.chunks")


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_run_is_finished_by_the_next_one(
    moment: tuple[str, str], before: object, database: str, connection: Connection
) -> None:
    """Killed after each step: whatever was done is known, and done once."""
    run_and_kill(database, moment)
    assert content(connection, "public.chunks") == before

    done = run(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    assert "resuming" in done.stderr
    assert content(connection, "public.chunks") == before
    assert len(partitions(connection, "public.chunks")) == COUNT
    twice = connection.execute(
        "SELECT step, number FROM executor.iterations WHERE status <> 'succeeded'"
    ).fetchall()
    assert twice == []


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_run_is_undone_by_a_rollback(
    moment: tuple[str, str],
    before: object,
    database: str,
    connection: Connection,
    dump: Callable[..., str],
) -> None:
    """Nothing is left over."""
    kept = ("--exclude-schema=executor", "--exclude-table=*backup*")
    schema_before = dump(database, *kept)
    run_and_kill(database, moment)
    undone = rollback(EXPRESSION, database)
    assert undone.returncode == 0, undone.stderr
    assert dump(database, *kept) == schema_before
    assert content(connection, "public.chunks") == before

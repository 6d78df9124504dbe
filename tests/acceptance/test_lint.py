"""Lint, of a table that is there."""

from __future__ import annotations

import json

import pytest

from tests.helpers.flagship import Connection, load
from tests.helpers.plans import call


@pytest.mark.parametrize("plan", ["chunks_100_partitions", "adopt"])
def test_our_own_plans_explain_what_is_said_of_a_real_table(
    plan: str, database: str, connection: Connection
) -> None:
    """Whose partitions and sequences are others than those of the facts beside the plan."""
    load(connection, "hash16")
    connection.execute(
        "ALTER TABLE public.chunks ADD COLUMN number int GENERATED ALWAYS AS IDENTITY"
    )
    given = ("--dsn", database, "--format", "json", "--var=source=public.chunks")
    given += ("--var=partition_count=2",) if plan == "chunks_100_partitions" else ()
    done = call("lint", plan, *given)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, told[-1]["remarks"]) == (0, 0), [
        item for item in told if not item.get("explained")
    ]
    assert "ban-drop-constraint" in [item["rule"] for item in told[:-1]]

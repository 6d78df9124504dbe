"""The batches of a running step are planned again."""

from __future__ import annotations

import random

import pytest

from executor import resources
from executor.database.session import Connector
from executor.templating.templates import Templates
from tests.helpers.command import ended, eventually, one, started
from tests.helpers.controlled import (
    DONE,
    SEEN_TWICE_OR_NEVER,
    at_least,
    events,
    hurry,
    told,
    with_workers,
)

pytestmark = pytest.mark.usefixtures("pace")

TEMPLATES = Templates((resources.home() / "sql",))


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_are_planned_again_and_every_row_is_seen_once(workers, big, database, connection):
    with_workers(big, workers, rows=100)
    # slow, so that the few large batches are not done before somebody asks for smaller ones
    connection.execute("UPDATE public.pace SET seconds = 0.3 * %s", [workers])
    planned = "SELECT count(*) FROM executor.iterations"
    with started(big, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 4)
        before = one(connection, planned)
        told(big, database, "set", "--batch-rows", "400")
        eventually(connection, planned.replace("count(*)", f"count(*) < {before}"), True)
        less = one(connection, planned)
        told(big, database, "set", "--batch-rows", "120")
        eventually(connection, planned.replace("count(*)", f"count(*) > {less}"), True)
        hurry(connection)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0
    assert [event["batch_rows"] for event in events(done, "BatchesPlanned")] == [400, 120]
    assert events(done, "BatchesPlanned")[-1]["iterations"] == one(connection, planned)
    assert one(connection, DONE) == one(connection, planned)


def test_a_killed_run_goes_on_with_the_batches_that_were_planned_again(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 4)
        told(big, database, "set", "--batch-rows", "400")
        eventually(connection, "SELECT count(*) < 40 FROM executor.iterations", True)
        process.kill()
    hurry(connection)
    done = big.call("run", "--format", "json", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


@pytest.mark.parametrize("seed", range(12))
def test_ranges_planned_again_cover_every_block_once(seed, big, database, connection):
    """Whatever is done or in a worker's hands, in whatever order, and however often."""
    chance = random.Random(seed)
    big.templates(see="SELECT 1;")
    assert big.run(database).status == "succeeded"
    connection.execute("UPDATE executor.iterations SET status = 'pending'")
    if seed % 3 == 0:  # grown since, or emptied
        connection.execute("INSERT INTO public.big (k) SELECT 3 FROM generate_series(1, 5000)")
    elif seed % 3 == 1:
        connection.execute("TRUNCATE public.big_1")
    for _ in range(6):
        rows = connection.execute(
            "SELECT number FROM executor.iterations WHERE status = 'pending'"
        ).fetchall()
        numbers = [number for (number,) in rows]
        done = chance.sample(numbers, len(numbers) // 5)
        held = chance.sample(numbers, len(numbers) // 6)
        connection.execute(
            "UPDATE executor.iterations SET status = 'succeeded' WHERE number = ANY (%s)", [done]
        )
        left = [number for number in numbers if number not in held]
        values = {
            "run": 1,
            "step": "see",
            "numbers": left,
            "rows": chance.choice([30, 77, 500, 4000]),
        }
        with Connector(database, "test").session() as session:
            session.execute(TEMPLATES.render("batches/plan_again.sql", values))
        gaps = connection.execute(
            "SELECT name, array_agg(DISTINCT problem) FROM ("
            "  SELECT item ->> 'name' AS name, CASE"
            "    WHEN number IS NULL THEN 'none'"
            "    WHEN lag(number) OVER leaf IS NULL AND (item ->> 'first_block')::int <> 0 THEN 'start'"
            "    WHEN lag(number) OVER leaf IS NOT NULL AND item -> 'first_block'"
            "      IS DISTINCT FROM lag(item -> 'end_block') OVER leaf THEN 'gap'"
            "    WHEN (lead(number) OVER leaf IS NULL) <> (item -> 'end_block' = 'null') THEN 'end'"
            "    WHEN (item ->> 'end_block')::int <= (item ->> 'first_block')::int THEN 'empty'"
            "    END AS problem"
            "  FROM executor.iterations WINDOW leaf AS"
            "    (PARTITION BY item ->> 'name' ORDER BY (item ->> 'first_block')::int)"
            ") AS i GROUP BY name ORDER BY name"
        ).fetchall()
        assert gaps == [("big_0", [None]), ("big_1", [None]), ("big_3", [None])]

"""Somebody drops, renames or disables what the run has made, after a step: the rollback ends all the same, and loses nothing.

What is drawn: the step, what is done after it, and whether `run` is tried before the way back.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import psycopg

from tests.stress.attempt import Attempt

if TYPE_CHECKING:
    from tests.stress.driver import Driver

SECONDS = 120  # as for every command
MOST = 12  # commands until the run is undone

#: before the swap, and after it; none takes a row from the table in use
BEFORE = (
    "DROP TABLE chunks_new CASCADE",
    "ALTER TABLE chunks_new RENAME TO mine",
    "ALTER TABLE chunks_new SET SCHEMA stress",
    "DROP TABLE {part}",
    "ALTER TABLE {part} RENAME TO mine",
    "ALTER TABLE {parent} DETACH PARTITION {part}",
    "ALTER TABLE {parent} DETACH PARTITION {part}; ALTER TABLE {part} RENAME TO mine",
    "ALTER TABLE {part} DISABLE TRIGGER ALL",
    "DROP TABLE chunks_log_{run}",
    "ALTER TABLE chunks_log_{run} RENAME TO mine",
    "DROP FUNCTION chunks_log_{run}() CASCADE",
    "DROP FUNCTION chunks_back_{run}() CASCADE",
    "DROP FUNCTION chunks_sync_{run}",
    "DROP TABLE chunks_back_{run}",
    "ALTER TABLE chunks_back_{run} RENAME TO mine",
    "DROP FUNCTION chunks_undo_{run}",
    "DROP FUNCTION chunks_old_{run}() CASCADE",
    "ALTER TABLE chunks DISABLE TRIGGER executor_update",
    "DROP TRIGGER executor_delete ON chunks",
    "DROP TABLE chunks_backup_{run}",
    "DROP TABLE migration_backups",
)
AFTER = (
    "DROP TABLE chunks_old_{run} CASCADE",
    "ALTER TABLE chunks_old_{run} RENAME TO mine",
    "ALTER TABLE chunks_old_{run} SET SCHEMA stress",
    "ALTER TABLE {part} RENAME TO mine",
    "DROP TABLE chunks_log_{run}",
    "DROP TABLE chunks_back_{run}",
    "ALTER TABLE chunks_back_{run} RENAME TO mine",
    "DROP FUNCTION chunks_back_{run}() CASCADE",
    "DROP FUNCTION chunks_sync_{run}",
    "DROP FUNCTION chunks_old_{run}() CASCADE",
    "ALTER TABLE chunks DISABLE TRIGGER executor_insert, DISABLE TRIGGER executor_update",
    "DROP TRIGGER executor_delete ON chunks",
    "DROP TRIGGER executor_truncate ON {part}",
    "DROP TABLE chunks_backup_{run}",
    "DROP TABLE migration_backups",
)

#: the run, and the second one of the partitions that it has made, if there are any
_NAMES = """
SELECT (SELECT max(name_timestamp) FROM executor.runs), part.relid::regclass::text, part.parentrelid::regclass::text
FROM (SELECT) AS one
LEFT JOIN LATERAL (
  SELECT * FROM pg_partition_tree(coalesce(to_regclass('chunks_new'), 'chunks'::regclass))
  WHERE isleaf AND parentrelid IS NOT NULL ORDER BY relid::regclass::text OFFSET 1 LIMIT 1
) AS part ON true
"""


def meddle(driver: Driver) -> bool:
    """Run to a step, let somebody do something, and roll back; whether the table is as it was."""
    world, rng = driver.world, driver.rng
    steps = driver.steps[driver.steps.index("create_target") :]
    step = rng.choice(steps)
    attempt = driver.start("run", world.dsn, "--until", step)
    while driver.finds_no_values(attempt, code := attempt.end(SECONDS)):
        attempt = driver.start("run", world.dsn, "--until", step)
    if code != 0:
        world.wrong.append(f"run --until {step} ended with {code}: {attempt.said}")
        return False
    swapped = driver.steps.index(step) >= driver.steps.index("swap")
    kinds = list(AFTER if swapped else BEFORE)
    rng.shuffle(kinds)
    world.meddled = True  # before it is done: a writer may find out at once
    done = next((kind for kind in kinds if _do(driver, kind)), "nothing")
    world.counts["meddled"] += 1
    world.notes.append(f"after {step}: {done}")
    if rng.random() < 0.5:
        world.notes.append(f"run: {_end(driver, 'run')[0]}")
    back = _way_back(driver, f"after {step}, {done}")
    _do(driver, "DROP TABLE IF EXISTS mine; DROP TABLE IF EXISTS stress.chunks_new")
    time.sleep(2)  # until no writer has an error from before
    world.meddled = False
    return back


def _do(driver: Driver, kind: str) -> bool:
    """What somebody does; false if there is nothing to do it to."""
    with psycopg.connect(driver.world.dsn, autocommit=True) as connection:
        found = connection.execute(_NAMES).fetchone()
        assert found
        run, part, parent = found
        for _ in range(20):
            try:
                with connection.transaction():
                    connection.execute("SET LOCAL lock_timeout = '2s'")
                    connection.execute(kind.format(run=run, part=part, parent=parent).encode())
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                continue
            except psycopg.Error:
                return False
            return True
    return False


def _end(driver: Driver, verb: str, *more: str) -> tuple[int | None, Attempt]:
    attempt = driver.start(verb, driver.world.dsn, *more)
    code = attempt.end(SECONDS)
    if code not in (0, 5, 6, 7):
        driver.world.wrong.append(
            f"{verb} of a run that was meddled with ended with {code}: {attempt.said}"
        )
    return code, attempt


def _way_back(driver: Driver, about: str) -> bool:
    """Roll back, as its refusals say; whether the table is as it was, else there is no way back."""
    world, accepted, said = driver.world, list[str](), ""
    for _ in range(MOST):
        code, attempt = _end(driver, "rollback", *accepted)
        said = attempt.said
        if code == 0 or world.wrong:
            return True
        if "can't be undone any more" in said:
            world.counts["without a way back"] += 1
            if _end(driver, "run")[0] != 0:
                world.wrong.append(f"{about}: it can't go back, and run does not end, either")
            return False
        if moved := re.search(r"(chunks_\w+), which the way back needs, .* it is (\S+) now", said):
            name, now = moved.groups()
            back = "SET SCHEMA public" if now.startswith("stress.") else f"RENAME TO {name}"
            _do(driver, f"ALTER TABLE {now} {back}")
        elif "let executor run go forward" in said:
            _end(driver, "run")
        elif names := re.findall(r"--accept (public\.\w+)", said):
            accepted = [word for name in dict.fromkeys(names) for word in ("--accept", name)]
        elif "lock timeout" not in said:
            break
    world.wrong.append(f"{about}: the rollback does not end: {said}")
    return False

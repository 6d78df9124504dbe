"""One seed from beginning to end: there, back, and there again, and the comparison after each."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests.stress import tables
from tests.stress.driver import Driver
from tests.stress.meddling import meddle
from tests.stress.product import Product
from tests.stress.scenario import Scenario, scenario
from tests.stress.server import Server
from tests.stress.session import World
from tests.stress.writers import Writer


@dataclass
class Outcome:
    """What became of a seed."""

    scenario: Scenario
    counts: dict[str, int]
    wrong: list[str]
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    seconds: float = 0.0


def run_seed(
    server: Server, product: Product, seed: int, seconds: float, layout: str | None = None
) -> Outcome:
    """Run a seed in a database of its own, with the layout that it means or another one."""
    began, chosen, name = time.monotonic(), scenario(seed, layout), f"seed_{seed}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    world = World(chosen, server, server.dsn(name))
    rows = 0
    try:
        _create(world)
        rows = _phases(world, Driver(world, product), seconds)
    finally:
        if server.disk:
            server.disk.free()
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            admin.execute("DROP TABLESPACE IF EXISTS small")
    spent = time.monotonic() - began
    return Outcome(chosen, dict(world.counts), world.wrong, world.notes, rows, spent)


def _create(world: World) -> None:
    disk = world.server.disk if world.scenario.small_disk else None
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        if disk:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.tablespace}'".encode())
        tables.create(connection, world.scenario, "small" if disk else None)
        world.relations = tables.relations(connection)


def _phases(world: World, driver: Driver, seconds: float) -> int:
    there, back, again = world.scenario.faults
    rows = 0
    if world.scenario.meddler:
        with _writing(world, 3, seconds):
            came_back = meddle(driver)
        rows = 0 if world.wrong else compare(world, swapped=False, alone=came_back)
        if world.wrong or not came_back:
            return rows
    for phase, (move, most) in enumerate(
        ((driver.migrate, there), (driver.undo, back), (driver.migrate, again))
    ):
        with _writing(world, phase, seconds):
            move(most)
        if world.wrong:
            break
        rows = compare(world, swapped=move == driver.migrate)
        if world.wrong:
            world.wrong.insert(
                0, f"after {('the swap', 'the rollback', 'the second swap')[phase]}:"
            )
            break
    return rows


@contextmanager
def _writing(world: World, phase: int, seconds: float) -> Iterator[None]:
    """While something is done, and a while before and after it, the application writes."""
    writers = [Writer(world, owner, phase) for owner in range(world.scenario.writers)]
    for writer in writers:
        writer.start()
    time.sleep(seconds / 2)
    yield
    time.sleep(seconds / 2)
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(timeout=60)
        if writer.is_alive():
            world.wrong.append(f"{writer.name} hangs")


def compare(world: World, *, swapped: bool, alone: bool = True) -> int:
    """Compare everything that must be equal; the number of rows.

    ``alone``: nothing of the run is there any more, unless that is swapped.
    """
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        table, shadow = tables.rows_of(tables.CHUNKS), tables.rows_of(tables.SHADOW)
        world.wrong += tables.differences(connection, table, shadow, "table / shadow")
        relations = tables.relations(connection)
        world.wrong += tables.misplaced(connection)
        if swapped:
            _compare_partitions(world, connection)
            old, log = (
                [name for name in relations if re.fullmatch(rf"chunks_{kind}_\d+_\d+", name)]
                for kind in ("old", "back")
            )
            if (len(old), len(log)) != (1, 1):
                world.wrong.append(f"there should be one old table and one log: {old}, {log}")
            else:
                keys = tables.columns_of(connection, log[0])
                left = tables.rows_of(tables.CHUNKS, log[0], keys)
                right = tables.rows_of(old[0], log[0], keys)
                world.wrong += tables.differences(connection, left, right, "table / old")
        elif alone:
            kept = sorted(relations - world.relations)
            world.wrong += [f"{name} is left after the rollback" for name in kept]
            gone = sorted(world.relations - relations)
            world.wrong += [f"{name} is gone after the rollback" for name in gone]
        _compare_orphans(world, connection)
        found = connection.execute(
            f"SELECT count(*), count(DISTINCT id) FROM {tables.CHUNKS}".encode()
        )
        rows, ids = found.fetchone() or (0, 0)
        if rows != ids:
            world.wrong.append(f"{rows} rows have {ids} ids")
        return rows


def _compare_partitions(world: World, connection: psycopg.Connection) -> None:
    count, digits = world.scenario.partitions, 2
    if world.scenario.layout.name not in ("expression", "column"):
        return  # PostgreSQL's own
    key = f"abs(hashtext(collection_id::text) % {count})"
    # _p2_ where partitions of before have such names
    name = f"'^chunks_p(art|[2-9])_' || lpad(({key})::text, {digits}, '0') || '$'"
    text = (
        f"SELECT tableoid::regclass, id, partition_key FROM {tables.CHUNKS}"
        f" WHERE partition_key IS DISTINCT FROM {key} OR tableoid::regclass::text !~ ({name}) LIMIT 10"
    )
    rows = connection.execute(text.encode()).fetchall()
    world.wrong += [f"in the wrong partition: {row}" for row in rows]


def _compare_orphans(world: World, connection: psycopg.Connection) -> None:
    for column, parent in (
        ("collection_id", "collections"),
        ("document_id", "documents"),
        ("chunking_config_id", "chunking_configs"),
    ):
        text = (
            f"SELECT id, {column} FROM {tables.CHUNKS} AS r WHERE {column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT FROM public.{parent} AS p WHERE p.id = r.{column}) LIMIT 10"
        )
        rows = connection.execute(text.encode()).fetchall()
        world.wrong += [f"refers to nothing: {row}" for row in rows]

"""The real peers, where they are at hand: pgslice from a checkout, pg_partman if the server has it.

They partition by time: a partition a day of `created_at`. Both have indexes and foreign keys in
place, as they do by themselves; neither keeps a unique constraint without that column, nor makes a
backup, captures writes, or compares.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

import measuring
from psycopg.conninfo import conninfo_to_dict
from running import FailedError
from server import Server

OURS = "this plan, backup={backup}, a partition a day"
PGSLICE = "pgslice {version}, a partition a day"
PARTMAN = "pg_partman {version}, a partition a day"

#: rows.sql: one every three seconds, from the first of January 2025 on
_A_DAY = 28_800
_TODAY = 'def Time.now(*) = Time.utc(2025, 1, 1); load "exe/pgslice"'


class Peer(Protocol):
    """Seconds of the whole, and of the batches alone, in a database of so many rows."""

    def __call__(self, server: Server, database: str, *, rows: int) -> tuple[float, float]: ...


def found(server: Server, checkout: Path | None, workers: int) -> Iterator[tuple[str, Peer]]:
    """Our plan with the job of the peers, and those that are there, by name and version."""
    for backup in ("copy", "old_table"):
        yield OURS.format(backup=backup), partial(_ours, backup=backup, workers=workers)
    if checkout:
        yield PGSLICE.format(version=_version(checkout)), partial(_pgslice, checkout=checkout)
    with server.connect() as connection:
        query = "SELECT default_version FROM pg_available_extensions WHERE name = 'pg_partman'"
        row = connection.execute(query).fetchone()
    if row:
        yield PARTMAN.format(version=row[0]), _partman


def _ours(
    server: Server, database: str, *, rows: int, backup: str, workers: int
) -> tuple[float, float]:
    """The job of the peers: the same partitions of the same table."""
    server.run(database, "peers.sql")
    last = date(2025, 1, 1) + timedelta(days=rows // _A_DAY)
    variables = ["layout=range", "key_column=created_at", "interval=1 day", f"range_end={last}"]
    done = measuring.migrate(server, database, workers, [*variables, f"backup={backup}"])
    return done.seconds, done.phases["copy"]


def _version(checkout: Path) -> str:
    told = _ruby(checkout, "version", url=None)
    return told.split()[-1]


def _ruby(checkout: Path, *command: str, url: str | None) -> str:
    environment = {**os.environ, **({"PGSLICE_URL": url} if url else {})}
    done = subprocess.run(
        ["ruby", "-I", "lib", "-r", "date", "-e", _TODAY, "--", *command],
        check=False, cwd=checkout, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise FailedError(
            f"pgslice {command[0]} failed: {done.stderr.strip() or done.stdout[-300:]}"
        )
    return done.stdout + done.stderr


def _pgslice(server: Server, database: str, *, rows: int, checkout: Path) -> tuple[float, float]:
    server.run(database, "peers.sql")
    given = {**conninfo_to_dict(server.database(database))}
    url = f"postgres:///{given.pop('dbname')}?{urlencode(given)}"
    spent = {}
    for command in (
        ("prep", "chunks", "created_at", "day"),
        ("add_partitions", "chunks", "--intermediate", f"--future={rows // _A_DAY + 1}"),
        ("fill", "chunks"),
        ("analyze", "chunks"),
        ("swap", "chunks"),
    ):
        began = time.perf_counter()
        _ruby(checkout, *command, url=url)
        spent[command[0]] = time.perf_counter() - began
    return sum(spent.values()), spent["fill"]


def _partman(server: Server, database: str, *, rows: int) -> tuple[float, float]:
    del rows  # its procedure finds the days itself
    server.run(database, "peers.sql")
    with server.connect(database) as connection:
        connection.execute("CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")
    spent = server.run(database, "partman.sql")
    return sum(spent), max(spent)

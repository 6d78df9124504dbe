"""The commands `executor backups` as the tests of them call them: in this process, on a real server."""

from __future__ import annotations

import json
import subprocess

import psycopg

from tests.helpers.plans import COMMAND, ROOT, call


def beside(*arguments: str) -> subprocess.Popen[str]:
    """Start the command line, and do not wait for it."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def tried(dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call `executor backups`."""
    return call("backups", *arguments, "--dsn", dsn)


def backups(dsn: str, *arguments: str) -> str:
    """What `executor backups` prints; it succeeds."""
    done = tried(dsn, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(dsn: str, table: str = "public.chunks", *options: str) -> str:
    """The name of a new backup."""
    name = json.loads(backups(dsn, "create", table, "--format", "json", *options))["name"]
    return str(name)


def migrated(dsn: str, *options: str) -> None:
    """The flagship plan's run, in three partitions."""
    plan = ("plans/chunks_100_partitions.yaml", "--dsn", dsn, "--var", "partition_count=3")
    done = call("run", *plan, *options)
    assert done.returncode == 0, done.stderr


def moved(dsn: str, tables: str) -> None:
    """Tables and the plan's run on them: what a test that is marked `prepared` begins with."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(tables.encode())
    migrated(dsn)


def listed(dsn: str) -> dict[str, dict[str, object]]:
    """The entries by name."""
    lines = backups(dsn, "list", "--format", "json").splitlines()
    return {entry["name"]: entry for entry in map(json.loads, lines)}

"""The command `health` as users call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.command import interruptible, refused
from tests.helpers.plans import COMMAND, ROOT, call

TABLE = (
    "CREATE TABLE t (k text NOT NULL) PARTITION BY HASH (k);"
    "CREATE TABLE t_part_00 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
    "CREATE TABLE t_part_01 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
)


@pytest.fixture
def table(connection):
    connection.execute(TABLE)


def test_exit_code_1_means_unhealthy(database, connection, table):
    well = call("health", "t", "--dsn", database)
    assert (well.returncode, well.stderr) == (0, "")
    assert well.stdout.startswith("public.t in ")
    assert ": healthy\n" in well.stdout
    connection.execute("DROP TABLE t_part_01")
    sick = call("health", "t", "--dsn", database)
    assert (sick.returncode, sick.stderr) == (1, "")
    assert "✗  missing partitions  1 of 2: number 1;" in sick.stdout


def test_as_json(database, table):
    done = call("health", "t", "--dsn", database, "--format", "json", "--deep")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["status"] == "ok"
    assert found["table"] == "public.t"
    assert [partition["name"] for partition in found["partitions"]] == ["t_part_00", "t_part_01"]
    assert {check["level"] for check in found["checks"]} == {"ok"}


def test_a_file_for_prometheus_is_replaced_in_one_go(database, table, tmp_path):
    file = tmp_path / "odd name.prom"
    file.write_text("old")
    with file.open() as old:
        done = call("health", "t", "--dsn", database, "--format", "prometheus", "-o", str(file))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert old.read() == "old"  # whoever has it open goes on with it
    names = {family.name for family in text_string_to_metric_families(file.read_text())}
    assert "executor_partition_rows" in names
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask  # node_exporter is another user


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nix"], ["there is no table public.nix", "partitioned tables here: public.t"]),
        (["plain"], ["public.plain is not a partitioned table but a plain table"]),
        (["seen"], ["public.seen is not a partitioned table but a view"]),
        (["t_part_00"], ["public.t_part_00 is a partition", "name its table, public.t"]),
        (["a.b.c"], ["is not a table name"]),
        ([], ["name it", "partitioned tables here: public.t"]),
        (["t", "--warning", "0.6"], ["--warning 0.6 and --critical 0.5 can't be meant"]),
        (["t", "--warning", "-1"], ["can't be meant"]),
        (["t", "--critical", "nan"], ["can't be meant"]),
        (["t", "-o", "/nowhere/file"], ["/nowhere/file can't be written: there is no directory"]),
        (["t", "-o", "/dev/null"], ["/dev/null can't be written: it is not a regular file"]),
    ],
    ids=lambda value: " ".join(value[:3]),
)
def test_what_can_not_be_meant_is_said(arguments, words, database, connection, table):
    connection.execute("CREATE TABLE plain (); CREATE VIEW seen AS SELECT 1 AS one")
    refused(call("health", *arguments, "--dsn", database), 2, *words)


def test_without_any_partitioned_table(database):
    refused(call("health", "--dsn", database), 2, "there is no partitioned table in this database")


def test_a_schema_that_may_not_be_used(database, connection):
    role = f"executor_stranger_{connection.info.backend_pid}"
    connection.execute(
        f'CREATE ROLE {role} LOGIN; CREATE SCHEMA "In ner"; SET search_path = "In ner";{TABLE}'.encode()
    )
    dsn = psycopg.conninfo.make_conninfo(database, user=role)
    try:
        done = call("health", '"In ner".t', "--dsn", dsn)
        refused(done, 4, f'GRANT USAGE ON SCHEMA "In ner" TO {role}')
    finally:
        connection.execute(f"DROP ROLE {role}".encode())


def test_a_lock_that_lasts(database, connection, table):
    """What is behind a lock can't be looked at; that is said after five seconds."""
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE t_part_00")
        refused(
            call("health", "t", "--dsn", database), 5, "canceling statement due to lock timeout"
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_is_ended_by_a_signal(number, database, connection, table, tmp_path):
    with subprocess.Popen(
        [*COMMAND, "health", "t", "--dsn", database, "--format", "json", "--watch", "0.1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,  # noqa: PLW1509
    ) as process:
        try:
            assert process.stdout
            looks = [json.loads(process.stdout.readline()) for _ in range(2)]
            assert [look["status"] for look in looks] == ["ok", "ok"]
            connection.execute("DROP TABLE t_part_01")
            end = time.monotonic() + 20
            while json.loads(process.stdout.readline())["status"] != "critical":
                assert time.monotonic() < end
            process.send_signal(number)
            _, err = process.communicate(timeout=20)
            assert (process.returncode, err) == (0, "")
        finally:
            process.kill()

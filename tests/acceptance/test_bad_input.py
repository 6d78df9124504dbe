"""Bad input: one sentence with what, where and what to do, and the database is as it was.

What the flagship plan refuses of a table's form and rows is in test_flagship_checks.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.database import embedded
from tests.helpers import servers
from tests.helpers.command import CANARY, DROP, MAKE, TABLE, Connection, one, refused, untouched
from tests.helpers.flagship import EXPRESSION, run
from tests.helpers.live import drop_role
from tests.helpers.plans import ROOT, Project, call

HEAD = """
variables:
  rows: {type: integer, default: 3, maximum: 10}
  table: {type: table, default: public.t}
"""
CHUNKS = (
    "CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id text NOT NULL);"
    "INSERT INTO chunks VALUES (1, 'a'), (2, 'b');"
)


@pytest.fixture
def made(project: Project) -> Project:
    return project.write(MAKE, head=HEAD, make=TABLE, drop=DROP)


@pytest.fixture
def role(connection: Connection) -> Iterator[str]:
    """A role that may log in, and no more."""
    name = f"executor_poor_{connection.info.backend_pid}"
    connection.execute(f"CREATE ROLE {name} LOGIN".encode())
    yield name
    drop_role(connection, name)


# -- The plan and the command line ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "code", "words"),
    [
        ("nowhere/plan.yaml", 3, ["nowhere/plan.yaml:1: ", "No such file"]),
        ("nowhere", 2, ["there is no plan 'nowhere'", "Hint: give a path, or one of: 01_hello"]),
        (".", 3, ["Is a directory"]),
    ],
)
def test_a_plan_that_is_not_there(plan, code, words, database, connection):
    refused(call("run", plan, "--dsn", database), code, *words)
    assert untouched(connection)


def test_a_plan_that_is_no_text(made, database, connection):
    made.plan.write_bytes(b"description: \xff\xfe")
    refused(made.call("run", "--dsn", database), 3, "work.yaml:1: the file is not UTF-8 text")
    assert untouched(connection)


def test_mistakes_in_a_plan_are_said_at_once_each_with_its_line(made, database, connection):
    text = made.plan.read_text()
    text += "  - {name: typo, sql: make.sql, rolback: nothing}\n"
    text += "  - {name: type, sql: [make.sql], rollback: nothing, workers: many}\n"
    text += "  - {name: gone, sql: gone.sql, rollback: nothing}\n"
    made.plan.write_text(text)
    line = len(text.splitlines())
    refused(
        made.call("run", "--dsn", database),
        3,
        f"work.yaml:{line - 2}: $.steps[1].rolback: unknown key 'rolback'; did you mean 'rollback'?",
        f"work.yaml:{line - 1}: $.steps[2].sql: ",
        f"work.yaml:{line - 1}: $.steps[2].workers: ",
        f"work.yaml:{line}: $.steps[3].sql: there is no template sql/gone.sql",
    )
    assert untouched(connection)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--var", "color=red"], ["no variable 'color'", "Hint: it has: rows, table"]),
        (["--var", "rows=many"], ["--var rows: 'many' is not a whole number"]),
        (["--var", "rows=11"], ["--var rows: 11 is more than 10"]),
        (["--var", "rows"], ["--var 'rows' is not name=value"]),
        (["--var", f"table={'x' * 70}"], ["--var table: the name", "70 bytes", "63"]),
        (["--until", "nope"], ["--until: the plan has no step 'nope'"]),
    ],
)
def test_options_that_cant_be_meant(given, words, made, database, connection):
    refused(made.call("run", "--dsn", database, *given), 2, *words)
    assert untouched(connection)


def test_a_key_column_that_is_no_name(database, connection):
    done = call("run", "--var", f"key_column={'x' * 70}", "--dsn", database)
    refused(done, 2, "--var key_column: 'xxx", "is not the name of a column")
    assert untouched(connection)


def test_a_time_zone_that_the_server_does_not_know(database, connection, tmp_path):
    """What only the server can tell is said of the variable, where its value stands."""
    connection.execute("CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz)")
    plan = tmp_path / "own.yaml"
    own = "extends: chunks_100_partitions.yaml\nvariables: {layout: range, source: public.events,\n  key_column: created_at, time_zone: Mars/Base}\n"
    plan.write_text(own.replace("chunks", f"{ROOT}/plans/chunks", 1))
    unknown = 'time zone "Mars/Base" not recognized'
    in_file = f"own.yaml:3: $.variables.time_zone: {unknown}"
    for verb in (("run",), ("run", "--dry-run"), ("review",)):
        refused(call(*verb, str(plan), "--dsn", database), 2, in_file, "Where days, weeks")
    plan.write_text(own.replace("chunks", f"{ROOT}/plans/chunks", 1).replace("Mars/Base", "UTC"))
    given = ("run", str(plan), "--var=time_zone=Mars/Base", "--dsn", database)
    refused(call(*given), 2, f"--var time_zone=Mars/Base: {unknown}")
    assert one(connection, "SELECT to_regnamespace('executor')") is None


# -- The server -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        (f"postgresql://u:{CANARY}@127.0.0.1:1/d", ['"127.0.0.1", port 1', "Hint: check --dsn"]),
        (f"postgresql://u:{CANARY}@nowhere.invalid/d", ["nowhere.invalid", "Hint: check --dsn"]),
        (f"host=127.0.0.1 port=abc password={CANARY}", ['"abc"', "port"]),
        (f"postgresql://u:{CANARY}@x@localhost/d", ["more than one @", "write an @", "%40"]),
        (f"postgresql://u:{CANARY}/x@localhost/d", ["port is not a number", "percent-encode"]),
        (f"mysql://u:{CANARY}@localhost/d", ["the DSN is not PostgreSQL's", "Hint: postgresql://"]),
        (f"password={CANARY} nonsense", ["the DSN can't be read", "Hint: postgresql://"]),
        ("embedded:{made}", ["is not a PostgreSQL data directory", "Hint: name a new"]),
        ("embedded:{made}/mistyped", ["no server's data in", "Hint: is the name right?"]),
    ],
)
def test_no_server_and_no_dsn(dsn, words, made):
    dsn = dsn.replace("{made}", str(made.directory))
    refused(made.call("run", "--dsn", dsn), 4, *words)


def test_no_server_where_the_environment_says(made):
    dsn = f"postgresql+psycopg://u:{CANARY}@127.0.0.1:1/d"
    done = call("status", env={**os.environ, "DATABASE_URL": dsn})
    refused(done, 4, '"127.0.0.1", port 1', "Hint: check --dsn, DATABASE_URL or PG*")


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """A server that asks the role `locked` for its password, which is the canary."""
    with servers.server_of(embedded.binaries()) as dsn:
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute(f"CREATE ROLE locked LOGIN PASSWORD '{CANARY}'".encode())
            admin.execute("CREATE DATABASE locked OWNER locked")
            (place,) = admin.execute("SHOW hba_file").fetchone()
            Path(place).write_text("local all locked scram-sha-256\nlocal all all trust\n")
            admin.execute("SELECT pg_reload_conf()")
        yield make_conninfo(dsn, user="locked", dbname="locked")


def test_a_password_opens_the_door_and_is_shown_nowhere(guarded, made):
    """In no output and in no table."""
    wrong = made.call("run", "--dsn", f"{guarded} password={CANARY}-2")
    refused(wrong, 4, 'password authentication failed for user "locked"', "~/.pgpass")
    none = made.call("run", "--dsn", guarded)
    refused(none, 4, "no password", "~/.pgpass")
    right = f"{guarded} password={CANARY}"
    for arguments in (["run", "-v"], ["rollback", "--format", "json"]):
        done = made.call(*arguments, "--dsn", right)
        assert done.returncode == 0, done.stderr
        assert CANARY not in done.stdout + done.stderr
    with psycopg.connect(right) as connection:
        assert CANARY not in str(connection.execute("TABLE executor.runs").fetchall())
        assert CANARY not in str(connection.execute("TABLE executor.executors").fetchall())


def test_a_server_that_is_too_old(project, database, connection):
    project.write(MAKE, head='postgres: ">=99"', make=TABLE, drop=DROP)
    refused(
        project.call("run", "--dsn", database), 4, "the server is PostgreSQL", "needs 99 or newer"
    )
    assert untouched(connection)


def test_a_role_that_may_not_create_the_journal(made, database, connection, role):
    poor = make_conninfo(database, user=role)
    refused(made.call("run", "--dsn", poor), 4, role, "may not create", "Hint", "GRANT CREATE ON")
    assert untouched(connection)


def test_a_role_that_reads_only(made, database, connection, role):
    connection.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
    done = made.call("run", "--dsn", make_conninfo(database, user=role))
    refused(done, 4, f"default_transaction_read_only is on for {role}", "Hint: ")
    assert untouched(connection)


def test_a_role_that_may_not_read_the_journal(made, database, connection, role):
    assert made.call("run", "--dsn", database).returncode == 0
    poor = make_conninfo(database, user=role)
    for command in ("run", "status"):
        done = made.call(command, "--dsn", poor)
        refused(done, 4, "permission denied for schema executor", "Hint: connect as the role")
    connection.execute(f"GRANT USAGE ON SCHEMA executor TO {role}".encode())
    refused(made.call("status", "--dsn", poor), 4, "permission denied for table")
    assert one(connection, "SELECT count(*) FROM executor.runs") == 1


def test_a_schema_of_the_journals_name_is_left_alone(made, database, connection):
    connection.execute("CREATE SCHEMA executor CREATE TABLE hangmen (name text)")
    for command in ("run", "status"):
        done = made.call(command, "--dsn", database)
        refused(done, 4, "a schema named executor", "not executor's journal", "Hint: rename")
    tables = "SELECT array_agg(relname::text) FROM pg_class WHERE relkind = 'r' AND relnamespace IN"
    spaces = " ('executor'::regnamespace, 'public'::regnamespace)"
    assert one(connection, tables + spaces) == ["hangmen"]


def test_a_journal_of_a_newer_version(made, database, connection):
    assert made.call("run", "--dsn", database).returncode == 0
    connection.execute("INSERT INTO executor.version VALUES (99)")
    for command in ("run", "status"):
        done = made.call(command, "--dsn", database)
        refused(done, 4, "the journal has version 99", "Hint: use the newer executor")
    assert one(connection, "SELECT to_regclass('public.t')::text") == "t"


# -- The flagship plan ----------------------------------------------------------------------------


def test_a_table_of_somebody_else(database, connection, role):
    """As on a managed server: what the role lacks is said."""
    connection.execute(CHUNKS.encode())
    connection.execute(f'GRANT CREATE ON DATABASE "{connection.info.dbname}" TO {role}'.encode())
    connection.execute(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    )  # until PostgreSQL 14 it has it
    done = run(EXPRESSION, make_conninfo(database, user=role), "partition_count=2")
    refused(
        done, 6, "owner: expected", "run the plan as the owner", "schema public", "GRANT CREATE"
    )
    assert one(connection, "SELECT count(*) FROM chunks") == 2
    assert one(connection, "SELECT to_regclass('migration_backups')") is None


def test_a_name_that_postgresql_would_cut(database, connection):
    done = run(EXPRESSION, database, f"source={'x' * 64}")
    refused(done, 2, "--var source", "64 bytes", "PostgreSQL keeps 63")
    assert untouched(connection)


def test_the_name_of_the_backup_is_taken_after_the_check(database, connection):
    connection.execute(CHUNKS.encode())
    arguments = ("run", EXPRESSION.plan, "--dsn", database, "--var", "partition_count=2")
    assert call(*arguments, "--until", "check").returncode == 0
    backup = f"chunks_backup_{one(connection, 'SELECT name_timestamp FROM executor.runs')}"
    connection.execute(f"CREATE TABLE {backup} AS SELECT 'mine' AS text".encode())
    done = call(*arguments)
    refused(done, 5, "back_up.sql", f'relation "{backup}" already exists', "Nothing was changed")
    assert one(connection, f"SELECT text FROM {backup}") == "mine"
    assert one(connection, "SELECT count(*) FROM chunks") == 2

    connection.execute(f"ALTER TABLE {backup} RENAME TO mine".encode())
    done = call(*arguments)
    assert done.returncode == 0, done.stderr
    assert one(connection, f"SELECT count(*) FROM {backup}") == 2


PLANS = ("chunks_100_partitions", "alternatives/plain", "alternatives/events_by_month", "alternatives/events_by_tenant", "alternatives/adopt", "alternatives/chunks_100_hash_partitions")  # fmt: skip


def test_a_typing_mistake_makes_no_table(database, connection):
    """A table is made only where the plan can, and only when asked (--create)."""
    connection.execute("CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz)")
    there = "SELECT array_agg(relname::text ORDER BY 1) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    before = one(connection, there)
    for plan in PLANS:
        file = f"plans/{plan}.yaml"
        for options in ([], ["--dry-run"]):
            done = call("run", file, "--dsn", database, "--var=source=public.evens", *options)
            refused(done, 2, "there is no table public.evens", "did you mean public.events?")
            assert one(connection, there) == before, plan
        reviewed = ("review", file, "--dsn", database, "--var=source=public.evens")
        refused(call(*reviewed), 2, "there is no table public.evens")
    assert one(connection, "SELECT to_regnamespace('executor')") is None
    done = call("run", "plans/alternatives/adopt.yaml", "--dsn", database, "--create", "--var=source=public.evens")  # fmt: skip
    refused(done, 2, "makes no table on request")
    assert one(connection, there) == before

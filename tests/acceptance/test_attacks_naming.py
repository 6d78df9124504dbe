"""Names that are mistaken: of a table that is not there, and of what a run may do without."""

from __future__ import annotations

import pytest

from tests.helpers.command import Connection, one, refused
from tests.helpers.flagship import EXPRESSION, HASH, HASH_PLAN, LIST_PLAN, Layout
from tests.helpers.plans import Project, call

RELATIONS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


ALIKE = """
CREATE TABLE accounts (id bigint PRIMARY KEY); CREATE SCHEMA shop; CREATE TABLE shop.acounts ();
CREATE TABLE accountings (); CREATE VIEW acount AS SELECT 1;
"""
MISTYPED = ("--var", "source=public.acounts", "--var", "partition_count=2", "--var", "workers=1")


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_mistyped_table_is_not_made(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(ALIKE.encode())
    relations = one(connection, RELATIONS)
    done = call("run", layout.plan, "--dsn", database, *MISTYPED)
    says = "did you mean public.accounts or shop.acounts? --var source=… says which is meant; "
    refused(done, 2, "there is no table public.acounts", says)
    assert one(connection, RELATIONS) == relations


def test_a_table_is_made_on_request_and_said_to_be(database: str, connection: Connection) -> None:
    connection.execute(ALIKE.encode())
    relations = one(connection, RELATIONS)
    run = ("run", LIST_PLAN, "--dsn", database, *MISTYPED)
    says = "there is no table public.acounts; an empty one with the columns id, collection_id, doc"
    for dry, code in ((("--dry-run",), 2), (("--dry-run", "--create"), 0), ((), 2)):
        done = call(*run, *dry)
        assert (done.returncode, says in done.stderr) == (code, code == 0), done.stderr
    assert one(connection, RELATIONS) == relations

    done = call(*run, "--create")
    assert (done.returncode, says in done.stderr) == (0, True), done.stderr
    columns = one(
        connection,
        "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attnum > 0"
        " AND attrelid = 'acounts'::regclass AND attname <> 'partition_key'",
    )
    assert f"with the columns {columns} will be made" in done.stderr
    undone = call("rollback", LIST_PLAN, "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    assert one(connection, "SELECT to_regclass('acounts')") is None


def test_a_plan_that_makes_no_table_knows_no_create(project: Project, database: str) -> None:
    project.write("- {name: a, sql: a.sql, rollback: nothing}", a="SELECT 1;")
    refused(project.call("run", "--dsn", database, "--create"), 2, "--create: the plan work")
    both = ("--create", "--var", "create=false", "--dsn", database)
    refused(call("run", LIST_PLAN, *both), 2, "--create and --var create=…")


FALLEN = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id text NOT NULL);
INSERT INTO chunks SELECT n, 'c' || n % 3 FROM generate_series(1, 9) AS n;
CREATE TABLE notes (chunk_id bigint CONSTRAINT of_a_chunk REFERENCES chunks);
CREATE TABLE marks (chunk_id bigint CONSTRAINT same REFERENCES chunks);
CREATE TABLE tags (chunk_id bigint CONSTRAINT same REFERENCES chunks);
"""


def test_what_is_given_up_can_be_named_on_the_command_line(
    database: str, connection: Connection
) -> None:
    """By the bare name where that is one thing's; a name that is nothing's, or two's, is an error."""
    connection.execute(FALLEN.encode())
    on = (HASH_PLAN, "--dsn", database)
    run = ("run", *on, "--var", "partition_count=2", "--var", "workers=1")
    first = call(*run)
    assert first.returncode == 6
    assert "of_a_chunk on public.notes" in first.stderr
    names = ("of_a_chunk", "same", "same on public.tags", "ofachunk")
    wrong = call(*run, *(f"--accept={name}" for name in names))
    assert wrong.returncode == 6
    assert "accept names nothing: ofachunk" in wrong.stderr
    assert "accept names several: same on public.marks, same on public.tags" in wrong.stderr
    assert "found same on public.marks; the new table" in wrong.stderr  # and no other

    right = ("of_a_chunk", "same on public.marks", "same on public.tags")
    accept = [f"--accept={name}" for name in right]
    half = call(*run, *accept, "--until", "copy_rows")
    assert half.returncode == 0, half.stderr
    # the run remembers them, and is not gone on with under others
    refused(call(*run, "--accept=same on public.tags"), 2, "was begun with --accept of_a_chunk")
    done = call("run", *on)
    assert done.returncode == 0, done.stderr
    assert "resuming" in done.stderr
    undone = call("rollback", *on)
    assert undone.returncode == 0, undone.stderr
    assert (
        one(connection, "SELECT count(*) FROM pg_constraint WHERE confrelid = 'chunks'::regclass")
        == 3
    )
    assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'chunks'::regclass") == "r"

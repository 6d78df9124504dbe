"""Tables whose names leave no room for an ending: what is made is cut by a rule, and told apart."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.helpers.flagship import (
    COLUMN,
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    partitions,
    run,
    schema,
)
from tests.helpers.plans import call

Dump = Callable[..., str]
LAYOUTS = [EXPRESSION, COLUMN, HASH]
ONE, OTHER = "e" * 62 + "1", "e" * 62 + "2"
UMLAUTS = "Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé ü"  # of 63 bytes


def _made(connection: Connection, name: str) -> None:
    connection.execute(
        f'CREATE TABLE "{name}" (id bigserial PRIMARY KEY, collection_id text NOT NULL, note text);'
        f'CREATE INDEX ON "{name}" (collection_id, note); CREATE INDEX ON "{name}" (note, collection_id);'
        f'CREATE MATERIALIZED VIEW "m{name[1:]}" AS SELECT note FROM "{name}";'
        f"INSERT INTO \"{name}\" (collection_id, note) SELECT i % 9, 'n' FROM generate_series(1, 200) AS i;"
        f'REFRESH MATERIALIZED VIEW "m{name[1:]}"'.encode()
    )


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_two_tables_that_begin_alike_go_there_and_back(
    layout: Layout, database: str, connection: Connection, dump: Dump
) -> None:
    for name in (ONE, OTHER):
        _made(connection, name)
    before, defined = [content(connection, name) for name in (ONE, OTHER)], schema(dump, database)
    names = []
    for name in (ONE, OTHER):
        done = run(layout, database, f"source={name}", "partition_count=3")
        assert done.returncode == 0, done.stderr + done.stdout
        assert (
            "names of what is made: expected at most 63 bytes, found cut, with a digest"
            in done.stderr
        )
        names += partitions(connection, name)
    assert len(set(names)) == 6
    assert all(len(name) <= 63 and "_part_0" in name for name in names)
    for name in (OTHER, ONE):
        key = (", partition_key", ", abs(hashtext('c') % 3)") if layout is COLUMN else ("", "")
        connection.execute(
            f"INSERT INTO {name} (collection_id{key[0]}) SELECT 'c'{key[1]};"
            f"DELETE FROM {name} WHERE collection_id = 'c'".encode()
        )
        done = call("verify", layout.plan, "--dsn", database, f"--var=source={name}")
        assert done.returncode == 0, done.stderr + done.stdout
        undone = call("rollback", layout.plan, "--dsn", database, f"--var=source={name}")
        assert undone.returncode == 0, undone.stderr
    assert [content(connection, name) for name in (ONE, OTHER)] == before
    assert schema(dump, database) == defined


def test_backups_are_made_restored_and_cleaned_up(database: str, connection: Connection) -> None:
    _made(connection, UMLAUTS)
    quoted = f'"{UMLAUTS}"'
    before = content(connection, quoted)
    done = run(EXPRESSION, database, f"source={quoted}", "partition_count=2")
    assert done.returncode == 0, done.stderr

    def backups(*words: str) -> str:
        done = call("backups", *words, "--dsn", database)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    backups("create", quoted)
    listed = [json.loads(line) for line in backups("list", "--format", "json").splitlines()]
    assert {entry["original"] for entry in listed} == {UMLAUTS}
    assert len({entry["name"] for entry in listed}) == 3
    of_run = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname ~ '_(undo|back)_2'"
    assert connection.execute(of_run).fetchall()
    connection.execute(
        "UPDATE migration_backups SET retention_until = now() - interval '1 day' WHERE kind = 'old_table'"
    )
    backups("cleanup")
    kept = [row[0] for row in connection.execute("SELECT kind FROM migration_backups").fetchall()]
    assert kept == ["backup", "backup"]
    assert connection.execute(of_run).fetchall() == []
    copy = next(entry["name"] for entry in listed if entry["kind"] == "backup")
    made = backups("restore", copy)
    assert UMLAUTS[:20] in made and "200 rows, equal" in made
    connection.execute(f'DELETE FROM {quoted}; DROP MATERIALIZED VIEW "m{UMLAUTS[1:]}"'.encode())
    backups("restore", copy, "--replace")
    assert content(connection, quoted) == before

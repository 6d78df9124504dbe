"""What somebody drops, renames, detaches or disables between two steps: a rollback undoes what is left, or says first why not."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Mapping

import psycopg
import pytest
from _pytest.mark import ParameterSet

from tests.helpers.command import alone, one, refused
from tests.helpers.flagship import (
    EXPRESSION,
    HASH,
    Connection,
    Layout,
    content,
    rollback,
    run,
    run_until,
)
from tests.helpers.live import role
from tests.helpers.plans import call

TWO = ("partition_count=2", "workers=1")
TABLE = """
CREATE TABLE owners (id text PRIMARY KEY);
INSERT INTO owners SELECT 'c' || n FROM generate_series(0, 8) AS n;
CREATE TABLE chunks (
  id bigserial, collection_id text NOT NULL REFERENCES owners ON DELETE CASCADE, content text,
  PRIMARY KEY (id, collection_id));
INSERT INTO chunks (collection_id, content) SELECT 'c' || n % 9, 'x' FROM generate_series(1, 90) AS n;
CREATE MATERIALIZED VIEW totals AS SELECT collection_id, count(*) FROM chunks GROUP BY 1;
CREATE RULE follow AS ON INSERT TO owners WHERE NEW.id = 'none' DO ALSO
  INSERT INTO chunks (id, collection_id) VALUES (0, NEW.id) ON CONFLICT (id, collection_id) DO UPDATE SET content = 'y';
"""
WRITE = "UPDATE chunks SET content = content || '!' WHERE id % 5 = 0; DELETE FROM chunks WHERE id % 11 = 0"

#: what is done, and what the rollback has to say
BEFORE = {
    "new table dropped": ("DROP TABLE chunks_new CASCADE", "table public.chunks_new, table public.chunks_part_00"),
    "new table renamed": ("ALTER TABLE chunks_new RENAME TO mine", "public.chunks_new is public.mine now"),
    "new table moved": ("ALTER TABLE chunks_new SET SCHEMA other", "public.chunks_new is other.chunks_new now"),
    "partition dropped": ("DROP TABLE chunks_part_01", "not undone: table public.chunks_part_01."),
    "partition renamed": ("ALTER TABLE chunks_part_01 RENAME TO mine", "not undone: table public.chunks_part_01."),
    "partition detached": ("ALTER TABLE chunks_new DETACH PARTITION chunks_part_01", ""),
    "partition detached and renamed": (
        "ALTER TABLE chunks_new DETACH PARTITION chunks_part_01; ALTER TABLE chunks_part_01 RENAME TO mine",
        "not undone: table public.chunks_part_01.",
    ),
    "log dropped": ("DROP TABLE {log}", "every write to public.chunks has failed"),
    "log renamed": ("ALTER TABLE {log} RENAME TO mine", "public.{log} is public.mine now"),
    "back log dropped": ("DROP TABLE {back}", "not undone: table public.{back}."),
    "sync function dropped": ("DROP FUNCTION {sync}", "not undone: function public.{sync}."),
    "logging function dropped": ("DROP FUNCTION {log}() CASCADE", "not undone: function public.{log}."),
    "trigger disabled": ("ALTER TABLE chunks DISABLE TRIGGER executor_update", ""),
    "twin dropped": ("DROP MATERIALIZED VIEW {twin}", ""),
}  # fmt: skip

#: what is done, what the rollback refuses with, and what lets it go on: a name to give up, or a statement
AFTER = {
    "old table renamed": ("ALTER TABLE {old} RENAME TO mine", "it is public.mine now", "ALTER TABLE mine RENAME TO {old}"),
    "back log dropped": ("DROP TABLE {back}", "every write to public.chunks fails", "accept {back}"),
    "back log renamed": ("ALTER TABLE {back} RENAME TO mine", "it is public.mine now", "ALTER TABLE mine RENAME TO {back}"),
    "back function dropped": ("DROP FUNCTION {back}() CASCADE", "are not all at work on public.chunks", "accept {back}"),
    "trigger disabled": ("ALTER TABLE chunks DISABLE TRIGGER executor_update", "not all at work on public.chunks", "accept {back}"),
    "trigger dropped": ("DROP TRIGGER executor_delete ON chunks", "not all at work on public.chunks", "accept public.{back}"),
    "trigger of a partition dropped": ("DROP TRIGGER executor_insert ON chunks_part_01", "at work on public.chunks_part_01", "accept {back}"),
    "partition detached": (
        "ALTER TABLE chunks DETACH PARTITION chunks_part_01", "ATTACH PARTITION public.chunks_part_01 FOR VALUES {bound}",
        "ALTER TABLE chunks ATTACH PARTITION chunks_part_01 FOR VALUES {bound}"),
    "view on the new column": (
        "CREATE VIEW every AS SELECT * FROM chunks; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(partition_key) FROM chunks; END",
        "function public.f(), view public.every came since the swap, with partition_key", "DROP VIEW every; DROP FUNCTION f()"),
    "schema renamed": ("ALTER SCHEMA public RENAME TO mine", "renamed it, with its schema", "ALTER SCHEMA mine RENAME TO public"),
    "table renamed": ("ALTER TABLE chunks RENAME TO mine", "perhaps to public.mine", "ALTER TABLE mine RENAME TO chunks"),
}  # fmt: skip

NOTHING_LOST = {
    "sync function dropped": "DROP FUNCTION {sync}",
    "refusing function dropped": "DROP FUNCTION {old}() CASCADE",
    "partition renamed": "ALTER TABLE chunks_part_01 RENAME TO mine",
    "backup dropped": "DROP TABLE {backup}",
    "registry dropped": "DROP TABLE migration_backups",
}


def named(connection: Connection, text: str, layout: Layout = EXPRESSION) -> str:
    """A text with the names of the run in it."""
    ending = one(connection, "SELECT max(name_timestamp) FROM executor.runs")
    kinds = ("log", "back", "sync", "old", "backup")
    names = {kind: f"chunks_{kind}_{ending}" for kind in kinds}
    bound = "WITH (modulus 2, remainder 1)" if layout is HASH else "IN (1)"
    return text.format(twin=f"totals_new_{ending}", bound=bound, **names)


def _reach(database: str, layout: Layout, step: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(("CREATE SCHEMA other; " + TABLE).encode())
        run_until(layout, database, step, *TWO)
        connection.execute(WRITE)


def reached(step: str) -> pytest.MarkDecorator:
    """For a test: the application's table, the plan run to a step, and some writes after it."""
    return pytest.mark.prepared(_reach, EXPRESSION, step)


def reached_in_all(step: str) -> pytest.MarkDecorator:
    """The same, in more than one layout."""
    return pytest.mark.parametrize(
        "layout", [_param(layout, step) for layout in (EXPRESSION, HASH)]
    )


def each(step: str, changes: Mapping[str, object], also: Collection[str]) -> pytest.MarkDecorator:
    """The same for each change, and in another layout for some that depend on it."""
    params = [_param(EXPRESSION, step, change) for change in changes]
    params += [_param(HASH, step, change) for change in also]
    return pytest.mark.parametrize(("layout", "change"), params)


def _param(layout: Layout, step: str, *more: str) -> ParameterSet:
    mark = pytest.mark.prepared(_reach, layout, step)
    return pytest.param(layout, *more, marks=mark, id=" ".join([layout.name, *more]))


def accepting(layout: Layout, database: str, *names: str) -> subprocess.CompletedProcess[str]:
    """Roll back without what is named."""
    options = [word for name in names for word in ("--accept", name)]
    return call("rollback", layout.plan, "--dsn", database, *options)


def left(connection: Connection) -> list[str]:
    """What the run has made and not undone; the backup and what somebody has renamed are not meant."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relname ~ '^(chunks|totals)_(new|part|log|back|old)_' AND relpersistence = 'p' AND relkind IN ('r', 'p', 'm')"
        " UNION ALL SELECT proname FROM pg_proc WHERE proname ~ '^chunks_'"
        " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname ~ '^executor_|^zz_' ORDER BY 1"
    ).fetchall()
    return [row[0] for row in rows]


@each(
    "prepare_way_back",
    BEFORE,
    ("new table dropped", "partition detached", "partition detached and renamed", "log dropped"),
)
def test_before_the_swap_a_rollback_undoes_what_is_left(
    change: str, layout: Layout, database: str, connection: Connection
) -> None:
    done, told = BEFORE[change]
    told = named(connection, told)
    connection.execute(named(connection, done).encode())
    before = content(connection, "chunks")
    back = rollback(layout, database)
    assert back.returncode == 0, back.stderr
    assert told in back.stderr
    if told:
        assert (
            "public.chunks has every row" in back.stderr.splitlines()[-1]
        )  # the outcome says it, too
        assert told in str(one(connection, "SELECT error FROM executor.runs"))
    assert content(connection, "chunks") == before
    assert left(connection) == []
    connection.execute(WRITE)


@reached("keep_foreign_keys")
def test_no_swap_without_the_function_that_logs(database: str, connection: Connection) -> None:
    """The triggers go with it, and what is written then is in no log."""
    connection.execute(named(connection, "DROP FUNCTION {log}() CASCADE").encode())
    connection.execute(WRITE)
    before = content(connection, "chunks")
    refused(run(EXPRESSION, database), 5, "were changed while the plan ran", "Nothing was swapped")
    assert rollback(EXPRESSION, database).returncode == 0
    assert content(connection, "chunks") == before
    assert left(connection) == []


@reached("prepare_way_back")
def test_without_its_log_the_triggers_go_first(database: str, connection: Connection) -> None:
    """Every write fails, so it is the first that is mended, also where the rollback is stopped after that."""
    connection.execute(named(connection, "DROP TABLE {log}").encode())
    with pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute(WRITE)
    connection.execute("CREATE VIEW reader AS SELECT FROM chunks_new")  # stops it at its end
    refused(rollback(EXPRESSION, database), 7, "other objects depend on it")
    connection.execute(WRITE)
    connection.execute("DROP VIEW reader")
    assert rollback(EXPRESSION, database).returncode == 0
    assert left(connection) == []


@each(
    "retain",
    AFTER,
    ("old table renamed", "back log dropped", "partition detached", "trigger disabled"),
)
def test_after_the_swap_nothing_is_lost_unsaid(
    change: str, layout: Layout, database: str, connection: Connection
) -> None:
    done, told, way_on = AFTER[change]
    connection.execute(named(connection, done).encode())
    journal = "SELECT status || (SELECT count(*) FROM executor.steps WHERE status = 'rolled_back') FROM executor.runs"
    was = one(connection, journal)
    refused(rollback(layout, database), 7, "nothing was undone", named(connection, told, layout))
    assert one(connection, journal) == was
    way_on = named(connection, way_on, layout)
    names = way_on.split()[1:] if way_on.startswith("accept") else []
    if not names:
        connection.execute(way_on.encode())
    before = content(connection, "chunks")
    back = accepting(layout, database, *names)
    assert back.returncode == 0, back.stderr
    assert content(connection, "chunks") == before
    assert left(connection) == []


@each("retain", NOTHING_LOST, ("sync function dropped", "partition renamed"))
def test_what_the_way_back_can_do_without(
    change: str, layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(named(connection, NOTHING_LOST[change]).encode())
    before = content(connection, "chunks")
    back = rollback(layout, database)
    assert back.returncode == 0, back.stderr
    assert content(connection, "chunks") == before
    assert left(connection) == []


@reached_in_all("swap")
def test_without_the_old_table_the_backup_is_offered_first(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(named(connection, "DROP TABLE {old} CASCADE").encode())
    before = content(connection, "chunks")
    offered = named(connection, "executor backups restore {backup}")
    refused(
        rollback(layout, database), 7, "nothing was undone", "can't be undone any more", offered
    )
    done = run(layout, database)
    assert done.returncode == 0, done.stderr
    assert "so there is no way back" in done.stderr
    refused(rollback(layout, database), 7, "nothing was undone", offered)
    connection.execute(WRITE)
    assert one(connection, "SELECT status FROM executor.runs") == "succeeded"
    restored = call("backups", "restore", named(connection, "{backup}"), "--dsn", database)
    assert restored.returncode == 0, restored.stderr
    assert len(before[1]) > 0


@reached_in_all("retain")
def test_a_partition_that_is_gone_comes_back_as_it_was_if_that_is_accepted(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute("DROP TABLE chunks_part_01")
    kept = content(connection, "chunks")[1]
    refused(
        rollback(layout, database),
        7,
        "public.chunks_part_01 is gone, with its rows",
        "--accept public.chunks_part_01",
    )
    back = accepting(layout, database, "chunks_part_01")
    assert back.returncode == 0, back.stderr
    assert "what was written to it since is lost" in back.stderr.splitlines()[-1]
    came = content(connection, "chunks")[1]
    assert set(kept) < set(came)
    assert all("!" not in row[0] for row in set(came) - set(kept))
    assert one(connection, "SELECT count(*) FROM chunks") == len(came)
    assert left(connection) == []


@reached("retain")
def test_what_was_written_past_the_triggers_is_found_by_comparing_if_that_is_accepted(
    database: str, connection: Connection
) -> None:
    connection.execute(
        "ALTER TABLE chunks DISABLE TRIGGER USER; UPDATE chunks SET content = 'unseen' WHERE id < 20;"
        " DELETE FROM chunks WHERE id BETWEEN 30 AND 40; INSERT INTO chunks (collection_id, content) VALUES ('c1', 'unseen');"
        " ALTER TABLE chunks ENABLE ALWAYS TRIGGER executor_insert, ENABLE ALWAYS TRIGGER executor_update,"
        " ENABLE ALWAYS TRIGGER executor_delete, ENABLE ALWAYS TRIGGER executor_truncate, ENABLE ALWAYS TRIGGER zz_partition_key".replace(
            "INSERT INTO chunks (collection_id, content) VALUES ('c1', 'unseen')",
            "INSERT INTO chunks (collection_id, content, partition_key) VALUES ('c1', 'unseen', abs(hashtext('c1') % 2))",
        )
    )
    before = content(connection, "chunks")
    name = named(connection, "public.{back}")
    refused(rollback(EXPRESSION, database), 7, "differ in more than what was logged", name)
    refused(accepting(EXPRESSION, database, name), 7, "let executor run go forward")
    assert run(EXPRESSION, database).returncode == 0
    back = accepting(EXPRESSION, database, name)
    assert back.returncode == 0, back.stderr
    assert "by comparing both tables" in back.stderr.splitlines()[-1]
    assert content(connection, "chunks") == before


@reached("retain")
def test_what_nobody_has_dropped_is_nothing_to_give_up(
    database: str, connection: Connection
) -> None:
    for name in ("chunks_part_00", "notes"):
        refused(
            accepting(EXPRESSION, database, name), 7, f"--accept {name}", "nothing of that name"
        )
    assert one(connection, "SELECT status FROM executor.runs") == "running"
    assert rollback(EXPRESSION, database).returncode == 0


@reached("swap")
def test_right_after_the_swap_the_way_on_leads_forward(
    database: str, connection: Connection
) -> None:
    """Nothing has compared both tables yet, so what is lost can't be told from what was written."""
    connection.execute(named(connection, "DROP FUNCTION {sync}").encode())
    before = content(connection, "chunks")
    refused(rollback(EXPRESSION, database), 7, "nothing was undone", "let executor run go forward")
    assert run(EXPRESSION, database).returncode == 0
    back = rollback(EXPRESSION, database)
    assert back.returncode == 0, back.stderr
    assert content(connection, "chunks") == before


@reached("swap")
def test_a_renamed_old_table_stops_the_steps_that_would_forget_it(
    database: str, connection: Connection
) -> None:
    connection.execute(named(connection, "ALTER TABLE {old} RENAME TO mine").encode())
    refused(run(EXPRESSION, database), 5, "was renamed by somebody: it is public.mine now")
    connection.execute(named(connection, "ALTER TABLE mine RENAME TO {old}").encode())
    assert run(EXPRESSION, database).returncode == 0
    assert rollback(EXPRESSION, database).returncode == 0


@reached("retain")
def test_what_is_given_up_runs_no_code_of_an_owner(database: str, connection: Connection) -> None:
    """The log belongs to the table's owner, who may be anybody: nothing of his runs where it is filled."""
    owner = f"executor_owner_{connection.info.backend_pid}"
    connection.execute(f"CREATE ROLE {owner}; GRANT ALL ON SCHEMA public TO {owner}".encode())
    try:
        for name in ("chunks", "{old}", "{back}"):
            connection.execute(named(connection, f"ALTER TABLE {name} OWNER TO {owner}").encode())
        connection.execute("ALTER TABLE chunks DISABLE TRIGGER executor_update")
        connection.execute(
            "CREATE FUNCTION public.mine() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''ran as %'', current_user; END'"
        )
        connection.execute(f"ALTER FUNCTION public.mine() OWNER TO {owner}".encode())
        trap = "CREATE TRIGGER mine BEFORE INSERT ON {back} EXECUTE FUNCTION public.mine()"
        connection.execute(named(connection, trap).encode())
        done = accepting(EXPRESSION, database, named(connection, "{back}"))
        refused(done, 7, "mine")
        assert "ran as" not in done.stderr
    finally:
        alone(connection)
        connection.execute(
            f"REASSIGN OWNED BY {owner} TO CURRENT_USER; DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}".encode()
        )


@reached_in_all("copy_rows")
def test_what_somebody_has_put_in_the_place_of_the_new_table_is_left(
    layout: Layout, database: str, connection: Connection
) -> None:
    """Name, columns and comment are anybody's: a table is the run's if its owner is that of the table, too."""
    mark = one(connection, "SELECT obj_description('chunks_new'::regclass)")
    made = {"chunks_new": " PARTITION BY LIST (collection_id)", "chunks_part_01": ""}
    with role(connection, "stranger") as stranger:
        connection.execute("DROP TABLE chunks_new CASCADE")
        for table, by in made.items():
            like = one(
                connection,
                "SELECT string_agg(format('%I %s', attname, atttypid::regtype), ', ') || ', partition_key int'"
                " FROM pg_attribute WHERE attrelid = 'chunks'::regclass AND attnum > 0",
            )
            connection.execute(
                f"SET ROLE {stranger}; CREATE TABLE {table} ({like}){by}; COMMENT ON TABLE {table} IS '{mark}'".encode()
            )
        connection.execute(
            "CREATE TABLE of_theirs PARTITION OF chunks_new DEFAULT; INSERT INTO chunks_new (collection_id) VALUES ('theirs');"
            "ALTER TABLE chunks_part_01 RENAME TO chunks_part_00; RESET ROLE;"
            # nor is one of the owner's own that is something else
            "CREATE TABLE chunks_part_01 AS SELECT 2 AS mine"
        )
        back = rollback(layout, database)
        assert back.returncode == 0, back.stderr
        for table in ("chunks_new", "chunks_part_00", "chunks_part_01"):
            assert f"public.{table} is n" in back.stderr
        assert one(connection, "SELECT count(*) FROM chunks_new") == 1
        assert one(connection, "SELECT count(*) FROM chunks_part_00") == 0
        assert one(connection, "SELECT mine FROM chunks_part_01") == 2

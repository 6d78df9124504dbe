"""docs/monitoring.md and the guide's chapter, after a real migration in each layout."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.command import eventually
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, load, run
from tests.helpers.live import role
from tests.helpers.plans import call

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
VIEWS = (
    "partition_health", "partition_distribution", "partition_chunk_distribution", "partition_stats",
    "partition_size_distribution", "partition_hot_spots", "partition_health_summary",
)  # fmt: skip
ROWS = 2000


def blocks(heading):
    """The SQL blocks below a heading of the page."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```sql\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL)
    assert found, heading
    return found


@pytest.fixture
def migrated(request, database, connection):
    """A table of 40 collections with 50 rows each, moved into 4 partitions."""
    connection.execute(
        "CREATE TABLE chunks (id bigint, collection_id varchar NOT NULL, document_id integer,"
        " content text, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (id, collection_id));"
        "INSERT INTO chunks SELECT n, 'c-' || n % 40, n % 80, 'x', now() - interval '2 hours' * (n % 2)"
        f" FROM generate_series(1, {ROWS}) AS n"
    )
    done = run(request.param, database, "partition_count=4")
    assert done.returncode == 0, done.stderr
    counted(connection)
    return request.param


def counted(connection):
    """Wait until the server's counters know of the rows."""
    known = "SELECT sum(pg_stat_get_live_tuples(relid))::bigint FROM pg_partition_tree('chunks')"
    eventually(connection, known, ROWS)


def fetch(connection, query):
    """All rows of the last statement."""
    return connection.execute(query.encode()).fetchall()


@pytest.mark.parametrize("migrated", [EXPRESSION, COLUMN, HASH], ids=str, indirect=True)
def test_the_chapter_statement_by_statement(migrated, database, connection):
    by_hash = migrated is HASH
    truth = dict(
        fetch(connection, "SELECT tableoid::regclass::text, count(*) FROM chunks GROUP BY 1")
    )
    uneven, counting, distribution, others = blocks("The guide's chapter, side by side")

    # every partition that is not NORMAL, and no other
    names = {row[1] for row in fetch(connection, uneven)}
    used = sum(truth.values()) / len(truth)
    assert names == {name for name, rows in truth.items() if not 0.8 * used <= rows <= 1.2 * used}
    health = fetch(
        connection, "SELECT partition_name, row_count, needs_vacuum FROM partition_health"
    )
    assert {name: rows for name, rows, _ in health if rows} == truth
    assert len(health) == 4

    (mine,) = fetch(connection, distribution)
    if by_hash:
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute(counting)
    else:
        (guides,) = fetch(connection, counting)
        assert [round(float(value), 2) for value in mine[:4]] == [
            round(float(value), 2) for value in guides[:4]
        ]
    assert mine[0] == len(truth)

    for statement in others.split(";\n")[:-1]:
        assert connection.execute(statement.encode()).description
    connection.execute("ANALYZE chunks")
    collections = fetch(
        connection, "SELECT sum(collection_count) FROM partition_chunk_distribution"
    )
    assert collections == [(40,)]
    hour = fetch(
        connection, "SELECT sum(rows_last_hour), sum(rows_last_day) FROM partition_hot_spots"
    )
    assert hour == [(ROWS // 2, ROWS)]
    lives = fetch(connection, "SELECT DISTINCT tableoid::regclass::text, get_partition_for_collection(collection_id), get_partition_key(collection_id) FROM chunks")  # fmt: skip
    assert lives
    assert all(name == found and int(name[-2:]) == key for name, found, key in lives)
    assert {row[0] for row in fetch(connection, "SELECT metric FROM analyze_partition_skew()")} == {
        "row_distribution", "size_distribution", "partition_health", "hot_partitions"}  # fmt: skip

    # the same by the command, which finds the table in the journal
    done = call(
        "health", "--dsn", database, "--format", "json", "--deep", "--warning=9", "--critical=9"
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    found = json.loads(done.stdout)
    assert found["table"] == "public.chunks"
    assert {part["name"]: part["rows"] for part in found["partitions"] if part["rows"]} == truth
    checks = {check["name"]: check["message"] for check in found["checks"]}
    assert checks["missing_partitions"] == "none of 4"
    assert checks["misplaced_rows"] == "none of all 2,000 rows"

    if migrated is EXPRESSION:
        several_tables(database, connection)
        verification(database, connection)


def several_tables(database, connection):
    """The journal of two tables does not say which is meant."""
    connection.execute(
        "CREATE TABLE more (n integer) PARTITION BY HASH (n);"
        "INSERT INTO executor.runs (plan, status, variables, name_timestamp, executor_version,"
        " system_identifier, timeline) SELECT 'other', 'succeeded', jsonb_build_object('source', s),"
        " '', '', '', 1 FROM unnest(ARRAY['public.more', 'no table, but words', 'gone']) AS s"
    )
    done = call("health", "--dsn", database)
    assert done.returncode == 2
    assert "several tables were partitioned by runs of plans here" in done.stderr
    assert "public.chunks, public.more" in done.stderr


def verification(database, connection):
    """The guide's Post-Migration Verification: by its statements, and by ours."""
    total, distribution, collections = blocks("Verification after the migration")
    assert fetch(connection, total) == [(ROWS,)]
    assert sum(row[1] for row in fetch(connection, distribution)) == ROWS
    assert fetch(connection, collections) == [(40,)]
    done = call("verify", "chunks_100_partitions", "--dsn", database, "--format", "json")
    assert done.returncode == 0, done.stderr
    kinds = {
        event["kind"]: event["passed"]
        for event in map(json.loads, done.stdout.splitlines())
        if event["event"] == "AssertionChecked"
    }
    assert kinds == dict.fromkeys(
        ["row_count_equal", "checksum_equal", "set_equal", "no_rows"], True
    )


@pytest.mark.parametrize("migrated", [EXPRESSION], ids=str, indirect=True)
def test_what_is_polled_reads_no_rows(migrated, connection):
    """Cheap at any size: only one view looks into the table."""
    for view in VIEWS:
        plan = "\n".join(row[0] for row in fetch(connection, f"EXPLAIN SELECT * FROM {view}"))
        assert (" on chunks_part_" in plan) == (view == "partition_hot_spots"), view


@pytest.mark.parametrize("migrated", [EXPRESSION], ids=str, indirect=True)
def test_misplaced_rows_go_home_by_an_update(migrated, database, connection):
    """The statement of the page, after two partitions of the plan have changed places."""
    connection.execute(
        "SET allow_system_table_mods = on;"
        "ALTER TABLE chunks_part_01 DROP CONSTRAINT partition_key_check;"
        "ALTER TABLE chunks_part_02 DROP CONSTRAINT partition_key_check;"
        "UPDATE pg_class AS a SET relpartbound = b.relpartbound FROM pg_class AS b WHERE (a.relname, b.relname)"
        " IN (('chunks_part_01', 'chunks_part_02'), ('chunks_part_02', 'chunks_part_01'))"
    )
    done = call("health", "--dsn", database)
    assert done.returncode == 1
    assert "✗  misplaced rows" in done.stdout
    (statement,) = blocks("Rows in the wrong place")
    with psycopg.connect(database) as session:
        for number in ("01", "02"):
            session.execute(statement.replace("_07", f"_{number}"))
    done = call("health", "chunks", "--deep", "--dsn", database)
    assert "✓  misplaced rows      none of all 2,000 rows" in done.stdout


def test_odd_names_and_a_role_that_knows_nothing_of_the_journal(database, connection):
    table = '"My Schema"."we""ird"'
    load(connection, "odd_names")
    odd = (f"source={table}", "key_column=col ' ID%", "partition_count=4")
    done = run(EXPRESSION, database, *odd)
    assert done.returncode == 0, done.stderr
    done = call(
        "health", "--dsn", database, "--format", "prometheus", "--critical=9", "--warning=9"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    labels = [
        sample.labels
        for family in text_string_to_metric_families(done.stdout)
        for sample in family.samples
        if family.name == "executor_partition_rows"
    ]
    assert {label["table"] for label in labels} == {table}
    assert [label["partition"] for label in labels] == [f'we"ird_part_0{n}' for n in range(4)]

    role = f"executor_guest_{connection.info.backend_pid}"
    connection.execute(
        f'CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA "My Schema" TO {role};'
        f"GRANT SELECT ON {table} TO {role}".encode()
    )
    try:
        dsn = psycopg.conninfo.make_conninfo(database, user=role)
        done = call("health", "--dsn", dsn)
        assert done.returncode == 2
        assert f"Hint: partitioned tables here: {table}" in done.stderr
        done = call("health", table, "--dsn", dsn, "--critical=9", "--warning=9", "--deep")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "✓  misplaced rows      none of all " in done.stdout
    finally:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def test_what_a_stranger_calls_ours_is_not(database, connection):
    """A view of his with our name and our comment is left alone: not called, not granted, not dropped."""
    connection.execute(
        "CREATE TABLE chunks (id bigint, collection_id varchar NOT NULL, PRIMARY KEY (id, collection_id))"
    )
    with role(connection, "stranger") as stranger:
        connection.execute(
            f"SET ROLE {stranger}; CREATE VIEW partition_health AS SELECT 1 AS n;"
            "COMMENT ON VIEW partition_health IS 'Made by executor for public.chunks: mine'; RESET ROLE".encode()
        )
        done = run(EXPRESSION, database, "partition_count=2")
        assert done.returncode == 0, done.stderr
        assert "partition_health exist already and are left as they are" in done.stderr
        assert fetch(connection, "SELECT count(*) FROM chunks_partition_health") == [(2,)]
        undone = call("rollback", EXPRESSION.plan, "--dsn", database)
        assert undone.returncode == 0, undone.stderr
        assert fetch(connection, "SELECT n FROM partition_health") == [(1,)]
        assert fetch(connection, "SELECT to_regclass('chunks_partition_health')") == [(None,)]


#: a view of an earlier version, which called rows chunks
BEFORE = """
CREATE VIEW partition_stats AS SELECT 1 AS partition_num, 'p'::name AS partition_name, 1::bigint AS chunk_count, 1::numeric AS total_size_mb,
  1::numeric AS avg_chunk_size_kb, 1::bigint AS dead_rows, now() AS last_vacuumed, now() AS last_analyzed;
COMMENT ON VIEW partition_stats IS 'Made by executor for public.chunks: watches its partitions.';
"""


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_a_second_table_is_watched_by_names_of_its_own(layout, database, connection):
    """The first keeps the plain ones; each goes with its own table, and stays what it was called."""
    columns = "(id bigint, collection_id varchar NOT NULL, PRIMARY KEY (id, collection_id))"
    connection.execute(BEFORE)
    for table in ("chunks", "pieces"):
        connection.execute(f"CREATE TABLE {table} {columns}")
        connection.execute(
            f"INSERT INTO {table} SELECT n, 'c' || n % 7 FROM generate_series(1, 40) AS n"
        )
    first = run(layout, database, "partition_count=2")
    assert first.returncode == 0, first.stderr
    assert fetch(connection, "SELECT sum(row_count) FROM partition_stats")
    given = ("partition_count=3", "source=public.pieces")
    dry = run(layout, database, *given, options=("--dry-run",))
    assert "partition_health is called pieces_partition_health" in dry.stdout + dry.stderr
    second = run(layout, database, *given)
    assert second.returncode == 0, second.stderr
    assert (
        "partition_health and 9 more exist already and watch public.chunks;"
        " what watches public.pieces has its name in front: pieces_partition_health"
    ) in second.stderr
    partitions = "SELECT string_agg(partition_name, ' ' ORDER BY 1) FROM {}partition_health"
    of_chunks, of_pieces = partitions.format(""), partitions.format("pieces_")
    assert fetch(connection, of_chunks) == [("chunks_part_00 chunks_part_01",)]
    assert fetch(connection, of_pieces) == [("pieces_part_00 pieces_part_01 pieces_part_02",)]
    for view in VIEWS:
        connection.execute(f"SELECT * FROM pieces_{view}")
    connection.execute("SELECT * FROM pieces_analyze_partition_skew()")
    elsewhere = "SELECT count(*) FROM {0} WHERE {1}get_partition_for_collection(collection_id) <> tableoid::regclass::text"
    assert fetch(connection, elsewhere.format("chunks", "")) == [(0,)]
    assert fetch(connection, elsewhere.format("pieces", "pieces_")) == [(0,)]
    for table in ("chunks", "pieces"):
        done = call("health", table, "--dsn", database, "--warning=9", "--critical=9")
        assert done.returncode == 0, done.stdout + done.stderr

    first = ("--var", "source=public.chunks")
    undone = call("rollback", layout.plan, "--dsn", database, *first)
    assert undone.returncode == 0, undone.stderr
    assert fetch(connection, "SELECT to_regclass('partition_health')") == [(None,)]
    # the plain names are free, and what there is keeps its own; so it does when its old table goes
    again = run(layout, database, *given)
    assert again.returncode == 0, again.stderr
    assert fetch(connection, "SELECT to_regclass('partition_health')") == [(None,)]
    assert fetch(connection, of_pieces) == [("pieces_part_00 pieces_part_01 pieces_part_02",)]
    undone = call("rollback", layout.plan, "--dsn", database, "--var", "source=public.pieces")
    assert undone.returncode == 0, undone.stderr
    left = "SELECT relname FROM pg_class WHERE relname ~ 'partition_' AND relkind = 'v' AND relnamespace = 'public'::regnamespace"
    assert fetch(connection, left) == []
    left = "SELECT proname FROM pg_proc WHERE proname ~ 'partition' AND pronamespace = 'public'::regnamespace"
    assert fetch(connection, left) == []


def test_a_name_of_the_application_is_left_to_it_alone(database, connection):
    """Of a table whose name is as long as it can be: the others are called as ever."""
    table = "t" * 63
    connection.execute(
        f"CREATE TABLE {table} (id bigint PRIMARY KEY, collection_id varchar NOT NULL);"
        f"INSERT INTO {table} SELECT n, 'c' FROM generate_series(1, 10) AS n;"
        "CREATE VIEW partition_stats AS SELECT 'mine' AS mine;"
        "CREATE FUNCTION get_partition_key(text) RETURNS int LANGUAGE sql AS 'SELECT 42'"
    )
    done = run(EXPRESSION, database, "partition_count=2", f"source=public.{table}")
    assert done.returncode == 0, done.stderr
    assert "partition_stats exists already and does not watch" in done.stderr
    assert fetch(connection, "SELECT mine FROM partition_stats") == [("mine",)]
    assert fetch(connection, "SELECT get_partition_key('c')") == [(42,)]
    names = (
        "SELECT string_agg(name, ' ' ORDER BY name) FROM (SELECT relname::text FROM pg_class WHERE relkind = 'v' AND relname ~ '^ttt'"
        " UNION ALL SELECT proname FROM pg_proc WHERE proname ~ '^ttt.*get_partition') AS made (name)"
    )
    ((found,),) = fetch(connection, names)
    stats, key = sorted(found.split(), key=lambda name: name.endswith("get_partition_key"))
    assert stats.endswith("_partition_stats")
    assert fetch(connection, f"SELECT count(*) FROM {stats}") == [(2,)]
    assert fetch(
        connection,
        f"SELECT get_partition_for_collection('c') = tableoid::regclass::text AND {key}('c') = partition_key FROM {table} LIMIT 1",
    ) == [(True,)]
    undone = call("rollback", EXPRESSION.plan, "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    assert fetch(connection, names) == [(None,)]
    assert fetch(connection, "SELECT mine FROM partition_stats") == [("mine",)]


def test_a_key_of_blank_padded_text_is_found_in_its_partition(database, connection):
    connection.execute(
        "CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id char(8) NOT NULL)"
    )
    connection.execute(
        "INSERT INTO chunks SELECT n, 'abc' || n % 7 FROM generate_series(1, 20) AS n"
    )
    done = run(HASH, database, "partition_count=5")
    assert done.returncode == 0, done.stderr
    elsewhere = (
        "SELECT count(*) FROM chunks"
        " WHERE get_partition_for_collection(collection_id) <> tableoid::regclass::text"
    )
    assert fetch(connection, elsewhere) == [(0,)]

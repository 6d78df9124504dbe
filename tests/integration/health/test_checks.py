"""What is found out about a partitioned table: one statement of each, on a real server."""

from __future__ import annotations

import psycopg
import pytest

from executor.database.session import Connector
from executor.health.checks import Clinic
from executor.templating.names import Name
from tests.helpers.command import eventually, one
from tests.helpers.live import drop_role

LIMITS = {"warning": 0.3, "critical": 0.5, "deep": False}
HASH = "CREATE TABLE t (k text NOT NULL, n integer) PARTITION BY HASH (k);"
EXPRESSION = "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (abs(hashtext(k) % 4));"
COLUMN = """
CREATE TABLE t (k text NOT NULL, partition_key integer NOT NULL,
  CONSTRAINT partition_key_check CHECK (partition_key = abs(hashtext(k) % 4))) PARTITION BY LIST (partition_key);
"""
NUMBER = "CREATE TABLE t (n integer) PARTITION BY LIST (n);"
OFF = "WITH (autovacuum_enabled = false)"  # nobody else cleans up


def by_hash(number):
    return f"CREATE TABLE t_part_{number:02} PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER {number}) {OFF};"


def by_list(number):
    return f"CREATE TABLE t_part_{number:02} PARTITION OF t FOR VALUES IN ({number}) {OFF};"


DEFAULT = f"CREATE TABLE t_rest PARTITION OF t DEFAULT {OFF};"


def make(database, table, partition=None, numbers=range(4), more=""):
    """The table, and rows in it; the session ends, so that the server counts them."""
    parts = "".join(partition(number) for number in numbers) if partition else ""
    with psycopg.connect(database, autocommit=True) as session:
        session.execute(f"{table}{parts}{more}".encode())


def counted(connection, rows, table="t"):
    """Wait until the server's counters know of the rows."""
    eventually(
        connection,
        f"SELECT sum(pg_stat_get_live_tuples(relid))::bigint FROM pg_partition_tree('{table}') WHERE isleaf",
        rows,
    )


def look(database, table="t", **options):
    """One look, and its checks by name."""
    connector = Connector(database, "executor:health", read_only=True)
    with connector.session() as session:
        found = Clinic(session).look(Name.parse(table), **{**LIMITS, **options})
    return found, {check.name: check for check in found.checks}


def test_a_healthy_table(database, connection):
    fill = "INSERT INTO t SELECT 'k-' || n, n FROM generate_series(1, 8000) AS n;"
    make(database, HASH, by_hash, more=fill)
    counted(connection, 8000)
    found, checks = look(database)
    # nobody was here yet
    assert found.status == "warning"
    assert checks["last_vacuum"].message == (
        "never; 4 of those never vacuumed have over 1,000 rows"
    )
    assert "the table as a whole never" in checks["last_analyze"].message
    assert checks["last_analyze"].hint == "ANALYZE public.t"
    connection.execute("VACUUM (ANALYZE) t")
    eventually(connection, "SELECT count(pg_stat_get_last_analyze_time(relid)) > 3 AND count(pg_stat_get_last_vacuum_time(relid)) > 3 FROM pg_partition_tree('t')", True)  # fmt: skip
    found, checks = look(database)
    assert {name: check.level for name, check in checks.items()} == dict.fromkeys(
        ["row_skew", "size_skew", "dead_rows", "last_vacuum", "last_analyze", "missing_partitions",
         "default_partition", "invalid_indexes", "misplaced_rows"], "ok")  # fmt: skip
    assert found.status == "ok"
    assert sum(partition.rows for partition in found.partitions) == 8000
    assert [partition.number for partition in found.partitions] == [0, 1, 2, 3]
    assert "none in a sample of " in checks["misplaced_rows"].message
    assert look(database, deep=True)[1]["misplaced_rows"].message == "none of all 8,000 rows"


@pytest.mark.parametrize(
    ("largest", "level", "hot"),
    [(100, "ok", 0), (140, "ok", 1), (160, "warning", 1), (300, "critical", 1), (0, "critical", 0)],
)
def test_skew(largest, level, hot, database, connection):
    fill = f"INSERT INTO t SELECT n % 3 FROM generate_series(1, 300) AS n; INSERT INTO t SELECT 3 FROM generate_series(1, {largest});"
    make(database, NUMBER, by_list, more=fill + "ANALYZE t")
    counted(connection, 300 + largest)
    found, checks = look(database)
    assert checks["row_skew"].level == level
    assert sum(partition.status == "HOT" for partition in found.partitions) == hot
    skew = abs(largest / ((300 + largest) / 4) - 1)
    assert checks["row_skew"].value == pytest.approx(skew, abs=1e-3)
    # the limits are the caller's
    assert look(database, warning=2.0, critical=3.0)[1]["row_skew"].level == "ok"
    assert look(database, warning=0.001, critical=3.0)[1]["row_skew"].level == (
        "warning" if skew else "ok"
    )


def test_few_rows_are_not_judged(database, connection):
    make(database, NUMBER, by_list, more="INSERT INTO t VALUES (1), (1), (2)")
    counted(connection, 3)
    checks = look(database)[1]
    assert checks["row_skew"].level == "ok"
    assert "under ten rows a partition" in checks["row_skew"].message


@pytest.mark.parametrize(
    ("table", "partition"), [(HASH, by_hash), (EXPRESSION, by_list), (COLUMN, by_list)]
)
def test_missing_partitions(table, partition, database):
    make(database, table, partition, numbers=(1, 3))
    missing = look(database)[1]["missing_partitions"]
    assert (missing.level, missing.value) == ("critical", 2)
    assert missing.message == "2 of 4: number 0, 2; a row that belongs there is refused"
    make(database, "", partition, numbers=(0, 2))
    missing = look(database)[1]["missing_partitions"]
    assert (missing.level, missing.message) == ("ok", "none of 4")


def test_hash_partitions_of_several_moduli(database):
    more = "CREATE TABLE wide PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)"
    make(database, HASH, by_hash, numbers=(1,), more=more)
    assert look(database)[1]["missing_partitions"].message.startswith("1 of 4: number 3;")


def test_rows_of_a_default_partition(database, connection):
    make(database, EXPRESSION, by_list, numbers=(0, 1), more=DEFAULT)
    checks = look(database)[1]
    assert checks["default_partition"].message == "t_rest is empty"
    assert checks["missing_partitions"].level == "warning"
    make(database, "INSERT INTO t SELECT 'k-' || n FROM generate_series(1, 100) AS n")
    counted(connection, 100)
    found, checks = look(database)
    rest = found.partitions[-1]
    assert (rest.name, rest.status, rest.deviation) == ("t_rest", "DEFAULT", None)
    assert checks["default_partition"].level == "warning"
    assert checks["default_partition"].value == rest.rows > 0
    # it is compared with nothing
    assert "t_rest" not in checks["row_skew"].message


@pytest.mark.parametrize(
    "table",
    [
        (
            "CREATE TABLE t (k text) PARTITION BY LIST (k);"
            "CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a', '1', NULL);"
        ),
        (
            "CREATE TABLE t (k text) PARTITION BY RANGE (k);"
            "CREATE TABLE t_a PARTITION OF t FOR VALUES FROM ('a') TO ('b');"
        ),
        (
            "CREATE TABLE t (n integer) PARTITION BY LIST (n);"
            "CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1000000);"
        ),
    ],
)
def test_what_the_definition_does_not_say_is_not_judged(table, database):
    make(database, table)
    found, checks = look(database)
    assert checks["missing_partitions"].message.startswith("not judged")
    assert found.status == "ok"


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        ("date", "to_char(now() + {} * interval '1 day', 'YYYY-MM-DD')"),
        ("timestamptz", "(date_trunc('day', now()) + {} * interval '1 day')::text"),
        ("uuid", "lpad(to_hex((extract(epoch FROM date_trunc('day', now()) + {} * interval '1 day') * 1000)::bigint), 12, '0') || repeat('0', 20)"),
        ("integer", "(10000 + {} * 10)::text"),
    ],
)  # fmt: skip
def test_range_partitions_that_do_not_go_on(key, ends, database, connection):
    """Those of the past are nobody's need; that of after the present one is, and sooner or later that is critical."""

    # of one moment, or midnight could be between two of them
    of_now = ends.replace("now()", f"timestamptz '{one(connection, 'SELECT now()')}'")

    def attach(name, low, high):
        first, last = (one(connection, "SELECT " + of_now.format(days)) for days in (low, high))
        connection.execute(
            f"CREATE TABLE {name} PARTITION OF t FOR VALUES FROM ('{first}') TO ('{last}')".encode()
        )

    def missing():
        check = look(database)[1]["missing_partitions"]
        return check.level, check.message

    connection.execute(f"CREATE TABLE t (k {key}) PARTITION BY RANGE (k)".encode())
    attach("t_past", -400, -300)
    if key == "integer":
        connection.execute("INSERT INTO t SELECT 10000 - 3500 FROM generate_series(1, 20)")
        connection.execute("VACUUM t")
    else:
        level, message = missing()
        assert (level, message.split(";")[0]) == ("critical", "there is none for now")
        attach("t_now", -1, 9)
    level, message = missing()
    assert message.startswith("there is none after the present one, which ends at ")
    assert level == ("critical" if key == "integer" else "warning")
    attach("t_next", *((-300, 0) if key == "integer" else (9, 10)))
    level, message = missing()
    assert (level, message.split(" at ")[0]) == ("ok", "none; the last one ends")
    assert look(database)[0].status == "ok"
    connection.execute("DROP TABLE t_next; CREATE TABLE t_rest PARTITION OF t DEFAULT")
    level, message = missing()
    assert (level, message.split(" on ")[1]) == ("warning", "goes to the default partition")


def test_a_table_without_partitions_and_an_empty_one(database):
    make(database, HASH)
    found, checks = look(database)
    assert checks["missing_partitions"].message.startswith("the table has no partition at all")
    assert found.status == "critical"
    make(database, "", by_hash)
    found, checks = look(database)
    assert found.status == "ok"
    assert checks["row_skew"].message == "there are no rows"
    assert checks["misplaced_rows"].message == "there are no rows"


def test_dead_rows(database, connection):
    fill = "INSERT INTO t SELECT 'k-' || n, n FROM generate_series(1, 8000) AS n; DELETE FROM t WHERE n <= 6000"
    make(database, HASH, by_hash, more=fill)
    counted(connection, 2000)
    dead = look(database)[1]["dead_rows"]
    assert (dead.level, dead.value) == ("warning", 6000)
    assert "over a tenth of the rows in 4 of 4 partitions" in dead.message
    assert dead.hint.startswith("VACUUM (ANALYZE) public.t;")


def test_invalid_indexes(database):
    make(database, HASH, by_hash, more="CREATE INDEX lonely ON ONLY t (n)")
    invalid = look(database)[1]["invalid_indexes"]
    assert (invalid.level, invalid.message) == ("warning", "1: public.lonely")


def test_rows_are_known_after_the_counters_were_reset(database, connection):
    fill = "INSERT INTO t SELECT 'k-' || n, n FROM generate_series(1, 400) AS n; ANALYZE t;"
    make(database, HASH, by_hash, more=fill)
    counted(connection, 400)
    connection.execute(
        "SELECT pg_stat_reset_single_table_counters(relid) FROM pg_partition_tree('t')"
    )
    counted(connection, 0)
    assert sum(partition.rows for partition in look(database)[0].partitions) == 400


# -- Rows in the wrong place -----------------------------------------------------------------------


def test_rows_stay_where_an_edited_function_no_longer_puts_them(database, connection):
    """As after an upgrade of the server that changes a hash function."""
    head = (
        "CREATE FUNCTION place(k text) RETURNS integer LANGUAGE sql IMMUTABLE"
        " RETURN abs(hashtext(k) % 4);"
        "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (public.place(k));"
    )
    fill = "INSERT INTO t SELECT 'k-' || n FROM generate_series(1, 4000) AS n;"
    make(database, head, by_list, more=fill)
    counted(connection, 4000)
    assert look(database)[1]["misplaced_rows"].level == "ok"
    # one key of a thousand goes elsewhere
    connection.execute(
        "CREATE OR REPLACE FUNCTION place(k text) RETURNS integer LANGUAGE sql IMMUTABLE"
        " RETURN CASE WHEN k = 'k-7' THEN abs((hashtext(k) + 1) % 4) ELSE abs(hashtext(k) % 4) END"
    )
    wrong = look(database, deep=True)[1]["misplaced_rows"]
    assert (wrong.level, wrong.value) == ("critical", 1)
    assert wrong.message.startswith("1 of all 4,000 rows; in 1 partitions: public.t_part_")
    connection.execute(
        "CREATE OR REPLACE FUNCTION place(k text) RETURNS integer LANGUAGE sql IMMUTABLE"
        " RETURN abs((hashtext(k) + 1) % 4)"
    )
    sampled = look(database)[1]["misplaced_rows"]
    assert sampled.level == "critical"
    assert "in a sample of" in sampled.message
    # the way that docs/monitoring.md gives
    connection.execute("UPDATE t SET k = k")
    assert look(database, deep=True)[1]["misplaced_rows"].message == "none of all 4,000 rows"


@pytest.mark.parametrize(
    ("table", "partition"), [(HASH, by_hash), (EXPRESSION, by_list), (COLUMN, by_list)]
)
def test_rows_of_a_partition_whose_bounds_are_others(table, partition, database, connection):
    """As a superuser can leave a catalog: two partitions have changed places."""
    columns = "k, partition_key" if table is COLUMN else "k"
    values = "'k-' || n, abs(hashtext('k-' || n) % 4)" if table is COLUMN else "'k-' || n"
    fill = f"INSERT INTO t ({columns}) SELECT {values} FROM generate_series(1, 200) AS n;"
    make(database, table, partition, more=fill)
    connection.execute(
        "SET allow_system_table_mods = on;"
        "UPDATE pg_class AS a SET relpartbound = b.relpartbound FROM pg_class AS b"
        " WHERE (a.relname, b.relname) IN (('t_part_01', 't_part_02'), ('t_part_02', 't_part_01'))"
    )
    moved = connection.execute(
        "SELECT count(*) FROM (SELECT FROM ONLY t_part_01 UNION ALL SELECT FROM ONLY t_part_02) AS m"
    ).fetchone()
    assert moved
    wrong = look(database)[1]["misplaced_rows"]
    assert (wrong.level, wrong.value) == ("critical", moved[0])
    assert "in 2 partitions" in wrong.message


def test_a_key_that_is_not_the_hash_any_more(database, connection):
    """routing=column after a change of the hash function: the bounds hold, but not the check of partition_key."""
    make(database, COLUMN, by_list)
    connection.execute(
        "ALTER TABLE t DROP CONSTRAINT partition_key_check;"
        "INSERT INTO t VALUES ('k-1', 3 - abs(hashtext('k-1') % 4));"
        "ALTER TABLE t ADD CONSTRAINT partition_key_check"
        " CHECK (partition_key = abs(hashtext(k) % 4)) NOT VALID;"
        "UPDATE pg_constraint SET convalidated = true WHERE conname = 'partition_key_check'"
    )
    assert look(database)[1]["misplaced_rows"].level == "critical"


# -- Other names and shapes, and rights ------------------------------------------------------------


def test_odd_names(database):
    table = '"My ""Schema"""."we""ird %s {{t}}"'
    make(
        database,
        'CREATE SCHEMA "My ""Schema"""; CREATE TABLE ' + table + ' ("K ey\'" text)'
        ' PARTITION BY HASH ("K ey\'");'
        'CREATE TABLE "My ""Schema"""."Part $$ ""0""" PARTITION OF ' + table + ""
        " FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
        "INSERT INTO " + table + " VALUES ('x'), (NULL)",
    )
    found, checks = look(database, table)
    assert found.table == table
    assert [partition.name for partition in found.partitions] == ['Part $$ "0"']
    assert checks["misplaced_rows"].message == "none of all 2 rows"
    assert checks["missing_partitions"].message == "none of 1"


def test_partitions_of_partitions_are_counted_as_leaves(database, connection):
    make(
        database,
        "CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);"
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (b);"
        "CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1);"
        "INSERT INTO t VALUES (1, 1)",
    )
    counted(connection, 1)
    found, checks = look(database)
    assert [(partition.name, partition.rows) for partition in found.partitions] == [("t_1_1", 1)]
    assert checks["misplaced_rows"].message == "none of all 1 rows"


def test_a_thousand_partitions(database):
    make(
        database,
        HASH + "DO $$ BEGIN FOR n IN 0..999 LOOP EXECUTE format('CREATE TABLE t_part_%s"
        " PARTITION OF t FOR VALUES WITH (MODULUS 1000, REMAINDER %s)', n, n); END LOOP; END $$",
    )
    found, checks = look(database)
    assert len(found.partitions) == 1000
    assert checks["missing_partitions"].message == "none of 1000"
    assert found.status == "ok", checks


def test_what_a_role_may_not_read_is_said(database, connection):
    make(
        database,
        HASH,
        by_hash,
        more="INSERT INTO t SELECT 'k-' || n FROM generate_series(1, 9) AS n",
    )
    role = f"executor_reader_{connection.info.backend_pid}"
    connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    try:
        dsn = psycopg.conninfo.make_conninfo(database, user=role)
        found, checks = look(dsn)
        assert found.status == "unknown"
        wrong = checks.pop("misplaced_rows")
        assert wrong.message == "not known: permission denied for table t"
        assert wrong.hint == f"GRANT SELECT ON public.t TO {role}"
        assert {check.level for check in checks.values()} == {"ok"}
        connection.execute(wrong.hint.encode())
        assert look(dsn)[0].status == "ok"
        connection.execute(b"ALTER TABLE t ENABLE ROW LEVEL SECURITY")
        assert "row-level security" in look(dsn)[1]["misplaced_rows"].message
    finally:
        drop_role(connection, role)

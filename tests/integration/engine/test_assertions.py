"""Each kind of assertion holds, fails on seeded damage, and says something of empty tables."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from executor import resources
from executor.templating.templates import Templates

SETUP = """
CREATE TABLE public.a (
  id integer PRIMARY KEY, name text, note text, f float8, doc json, "odd ""name" integer);
INSERT INTO public.a
SELECT n, 'name ' || n, nullif('note ' || n % 5, 'note 0'), n / 3.0, json_build_object('n', n), n
FROM generate_series(1, 300) AS n;
CREATE TABLE public.b AS TABLE public.a;
CREATE TABLE public.empty_a (LIKE public.a INCLUDING ALL);
CREATE TABLE public.empty_b (LIKE public.a INCLUDING ALL);
CREATE TABLE public.p (id integer NOT NULL) PARTITION BY LIST (id);
CREATE TABLE public.p_0 PARTITION OF public.p FOR VALUES IN (0);
CREATE TABLE public.p_1 PARTITION OF public.p FOR VALUES IN (1);
CREATE TABLE public.p_2 PARTITION OF public.p FOR VALUES IN (2);
"""

DEFAULTS = {
    "checksum_equal": {"buckets": 4, "ignore": [], "changes": []},
    "spot_check": {"key": [], "sample": 1000, "ignore": [], "changes": []},
    "distribution": {"partitions": None, "max_ratio": None, "minimum": None, "maximum": None},
    "query": {"equals": None, "between": None},
}


@pytest.fixture
def tables(connection):
    connection.execute(SETUP)
    connection.execute("SET search_path = pg_catalog, pg_temp")
    return connection


@pytest.fixture
def check(tables, tmp_path):
    """Evaluates an assertion; `query` is the SQL behind its argument `sql`."""

    def check(kind, query=None, **arguments):
        if query:
            (tmp_path / "query.sql").write_text(query)
            arguments["sql"] = "query.sql"
        templates = Templates((resources.home() / "sql", Path(tmp_path)))
        values = {"without": None, **DEFAULTS.get(kind, {}), **arguments}
        session = templates.render("session/comparisons.sql", values)
        with tables.transaction():
            tables.execute(session.encode())
            cursor = tables.execute(templates.render(f"assertions/{kind}.sql", values).encode())
            while cursor.nextset():
                pass
            assert [column.name for column in cursor.description] == [
                "subject",
                "expected",
                "actual",
                "passed",
            ]
            return cursor.fetchall()

    return check


def holds(findings):
    return bool(findings) and all(passed is True for *_, passed in findings)


COMPARISONS = ["row_count_equal", "checksum_equal", "spot_check", "set_equal"]


def arguments(kind):
    return {"column": "id"} if kind == "set_equal" else {}


@pytest.mark.parametrize("kind", COMPARISONS)
def test_equal_tables_are_equal(check, kind):
    assert holds(check(kind, left="public.a", right="public.b", **arguments(kind)))


@pytest.mark.parametrize("kind", COMPARISONS)
def test_empty_tables_are_equal_and_leave_evidence(check, kind):
    assert holds(check(kind, left="public.empty_a", right="public.empty_b", **arguments(kind)))


@pytest.mark.parametrize("kind", COMPARISONS)
def test_an_empty_table_is_not_equal_to_a_full_one(check, kind):
    for left, right in (("public.a", "public.empty_b"), ("public.empty_a", "public.b")):
        assert not holds(check(kind, left=left, right=right, **arguments(kind)))


DAMAGE = {
    "one byte": "UPDATE public.b SET name = 'name 8' WHERE id = 7",
    "null for empty": "UPDATE public.b SET note = '' WHERE id = 5",
    "one row deleted, one doubled": "DELETE FROM public.b WHERE id = 3;"
    "INSERT INTO public.b SELECT * FROM public.b WHERE id = 4",
    "contents of two rows swapped": "UPDATE public.b AS x SET name = y.name FROM public.b AS y"
    " WHERE (x.id, y.id) IN ((10, 11), (11, 10))",
    "two columns swapped": "UPDATE public.b SET name = note, note = name WHERE id = 9",
    "minus zero": "UPDATE public.b SET f = '-0' WHERE id = 1; UPDATE public.a SET f = 0 WHERE id = 1",
    "spaces in json": "UPDATE public.b SET doc = '{ \"n\" : 6 }' WHERE id = 6",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("kind", ["checksum_equal", "spot_check"])
def test_damage_is_found_though_counts_are_equal(tables, check, kind, damage):
    """A count proves nothing, nor does a check that cannot fail."""
    tables.execute(damage)
    assert holds(check("row_count_equal", left="public.a", right="public.b"))
    assert not holds(check(kind, left="public.a", right="public.b"))


@pytest.mark.parametrize("kind", ["checksum_equal", "spot_check"])
def test_columns_that_are_missing_extra_or_of_another_type_are_named(tables, check, kind):
    tables.execute(
        "ALTER TABLE public.b DROP COLUMN note, ADD COLUMN extra integer, ALTER f TYPE real"
    )
    findings = check(kind, left="public.a", right="public.b")
    assert {row for row in findings if row[0].startswith("column")} == {
        ("column note", "text", "absent", False),
        ("column extra", "absent", "integer", False),
        ("column f", "double precision", "real", False),
    }


@pytest.mark.parametrize("ignore", ["extra", ["extra"]])
@pytest.mark.parametrize("kind", ["checksum_equal", "spot_check"])
def test_a_column_of_the_right_table_can_be_ignored(tables, check, kind, ignore):
    tables.execute("ALTER TABLE public.b ADD COLUMN extra integer DEFAULT 1")
    assert holds(check(kind, left="public.a", right="public.b", ignore=ignore))


def test_the_order_of_rows_and_dropped_columns_do_not_matter_to_a_digest(tables, check):
    tables.execute(
        "ALTER TABLE public.a ADD gone text; ALTER TABLE public.a DROP gone;"
        "CREATE TABLE public.c AS SELECT * FROM public.a ORDER BY id DESC"
    )
    assert holds(check("checksum_equal", left="public.a", right="public.c"))


def test_a_spot_check_shows_keys_and_columns_but_no_contents(tables, check):
    tables.execute("UPDATE public.b SET name = 'secret' WHERE id = 7")
    findings = check("spot_check", left="public.a", right="public.b")
    assert (
        "row id=7 of the left table",
        "the same on the other side",
        "differs in name",
        False,
    ) in (findings)
    assert "secret" not in str(findings)


def test_a_spot_check_finds_rows_that_only_the_right_table_has(tables, check):
    tables.execute("INSERT INTO public.b (id) VALUES (5000)")
    findings = check("spot_check", left="public.a", right="public.b")
    assert "row id=5000 of the right table" in [row[0] for row in findings if not row[3]]


def test_a_spot_check_without_a_key_asks_for_one(tables, check):
    tables.execute("CREATE TABLE public.keyless AS TABLE public.a")
    with pytest.raises(Exception, match="spot_check finds no key of"):
        check("spot_check", left="public.keyless", right="public.b")
    assert holds(check("spot_check", left="public.keyless", right="public.b", key="id"))


def test_a_spot_check_of_a_large_table_reads_some_pages_only(tables, check):
    tables.execute(
        "CREATE TABLE public.large (id integer PRIMARY KEY, pad text);"
        "INSERT INTO public.large SELECT n, repeat('x', 1000) FROM generate_series(1, 50000) AS n;"
        "CREATE TABLE public.large_copy AS TABLE public.large"
    )
    findings = check("spot_check", left="public.large", right="public.large_copy", sample=50)
    assert holds(findings)
    assert {row[2] for row in findings} == {"50 equal"}


def test_a_set_is_equal_however_often_a_value_occurs(tables, check):
    tables.execute("INSERT INTO public.b SELECT * FROM public.b WHERE id < 9")
    assert holds(check("set_equal", left="public.a", right="public.b", column=["id", "name"]))


def test_a_set_difference_says_how_many_and_gives_examples(tables, check):
    tables.execute("DELETE FROM public.b WHERE id = 3; UPDATE public.b SET id = 999 WHERE id = 4")
    findings = check("set_equal", left="public.a", right="public.b", column="id")
    assert findings[0][2] == "298 of 300, without '3', '4'"
    assert findings[1][2] == "298 of 299, without '999'"


@pytest.mark.parametrize("kind", COMPARISONS)
def test_rows_whose_key_is_in_a_table_are_left_out_on_both_sides(tables, check, kind):
    tables.execute(
        "CREATE TABLE public.keys (id integer); INSERT INTO public.keys VALUES (3), (4), (4), (999);"
        "DELETE FROM public.b WHERE id = 3; UPDATE public.b SET note = 'x' WHERE id = 4;"
        "INSERT INTO public.b (id) VALUES (999), (1000); INSERT INTO public.keys VALUES (1000)"
    )
    both = {"left": "public.a", "right": "public.b", "without": "public.keys", **arguments(kind)}
    findings = check(kind, **both)
    assert holds(findings), findings
    assert not holds(check(kind, **both | {"without": None}))
    tables.execute("DELETE FROM public.keys WHERE id = 3")
    assert not holds(check(kind, **both))


@pytest.mark.parametrize("kind", COMPARISONS)
def test_rows_can_be_left_out_only_by_columns_of_both_tables(tables, check, kind):
    tables.execute("CREATE TABLE public.keys (number integer)")
    with pytest.raises(Exception, match="no column number"):
        check(kind, left="public.a", right="public.b", without="public.keys", **arguments(kind))


def test_null_is_a_value_of_a_set(tables, check):
    assert holds(check("set_equal", left="public.a", right="public.b", column="note"))
    tables.execute("UPDATE public.b SET note = 'none' WHERE note IS NULL")
    assert not holds(check("set_equal", left="public.a", right="public.b", column="note"))


def test_a_distribution_counts_empty_partitions(tables, check):
    tables.execute("INSERT INTO public.p SELECT n % 2 FROM generate_series(1, 20) AS n")
    assert holds(check("distribution", table="public.p", partitions=3, max_ratio=1.5))
    assert not holds(check("distribution", table="public.p", partitions=2))
    assert not holds(check("distribution", table="public.p", max_ratio=1.4))
    assert not holds(check("distribution", table="public.p", minimum=1))
    assert not holds(check("distribution", table="public.p", maximum=9))
    assert holds(check("distribution", table="public.p", minimum=0, maximum=10))


def test_a_distribution_of_an_empty_table_leaves_evidence(check):
    assert holds(check("distribution", table="public.p", partitions=3, max_ratio=1.5, maximum=0))


def test_a_distribution_of_a_plain_table_has_no_partitions_to_show(check):
    assert not holds(check("distribution", table="public.a"))


@pytest.mark.parametrize(
    ("query", "claim", "expected"),
    [
        ("SELECT 5", {"equals": 5}, True),
        ("SELECT 5.0", {"equals": 5}, True),
        ("SELECT 6", {"equals": 5}, False),
        ("SELECT 'x'::text", {"equals": "x"}, True),
        ("SELECT true", {"equals": True}, True),
        ("SELECT false", {"equals": True}, False),
        ("SELECT 5", {"between": [1, 5]}, True),
        ("SELECT 6", {"between": [1, 5]}, False),
        ("SELECT NULL::integer", {"equals": 5}, False),
        ("SELECT 5 WHERE false", {"equals": 5}, False),
        ("SELECT 5 UNION ALL SELECT 5", {"equals": 5}, False),
        ("SELECT count(*) FROM public.empty_a", {"equals": 0}, True),
    ],
)
def test_a_query_gives_one_value_that_is_compared(check, query, claim, expected):
    assert holds(check("query", query, **claim)) is expected


def test_no_rows_counts_the_bad_rows(check):
    assert holds(check("no_rows", "SELECT 1 FROM public.a WHERE id < 0"))
    assert holds(check("no_rows", "SELECT 1 FROM public.empty_a"))
    assert check("no_rows", "SELECT 1 FROM public.a WHERE id < 3") == [
        ("bad rows", "0", "2", False)
    ]


def test_findings_judge_by_themselves_and_none_is_not_enough(check):
    """No evidence is no success."""
    row = "SELECT 's' AS subject, 'e' AS expected, 'a' AS actual, {} AS passed"
    assert holds(check("findings", row.format("true")))
    assert not holds(check("findings", row.format("false")))
    assert not holds(check("findings", row.format("true") + " WHERE false"))


def test_two_comparisons_fit_into_one_transaction(tables, check):
    with tables.transaction():
        for kind in ("checksum_equal", "spot_check", "checksum_equal", "spot_check"):
            assert holds(check(kind, left="public.a", right="public.b"))


def test_comparisons_work_in_a_snapshot_and_for_a_role_of_no_privilege(tables, check):
    tables.execute(
        "DROP ROLE IF EXISTS assertion_reader; CREATE ROLE assertion_reader;"
        "GRANT SELECT ON public.a, public.b TO assertion_reader; SET ROLE assertion_reader"
    )
    try:
        for kind in COMPARISONS:
            assert holds(check(kind, left="public.a", right="public.b", **arguments(kind)))
    finally:
        tables.execute("RESET ROLE; DROP OWNED BY assertion_reader; DROP ROLE assertion_reader")


@pytest.mark.parametrize("kind", COMPARISONS)
def test_a_snapshot_that_a_truncate_emptied_is_taken_again(tables, database, check, kind):
    with psycopg.connect(database, autocommit=True) as other, tables.transaction():
        tables.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables.execute("SELECT FROM public.b")
        other.execute("TRUNCATE public.a")
        with pytest.raises(psycopg.errors.SerializationFailure, match=r"public\.a"):
            check(kind, left="public.a", right="public.b", **arguments(kind))


def test_a_set_of_a_column_that_is_named_as_a_word_of_the_query(tables, check):
    for table in ("l", "r"):
        tables.execute(f"CREATE TABLE public.{table} (side text, rows integer, c1 text)")
        tables.execute(f"INSERT INTO public.{table} VALUES ('left', 1, 'x'), ('right', 2, 'y')")
    assert holds(
        check("set_equal", left="public.l", right="public.r", column=["side", "rows", "c1"])
    )
    tables.execute("UPDATE public.r SET side = 'left'")
    assert not holds(check("set_equal", left="public.l", right="public.r", column="side"))

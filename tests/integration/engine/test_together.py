"""Small iterations share a transaction: all of them are done, or none."""

from __future__ import annotations

import pytest

from tests.helpers.command import one, refused

STEPS = """
- name: each
  for_each: range(9)
  together: {at_most: 3, small: small.sql}
  workers: 2
  sql: each.sql
  rollback: back.sql
- {name: all, for_each: "range(5)", together: {at_most: 4}, sql: all.sql, rollback: nothing}
"""
EACH = "INSERT INTO public.done SELECT {{ item }}, txid_current(), pg_backend_pid()\n;SELECT 1 / (k - {{ item }}) FROM public.bad\n"
TEMPLATES = {
    "each": EACH,
    "all": "INSERT INTO public.done VALUES (100 + {{ item }}, txid_current(), pg_backend_pid())",
    "back": "DELETE FROM public.done WHERE item = {{ item }};",
    "small": "SELECT n FROM generate_series(2, 8) AS n",
}
GROUPS = """
SELECT array_agg(items ORDER BY items) FROM (
  SELECT string_agg(item::text, ' ' ORDER BY item) AS items FROM public.done WHERE item {} 100 GROUP BY transaction) AS t
"""
JOURNALLED = "SELECT count(*) FROM executor.iterations WHERE step = 'each' AND status = 'succeeded'"


@pytest.fixture
def grouped(project, connection):
    connection.execute(
        "CREATE TABLE public.done (item integer, transaction bigint, pid integer);"
        "CREATE TABLE public.bad AS SELECT 4 AS k"
    )
    project.write(STEPS, **TEMPLATES)
    return project


def test_small_iterations_share_a_transaction(grouped, database, connection):
    # one that fails takes those with it that share its transaction, and no others
    stopped = grouped.call("run", "--dsn", database)
    refused(stopped, 5, "sql/each.sql", "division by zero")
    done = one(connection, GROUPS.format("<"))
    assert not any("4" in items or "2" in items or "3" in items for items in done)
    assert one(connection, JOURNALLED) == sum(len(items.split()) for items in done)

    connection.execute("UPDATE public.bad SET k = 1000")
    assert grouped.call("run", "--dsn", database).returncode == 0
    assert sorted(one(connection, GROUPS.format("<"))) == ["0", "1", "2 3 4", "5 6 7", "8"]
    assert sorted(one(connection, GROUPS.format(">="))) == ["100 101 102 103", "104"]
    assert one(connection, JOURNALLED) == 9

    assert grouped.call("rollback", "--dsn", database).returncode == 0
    assert one(connection, "SELECT count(*) FROM public.done WHERE item < 100") == 0


def test_a_statement_that_is_refused_is_found_in_its_own_text(grouped, database):
    grouped.write(
        '- {name: all, for_each: "range(5)", together: {at_most: 4}, sql: all.sql, rollback: nothing}',
        all="SELECT 1\n;\n-- a comment\nSELECT {% if item == 2 %}there_is_none(){% else %}2{% endif %}",
    )
    refused(grouped.call("run", "--dsn", database), 5, "sql/all.sql (line 4 as rendered)")


@pytest.mark.parametrize(
    "step, said",
    [
        ("{name: a, sql: all.sql, together: {at_most: 2}, rollback: nothing}", "needs `for_each`"),
        (
            '{name: a, for_each: "range(2)", sql: all.sql, together: {at_most: 2}, transaction: false, rollback: nothing}',
            "together",
        ),
        (
            '{name: a, for_each: "range(2)", sql: all.sql, together: {}, rollback: nothing}',
            "at_most",
        ),
    ],
)
def test_what_can_not_share_a_transaction_is_said(grouped, step, said):
    grouped.write(f"- {step}", all="SELECT 1;")
    refused(grouped.call("validate"), 3, said)

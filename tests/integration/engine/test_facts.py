"""What a plan asks the catalog before it begins: used by its templates, kept in the journal, looked at again."""

from __future__ import annotations

import pytest

from executor.errors import DriftError, StepError
from tests.helpers.command import one
from tests.helpers.plans import Project

COLUMNS = (
    "SELECT attname AS name, format_type(atttypid, atttypmod) AS type_sql, attnotnull AS not_null"
    " FROM pg_attribute WHERE attrelid = to_regclass('public.facts') AND attnum > 0"
    " AND NOT attisdropped ORDER BY attnum"
)
HEAD = "facts: {columns: columns.sql}"
COPY = (
    "CREATE TABLE public.copy ({% for column in facts.columns %}"
    "{{ column.name | ident }} {{ column.type_sql }}{% if column.not_null %} NOT NULL{% endif %}"
    "{% if not loop.last %}, {% endif %}{% endfor %});"
)
STEPS = """
- {name: copy, sql: copy.sql, rollback: drop.sql}
- name: swap
  lock: lock.sql
  recheck: [columns]
  rollback_lock: lock.sql
  sql: swap.sql
  rollback: back.sql
"""


@pytest.fixture
def plan(project: Project, connection) -> Project:
    """A plan that makes a copy of a table's definition, and a step that takes a lock."""
    connection.execute('CREATE TABLE public.facts (a integer NOT NULL, "b$$; --" numeric(5,2))')
    return project.write(
        STEPS,
        HEAD,
        columns=COLUMNS,
        copy=COPY,
        drop="DROP TABLE public.copy;",
        lock="LOCK TABLE public.facts IN SHARE MODE;",
        swap="CREATE TABLE public.swapped ();",
        back="COMMENT ON TABLE public.facts IS {{ (now.columns | length) | string | literal }};"
        " DROP TABLE public.swapped;",
    )


def copied(connection) -> list[tuple[str, str, bool]]:
    query = COLUMNS.replace("public.facts", "public.copy").encode()
    return connection.execute(query).fetchall()


def test_templates_are_filled_with_what_the_catalog_says(plan, database, connection):
    plan.run(database)
    assert copied(connection) == [("a", "integer", True), ("b$$; --", "numeric(5,2)", False)]
    kept = one(connection, "SELECT facts -> 'columns' -> 1 ->> 'type_sql' FROM executor.facts")
    assert kept == "numeric(5,2)"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE public.facts ADD c text", "columns: c was added"),
        ("ALTER TABLE public.facts DROP COLUMN a", "columns: a was there and is gone"),
        (
            "ALTER TABLE public.facts ALTER a TYPE bigint",
            'columns: a was changed (type_sql: was "integer", is "bigint")',
        ),
    ],
    ids=["added", "gone", "changed"],
)
def test_a_difference_stops_the_step_that_rechecks_and_is_named(
    change, words, plan, database, connection
):
    plan.run(database, until="copy")
    connection.execute(change.encode())
    with pytest.raises(StepError) as raised:
        plan.run(database)
    assert words in raised.value.message
    assert one(connection, "SELECT to_regclass('public.swapped')") is None
    # what was made of the facts of the beginning can be undone all the same
    assert plan.rollback(database).status == "rolled_back"
    assert one(connection, "SELECT to_regclass('public.copy')") is None


def test_a_run_goes_on_with_the_facts_that_it_began_with(plan, database, connection):
    plan.run(database, until="copy")
    connection.execute(b"ALTER TABLE public.facts ADD c text")
    connection.execute(b"ALTER TABLE public.facts DROP COLUMN c")
    assert plan.run(database).status == "succeeded"


def test_a_rollback_sees_what_is_there_by_then(plan, database, connection):
    plan.run(database)
    connection.execute(b"ALTER TABLE public.facts ADD c text")
    plan.rollback(database)
    assert one(connection, "SELECT obj_description('public.facts'::regclass, 'pg_class')") == "3"


def test_a_run_without_its_facts_is_refused_in_words(plan, database, connection):
    """As one that an older version has begun."""
    plan.run(database, until="copy")
    connection.execute(b"DELETE FROM executor.facts")
    with pytest.raises(DriftError, match="has not all facts of run 1"):
        plan.run(database)


def test_a_step_may_do_the_same_for_each_record_of_a_fact(plan, database, connection):
    """What ends in _sql is taken from the facts, and never from the journal's item."""
    plan.write(
        "- {name: each, for_each: facts.columns, sql: each.sql, rollback: nothing}",
        HEAD,
        each="CREATE TABLE public.{{ ('t_' ~ item.type_sql) | ident }} (n {{ item.type_sql }});",
    )
    plan.run(database)
    assert one(connection, "SELECT to_regclass('public.\"t_numeric(5,2)\"') IS NOT NULL")


def test_a_step_that_makes_the_table_has_its_facts_read_anew(project, database, connection):
    project.write(
        """
- {name: make, sql: make.sql, changes_facts: true, rollback: nothing}
- {name: copy, sql: copy.sql, rollback: nothing}
""",
        HEAD,
        columns=COLUMNS,
        make="CREATE TABLE public.facts (a integer NOT NULL);",
        copy=COPY,
    )
    project.run(database)
    assert copied(connection) == [("a", "integer", True)]


def test_text_of_a_fact_reaches_sql_quoted_or_not_at_all(plan, database):
    plan.templates(copy="CREATE TABLE public.copy ({{ facts.columns[1].name }} integer);")
    done = plan.call("run", "--dsn", database)
    assert done.returncode == 3
    assert "would reach SQL unquoted" in done.stderr

"""A table of hostile names, labels, comments and expressions: they are nothing but that, in every fact and statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from executor.engine.connect import RunOptions
from executor.engine.read_only import with_facts_now
from executor.plan.variables import from_command_line
from executor.rendering import script
from executor.templating.names import Name, Sql, hides, ident, literal
from executor.templating.statements import split
from tests.acceptance.test_flagship_sources import schema
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, content
from tests.helpers.hostile import KEY, ROLE, SCHEMA, TABLE, make
from tests.helpers.live import drop_role, loaded, migrate, undo

LAYOUTS = [EXPRESSION, COLUMN, HASH]
SOURCE = str(Name(SCHEMA, TABLE))
GIVEN = (f"source={SOURCE}", f"key_column={KEY}", "partition_count=2", "workers=1")

#: a statement around each fragment of a fact, by the fact and the column: where templates print it
USED = {
    ("checks", "definition_sql"): "ALTER TABLE t ADD CONSTRAINT c {}",
    ("columns", "bare_type_sql"): "ALTER TABLE t ADD c {}",
    ("columns", "collation_sql"): "ALTER TABLE t ADD c text COLLATE {}",
    ("columns", "default_sql"): "ALTER TABLE t ALTER c SET DEFAULT {}",
    ("columns", "hash_sql"): "SELECT ROW({}) FROM t AS r",
    ("columns", "type_sql"): "ALTER TABLE t ADD c {}",
    ("commented", "object_sql"): "COMMENT ON {} IS NULL",
    ("comments", "object_sql"): "COMMENT ON {} IS NULL",
    ("extended_statistics", "body_sql"): "CREATE STATISTICS s {} FROM t",
    ("extended_statistics", "owner_sql"): "ALTER TABLE t OWNER TO {}",
    ("foreign_keys", "definition_sql"): "ALTER TABLE t ADD CONSTRAINT c {} NOT VALID",
    ("foreign_keys", "partition_sql"): "LOCK TABLE {}",
    ("foreign_keys", "referenced_sql"): "LOCK TABLE {}",
    ("grants", "grantee_sql"): "GRANT SELECT ON t TO {}",
    ("grants", "object_sql"): "GRANT SELECT ON {} TO r",
    ("grants", "privileges_sql"): "GRANT {} ON t TO r",
    ("indexes", "body_sql"): "CREATE INDEX i ON t {}",
    ("indexes", "constraint_sql"): "ALTER TABLE t ADD CONSTRAINT c {}",
    ("key", "equals_sql"): "SELECT r.a {} k.a",
    ("materialized_view_indexes", "body_sql"): "CREATE INDEX i ON t {}",
    ("materialized_view_statistics", "body_sql"): "CREATE STATISTICS s {} FROM t",
    ("materialized_view_statistics", "owner_sql"): "ALTER TABLE t OWNER TO {}",
    ("materialized_view_targets", "options_sql"): "ALTER TABLE t ALTER c SET ({})",
    ("materialized_views", "definition_sql"): "CREATE MATERIALIZED VIEW v AS {}",
    ("materialized_views", "options_sql"): "CREATE MATERIALIZED VIEW v WITH ({}) AS SELECT 1",
    ("materialized_views", "owner_sql"): "ALTER TABLE t OWNER TO {}",
    ("owner", "role_sql"): "ALTER TABLE t OWNER TO {}",
    ("policies", "definition_sql"): "CREATE POLICY p ON t {}",
    ("publications", "where_sql"): "ALTER PUBLICATION p ADD TABLE t WHERE ({})",
    ("readers", "owner_sql"): "ALTER TABLE t OWNER TO {}",
    ("readers", "statement_sql"): "{}",
    ("readers", "view_sql"): "LOCK TABLE {}",
    ("rules", "definition_sql"): "{}",
    ("sequences", "new_type_sql"): "SELECT NULL::{}",
    ("sequences", "type_sql"): "SELECT NULL::{}",
    ("table", "owner_sql"): "ALTER TABLE t OWNER TO {}",
    ("table", "partition_by_sql"): "CREATE TABLE t (a int) PARTITION BY {}",
    ("triggers", "definition_sql"): "{}",
}


@pytest.fixture
def hostile(connection: Connection) -> Iterator[Connection]:
    """A database with the table; the role is the cluster's."""
    role = sql.Identifier(ROLE)
    connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    try:
        connection.execute(make().as_bytes(connection))
        yield connection
    finally:
        drop_role(connection, role.as_string(connection))


def values(fact: str, column: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Every value of a record, with the name of its column."""
    if isinstance(value, list):
        for item in value:
            yield from values(fact, column, item)
    elif hasattr(value, "__dict__") and not isinstance(value, str):
        for name, inner in vars(value).items():
            yield from values(fact, name, inner)
    else:
        yield fact, column, value


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_it_goes_there_and_back(
    layout: Layout, database: str, hostile: Connection, dump: Any
) -> None:
    schema_before = schema(dump, database)
    table = (
        f"{sql.Identifier(SCHEMA).as_string(hostile)}.{sql.Identifier(TABLE).as_string(hostile)}"
    )
    before = content(hostile, table)
    migrate(database, *GIVEN, layout=layout)
    assert content(hostile, table) == before
    undo(database, layout)
    assert schema(dump, database) == schema_before
    assert content(hostile, table) == before
    assert one(hostile, "SELECT to_regclass('public.pwned')") is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_fact_is_what_it_says_and_no_more(
    layout: Layout, database: str, hostile: Connection
) -> None:
    plan = loaded(layout)
    given = from_command_line(plan.plan, (*layout.variables, *GIVEN))
    own = with_facts_now(plan, RunOptions(dsn=database, variables=given), "20250811_120000")
    found = [
        each
        for fact in plan.plan.facts
        for record in getattr(own.facts, fact)
        for each in values(fact, fact, record)
    ]
    assert {fact for fact, _, value in found if isinstance(value, str)} > {
        "table",
        "indexes",
        "foreign_keys",
    }
    for fact, column, value in found:
        if isinstance(value, Sql):
            text = USED[fact, column].format(value)
            assert [statement.text for statement in split(text, column)] == [text.strip()]
            assert not hides(value.replace("\n", "")), value
        elif isinstance(value, str):
            assert not column.endswith("_sql")
            assert one(hostile, f"SELECT {literal(value)}") == value
            if 0 < len(value.encode()) <= 63:
                cursor = hostile.execute(f"SELECT 1 AS {ident(value)}".encode())
                assert cursor.description[0].name == value  # type: ignore[index]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_the_script_hides_nothing_and_runs_in_psql(
    layout: Layout, database: str, hostile: Connection, psql: Any, dump: Any
) -> None:
    plan = loaded(layout)
    # psql does not try again
    given = from_command_line(plan.plan, (*layout.variables, *GIVEN, "max_lock=60s"))
    own = with_facts_now(
        plan, RunOptions(dsn=database, variables=given), "20250811_120000", keep=True
    )
    forward, back = (
        "\n".join(make_script(own)) for make_script in (script.forward, script.rollback)
    )
    assert not hides(re.sub(r"\n", "", forward + back))
    schema_before = schema(dump, database)
    for text in (forward, back):
        done = psql(database, text)
        assert done.returncode == 0, done.stderr
    assert schema(dump, database) == schema_before
    assert one(hostile, "SELECT to_regclass('public.pwned')") is None

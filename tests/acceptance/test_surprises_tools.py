"""Other tools that manage a table, or work on it, are known by name.

None of them can be installed here but by luck, so the tables are made by which they know a table: what the check reads.
"""

from __future__ import annotations

import pytest

from tests.helpers.checked import checked
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import migrate, undo

LAYOUTS = pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
TABLE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 70) AS i;
CREATE TABLE other (id bigint);
"""
MANAGED, OWNED = "other tools that manage the table", "ownership by another tool"
READ, JOBS, AUDIT = (
    "what other tools manage",
    "scheduled jobs that name the table",
    "object audit (pgaudit.role)",
)
REGISTERS = {
    # pg_partman 4 and 5, pg_squeeze, pglogical and Spock, as far as the check asks for it
    "pg_partman": (
        "CREATE SCHEMA partman; CREATE TABLE partman.part_config (parent_table text PRIMARY KEY, control text)",
        "INSERT INTO partman.part_config VALUES ('public.{0}', 'id')",
        "pg_partman has it in partman.part_config, and its maintenance stops for all tables",
    ),
    "pg_squeeze": (
        "CREATE SCHEMA squeeze; CREATE TABLE squeeze.tables (id int, tabschema name, tabname name)",
        "INSERT INTO squeeze.tables VALUES (1, 'public', '{0}')",
        "pg_squeeze has it in squeeze.tables, and moves rows",
    ),
    "pglogical": (
        "CREATE SCHEMA spock; CREATE TABLE spock.replication_set_table (set_id oid, set_reloid regclass)",
        "INSERT INTO spock.replication_set_table VALUES (1, '{0}')",
        "spock.replication_set_table has it in a replication set, by its number",
    ),
}


@pytest.mark.parametrize("tool", REGISTERS)
def test_a_manager_is_refused_by_name_and_may_be_accepted(
    tool: str, database: str, connection: Connection
) -> None:
    make, enter, words = REGISTERS[tool]
    connection.execute((TABLE + make).encode())
    connection.execute(enter.format("other").encode())
    assert checked(database)[MANAGED].passed is True
    connection.execute(enter.format("chunks").encode())
    found = checked(database, HASH)[MANAGED]
    assert found.passed is False
    assert found.actual.startswith(words)
    assert found.actual.endswith(f"accept: [manager {tool}]")
    migrate(database, "partition_count=2", layout=HASH, accept=(f"manager {tool}",))
    undo(database, HASH)
    assert one(connection, "SELECT count(*) FROM chunks") == 70


OWNERS = {
    "TimescaleDB": """
CREATE SCHEMA ts; CREATE TABLE ts.hypertable (schema_name name, table_name name, associated_schema_name name);
INSERT INTO ts.hypertable VALUES ('public', 'chunks', 'ts')""",
    "Citus": """
CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod "char");
INSERT INTO pg_dist_partition VALUES ('chunks', 'h')""",
    "extension lo": "CREATE EXTENSION lo; ALTER EXTENSION lo ADD TABLE chunks",
}


@pytest.mark.parametrize("tool", OWNERS)
def test_a_table_with_rules_of_its_own_is_refused(
    tool: str, database: str, connection: Connection
) -> None:
    connection.execute((TABLE + OWNERS[tool]).encode())
    found = checked(database)[OWNED]
    assert (found.passed, found.actual.partition(";")[0]) == (False, tool)


def test_what_an_extension_knows_by_number_or_watches_in_secret_is_named(
    database: str, connection: Connection
) -> None:
    """Any extension; a trigger of its own is made an internal one, as those that keep views up to date are."""
    connection.execute(TABLE.encode())
    connection.execute(
        "CREATE EXTENSION lo; CREATE TABLE periods (name text, of_table regclass); ALTER EXTENSION lo ADD TABLE periods;"
        "INSERT INTO periods VALUES ('valid', 'other')"
    )
    assert checked(database)[MANAGED].passed is True
    connection.execute("INSERT INTO periods VALUES ('valid', 'chunks')")
    found = checked(database)[MANAGED]
    assert found.passed is False
    assert found.actual.startswith(
        "lo knows it by its number (public.periods), which the old table keeps"
    )
    connection.execute("TRUNCATE periods")
    connection.execute(
        "CREATE TRIGGER kept AFTER UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION lo_manage(content);"
        "UPDATE pg_trigger SET tgisinternal = true WHERE tgname = 'kept'"
    )
    found = checked(database)[MANAGED]
    assert found.passed is False
    assert (
        "triggers that extension lo has made for itself do not come along: public.lo_manage"
        in found.actual
    )
    assert checked(database, accept=("manager lo",))[MANAGED].passed is True


EVIL = """
CREATE TABLE called (n int);
CREATE TYPE evil AS (n int);
CREATE FUNCTION spy(evil) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.called VALUES (1); RETURN 1; END';
CREATE CAST (evil AS text) WITH FUNCTION spy(evil) AS IMPLICIT;
CREATE TABLE part_config (parent_table evil, control text);
INSERT INTO part_config VALUES (ROW(1), 'x');
CREATE SCHEMA hidden;
CREATE TABLE hidden.part_config (parent_table text, control text);
ALTER TABLE hidden.part_config ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE SCHEMA viewed;
CREATE VIEW viewed.part_config AS SELECT spy(ROW(1)::evil) AS parent_table, ''::text AS control;
GRANT USAGE ON SCHEMA hidden TO executor_stranger;
GRANT ALL ON SCHEMA public TO executor_stranger; GRANT pg_read_all_stats TO executor_stranger;
ALTER TABLE chunks OWNER TO executor_stranger; ALTER ROLE executor_stranger LOGIN;
GRANT ALL ON DATABASE "{0}" TO executor_stranger;
"""


@pytest.mark.usefixtures("stranger")
def test_a_register_runs_nobodys_code_and_says_if_it_cannot_be_read(
    database: str, connection: Connection
) -> None:
    connection.execute((TABLE + EVIL.format(connection.info.dbname)).encode())
    assert checked(database)[READ].passed is True
    connection.execute("DROP SCHEMA executor CASCADE")
    found = checked(f"{database} user=executor_stranger")
    assert found[READ].passed is None
    assert found[READ].actual.startswith("hidden.part_config can't be read by this role")
    assert found[MANAGED].passed is True
    assert one(connection, "SELECT count(*) FROM called") == 0


#: a constant expression of an index is evaluated when a query on the table is planned
PLANNED = """
CREATE TABLE called (n int); CREATE SCHEMA trap AUTHORIZATION executor_stranger;
GRANT ALL ON called TO PUBLIC; SET ROLE executor_stranger;
CREATE FUNCTION trap.note(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.called VALUES (1); RETURN $1; END';
CREATE FUNCTION trap.quiet(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN trap.note($1); END';
CREATE TABLE trap.{table}; GRANT ALL ON SCHEMA trap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA trap TO PUBLIC;
CREATE INDEX ON trap.{name} ((trap.quiet('x')));
RESET ROLE; TRUNCATE called
"""


@pytest.mark.usefixtures("stranger")
@pytest.mark.parametrize(
    "table",
    [
        "job (jobid bigint, schedule text, command text, database text)",
        "part_config (parent_table text, control text)",
    ],
)
def test_a_register_of_somebody_else_is_not_read(
    table: str, database: str, connection: Connection
) -> None:
    connection.execute(TABLE.encode())
    connection.execute(PLANNED.format(table=table, name=table.split(maxsplit=1)[0]).encode())
    found = checked(database)
    assert one(connection, "SELECT count(*) FROM called") == 0
    said = found[JOBS if table.startswith("job") else READ]
    assert said.passed is None
    assert (
        f"trap.{table.split(maxsplit=1)[0]} can't be read by this role, or belongs to one"
        in said.actual
    )


SCHEDULERS = """
CREATE SCHEMA cron; CREATE SCHEMA pgagent;
CREATE TABLE cron.job (jobid bigint, schedule text, command text, database text);
CREATE TABLE pgagent.pga_jobstep (jstid int, jstname text, jstcode text);
INSERT INTO cron.job VALUES (1, '@daily', 'VACUUM public.chunks', current_database()),
  (2, '@daily', 'DELETE FROM chunks', 'another'), (3, '@daily', 'DELETE FROM chunks_2', current_database()),
  (4, '@daily', E'DELETE\n  FROM ONLY "chunks" WHERE id < 9', current_database());
INSERT INTO pgagent.pga_jobstep VALUES (1, 'nightly', 'REFRESH MATERIALIZED VIEW other'), (2, 'hourly', 'CLUSTER chunks');
"""


@LAYOUTS
def test_jobs_that_name_the_table_are_named(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(TABLE.encode())
    assert checked(database, layout)[JOBS].passed is True
    connection.execute(SCHEDULERS)
    found = checked(database, layout)[JOBS]
    assert found.passed is False
    assert found.actual.startswith("pgAgent job hourly; pg_cron job 1, job 4. They go on")
    connection.execute("DROP SCHEMA cron, pgagent CASCADE")
    name = connection.info.dbname
    connection.execute(f"ALTER DATABASE \"{name}\" SET cron.database_name = 'elsewhere'".encode())
    found = checked(database, layout)[JOBS]
    assert found.passed is None
    assert "those of pg_cron are in database elsewhere" in found.actual


@pytest.mark.usefixtures("stranger")
def test_an_object_audit_goes_on_and_says_what_it_misses(
    database: str, connection: Connection
) -> None:
    """The setting is that of pgaudit; what is audited are the grants of its role."""
    connection.execute(TABLE.encode())
    name = connection.info.dbname
    connection.execute(f"ALTER DATABASE \"{name}\" SET pgaudit.role = 'executor_stranger'".encode())
    assert checked(database, HASH)[AUDIT].passed is True
    connection.execute("GRANT UPDATE ON chunks TO executor_stranger")
    found = checked(database, HASH)[AUDIT]
    assert found.passed is False
    assert found.actual.startswith("executor_stranger: its grants come along with the table")
    migrate(database, "partition_count=2", layout=HASH)
    granted = "SELECT has_table_privilege('executor_stranger', '{}', 'UPDATE')"
    assert one(connection, granted.format("chunks")) is True
    assert one(connection, granted.format("chunks_part_00")) is False

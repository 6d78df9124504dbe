"""What a late step would refuse, the dry run refuses first; and what it lets pass, the run brings to its end."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.events import Event
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, rollback, run
from tests.helpers.live import migrate, role, undo

TWO = "partition_count=2"
ROWS = " INSERT INTO chunks (collection_id) SELECT 'c' || i % 7 FROM generate_series(1, 40) AS i;"
PLAIN = "CREATE TABLE chunks (id bigserial PRIMARY KEY, collection_id text NOT NULL);" + ROWS
IDENTITY = PLAIN.replace("bigserial", "bigint GENERATED ALWAYS AS IDENTITY")
PARTITIONED = """
CREATE SEQUENCE ids;
CREATE TABLE chunks (id bigint DEFAULT nextval('ids'), collection_id text NOT NULL, PRIMARY KEY (id, collection_id))
  PARTITION BY LIST (collection_id);
CREATE TABLE leaf PARTITION OF chunks DEFAULT;
ALTER SEQUENCE ids OWNED BY leaf.id;
"""
FIRE = "CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
#: a function that looks for another one by the search_path
NESTED = """
CREATE FUNCTION inner_one(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
CREATE FUNCTION outer_one(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN inner_one($1); END';
"""
ALTER = "ALTER FUNCTION public.outer_one(text) SET search_path ="
RAISES = (
    "CREATE OR REPLACE FUNCTION f(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
    " 'BEGIN RETURN $1::int::text; END';"
)
F = "CREATE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';"
WIDE = "CREATE TABLE chunks (id bigserial PRIMARY KEY, collection_id text NOT NULL, {});"
COLUMNS_33 = ", ".join(f"c{i}" for i in range(32))

REFUSED = {
    "a_default_of_another_table": (
        PLAIN + "CREATE TABLE log (of regclass DEFAULT 'chunks'::regclass);",
        "default value for public.log.of; take it off",
    ),
    "a_default_by_the_sequence_of_an_identity": (
        IDENTITY + "CREATE TABLE log (id bigint DEFAULT nextval('chunks_id_seq'));",
        "default value for public.log.id; take it off",
    ),
    "a_check_of_another_table": (
        PLAIN + "CREATE TABLE log (of regclass CHECK (of <> 'chunks'::regclass));",
        "log_of_check on public.log; drop it",
    ),
    "a_check_of_a_domain": (
        PLAIN + "CREATE DOMAIN others AS regclass CHECK (VALUE <> 'chunks'::regclass);",
        "domain constraint others_check on public.others; drop it",
    ),
    "a_trigger_of_another_table": (
        PLAIN + FIRE + "CREATE TABLE log (of regclass); CREATE TRIGGER t AFTER INSERT ON log FOR EACH ROW"
        " WHEN (NEW.of = 'chunks'::regclass) EXECUTE FUNCTION fire();",
        "trigger t on public.log; drop it",
    ),
    "a_function_that_reads_a_partition": (
        PARTITIONED.replace("leaf.id", "chunks.id")
        + "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM leaf; END;",
        "function public.f(); drop it",
    ),
    "a_sequence_of_a_partition": (
        PARTITIONED,
        "public.ids of public.leaf; they would go with the old table: ALTER SEQUENCE ... OWNED BY public.chunks.id",
    ),
    "an_own_default_that_holds_the_table": (
        PLAIN + "ALTER TABLE chunks ADD of regclass DEFAULT 'chunks'::regclass;",
        "default of of; the new table would have the old one",
    ),
    "an_own_index_that_holds_the_table": (
        PLAIN + "ALTER TABLE chunks ADD of regclass; CREATE INDEX o ON chunks (id) WHERE of = 'chunks'::regclass;",
        "index o; the new table would have the old one",
    ),
    "a_check_of_the_whole_row": (
        PLAIN + "ALTER TABLE chunks ADD CONSTRAINT c CHECK ((chunks.*)::text <> '');",
        "CHECK c; PostgreSQL can't give them to another table",
    ),
    "an_index_of_the_whole_row": (
        PLAIN + "CREATE INDEX o ON chunks ((chunks.* IS NULL));",
        "index o; PostgreSQL can't give them to another table",
    ),
    "a_check_of_tableoid": (
        PLAIN + "ALTER TABLE chunks ADD CONSTRAINT c CHECK (tableoid > 0);",
        "CHECK c; it is that of the partition afterwards",
    ),
    "a_policy_of_tableoid": (
        PLAIN + "CREATE POLICY p ON chunks USING (tableoid = 'chunks'::regclass);",
        "policy p; it is that of the partition afterwards",
    ),
    "a_check_that_relies_on_the_search_path": (
        NESTED + PLAIN + "ALTER TABLE chunks ADD CONSTRAINT c CHECK (outer_one(collection_id) <> '');",
        "function inner_one(text) does not exist", "CHECK c", ALTER,
    ),
    "a_generated_column_that_relies_on_the_search_path": (
        NESTED + PLAIN + "ALTER TABLE chunks ADD up text GENERATED ALWAYS AS (outer_one(collection_id)) STORED;",
        "generated column up", ALTER,
    ),
    "a_check_that_a_newer_function_denies": (
        F + PLAIN + "ALTER TABLE chunks ADD CONSTRAINT c CHECK (f(collection_id) <> 'c1');"
        .replace("'c1'", "''")
        + "CREATE OR REPLACE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT nullif($1, ''c1'') || ''''';"
        + "CREATE OR REPLACE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT replace($1, ''c1'', '''')';",
        "rows violate it by now", "DROP CONSTRAINT c and ADD it NOT VALID",
    ),
    "a_check_that_time_denies": (
        PLAIN + "ALTER TABLE chunks ADD due timestamptz DEFAULT clock_timestamp() + interval '200 ms',"
        " ADD CONSTRAINT c CHECK (due > clock_timestamp()); SELECT pg_sleep(0.3);",
        "40 rows violate it by now",
    ),
    "a_generated_column_of_a_newer_function": (
        F + PLAIN + "ALTER TABLE chunks ADD g text GENERATED ALWAYS AS (f(collection_id)) STORED;"
        "CREATE OR REPLACE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || 1';",
        "40 rows have something else", "UPDATE them SET collection_id = collection_id",
    ),
    "an_index_whose_function_fails_by_now": (
        F + PLAIN + "CREATE INDEX o ON chunks (f(collection_id));" + RAISES,
        "index public.o", "invalid input syntax for type integer",
    ),
    "an_index_whose_condition_fails_by_now": (
        F + PLAIN + "CREATE INDEX o ON chunks (id) WHERE f(collection_id) <> '';" + RAISES,
        "index public.o", "The copy would stop there",
    ),
    "what_is_grouped_by_the_key_alone": (
        PLAIN + "CREATE FUNCTION f() RETURNS TABLE (a text) LANGUAGE sql BEGIN ATOMIC SELECT collection_id FROM chunks GROUP BY id; END;"
        "CREATE TABLE t (c text); CREATE POLICY p ON t USING (c IN (SELECT collection_id FROM chunks GROUP BY id));"
        "CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO chunks VALUES (1, NEW.c) ON CONFLICT ON CONSTRAINT chunks_pkey DO NOTHING;",
        "p on public.t, public.f(), r on public.t; the new table has not that key",
    ),
    "a_function_that_postgresql_prints_wrong": (
        PLAIN + "CREATE FUNCTION f(int) RETURNS TABLE (a text) LANGUAGE sql BEGIN ATOMIC SELECT collection_id FROM chunks LIMIT $1; END;",
        'f(integer); a parameter without a name as ""',
    ),
    "a_table_without_room_for_a_column": (
        WIDE.format(", ".join(f"c{i} int" for i in range(1598))) + ROWS,
        "1600, and with partition_key more than a table can have; use a layout that adds none, such as hash",
    ),
    "another_table_in_the_place_of_the_registry": (
        PLAIN + "CREATE TABLE migration_backups (version text);",
        "it is another table of that name, without the column id",
    ),
    "a_registry_that_needs_more": (
        PLAIN + "CREATE TABLE migration_backups (id serial, backup_table_name text, original_table_name text,"
        " record_count bigint, created_at timestamptz, migration_revision text, retention_until timestamptz, by text NOT NULL);",
        "it is another table of that name, which needs a value for its column by",
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", REFUSED)
def test_what_a_late_step_would_refuse_the_dry_run_refuses(
    situation: str, database: str, connection: Connection
) -> None:
    tables, *words = REFUSED[situation]
    connection.execute(tables.encode())
    done = run(EXPRESSION, database, TWO, options=("--dry-run",))
    assert done.returncode == 6, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    assert one(connection, "SELECT to_regclass('executor.runs')") is None


COMES_ALONG = {
    "what_names_the_table_in_a_body": (
        PLAIN + "CREATE VIEW v AS SELECT 'chunks'::regclass AS r; CREATE TABLE t (r regclass);"
        "CREATE FUNCTION f(r regclass DEFAULT 'chunks'::regclass) RETURNS regclass LANGUAGE sql AS 'SELECT $1';"
        "CREATE POLICY p ON t USING (r = 'chunks'::regclass);",
        "SELECT (SELECT r FROM v) = 'chunks'::regclass AND f() = 'chunks'::regclass",
    ),
    "values_older_than_the_check_of_a_domain": (
        "CREATE DOMAIN word AS text;"
        + PLAIN.replace("text", "word")
        + "ALTER DOMAIN word ADD CHECK (length(VALUE) > 5) NOT VALID;",
        "SELECT count(*) = 40 FROM chunks",
    ),
    "rows_that_a_check_does_not_vouch_for": (
        PLAIN + "ALTER TABLE chunks ADD CONSTRAINT c CHECK (id > 20) NOT VALID;",
        "SELECT count(*) = 40 FROM chunks",
    ),
    "a_sequence_that_a_partition_has_given_up": (
        PARTITIONED.replace("leaf.id", "chunks.id") + ROWS,
        "SELECT nextval('ids') = 41",
    ),
    "a_function_that_says_its_search_path": (
        NESTED
        + PLAIN
        + "ALTER TABLE chunks ADD CONSTRAINT c CHECK (outer_one(collection_id) <> '');"
        "ALTER FUNCTION outer_one SET search_path = public;",
        "SELECT count(*) = 40 FROM chunks",
    ),
}


@pytest.mark.parametrize(
    ("situation", "layout"),
    [
        *((situation, EXPRESSION) for situation in COMES_ALONG),
        *((situation, layout) for situation in list(COMES_ALONG)[:2] for layout in (COLUMN, HASH)),
    ],
    ids=str,
)
def test_what_the_dry_run_lets_pass_comes_to_its_end_and_back(
    situation: str, layout: Layout, database: str, connection: Connection
) -> None:
    tables, question = COMES_ALONG[situation]
    connection.execute(tables.encode())
    for options in (("--dry-run",), ()):
        done = run(layout, database, TWO, options=options)
        assert done.returncode == 0, done.stdout + done.stderr
    assert one(connection, question) is True
    undone = rollback(layout, database)
    assert undone.returncode == 0, undone.stderr


def test_what_is_given_up_by_name_stays_with_the_old_table(
    database: str, connection: Connection
) -> None:
    """Nothing of it is said again, which would be refused."""
    connection.execute(PLAIN.encode())
    connection.execute(
        "CREATE VIEW v AS SELECT id, collection_id FROM chunks GROUP BY id; CREATE TABLE holder (c chunks);"
        "CREATE TABLE t (c text); CREATE POLICY p ON t USING (c IN (SELECT collection_id FROM chunks GROUP BY id))"
    )
    migrate(database, TWO, accept=("v", "p on public.t", "public.holder.c"))
    assert one(connection, "SELECT relkind = 'p' FROM pg_class WHERE oid = 'chunks'::regclass")
    undo(database)
    assert one(connection, "SELECT pg_get_viewdef('v') LIKE '% chunks%'") is True


def test_a_primary_key_that_would_be_too_long(database: str, connection: Connection) -> None:
    """PostgreSQL has 32 columns in an index; partitioned by an expression the key stays as it is."""
    connection.execute(
        f"CREATE TABLE chunks ({', '.join(f'c{i} int' for i in range(32))}, collection_id text NOT NULL,"
        f" PRIMARY KEY ({COLUMNS_33}))".encode()
    )
    codes = {}
    for layout in (EXPRESSION, COLUMN, HASH):
        done = run(layout, database, TWO, options=("--dry-run",))
        codes[layout.name] = done.returncode
    assert codes == {"expression": 0, "column": 6, "hash": 6}
    assert "columns of the primary key" in done.stderr


#: what an admin may have made, taken away or never given; where `{o}` is the owner of the table
RIGHTS = {
    "a_policy_of_another_role": (
        "CREATE TABLE t (id int); CREATE POLICY p ON t USING (id IN (SELECT id FROM chunks));",
        "policy p on public.t of postgres",
    ),
    "a_rule_of_another_role": (
        "CREATE TABLE t (id int); CREATE RULE r AS ON INSERT TO t DO ALSO SELECT count(*) FROM chunks;",
        "rule r on public.t of postgres",
    ),
    "a_view_on_a_materialized_view": (
        "CREATE MATERIALIZED VIEW m AS SELECT id FROM chunks; CREATE VIEW v AS SELECT id FROM m; ALTER MATERIALIZED VIEW m OWNER TO {o};",
        "view public.v of postgres",
    ),
    "a_materialized_view_of_a_role_with_less": (
        "CREATE MATERIALIZED VIEW m AS SELECT id FROM chunks; ALTER MATERIALIZED VIEW m OWNER TO pg_monitor; GRANT pg_monitor TO {o};",
        "materialized view public.m of pg_monitor; only the owner of the table may read the new one",
    ),
    "a_publication_of_another_role": (
        "CREATE PUBLICATION pub FOR TABLE chunks WITH (publish_via_partition_root);",
        "pub of postgres",
    ),
    "a_view_in_a_schema_that_is_closed": (
        "CREATE SCHEMA closed; CREATE VIEW closed.v AS SELECT id FROM chunks; ALTER VIEW closed.v OWNER TO {o};",
        "closed for {o}; GRANT CREATE ON SCHEMA",
    ),
    "a_view_that_reads_a_schema_that_is_closed": (
        "CREATE SCHEMA closed; CREATE TABLE closed.t (id int); CREATE VIEW v AS SELECT id FROM chunks JOIN closed.t USING (id); ALTER VIEW v OWNER TO {o};",
        "closed for {o}; GRANT USAGE ON SCHEMA",
    ),
    "a_trigger_whose_function_is_private": (
        FIRE + "CREATE TRIGGER t AFTER DELETE ON chunks EXECUTE FUNCTION fire(); REVOKE ALL ON FUNCTION fire FROM PUBLIC;",
        "public.fire() for {o}; GRANT EXECUTE",
    ),
    "a_check_whose_function_is_private": (
        F + "ALTER TABLE chunks ADD CHECK (f(collection_id) <> ''); REVOKE ALL ON FUNCTION f FROM PUBLIC;",
        "public.f(text) for {o}; GRANT EXECUTE",
    ),
    "a_type_that_is_private": (
        "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE chunks ADD m mood; REVOKE ALL ON TYPE mood FROM PUBLIC;",
        "mood for {o}; GRANT USAGE ON TYPE",
    ),
    "a_language_that_is_private": (
        "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM chunks; END; ALTER FUNCTION n OWNER TO {o}; REVOKE ALL ON LANGUAGE sql FROM PUBLIC;",
        "sql for {o}; GRANT USAGE ON LANGUAGE",
    ),
    "statistics_of_another_role": (
        "CREATE STATISTICS s ON id, collection_id FROM chunks; ALTER STATISTICS s OWNER TO postgres;",
        "public.s of postgres",
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", RIGHTS)
def test_a_right_that_a_late_step_needs_is_named_by_the_dry_run(
    situation: str, database: str, connection: Connection
) -> None:
    tables, word = RIGHTS[situation]
    with role(connection, "owner") as owner:
        connection.execute(PLAIN.encode())
        connection.execute(tables.format(o=owner).encode())
        connection.execute(f"ALTER TABLE chunks OWNER TO {owner}".encode())
        if "STATISTICS s" in tables:
            connection.execute("ALTER STATISTICS s OWNER TO postgres")
        dsn = make_conninfo(database, user=owner)
        done = run(EXPRESSION, dsn, TWO, options=("--dry-run",))
        connection.execute("GRANT USAGE ON LANGUAGE sql TO PUBLIC")
    assert done.returncode == 6, done.stdout + done.stderr
    assert word.format(o=owner) in done.stderr


OF_A_SESSION = {
    "a_view": "CREATE TEMPORARY VIEW mine AS SELECT id FROM chunks",
    "a_function": (
        "CREATE FUNCTION pg_temp.mine() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM chunks; END"
    ),
    "a_default": "CREATE TEMPORARY TABLE mine (of regclass DEFAULT 'chunks'::regclass)",
}


@pytest.mark.parametrize("situation", OF_A_SESSION)
def test_the_swap_waits_for_a_session_with_temporary_objects_on_the_table(
    situation: str, database: str, connection: Connection, server_version: int
) -> None:
    connection.execute(PLAIN.encode())
    waited: list[str] = []
    with psycopg.connect(database, autocommit=True) as other:
        who = f"pid {other.info.backend_pid}" if server_version >= 16 else "another session"
        other.execute(OF_A_SESSION[situation].encode())
        done = run(EXPRESSION, database, TWO, options=("--dry-run",))
        assert done.returncode == 0, done.stderr
        assert "sessions that may hold up the swap" in done.stderr

        def retrying(event: Event) -> None:
            waited.append(str(event))
            other.close()

        migrate(database, TWO, at={("Retrying", "swap"): retrying})
    for said in (done.stderr, waited[0]):
        assert who in said
        assert "mine" in said
    assert one(connection, "SELECT relkind = 'p' FROM pg_class WHERE oid = 'chunks'::regclass")
    undo(database)

"""A schema `executor` that another role has made, or may change, gets no say in what a session does."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from executor.templating.templates import Templates
from tests.helpers.command import DROP, MAKE, TABLE, one, refused
from tests.helpers.plans import ROOT, Project, call

MALLORY = f"executor_test_mallory_{os.getpid()}"
OWNER = f"executor_test_owner_{os.getpid()}"

#: what mallory would like to be run by others
TRAP = f"""
CREATE FUNCTION public.trap() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'ALTER ROLE {MALLORY} SUPERUSER'; RETURN 1; END $$;
"""
VIEWS = """
CREATE SCHEMA executor;
GRANT USAGE ON SCHEMA executor TO PUBLIC;
CREATE VIEW executor.version AS SELECT 2 AS version, public.trap() AS trap WHERE public.trap() > 0;
GRANT SELECT ON executor.version TO PUBLIC;
"""
REST = "".join(
    f"CREATE TABLE executor.{name} (id bigint);"
    for name in ("runs", "executors", "controls", "steps", "iterations", "findings", "spans")
)
IS_SUPERUSER = f"SELECT rolsuper FROM pg_roles WHERE rolname = '{MALLORY}'"


@pytest.fixture
def roles(connection) -> Iterator[None]:
    for name in (MALLORY, OWNER):
        connection.execute(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN")
        grant = f"GRANT CREATE ON SCHEMA public TO {name};"
        connection.execute(
            f"DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {name}',"
            f" current_database()); END $$; {grant}"
        )
    yield
    for name in (MALLORY, OWNER):
        connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.fixture
def made(project: Project, roles) -> Project:
    return project.write(MAKE, make=TABLE, drop=DROP)


#: what would read or write the journal
COMMANDS = (
    ("status",),
    ("health",),
    ("report", "-o", "-"),
    ("backups", "cleanup"),
    ("pause", "PLAN"),
    ("run", "PLAN", "--dry-run"),
    ("run", "PLAN"),
    ("rollback", "PLAN"),
)


def commands(project: Project, dsn: str, *words: str) -> None:
    """Each command refuses the journal."""
    for command in COMMANDS:
        given = [str(project.plan) if word == "PLAN" else word for word in command]
        done = call(*given, "--dsn", dsn)
        refused(done, 4, *words)
        assert done.stdout == ""


def test_a_journal_that_another_role_made_beforehand(made, database, connection, dump):
    """Views, and then tables with a type and a cast of that role: a superuser reads neither."""
    connection.execute(f"SET ROLE {MALLORY}; {TRAP} {VIEWS} {REST} RESET ROLE")
    before = dump(database)
    commands(
        made, database, "not taken for the journal", f"belongs to {MALLORY}", "Hint: connect as"
    )
    assert dump(database) == before
    connection.execute("DROP SCHEMA executor CASCADE; CREATE SCHEMA executor")
    connection.execute(f"ALTER SCHEMA executor OWNER TO {MALLORY}")
    done = call("status", "--dsn", database)
    refused(done, 4, "a schema named executor", f"belongs to {MALLORY}", "Hint: rename")
    assert one(connection, IS_SUPERUSER) is False


CHANGES = {
    "GRANT CREATE ON SCHEMA executor TO {}": "may make objects in it",
    "ALTER TABLE executor.spans OWNER TO {}": "executor.spans in it belongs to",
    "ALTER FUNCTION executor.fence(bigint, bigint) OWNER TO {}": "the function executor.fence",
    "CREATE TRIGGER t AFTER UPDATE ON executor.runs EXECUTE FUNCTION public.fired()": "trigger t",
    "CREATE RULE r AS ON INSERT TO executor.runs DO ALSO SELECT public.trap()": "rule r",
    "ALTER TABLE executor.runs FORCE ROW LEVEL SECURITY": "row level security",
    "ALTER TABLE executor.runs ADD n public.own": "column n of executor.runs is of a type",
    "ALTER TABLE executor.runs ADD n bigint GENERATED ALWAYS AS (id + 1) STORED": "generated",
    "ALTER TABLE executor.spans ALTER detail SET DEFAULT public.trap()": "public.trap()",
    "ALTER TABLE executor.spans ADD CHECK (public.trap() > id) NOT VALID": "public.trap()",
    "CREATE INDEX ON executor.spans (public.sure(id))": "public.sure(bigint)",
    "CREATE TABLE public.child () INHERITS (executor.runs)": "inherit",
    "CREATE TABLE public.x (id bigint REFERENCES executor.runs ON DELETE CASCADE)": "foreign key",
    "GRANT TRIGGER ON executor.runs TO {}": "may TRIGGER executor.runs",
    "GRANT UPDATE (status) ON executor.runs TO {}": "may UPDATE executor.runs",
    "ALTER TABLE executor.version RENAME TO v; CREATE VIEW executor.version AS"
    " SELECT public.trap() AS version": "executor.version is no ordinary table",
}


def test_a_journal_that_is_not_as_it_was_made(made, database, connection):
    """Whatever could run code of another role with it is named, and what was granted in it too."""
    assert call("run", str(made.plan), "--dsn", database).returncode == 0
    connection.execute(
        f"SET ROLE {MALLORY}; {TRAP} CREATE DOMAIN public.own AS text;"
        "CREATE FUNCTION public.sure(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT 1';"
        "CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM public.trap(); RETURN NEW; END $$; RESET ROLE"
    )
    state = Templates((ROOT / "sql",)).render("journal/is_ours.sql", {"grants": True})
    connection.execute("SET search_path = pg_catalog, pg_temp")

    def fault() -> tuple[str | None, str]:
        row = connection.execute(state.encode()).fetchone()
        assert row and row[0] is True
        return row[1], row[2]

    assert fault()[0] is None
    for change, words in CHANGES.items():
        connection.execute("BEGIN")
        connection.execute(change.format(MALLORY).encode())
        found, hint = fault()
        assert found and words in found and hint, change
        connection.execute("ROLLBACK")
    connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA executor TO PUBLIC")
    connection.execute(f"GRANT UPDATE ON executor.controls TO {MALLORY}")
    assert fault()[0] is None
    connection.execute(f"GRANT INSERT ON executor.runs TO {MALLORY}")
    commands(made, database, f"{MALLORY} may INSERT executor.runs", "REVOKE ALL ON")
    assert one(connection, IS_SUPERUSER) is False


GRANTED = """
SELECT coalesce(string_agg(format('%s %s', object, privilege_type), ', ' ORDER BY object, privilege_type), '')
FROM (
  SELECT 'schema' AS object, nspowner AS owner, nspacl AS acl FROM pg_namespace WHERE nspname = 'executor'
  UNION ALL
  SELECT relname, relowner, relacl FROM pg_class WHERE relnamespace = 'executor'::regnamespace
  UNION ALL
  SELECT proname, proowner, coalesce(proacl, acldefault('f', proowner))
  FROM pg_proc WHERE pronamespace = 'executor'::regnamespace
) AS o
CROSS JOIN LATERAL aclexplode(o.acl) AS a
WHERE a.grantee <> o.owner
"""


def test_nobody_gets_grants_in_the_journal_by_default(made, database, connection):
    """Default privileges give others everything; an upgrade leaves who was let in to read."""
    for kind in ("SCHEMAS", "TABLES", "SEQUENCES", "FUNCTIONS"):
        connection.execute(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON {kind} TO {MALLORY}".encode())
    assert call("run", str(made.plan), "--dsn", database).returncode == 0
    assert one(connection, GRANTED) == ""

    connection.execute(
        "ALTER TABLE executor.runs DROP COLUMN closed; DROP TABLE executor.spans;"
        "UPDATE executor.version SET version = 1;"
        f"GRANT USAGE, CREATE ON SCHEMA executor TO {MALLORY};"
        f"GRANT SELECT, UPDATE, TRIGGER ON executor.runs, executor.controls TO {MALLORY};"
        f"GRANT INSERT (plan) ON executor.runs TO {MALLORY} WITH GRANT OPTION"
    )
    refused(
        call("status", str(made.plan), "--dsn", database),
        4,
        "may make objects in it",
        "REVOKE CREATE",
    )
    connection.execute(f"REVOKE CREATE ON SCHEMA executor FROM {MALLORY}")
    refused(
        call("status", str(made.plan), "--dsn", database), 4, "may ", "REVOKE ALL ON ALL TABLES"
    )
    done = call("rollback", str(made.plan), "--dsn", database)
    assert done.returncode == 0, done.stderr
    left = "controls SELECT, controls UPDATE, runs SELECT, schema USAGE"
    assert one(connection, GRANTED) == left
    assert call("status", str(made.plan), "--dsn", database).returncode == 0


def test_whose_journal_is_trusted(made, database, connection):
    """The owner of the tables uses its own, and a superuser's with grants; a superuser not the owner's."""
    mine = make_conninfo(database, user=OWNER)
    assert call("run", str(made.plan), "--dsn", mine).returncode == 0
    assert call("status", str(made.plan), "--dsn", mine).returncode == 0
    words = (f"belongs to {OWNER}, whom", f"Hint: connect as {OWNER}")
    refused(call("status", str(made.plan), "--dsn", database), 4, *words)
    refused(
        call("run", str(made.plan), "--dsn", make_conninfo(database, user=MALLORY)),
        4,
        "schema executor",
    )
    assert call("rollback", str(made.plan), "--dsn", mine).returncode == 0

    connection.execute("DROP SCHEMA executor CASCADE")
    assert call("run", str(made.plan), "--until", "make", "--dsn", database).returncode == 0
    connection.execute(
        f"GRANT USAGE ON SCHEMA executor TO {OWNER};"
        f"GRANT ALL ON ALL TABLES IN SCHEMA executor TO {OWNER};"
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA executor TO {OWNER}"
    )
    done = call("run", str(made.plan), "--dsn", mine)
    assert done.returncode == 0, done.stderr
    refused(
        call("status", str(made.plan), "--dsn", database),
        4,
        f"{OWNER} may ",
        f"FROM {OWNER} CASCADE",
    )

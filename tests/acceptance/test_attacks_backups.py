"""Roles that own a schema or a table, and want the rights of the superuser who looks after the backups."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.templating.names import Name
from executor.templating.templates import Templates
from tests.helpers.backed_up import backups, listed, made, migrated, tried
from tests.helpers.command import one, refused
from tests.helpers.flagship import Connection
from tests.helpers.plans import ROOT, call

EXPIRE = "UPDATE {}migration_backups SET retention_until = now() - interval '1 second'"
COLUMNS = (
    "id bigint, backup_table_name text, original_table_name text, record_count bigint,"
    " created_at timestamptz, migration_revision text, retention_until timestamptz"
)


class Attacker:
    """An ordinary role with a schema of its own, as hosted platforms give one to everybody."""

    def __init__(self, database: str, operator: Connection) -> None:
        self.name = f"executor_attacker_{operator.info.backend_pid}"
        operator.execute(
            f"CREATE ROLE {self.name} LOGIN; CREATE SCHEMA theirs AUTHORIZATION {self.name}".encode()
        )
        self.operator = operator
        self.dsn = make_conninfo(database, user=self.name)
        self.connection = psycopg.connect(self.dsn, autocommit=True)

    def does(self, *statements: str) -> None:
        """Run statements with the rights that the role has."""
        for statement in statements:
            self.connection.execute(statement.encode())

    @property
    def has_won(self) -> bool:
        """Whether the role is a superuser by now."""
        return bool(
            one(self.operator, f"SELECT rolsuper FROM pg_roles WHERE rolname = '{self.name}'")
        )

    def function(self, name: str, arguments: str, result: str, value: str = "$1") -> None:
        """A function that makes whoever has the rights for it give the attacker all rights."""
        self.does(
            f"CREATE FUNCTION theirs.{name}({arguments}) RETURNS {result} LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN"
            f" IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN"
            f" EXECUTE 'ALTER ROLE {self.name} SUPERUSER'; END IF; RETURN {value}; END $f$"
        )


@pytest.fixture
def attacker(database: str, connection: Connection) -> Iterator[Attacker]:
    attacker = Attacker(database, connection)
    yield attacker
    attacker.connection.close()
    connection.execute(f"DROP OWNED BY {attacker.name} CASCADE; DROP ROLE {attacker.name}".encode())


def test_a_registry_of_another_role_is_named_and_left(
    database: str, connection: Connection, attacker: Attacker
) -> None:
    """Its column has a type, and the type has a cast, that runs for who reads it as JSON."""
    connection.execute(b"CREATE TABLE letters AS SELECT 1 AS id")
    backup = made(database, "public.letters")
    attacker.does("CREATE TYPE theirs.word AS (w int)")
    attacker.function("as_json", "theirs.word", "json", "'1'::json")
    attacker.does(
        "CREATE CAST (theirs.word AS json) WITH FUNCTION theirs.as_json(theirs.word)",
        f"CREATE TABLE theirs.migration_backups ({COLUMNS}, other theirs.word)",
        "INSERT INTO theirs.migration_backups VALUES (1, 'a', 'b', 1, now(), 'r', now(), ROW(1)::theirs.word)",
    )
    connection.execute(b'CREATE SCHEMA "line\nfeed"')
    for command in (("list",), ("verify", "--all"), ("cleanup",), ("cleanup", "--dry-run")):
        done = tried(database, *command)
        assert done.returncode == 0, done.stderr
        assert (
            f"theirs.migration_backups, a registry of backups, is left alone: it belongs to {attacker.name}"
            in done.stderr
        )
        assert "column other has the type theirs.word" in done.stderr
    assert set(listed(database)) == {backup}
    done = call("status", "--backups", "--dsn", database)
    assert (backup in done.stdout, "theirs.migration_backups" in done.stderr) == (True, True)
    refused(
        tried(database, "restore", "theirs.a"), 8, "that may be read; not theirs.migration_backups"
    )
    # what could be written there by an operator is refused in the same way
    connection.execute(b"CREATE TABLE theirs.letters AS SELECT 1 AS id")
    refused(tried(database, "create", "theirs.letters"), 8, "is not used", "belongs to")
    # nobody waits for a table that is left alone
    attacker.does("BEGIN", "LOCK TABLE theirs.migration_backups")
    assert backup in backups(database, "list")
    attacker.does("ROLLBACK")
    assert not attacker.has_won


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("DROP TABLE {r}; CREATE VIEW {r} AS SELECT * FROM public.seen", "no ordinary table"),
        ("ALTER FUNCTION f() OWNER TO {a}; CREATE TRIGGER t BEFORE UPDATE ON {r} FOR EACH ROW EXECUTE FUNCTION public.f()", "triggers"),
        ("CREATE RULE r AS ON UPDATE TO {r} DO ALSO NOTHING", "rules"),
        ("ALTER TABLE {r} FORCE ROW LEVEL SECURITY", "row level security"),
        ("ALTER TABLE {r} ADD c text GENERATED ALWAYS AS ('x') STORED", "generated"),
        ("ALTER TABLE {r} ADD CHECK (public.own(1) = 1)", "function public.own(integer)"),
        ("ALTER TABLE {r} ALTER run SET DEFAULT public.own(1)::text", "function public.own(integer)"),
        ("ALTER TABLE {r} ADD CHECK (ts_rewrite('a'::tsquery, 'SELECT ''b''::tsquery, public.f()') IS NOT NULL) NOT VALID", "ts_rewrite"),
        ("CREATE INDEX ON {r} ((public.own(1)))", "function public.own(integer)"),
        ("CREATE TABLE public.child () INHERITS ({r})", "no ordinary table"),
        ("GRANT INSERT ON {r} TO PUBLIC", "PUBLIC can write to it"),
        ("GRANT UPDATE (run) ON {r} TO {a}", "can write to it"),
        ("ALTER TABLE {r} OWNER TO {a}", "belongs to"),
    ],
)  # fmt: skip
def test_a_registry_that_is_more_than_a_table_is_left(
    change: str, why: str, database: str, connection: Connection, attacker: Attacker
) -> None:
    connection.execute(b"CREATE TABLE letters AS SELECT 1 AS id")
    backup = made(database, "public.letters")
    connection.execute(
        "CREATE FUNCTION own(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TABLE seen AS TABLE migration_backups;"
        + change.format(r="public.migration_backups", a=attacker.name)
    )
    done = tried(database, "list")
    assert (done.returncode, backup in done.stdout) == (0, False), done.stderr
    assert "public.migration_backups, a registry of backups, is left alone" in done.stderr
    assert why in done.stderr
    refused(tried(database, "create", "public.letters"), 8, "is not used", why)


def test_a_registry_is_its_owner_s_alone_whatever_default_privileges_say(
    database: str, connection: Connection, attacker: Attacker
) -> None:
    """As hosted platforms have it: new tables, sequences and functions are open to `anon`."""
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        connection.execute(
            f"ALTER DEFAULT PRIVILEGES GRANT ALL ON {kind} TO {attacker.name}".encode()
        )
    connection.execute(
        b"CREATE TABLE letters (id serial PRIMARY KEY); INSERT INTO letters VALUES (1)"
    )
    backup = made(database, "public.letters")
    ours = "relname ~ '^(migration_backups|letters_backup)'"
    grants = f"SELECT count(*) FROM pg_class, aclexplode(relacl) AS a WHERE {ours} AND a.grantee <> relowner"
    assert one(connection, grants) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.does("UPDATE migration_backups SET definition = NULL")
    # restored tables neither
    backups(database, "restore", backup, "--into", "public.back")
    grants = "SELECT count(*) FROM pg_class, aclexplode(relacl) AS a WHERE relname ~ '^back' AND a.grantee <> relowner"
    assert one(connection, grants) == 0
    # one that an earlier version has left open is not trusted, and it is said what to do
    connection.execute(f"GRANT ALL ON migration_backups TO {attacker.name}".encode())
    refused(tried(database, "drill", backup), 8, "public.migration_backups")
    assert "REVOKE ALL ON public.migration_backups FROM" in tried(database, "list").stderr


def test_the_registry_of_a_superuser_is_not_the_table_owner_s(
    database: str, connection: Connection, attacker: Attacker
) -> None:
    connection.execute(
        f"CREATE SCHEMA shared; GRANT ALL ON SCHEMA shared TO {attacker.name}".encode()
    )
    attacker.does(
        "CREATE TABLE shared.letters (id int PRIMARY KEY)", "INSERT INTO shared.letters VALUES (1)"
    )
    backup = made(database, "shared.letters")
    assert backup in backups(database, "list")
    owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'shared.{}'::regclass"
    assert one(connection, owner.format("migration_backups")) == one(
        connection, "SELECT current_user"
    )
    assert one(connection, owner.format(backup)) == attacker.name
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.does("UPDATE shared.migration_backups SET definition = NULL")
    refused(tried(attacker.dsn, "list"), 8, "permission denied")
    refused(tried(attacker.dsn, "create", "shared.letters"), 8, "permission denied")
    plan = (
        "run", "--dry-run", "plans/chunks_100_partitions.yaml", "--var", "partition_count=2",
        "--var", "source=shared.letters", "--var", "key_column=id", "--dsn",
    )  # fmt: skip
    done = call(*plan, attacker.dsn)
    assert "this role may not write to it; run the plan as that role" in done.stdout + done.stderr
    # another in its place is not trusted, by the check as by what would write to it
    connection.execute(b"DROP TABLE shared.migration_backups")
    attacker.does(f"CREATE TABLE shared.migration_backups ({COLUMNS})")
    assert "shared.migration_backups" in tried(database, "list").stderr
    done = call(*plan, database)
    assert "shared.migration_backups: it belongs to " + attacker.name in done.stdout + done.stderr
    # the owner who does all himself is served
    attacker.does("DROP TABLE shared.migration_backups")
    assert made(attacker.dsn, "shared.letters") in backups(attacker.dsn, "list")


def test_what_was_asked_of_a_registry_is_so_until_it_is_read(
    database: str, connection: Connection, attacker: Attacker
) -> None:
    """The owner of the schema can't put another schema, or another table, in the place of the one that was asked for."""
    connection.execute(b"CREATE TABLE theirs.letters AS SELECT 1 AS id")
    made(database, "theirs.letters")
    guard = Templates((ROOT / "sql",)).render(
        "backups/guard.sql", {"schema": "theirs", "writing": True}
    )
    connection.execute(
        f"GRANT CREATE ON DATABASE {connection.info.dbname} TO {attacker.name}".encode()
    )
    attacker.does("SET lock_timeout = '50ms'")
    with psycopg.connect(database) as operator:
        operator.execute("SET search_path = pg_catalog")
        operator.execute(guard.encode())
        for statement in (
            "ALTER SCHEMA theirs RENAME TO gone",
            "DROP TABLE theirs.migration_backups",
        ):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                attacker.does(statement)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute(
                b"SET lock_timeout = '50ms';"
                b"CREATE TRIGGER t BEFORE INSERT ON theirs.migration_backups FOR EACH ROW"
                b" EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            )
        operator.rollback()
        attacker.does("ALTER SCHEMA theirs RENAME TO gone", "ALTER SCHEMA gone RENAME TO theirs")


# -- definitions ----------------------------------------------------------------------------------

TABLE = """
CREATE TABLE letters (id serial PRIMARY KEY, kind text DEFAULT 'a' CHECK (kind <> ''), n int GENERATED ALWAYS AS (1) STORED);
CREATE INDEX ON letters (lower(kind)); CREATE STATISTICS letters_stat ON id, kind FROM letters;
INSERT INTO letters (kind) SELECT 'k' || i FROM generate_series(1, 20) AS i;
"""
RELATION = ("relations", "0")
#: what a definition says, and what it is changed to: {} is a statement that makes the attacker a superuser
HOSTILE = {
    "a default": ((*RELATION, "columns", "1", "default"), "NULL); {}; --"),
    "a default with more": ((*RELATION, "columns", "1", "default"), "NULL, more int"),
    "a type": (
        (*RELATION, "columns", "1", "type"),
        "text); {}; CREATE TABLE public.other (kind text",
    ),
    "a column's constraint": (
        (*RELATION, "columns", "1", "default"),
        "NULL REFERENCES public.secrets",
    ),
    "a generated one": ((*RELATION, "columns", "2", "generated"), "1) STORED); {}; --"),
    "a check": ((*RELATION, "constraints", "0", "definition"), "CHECK (true); {}"),
    "a second change": (
        (*RELATION, "constraints", "0", "definition"),
        "CHECK (true), OWNER TO {role}",
    ),
    "another change": (
        (*RELATION, "constraints", "0", "definition"),
        "CHECK (true), DROP COLUMN kind",
    ),
    "an index": ((*RELATION, "indexes", "1", "body"), " USING btree (id); {}"),
    "a key": ((*RELATION, "indexes", "0", "constraint"), "PRIMARY KEY (id); {}"),
    "a key made of an index": (
        (*RELATION, "indexes", "0", "constraint"),
        "UNIQUE USING INDEX other",
    ),
    "statistics": (
        (*RELATION, "statistics", "0", "body"),
        " ON id, kind FROM public.letters; {}; SELECT 1",
    ),
    "storage": ((*RELATION, "columns", "1", "storage"), "PLAIN; {}"),
    "options": ((*RELATION, "options"), "fillfactor = 70); {}; --"),
    "an identity": ((*RELATION, "identity"), "FULL; {}"),
    "a partition key": ((*RELATION, "partition_by"), "RANGE (id); {}"),
    "a sequence's type": ((*RELATION, "columns", "0", "sequence", "type"), "bigint; {}; --"),
    "a sequence's number": ((*RELATION, "columns", "0", "sequence", "increment"), "1; {}; --"),
    "a query": ((*RELATION, "constraints", "0", "definition"), "CHECK ((SELECT true))"),
}


def value(text: str, role: str) -> str:
    return json.dumps(text.replace("{}", f"ALTER ROLE {role} SUPERUSER").replace("{role}", role))


def test_no_definition_ends_a_statement_and_begins_another(
    database: str, connection: Connection, attacker: Attacker, tmp_path: Path
) -> None:
    """Neither one of the registry, which a trusted role let somebody write to, nor one of files."""
    connection.execute(TABLE.encode())
    connection.execute(b"CREATE TABLE secrets (kind text PRIMARY KEY)")
    backup = made(database, "public.letters")
    backups(database, "export", backup, str(tmp_path / "out"))
    manifest = tmp_path / "out" / "manifest.json"
    good = json.loads(manifest.read_text())
    tables = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    before = one(connection, tables)
    for what, (path, text) in HOSTILE.items():
        connection.execute(
            "WITH was AS MATERIALIZED (SELECT definition FROM migration_backups) UPDATE migration_backups"
            " SET definition = jsonb_set(was.definition, %s, %s::jsonb) FROM was",
            [list(path), value(text, attacker.name)],
        )
        definition = connection.execute("SELECT definition FROM migration_backups").fetchone()
        assert definition
        done = tried(database, "drill", backup)
        refused(done, 8)
        manifest.write_text(json.dumps({**good, "definition": definition[0]}))
        done = tried(
            database, "import", str(tmp_path / "out"), "--into", "public.made", "--foreign-keys"
        )
        refused(done, 8)
        assert not attacker.has_won, what
        assert one(connection, tables) == before, what
        connection.execute(
            "UPDATE migration_backups SET definition = %s::jsonb", [json.dumps(good["definition"])]
        )
    connection.execute(
        "UPDATE migration_backups SET definition = jsonb_set(definition, %s, %s::jsonb)",
        [[*RELATION, "columns", "1", "default"], value("NULL); {}; --", attacker.name)],
    )
    for options in ((), ("--replace",), ("--into", "public.made")):
        refused(tried(database, "restore", backup, *options), 8, "is refused, since")
    connection.execute("UPDATE migration_backups SET definition = '{\"relations\": [1]}'")
    for command in (("restore", backup), ("export", backup, str(tmp_path / "more"))):
        refused(tried(database, *command), 8, "is damaged")
    assert not attacker.has_won


def test_code_of_the_table_s_owner_does_not_run_for_a_superuser_who_restores(
    database: str, connection: Connection, attacker: Attacker, tmp_path: Path
) -> None:
    """A check, an index, a default, a bound, a cast: refused with the names; the owner himself is served."""
    connection.execute(
        f"CREATE SCHEMA shared; GRANT ALL ON SCHEMA shared TO {attacker.name}".encode()
    )
    attacker.does(
        "CREATE TABLE shared.letters (id int PRIMARY KEY, kind text)",
        "INSERT INTO shared.letters SELECT i, 'k' FROM generate_series(1, 9) AS i",
    )
    attacker.function("f", "int", "int")
    attacker.does(
        "CREATE OPERATOR theirs.!! (FUNCTION = theirs.f, RIGHTARG = int)",
        "CREATE DOMAIN theirs.num AS int CHECK (theirs.f(VALUE) = VALUE)",
        "CREATE TYPE theirs.pair AS (a int)",
    )
    attacker.function("to_pair", "int", "theirs.pair", "ROW($1)::theirs.pair")
    attacker.does(
        "CREATE CAST (int AS theirs.pair) WITH FUNCTION theirs.to_pair(int) AS ASSIGNMENT"
    )
    backup = made(database, "shared.letters")
    backups(database, "export", backup, str(tmp_path / "out"))
    manifest = tmp_path / "out" / "manifest.json"
    good = json.loads(manifest.read_text())
    column = {"name": "c", "type": "integer"}
    hostile: list[tuple[tuple[str, ...], object, str]] = [
        ((*RELATION, "constraints"), [{"name": "k", "type": "c", "definition": "CHECK ((theirs.f(1) = 1))"}], "theirs.f"),
        ((*RELATION, "constraints"), [{"name": "k", "type": "c", "definition": "CHECK ((OPERATOR(theirs.!!) id) > 0)"}], "operator theirs.!!"),
        ((*RELATION, "constraints"), [{"name": "k", "type": "c", "definition": "CHECK ((id)::theirs.num > 0)"}], "theirs.num"),
        ((*RELATION, "constraints"), [{"name": "k", "type": "c", "definition": "CHECK (query_to_xml('SELECT theirs.f(1)', true, true, '') IS NULL)"}], "query_to_xml"),
        ((*RELATION, "indexes"), [{"name": "i", "unique": False, "body": " USING btree (theirs.f(id))"}], "theirs.f"),
        ((*RELATION, "columns", "1"), {**column, "generated": "theirs.f(1)", "generated_as": "STORED"}, "theirs.f"),
        ((*RELATION, "columns", "1"), {"name": "c", "type": "theirs.pair", "generated": "1", "generated_as": "STORED"}, "theirs.pair"),
        ((*RELATION, "partition_by"), "RANGE ((theirs.f(1)))", "theirs.f"),
        ((*RELATION, "statistics"), [{"name": "s", "body": " ON (theirs.f(1)), id"}], "theirs.f"),
    ]  # fmt: skip
    for path, what, named in hostile:
        connection.execute(
            "UPDATE shared.migration_backups SET definition = jsonb_set(%s::jsonb, %s, %s::jsonb)",
            [json.dumps(good["definition"]), list(path), json.dumps(what)],
        )
        definition = connection.execute(
            "SELECT definition FROM shared.migration_backups"
        ).fetchone()
        assert definition
        copied = [
            column["name"]
            for column in definition[0]["relations"][0]["columns"]
            if "generated" not in column
        ]
        manifest.write_text(json.dumps({**good, "definition": definition[0], "columns": copied}))
        for command in (
            ("drill", backup),
            ("import", str(tmp_path / "out"), "--into", "public.made"),
        ):
            done = tried(database, *command)
            assert done.returncode == 8, (command, what, done.stdout, done.stderr)
            assert named in done.stderr, (command, what)
            assert not attacker.has_won, (command, what)
    # who must not drill it has found nothing wrong with it
    assert one(connection, "SELECT drill_finding FROM shared.migration_backups") is None
    for options in ((), ("--replace",)):
        refused(tried(database, "restore", backup, *options), 8, "theirs.f", "as the owner")
    # a partition is made when its bound is known, so that is no expression
    parted = {
        "name": "letters_1",
        "parent": "letters",
        "bound": "FOR VALUES IN (theirs.f(1))",
        "method": "heap",
    }
    changed = json.loads(json.dumps(good))
    changed["definition"]["relations"][0] |= {"partition_by": "LIST (id)"}
    changed["definition"]["relations"][0].pop("method")
    changed["definition"]["relations"].append(parted)
    manifest.write_text(json.dumps(changed))
    refused(
        tried(database, "import", str(tmp_path / "out"), "--into", "public.made"),
        8,
        "has to be computed",
    )
    assert not attacker.has_won
    # neither does what reads a table of his run his code
    attacker.does("CREATE TABLE shared.words (w theirs.num)", "INSERT INTO shared.words VALUES (1)")
    refused(tried(database, "create", "shared.words"), 8, "theirs.num", "as the owner of the table")
    assert not attacker.has_won
    # who owns the functions may use them
    connection.execute(b"DROP TABLE shared.migration_backups")
    attacker.does("ALTER TABLE shared.letters ADD CHECK (theirs.f(id) = id)")
    mine = made(attacker.dsn, "shared.letters")
    assert "equal by count" in backups(attacker.dsn, "restore", mine)


@pytest.mark.parametrize("partitioned", [False, True], ids=["plain", "partitioned"])
def test_a_referenced_table_s_code_does_not_run_where_keys_are_proven(
    partitioned: bool, database: str, connection: Connection, attacker: Attacker
) -> None:
    """An expression of an index on it is evaluated when a lookup of the foreign key is planned."""
    attacker.does(
        "CREATE TABLE theirs.kinds (id int PRIMARY KEY)", "INSERT INTO theirs.kinds VALUES (1)"
    )
    by, of = (
        (" PARTITION BY HASH (kind)", "PARTITION OF letters") if partitioned else ("", "(n int)")
    )
    more = f"{of} FOR VALUES WITH (MODULUS 1, REMAINDER 0)" if partitioned else of
    connection.execute(
        f"CREATE TABLE letters (kind int REFERENCES theirs.kinds){by}; CREATE TABLE letters_1 {more};"
        "INSERT INTO letters SELECT 1".encode()
    )
    backup = made(database, "public.letters")
    validate = Templates((ROOT / "sql",)).render(
        "backups/validate_keys.sql",
        {"target": Name("public", "again"), "definition": {"relations": []}, "session": None},
    )
    attacker.function("f", "int", "int")
    attacker.does("CREATE INDEX odd ON theirs.kinds (theirs.f(1))")
    for options in (("--into", "public.again"), ("--replace",)):
        refused(
            tried(database, "restore", backup, *options), 8, "theirs.f(integer)", "nothing was done"
        )
    assert not attacker.has_won
    bare = ("--into", "public.again", "--no-foreign-keys")
    backups(database, "restore", backup, *bare)
    # what came after the key was made is asked again before it is proven
    if not partitioned:
        connection.execute(
            b"ALTER TABLE again ADD FOREIGN KEY (kind) REFERENCES theirs.kinds NOT VALID"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"theirs\.f"):
            connection.execute(validate.encode())
    assert not attacker.has_won
    attacker.does("DROP INDEX theirs.odd")
    asked = connection.execute(validate.encode())
    while asked.nextset():
        pass
    for (statement,) in asked.fetchall():
        connection.execute(statement.encode())
    unproven = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
    assert one(connection, unproven) == 0
    backups(database, "restore", backup, "--replace")


# -- cleanup --------------------------------------------------------------------------------------


def test_a_cleanup_drops_nothing_of_others_because_an_entry_names_it(
    database: str, connection: Connection, attacker: Attacker
) -> None:
    """An entry that was written when the registry was open names a view, functions and triggers of others."""
    connection.execute(
        """
        CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id varchar);
        INSERT INTO chunks SELECT n, 'c' || n % 9 FROM generate_series(1, 30) AS n;
        CREATE SCHEMA audit; CREATE TABLE audit.facts AS SELECT 1 AS n;
        CREATE FUNCTION audit.write() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER audit AFTER INSERT ON audit.facts FOR EACH STATEMENT EXECUTE FUNCTION audit.write();
        CREATE TRIGGER executor_insert AFTER INSERT ON audit.facts FOR EACH STATEMENT EXECUTE FUNCTION audit.write();
        CREATE FUNCTION public.reports() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE MATERIALIZED VIEW audit.report AS SELECT * FROM audit.facts;
        CREATE TABLE audit.log (); COMMENT ON TABLE audit.log IS 'Keys of what was written to the table';
        """
    )
    migrated(database)
    run = one(connection, "SELECT run FROM migration_backups WHERE kind = 'old_table'")
    connection.execute(
        f"CREATE MATERIALIZED VIEW audit.report_old_{run} AS SELECT * FROM audit.facts".encode()
    )
    connection.execute(
        """
        UPDATE migration_backups SET way_back = way_back || jsonb_build_object(
          'views', jsonb_build_array('audit.report', 'audit.report_old_' || run),
          'functions', way_back -> 'functions' || '["audit.write()", "public.reports()"]',
          'capture', 'audit.write()', 'log', 'audit.log')
        WHERE kind = 'old_table';
        """
        + EXPIRE.format("")
    )
    # the log's function can't go while its own triggers are there, which the entry does not name any more
    refused(tried(database, "cleanup"), 8, "chunks_old_")
    there = "SELECT count(*) FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind IN ('r', 'm')"
    assert one(connection, there) == 4
    assert (
        one(connection, "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit.facts'::regclass")
        == 2
    )
    assert one(connection, "SELECT to_regprocedure('public.reports()') IS NULL") is False
    # a table of another owner than the one in use
    connection.execute(
        """
        CREATE TABLE stranger_old (); COMMENT ON TABLE stranger_old IS 'Replaced by executor (run 20250101_000000) and kept.';
        INSERT INTO migration_backups (backup_table_name, original_table_name, record_count, retention_until, kind, run, table_oid)
        VALUES ('stranger_old', 'chunks', 0, now() - interval '1 day', 'old_table', '20250101_000000', 'stranger_old'::regclass);
        """
        f"ALTER TABLE stranger_old OWNER TO {attacker.name}"
    )
    done = tried(database, "cleanup")
    refused(done, 8, "stranger_old")
    assert f"it belongs to {attacker.name}, who owns no table chunks" in done.stdout
    assert one(connection, "SELECT to_regclass('stranger_old') IS NULL") is False


# -- files ----------------------------------------------------------------------------------------


def test_an_export_is_readable_by_nobody_else(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    connection.execute(TABLE.encode())
    backup = made(database, "public.letters")
    old = os.umask(0)
    try:
        backups(database, "export", backup, str(tmp_path / "new" / "out"))
        (tmp_path / "open").mkdir(mode=0o777)
    finally:
        os.umask(old)
    directory = tmp_path / "new" / "out"
    modes = {file.name: file.stat().st_mode & 0o777 for file in directory.iterdir()}
    assert modes == {"manifest.json": 0o600, "000000.copy": 0o600}
    assert directory.stat().st_mode & 0o777 == 0o700
    refused(tried(database, "export", backup, str(tmp_path / "open")), 8, "others can write to")
    assert list((tmp_path / "open").iterdir()) == []
    # what an earlier version has left open is closed
    (directory / "000000.copy").chmod(0o644)
    backups(database, "export", backup, str(directory))
    assert (directory / "000000.copy").stat().st_mode & 0o777 == 0o600


def test_a_hostile_manifest_is_refused_in_a_sentence(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    connection.execute(TABLE.encode())
    backup = made(database, "public.letters")
    directory = tmp_path / "out"
    backups(database, "export", backup, str(directory))
    manifest = directory / "manifest.json"
    good = json.loads(manifest.read_text())
    text = json.dumps(good)
    definition = good["definition"]
    first = definition["relations"][0]
    changes: list[dict[str, object]] = [
        {"relations": []}, {"relations": {}}, {"relations": [1]}, {"name": None}, {"relations": [{**first, "columns": {}}]},
        {"relations": [{**first, "columns": [{"name": "id"}]}]}, {"relations": [{**first, "targets": []}]},
        {"relations": [{**first, "targets": {"id": "x"}}]}, {"relations": [{**first, "indexes": [1]}]},
        {"relations": [{**first, "constraints": [{"name": "c", "type": "c", "definition": None}]}]},
        {"relations": [{**first, "comment": "a\0b"}]}, {"relations": [{**first, "more": "a\0b", "comment": {"a": "b"}}]},
        {"relations": [first, {**first, "parent": "nobody"}]}, {"relations": [first, first]},
    ]  # fmt: skip
    hostile: list[object] = [
        [], None, 1, "x", {}, {"format": 1}, {**good, "rows": "many"}, {**good, "rows": True}, {**good, "rows": 10**30},
        {**good, "schema": "a" * 70}, {**good, "original": "a\0b"}, {**good, "original": ""}, {**good, "backup": "\ud800"},
        {**good, "columns": ["id", "secret"]}, {**good, "columns": "id"}, {**good, "files": []}, {**good, "definition": "x"},
        {**good, "files": {"../../etc/passwd": {"bytes": 1, "sha256": ""}}}, {**good, "files": {"/etc/passwd": {"bytes": 1, "sha256": ""}}},
        {**good, "files": {"000000.copy": 1}}, {**good, "files": {"000000.copy": {"bytes": "1", "sha256": ""}}},
        *({**good, "definition": {**definition, **change}} for change in changes),
    ]  # fmt: skip
    texts = [
        *map(json.dumps, hostile), "", "{", "[" * 100_000, "\xff", text.replace(f'"rows": {good["rows"]}', '"rows": NaN'),
        text.replace(f'"rows": {good["rows"]}', '"rows": 1e999'), text.replace(f'"rows": {good["rows"]}', '"rows": ' + "9" * 5000),
    ]  # fmt: skip
    tables = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    before = one(connection, tables)
    for item in texts:
        manifest.write_bytes(item.encode("latin-1", "replace"))
        refused(tried(database, "import", str(directory), "--into", "public.made"), 8)
    # nobody is waited for, and nothing is read but ordinary files
    for file in (manifest, directory / "000000.copy"):
        manifest.write_text(text)
        kept = file.read_bytes()
        file.unlink()
        os.mkfifo(file)
        refused(tried(database, "import", str(directory)), 8, "not an ordinary file")
        file.unlink()
        (tmp_path / "elsewhere").write_bytes(kept)
        file.symlink_to(tmp_path / "elsewhere")
        refused(tried(database, "import", str(directory)), 8, "can't be read")
        file.unlink()
        file.write_bytes(kept)
    assert one(connection, tables) == before
    assert "20 rows" in backups(database, "import", str(directory))

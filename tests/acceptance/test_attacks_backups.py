"""Roles that own a schema or a table, and want the rights of the superuser who looks after the backups."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.acceptance.backed_up import backups, executor, listed, made, migrated, tried
from tests.acceptance.command import one, refused
from tests.acceptance.flagship import Connection

EXPIRE = "UPDATE {}migration_backups SET retention_until = now() - interval '1 second'"
COLUMNS = (
    "backup_table_name text, original_table_name text, record_count bigint, created_at timestamptz,"
    " retention_until timestamptz"
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
        return bool(one(self.operator, f"SELECT rolsuper FROM pg_roles WHERE rolname = '{self.name}'"))

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
    connection.execute(
        f"DROP OWNED BY {attacker.name} CASCADE; DROP ROLE {attacker.name}".encode()
    )


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
        f"CREATE TABLE theirs.migration_backups ({COLUMNS}, id theirs.word)",
        "INSERT INTO theirs.migration_backups VALUES ('a', 'b', 1, now(), now(), ROW(1)::theirs.word)",
    )
    connection.execute(b"CREATE SCHEMA \"line\nfeed\"")
    for command in (("list",), ("verify", "--all"), ("cleanup",), ("cleanup", "--dry-run")):
        done = tried(database, *command)
        assert done.returncode == 0, done.stderr
        assert f"theirs.migration_backups, a registry of backups, is left alone: it belongs to {attacker.name}" in done.stderr
        assert "column id has the type theirs.word" in done.stderr
    assert set(listed(database)) == {backup}
    done = executor("status", "--backups", "--dsn", database)
    assert (backup in done.stdout, "theirs.migration_backups" in done.stderr) == (True, True)
    refused(tried(database, "restore", "theirs.a"), 8, "that may be read; not theirs.migration_backups")
    # what could be written there by an operator is refused in the same way
    attacker.does("CREATE TABLE theirs.letters AS SELECT 1 AS id")
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
        ("CREATE TRIGGER t BEFORE UPDATE ON {r} FOR EACH ROW EXECUTE FUNCTION public.f()", "triggers"),
        ("CREATE RULE r AS ON UPDATE TO {r} DO ALSO NOTHING", "rules"),
        ("ALTER TABLE {r} ENABLE ROW LEVEL SECURITY", "row level security"),
        ("ALTER TABLE {r} ADD c text GENERATED ALWAYS AS ('x') STORED", "generated"),
        ("ALTER TABLE {r} ADD CHECK (public.own(1) = 1)", "function public.own(integer)"),
        ("ALTER TABLE {r} ALTER run SET DEFAULT public.own(1)::text", "function public.own(integer)"),
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
        connection.execute(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON {kind} TO {attacker.name}".encode())
    connection.execute(b"CREATE TABLE letters (id serial PRIMARY KEY); INSERT INTO letters VALUES (1)")
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
    attacker.does("CREATE TABLE theirs.letters (id int PRIMARY KEY)", "INSERT INTO theirs.letters VALUES (1)")
    backup = made(database, "theirs.letters")
    assert backup in backups(database, "list")
    owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'theirs.{}'::regclass"
    assert one(connection, owner.format("migration_backups")) == one(connection, "SELECT current_user")
    assert one(connection, owner.format(backup)) == attacker.name
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.does("UPDATE theirs.migration_backups SET definition = NULL")
    refused(tried(attacker.dsn, "list"), 8, "permission denied")
    refused(tried(attacker.dsn, "create", "theirs.letters"), 8, "permission denied")
    done = executor(
        "run", "plans/chunks_100_partitions.yaml", "--dsn", attacker.dsn, "--var", "partition_count=2",
        "--var", "source=theirs.letters", "--var", "key_column=id",
    )  # fmt: skip
    assert "this role may not write to it; run the plan as that role" in done.stdout + done.stderr
    # the owner of the schema can put another in its place; that one is not trusted
    attacker.does(
        "DROP TABLE theirs.migration_backups", f"CREATE TABLE theirs.migration_backups ({COLUMNS})"
    )
    assert "theirs.migration_backups" in tried(database, "list").stderr
    done = executor(
        "run", "plans/chunks_100_partitions.yaml", "--dsn", database, "--var", "partition_count=2",
        "--var", "source=theirs.letters", "--var", "key_column=id",
    )  # fmt: skip
    assert "belongs to " + attacker.name in done.stdout + done.stderr
    # the owner who does all himself is served
    attacker.does("DROP TABLE theirs.migration_backups")
    assert made(attacker.dsn, "theirs.letters") in backups(attacker.dsn, "list")

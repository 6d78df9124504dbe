"""The flagship plan by roles that have what those of hosted platforms have: docs/platforms.md says which."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.helpers.command import Connection
from tests.helpers.flagship import HASH, content, partitions, rollback, run

#: attributes of the role and of its group, what they are members of, and what the plan is told
ROLES = {
    "administrator": ("CREATEDB CREATEROLE REPLICATION", "pg_monitor, pg_signal_backend", ()),
    "developer": (
        "CREATEDB CREATEROLE REPLICATION BYPASSRLS",
        "pg_read_all_data, pg_write_all_data, pg_monitor",
        (),
    ),
    "owner": ("", "", ("old_snapshots=allow",)),
}
TABLE = """
CREATE TABLE collections (id text PRIMARY KEY); INSERT INTO collections VALUES ('a'), ('b'), ('c');
CREATE TABLE chunks (id bigint GENERATED ALWAYS AS IDENTITY, collection_id text NOT NULL REFERENCES collections, body text,
  PRIMARY KEY (id, collection_id), CHECK (length(body) < 100));
INSERT INTO chunks (collection_id, body) SELECT chr(97 + n % 3), 'x' || n FROM generate_series(1, 300) AS n;
"""


@contextmanager
def _hosted(connection: Connection, kind: str) -> Iterator[tuple[str, str]]:
    """A role of a kind, and one that default privileges favour; nobody is a superuser."""
    attributes, groups, _ = ROLES[kind]
    admin, group, anon = (f"executor_{name}_{os.getpid()}" for name in (kind, "group", "anon"))
    database = connection.info.dbname
    connection.execute(
        f"CREATE ROLE {group} NOLOGIN {attributes}; CREATE ROLE {anon} NOLOGIN;"
        f"CREATE ROLE {admin} LOGIN NOSUPERUSER {attributes} IN ROLE {group};"
        f"GRANT CREATE ON DATABASE {database} TO {admin}; GRANT CREATE ON SCHEMA public TO {admin}".encode()
    )
    if groups:
        connection.execute(f"GRANT {groups} TO {group}".encode())
        connection.execute(f"ALTER DATABASE {database} OWNER TO {admin}".encode())
        connection.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {admin} IN SCHEMA public GRANT ALL ON TABLES TO {anon}".encode()
        )
    try:
        yield admin, anon
    finally:
        connection.execute(f"ALTER DATABASE {database} OWNER TO CURRENT_USER".encode())
        for name in (admin, anon, group):
            connection.execute(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}".encode())


@pytest.mark.parametrize("kind", ROLES)
def test_there_and_back_without_a_superuser(kind, database, connection: Connection) -> None:
    with _hosted(connection, kind) as (admin, anon):
        dsn = make_conninfo(database, user=admin)
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute(TABLE.encode())
            if kind == "developer":
                owner.execute(
                    "ALTER TABLE chunks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                    "CREATE POLICY nobody ON chunks USING (false)"
                )
            before = content(owner, "chunks")
            done = run(HASH, dsn, "partition_count=3", *ROLES[kind][2])
            assert done.returncode == 0, done.stderr
            assert len(partitions(owner, "chunks")) == 3
            assert content(owner, "chunks") == before
            mine = "('chunks', 'collections')"  # the others are ours
            readable = connection.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND relname NOT IN "
                f"{mine} AND oid >= 16384 AND has_table_privilege('{anon}', oid, 'SELECT')".encode()
            ).fetchall()
            assert readable == []
            extensions = connection.execute("SELECT extname FROM pg_extension").fetchall()
            assert extensions == [("plpgsql",)]
            favoured = connection.execute(
                f"SELECT has_table_privilege('{anon}', 'chunks', 'SELECT')".encode()
            ).fetchone()
            assert favoured == (kind != "owner",)  # the table itself keeps its grants
            owner.execute("INSERT INTO chunks (collection_id, body) VALUES ('a', 'later')")
            back = rollback(HASH, dsn)
            assert back.returncode == 0, back.stderr
            assert len(content(owner, "chunks")[1]) == 301
            assert partitions(owner, "chunks") == []

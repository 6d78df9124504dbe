"""What is done to the table behind the plan's back, and what is seeded to be found: each stops it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.errors import AssertionFailedError, StepError
from tests.helpers.command import one
from tests.helpers.flagship import Connection, content
from tests.helpers.live import begun, migrate, role

PLAIN = "CREATE TABLE chunks (id int, collection_id text NOT NULL, content text, PRIMARY KEY (id, collection_id));"
PARTS = """
CREATE TABLE chunks (id int, collection_id text NOT NULL, content text, PRIMARY KEY (id, collection_id))
  PARTITION BY HASH (collection_id);
CREATE TABLE chunks_0 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE chunks_1 PARTITION OF chunks FOR VALUES WITH (MODULUS 2, REMAINDER 1);
"""
ROWS = "INSERT INTO chunks SELECT i, 'c' || i % 9, 'x' || i FROM generate_series(1, 200) AS i;"
TWO = "partition_count=2"


ESCAPES = {
    "a partition detached": "ALTER TABLE chunks DETACH PARTITION chunks_1",
    "a trigger disabled for a while": "ALTER TABLE chunks_1 DISABLE TRIGGER USER; DELETE FROM chunks_1 WHERE id < 50;"
    " ALTER TABLE chunks_1 ENABLE TRIGGER USER",
    "a trigger disabled": "ALTER TABLE chunks DISABLE TRIGGER executor_delete; DELETE FROM chunks WHERE id < 50",
    "a trigger dropped": "DROP TRIGGER executor_delete ON chunks; DELETE FROM chunks WHERE id < 50",
}


@pytest.mark.prepared(begun, PARTS + ROWS, "prepare_way_back", TWO)
@pytest.mark.parametrize("change", ESCAPES.values(), ids=ESCAPES)
def test_what_escapes_the_log_stops_the_swap(
    change: str, database: str, connection: Connection
) -> None:
    """Rows that came or went without an entry, after the tables were compared."""
    connection.execute(change.encode())
    before = content(connection, "chunks")
    with pytest.raises((StepError, AssertionFailedError)):
        migrate(database)
    assert content(connection, "chunks") == before


def test_a_publication_of_all_tables_stops_nothing(database: str, connection: Connection) -> None:
    """The plan deletes from its own tables, and every one of them needs a replica identity."""
    connection.execute((PLAIN + ROWS + "CREATE PUBLICATION everything FOR ALL TABLES").encode())
    migrate(database, TWO, until="copy_rows")
    connection.execute("UPDATE chunks SET content = 'y' WHERE id < 9")
    migrate(database)
    assert one(connection, "SELECT count(*) FROM chunks WHERE content = 'y'") == 8


def test_without_the_journal_a_run_begins_nothing_anew(
    database: str, connection: Connection
) -> None:
    """Half-way the names are taken; after the swap there is nothing to do."""
    connection.execute((PLAIN + ROWS).encode())
    migrate(database, TWO, until="capture")
    journal = "ALTER SCHEMA executor RENAME TO lost"
    connection.execute(journal)
    with pytest.raises(AssertionFailedError, match=r"already taken: .*chunks_new"):
        migrate(database, TWO)
    connection.execute("DROP SCHEMA executor CASCADE; ALTER SCHEMA lost RENAME TO executor")
    migrate(database)
    after = content(connection, "chunks")
    connection.execute("DROP SCHEMA executor CASCADE")
    migrate(database, TWO)
    assert content(connection, "chunks") == after
    assert (
        one(
            connection,
            "SELECT count(*) FROM pg_class WHERE relname ~ '^chunks_old_.*[0-9]$' AND relkind = 'r'",
        )
        == 1
    )


def test_entries_that_come_late_or_twice_are_not_lost(
    database: str, connection: Connection
) -> None:
    """A pass takes the entries that it sees, and two passes do not overtake one another."""
    connection.execute((PLAIN + ROWS).encode())
    migrate(database, TWO, until="first_pass")
    name = one(connection, "SELECT name_timestamp FROM executor.runs")
    log, sync = f"chunks_log_{name}", f"SELECT public.chunks_sync_{name}()"
    with (
        psycopg.connect(database) as early,
        psycopg.connect(database) as one_pass,
        psycopg.connect(database) as another,
    ):
        early.execute("UPDATE chunks SET content = 'early' WHERE id = 1")
        connection.execute("UPDATE chunks SET content = 'late' WHERE id = 2")
        for session in (one_pass, another):
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            session.execute("SET LOCAL lock_timeout = '300ms'")
            session.execute("SELECT FROM chunks LIMIT 1")
        connection.execute("UPDATE chunks SET content = 'later' WHERE id = 2")
        assert one(one_pass, sync) == 1
        with pytest.raises(psycopg.errors.LockNotAvailable):
            one(another, sync)
        another.rollback()
        one_pass.commit()
        early.commit()
    assert one(connection, f"SELECT array_agg(DISTINCT id ORDER BY id) FROM {log}") == [1, 2]
    migrate(database)
    assert one(connection, "SELECT array_agg(content ORDER BY id) FROM chunks WHERE id < 3") == [
        "early",
        "later",
    ]


ICU = "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
NO_KEY = "DROP CONSTRAINT chunks_pkey, ALTER id DROP NOT NULL, ADD UNIQUE (id)"
REFUSED = {
    "rows that are hidden": (
        "ALTER TABLE chunks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "hides rows of public.chunks",
    ),
    "a collation that is not deterministic": (
        f"{ICU}; ALTER TABLE chunks ALTER collection_id TYPE text COLLATE ci",
        "nondeterministic collation",
    ),
    "no key": (f"ALTER TABLE chunks {NO_KEY}", "none that is valid and whole"),
    "an invalid index": (
        "CREATE UNIQUE INDEX CONCURRENTLY broken ON chunks (collection_id)",
        "public.broken; left by a failed",
    ),
    "inheritance": ("CREATE TABLE child () INHERITS (chunks)", "child"),
}


def test_is_refused_before_anything_is_done(database: str, connection: Connection) -> None:
    """All of it is said at once, to an owner who is no superuser."""
    connection.execute((PLAIN + ROWS).encode())
    known = set(REFUSED)
    with role(connection, "plain_owner") as owner:
        for trap, (change, _) in REFUSED.items():
            try:
                connection.execute(change.encode())
            except psycopg.errors.UniqueViolation:
                pass  # what a failed CREATE INDEX CONCURRENTLY leaves behind
            except psycopg.errors.FeatureNotSupported:
                known.remove(trap)  # a server that was built without ICU
        connection.execute(f"ALTER TABLE chunks OWNER TO {owner}".encode())
        with pytest.raises(AssertionFailedError) as refused:
            migrate(make_conninfo(database, user=owner), TWO)
        for trap in known:
            assert REFUSED[trap][1] in str(refused.value), trap
        assert one(connection, "SELECT to_regclass('migration_backups')") is None


def test_a_commit_inside_a_step_is_refused(project, database: str, connection: Connection) -> None:
    """Also where no parser sees it, in a block or behind a CALL."""
    connection.execute(
        "CREATE TABLE t (n int); CREATE PROCEDURE ends() LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.t VALUES (2); COMMIT; END'"
    )
    for text in (
        "CALL public.ends();",
        "DO $$ BEGIN INSERT INTO public.t VALUES (3); COMMIT; END $$;",
    ):
        project.write(
            "- {name: ends, sql: ends.sql, rollback: nothing}",
            ends=f"INSERT INTO public.t VALUES (1); {text}",
        )
        with pytest.raises(StepError, match="invalid transaction termination"):
            project.run(database, accept_changed_plan=True)
        assert one(connection, "SELECT count(*) FROM t") == 0

"""Adopting a table to which others refer, one of an owner who is not trusted, and one that `executor init` has planned."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.errors import ExecutorError
from tests.acceptance.test_adopt import ADOPT, BY_NUMBER, NUMBERED, schema
from tests.helpers.command import one, refused
from tests.helpers.flagship import Connection, content
from tests.helpers.live import migrate, role, undo
from tests.helpers.plans import call

REFERRING = (
    NUMBERED
    + """
CREATE SCHEMA other;
CREATE TABLE other.notes (event bigint NOT NULL);
INSERT INTO other.notes SELECT n FROM generate_series(1, 100) AS n;
ALTER TABLE other.notes ADD CONSTRAINT "its event" FOREIGN KEY (event) REFERENCES events ON DELETE CASCADE ON UPDATE CASCADE;
COMMENT ON CONSTRAINT "its event" ON other.notes IS 'goes with it';
CREATE TABLE links (event bigint CONSTRAINT links_fk REFERENCES events DEFERRABLE INITIALLY DEFERRED);
INSERT INTO links VALUES (150);
CREATE TABLE loose (event bigint);
INSERT INTO loose VALUES (-1);
ALTER TABLE loose ADD CONSTRAINT loose_fk FOREIGN KEY (event) REFERENCES events NOT VALID;
CREATE TABLE by_code (code text CONSTRAINT by_code_fk REFERENCES events (code));
INSERT INTO by_code VALUES ('code 1');
"""
)
KEYS = (
    "SELECT array_agg(concat_ws(' ', conname, convalidated, confrelid::regclass, obj_description(oid)) ORDER BY conname)"
    " FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND confrelid = 'events'::regclass"
)


@contextlib.contextmanager
def writing(dsn: str) -> Iterator[list[str]]:
    """Write to both sides of the keys all the time; what went wrong, at the end."""
    wrong: list[str] = []
    end = threading.Event()

    def write() -> None:
        try:
            with psycopg.connect(dsn, autocommit=True) as session:
                for number in range(1, 2500):  # 7500 at most: 8000 and 8001 are the test's own
                    if end.wait(0.02):
                        break
                    with session.transaction():
                        session.execute("INSERT INTO links VALUES (currval(pg_get_serial_sequence('events', 'id')) + 1)" if number > 1 else "SELECT 1")  # fmt: skip
                        new = "INSERT INTO events (body) VALUES ('new') RETURNING id"
                        row = session.execute(new).fetchone()
                        session.execute("INSERT INTO other.notes VALUES (%s)", row)
                    if number % 3 == 0:
                        session.execute("DELETE FROM links WHERE event = %s", row)
                        session.execute("DELETE FROM events WHERE id = %s", row)
                    for forbidden in ("INSERT INTO other.notes VALUES (-1)", "DELETE FROM events WHERE id = 150"):  # fmt: skip
                        with contextlib.suppress(psycopg.errors.ForeignKeyViolation):
                            session.execute(forbidden.encode())
                            wrong.append(forbidden)
        except psycopg.Error as error:
            wrong.append(repr(error))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield wrong
    finally:
        end.set()
        thread.join()


def test_foreign_keys_into_the_table_come_along_and_back(
    database: str, connection: Connection, dump: Callable[..., str]
) -> None:
    """Two that hold, one that is not validated, and one that has to be given up, while both sides are written to."""
    connection.execute(REFERRING.encode())
    before, keys = schema(dump, database), one(connection, KEYS)
    given = tuple(value for name in BY_NUMBER for value in ("--var", name))
    refused(call("run", ADOPT.plan, "--dsn", database, *given), 6, "by_code_fk on public.by_code")
    dry = call("run", ADOPT.plan, "--dsn", database, *given, "--accept=by_code_fk", "--dry-run")
    said = " ".join((dry.stdout + dry.stderr).split())
    assert "dropped in the swap, as they are given up: by_code_fk on public.by_code." in said
    assert '"its event" on other.notes, links_fk on public.links, loose_fk on public.loose come along' in said  # fmt: skip
    with writing(database) as wrong:
        migrate(database, *BY_NUMBER, layout=ADOPT, accept=("by_code_fk",))
        assert one(connection, KEYS) == [key for key in keys if not key.startswith("by_code")]  # type: ignore[attr-defined]
        connection.execute("INSERT INTO events (id) VALUES (8000); INSERT INTO other.notes VALUES (8000), (8000)")  # fmt: skip
        connection.execute("INSERT INTO events (id) VALUES (8001); INSERT INTO links VALUES (8001)")
        connection.execute("DELETE FROM events WHERE id = 8000")
        assert one(connection, "SELECT count(*) FROM other.notes WHERE event = 8000") == 0
        undo(database, layout=ADOPT)
        assert one(connection, KEYS) == keys
    assert wrong == []
    assert schema(dump, database) == before
    assert one(connection, "SELECT count(*) FROM events WHERE id = 8001") == 1
    orphans = "SELECT count(*) FROM (TABLE other.notes UNION ALL TABLE links) AS referring (id) LEFT JOIN events USING (id) WHERE body IS NULL AND events.code IS NULL AND id <> 8001"
    assert one(connection, orphans) == 0


#: the application's table, in which its owner may put code of its own
OWNED = """
CREATE SEQUENCE witness;
CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), body text);
INSERT INTO events SELECT i, now() - i * interval '1 hour', 'text' FROM generate_series(1, 100) AS i;
CREATE FUNCTION become() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    PERFORM nextval('public.witness');  -- which no rollback undoes
  END IF;
END $$;
"""
FUNCTIONS = """
CREATE FUNCTION evil(bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.become(); RETURN 'x'; END $$;
CREATE FUNCTION evil_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.become(); RETURN coalesce(NEW, OLD); END';
"""
#: what refuses it by name before anything is done
CODE = {
    "index": "CREATE INDEX ON events (public.evil(id))",
    "predicate": "CREATE INDEX ON events (body) WHERE public.evil(id) = 'x'",
    "default": "ALTER TABLE events ALTER body SET DEFAULT public.evil(1)",
    "check": "ALTER TABLE events ADD CHECK (public.evil(id) = 'x')",
}
#: after which step the owner does what; the trigger fires for no row that the plan moves
LATER = {
    "trigger": ("check", "CREATE TRIGGER t BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION evil_trigger()"),
    "index": ("create_partitions", "CREATE INDEX ON events_new (public.evil(id))"),
    "check of the new table": ("define_indexes", "ALTER TABLE events_new ADD CHECK (public.evil(id) = 'x')"),
    "check of the table": ("bound", "ALTER TABLE events ADD CHECK (public.evil(id) = 'x') NOT VALID"),
    "view in its place": (
        "check", "ALTER TABLE events RENAME TO mine; CREATE VIEW events AS SELECT * FROM mine WHERE public.evil(id) = 'x'"),
    "table in the place of the new one": (
        "create_target",
        "DROP TABLE events_new; CREATE TABLE events_new (id bigint, at timestamptz, body text) PARTITION BY RANGE (at)",
    ),
    "index, after the swap": ("swap", "CREATE INDEX ON events (public.evil(id))"),
    "trigger, after the swap": (
        "analyze", "CREATE TRIGGER t BEFORE INSERT OR DELETE OR UPDATE ON events FOR EACH ROW EXECUTE FUNCTION evil_trigger()"),
    "trigger of later partitions": ("analyze", """DO $$ DECLARE part regclass; BEGIN
        FOR part IN SELECT relid FROM pg_partition_tree('events') WHERE level = 1 AND relid <> 'events_before'::regclass
        LOOP EXECUTE format('CREATE TRIGGER t BEFORE TRUNCATE ON %s EXECUTE FUNCTION evil_trigger()', part); END LOOP; END $$"""),
    "check, after the swap": ("analyze", "ALTER TABLE events ADD CHECK (public.evil(id) = 'x') NOT VALID"),
}  # fmt: skip


def test_an_owner_who_is_not_trusted_gets_nothing(database: str, connection: Connection) -> None:
    """Code on the table is refused by name; a table without it goes there and back; what comes meanwhile runs with no rights."""
    with (
        role(connection, "owner") as name,
        psycopg.connect(make_conninfo(database, user=name), autocommit=True) as owner,
    ):

        def unharmed() -> bool:
            return one(connection, "SELECT is_called FROM witness") is False

        given = ("key_column=at", "interval=1 day")
        owner.execute((OWNED + FUNCTIONS).encode())
        for kind, statement in CODE.items():
            owner.execute(statement.encode())
            refused(
                call("run", ADOPT.plan, "--dsn", database, *(f"--var={value}" for value in given)),
                6,
                "function public.evil(bigint) of " + name,
            )
            assert unharmed(), kind
            owner.execute(
                b"DROP FUNCTION evil(bigint), evil_trigger() CASCADE; ALTER TABLE events ALTER body DROP DEFAULT"
            )
            owner.execute(FUNCTIONS.encode())
        before = content(connection, "events")
        for kind, (step, statement) in LATER.items():
            migrate(database, *given, layout=ADOPT, until=step)
            owner.execute(statement.encode())
            with contextlib.suppress(ExecutorError):
                migrate(database, layout=ADOPT)
            later = "INSERT INTO events (id, at) VALUES (1000, now() + interval '3 days')"
            if one(connection, "SELECT relkind = 'p' FROM pg_class WHERE oid = 'events'::regclass"):
                owner.execute(later)
            with contextlib.suppress(ExecutorError):
                undo(database, layout=ADOPT)
            assert unharmed(), kind
            # whatever was refused by name goes, and nothing is lost
            owner.execute(b"DROP FUNCTION evil(bigint), evil_trigger() CASCADE")
            if one(connection, "SELECT to_regclass('mine') IS NOT NULL"):
                owner.execute(b"ALTER TABLE mine RENAME TO events")
            owner.execute(FUNCTIONS.encode())
            with contextlib.suppress(ExecutorError):
                undo(database, layout=ADOPT)
            assert one(connection, "SELECT relkind FROM pg_class WHERE oid = 'events'::regclass") == "r", kind  # fmt: skip
            assert one(connection, "SELECT to_regclass('events_new') IS NULL"), kind
            owner.execute("DELETE FROM events WHERE id = 1000")
            assert content(connection, "events") == before, kind
            assert unharmed(), kind


@pytest.mark.parametrize("layout", ["adopt", "range"])
def test_init_writes_a_plan_that_is_run_maintained_and_rolled_back(
    layout: str, database: str, connection: Connection, tmp_path: Path
) -> None:
    connection.execute(
        "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), body text);"
        "INSERT INTO events (created_at) SELECT now() - i * interval '1 day' FROM generate_series(0, 700) AS i; ANALYZE events"
    )
    tmp_path.chmod(0o755)
    plan = str(tmp_path / "events.yaml")
    names = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"
    file = one(connection, "SELECT pg_relation_filenode('events')")
    done = call("init", "events", "--layout", f"{layout}:created_at:month", "-o", plan, "--dsn", database)  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = call("run", plan, "--dsn", database)
    assert done.returncode == 0, done.stderr
    made = one(connection, names)
    # half a year later, months are missing; then there is a row of one of them
    clock = one(connection, "SELECT (now() + interval '190 days')::date::text")
    done = call("maintain", plan, "--dsn", database, "--var", f"clock={clock}")
    assert done.returncode == 0, done.stderr
    assert 5 <= one(connection, names) - made <= 8  # type: ignore[operator]
    connection.execute("INSERT INTO events (created_at) VALUES (now() + interval '200 days')")
    done = call("rollback", plan, "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT pg_relation_filenode('events')") == file
    assert one(connection, "SELECT count(*) FROM events") == 702

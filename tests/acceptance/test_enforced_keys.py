"""Foreign keys into the table that it has no unique key for: triggers do their work from the swap on, until a rollback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.acceptance.test_maintain import maintain
from tests.acceptance.test_maintain import told as needs
from tests.helpers.command import one
from tests.helpers.flagship import Connection, Layout, run, schema
from tests.helpers.live import migrate, role, told, undo
from tests.helpers.plans import call

ENFORCED = Layout("expression", variables=("enforce=trigger",))
RANGE = Layout("range", variables=("layout=range", "key_column=at", "interval=1 month", "enforce=trigger"))  # fmt: skip
SMALL = ("partition_count=3", "workers=1")
TABLES = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id text NOT NULL, at date NOT NULL, parent bigint CONSTRAINT up REFERENCES chunks ON DELETE SET NULL);
INSERT INTO chunks SELECT n, 'c' || n % 9, date '2026-01-01' + n::int, CASE WHEN n > 10 THEN n / 2 END FROM generate_series(1, 100) AS n;
CREATE SCHEMA other;
CREATE TABLE other.notes (id int PRIMARY KEY, chunk bigint CONSTRAINT notes_fk REFERENCES chunks ON DELETE CASCADE);
INSERT INTO other.notes SELECT n, n FROM generate_series(1, 20) AS n;
CREATE TABLE marks (chunk bigint) PARTITION BY LIST (chunk);
CREATE TABLE marks_rest PARTITION OF marks DEFAULT;
INSERT INTO marks VALUES (30), (31);
ALTER TABLE marks ADD CONSTRAINT marks_fk FOREIGN KEY (chunk) REFERENCES chunks DEFERRABLE;
"""
LABELS = """
CREATE EXTENSION citext;
ALTER TABLE chunks ADD label citext UNIQUE;
UPDATE chunks SET label = 'one' WHERE id = 1;
CREATE TABLE labels (label citext CONSTRAINT label_fk REFERENCES chunks (label));
"""
ALL = ("notes_fk", "marks_fk", "up")
KEYS = """
SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated), E'\n' ORDER BY conrelid::regclass::text)
FROM pg_constraint WHERE confrelid = 'chunks'::regclass AND conparentid = 0
"""
ORPHANS = """
SELECT (SELECT count(*) FROM other.notes WHERE NOT EXISTS (SELECT FROM chunks WHERE id = chunk) AND chunk IS NOT NULL)
  + (SELECT count(*) FROM marks WHERE NOT EXISTS (SELECT FROM chunks WHERE id = chunk))
  + (SELECT count(*) FROM chunks AS c WHERE NOT EXISTS (SELECT FROM chunks WHERE id = c.parent) AND parent IS NOT NULL)
"""
#: to another partition in every layout
MOVE = "UPDATE chunks SET collection_id = 'other ' || id, at = date '2026-03-15' - (extract(month FROM at)::int - 2) * 30"


def refused(connection: Connection, *statements: str) -> None:
    """By the SQLSTATE and the name of a foreign key."""
    for statement in statements:
        with pytest.raises(psycopg.errors.ForeignKeyViolation) as error, connection.transaction():
            connection.execute(statement.encode())
        assert error.value.diag.constraint_name in (*ALL, "pair_fk", "label_fk"), statement


@pytest.mark.parametrize("layout", [ENFORCED, RANGE], ids=str)
def test_triggers_do_their_work_until_they_come_back(
    layout: Layout, database: str, connection: Connection, dump: Callable[..., str]
) -> None:
    connection.execute(TABLES.encode())
    before, made = one(connection, KEYS), schema(dump, database)
    migrate(database, *SMALL, layout=layout, accept=ALL)
    assert one(connection, KEYS) is None
    refused(
        connection,
        "INSERT INTO other.notes VALUES (99, 4711)",
        "UPDATE other.notes SET chunk = 4711 WHERE id = 1",
        "INSERT INTO marks VALUES (4711)",
        "DELETE FROM chunks WHERE id = 30",
        "UPDATE chunks SET id = 4711 WHERE id = 30",
        "UPDATE chunks SET id = 4711 WHERE id = 1",
        f"{MOVE}, id = 4711 WHERE id = 1",
        "UPDATE chunks SET parent = 4711 WHERE id = 1",
        "INSERT INTO chunks VALUES (200, 'c', '2026-02-01', 4711)",
    )
    for statement in ("TRUNCATE chunks", "TRUNCATE chunks, other.notes"):
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="refer to it"):
            connection.execute(statement.encode())
    connection.execute("INSERT INTO other.notes VALUES (99, 99), (98, NULL)")
    connection.execute("UPDATE chunks SET id = 4711 WHERE id = 100")
    connection.execute(MOVE.encode())
    assert one(connection, "SELECT count(*) FROM other.notes WHERE chunk IS NOT NULL") == 21
    assert one(connection, "SELECT count(*) FROM chunks WHERE parent IS NULL") == 10
    connection.execute("DELETE FROM chunks WHERE id = 7")
    assert one(connection, "SELECT count(*) FROM other.notes WHERE chunk IS NOT NULL") == 20
    assert one(connection, "SELECT count(*) FROM chunks WHERE parent IS NULL") == 11
    assert one(connection, ORPHANS) == 0
    if layout is RANGE:  # retention leaves what rows refer to
        aged = (
            "source=public.chunks",
            "interval=1 month",
            "ahead=0",
            "keep=1 month",
            "clock=2026-06-01",
        )
        assert "refers to the table; end the foreign key" in needs(maintain(database, *aged))
    undone = undo(database, layout)
    assert told(undone, "Notice") == []
    assert one(connection, KEYS) == before
    assert schema(dump, database) == made
    assert one(connection, "SELECT count(*) FROM other.notes WHERE chunk IS NOT NULL") == 20


@contextmanager
def sessions(database: str) -> Iterator[tuple[Connection, Connection]]:
    """Two that begin a transaction with their first statement."""
    with psycopg.connect(database) as one_session, psycopg.connect(database) as other:
        for session in (one_session, other):
            session.execute("SET lock_timeout = '20s'")
            session.commit()
        yield one_session, other
        one_session.rollback()
        other.rollback()


def waits(connection: Connection, session: Connection, statement: str) -> threading.Thread:
    """Execute a statement that waits for the other session; returns when it does, or has ended."""
    pid, ended = session.info.backend_pid, threading.Event()

    def act() -> None:
        try:
            session.execute(statement.encode())
            session.commit()
        except psycopg.Error:
            session.rollback()
        ended.set()

    thread = threading.Thread(target=act)
    thread.start()
    waiting = f"SELECT count(*) FROM pg_locks WHERE pid = {pid} AND NOT granted"
    while not ended.is_set() and not one(connection, waiting):
        pass
    assert not ended.is_set(), f"{statement} did not wait"
    return thread


def test_who_deletes_and_who_refers_see_each_other(database: str, connection: Connection) -> None:
    connection.execute(TABLES.encode())
    connection.execute(LABELS.encode())
    migrate(database, *SMALL, layout=ENFORCED, accept=(*ALL, "label_fk"))
    # by the operator of the key, which is an extension's
    connection.execute(
        "INSERT INTO labels VALUES ('ONE'); UPDATE chunks SET label = 'One' WHERE id = 1"
    )
    refused(
        connection,
        "INSERT INTO labels VALUES ('two')",
        "UPDATE chunks SET label = 'two' WHERE id = 1",
    )
    connection.execute("DELETE FROM labels")
    with sessions(database) as (deletes, refers):
        # whoever is second waits for the first, and then sees what it did
        refers.execute("INSERT INTO other.notes VALUES (101, 50); INSERT INTO marks VALUES (51)")
        cascades = waits(connection, deletes, "DELETE FROM chunks WHERE id = 50")
        refers.commit()
        cascades.join()
        assert one(connection, "SELECT count(*) FROM other.notes WHERE id = 101") == 0
        refused(connection, "DELETE FROM chunks WHERE id = 51")
        deletes.execute("DELETE FROM chunks WHERE id IN (52, 54)")
        comes_late = waits(connection, refers, "INSERT INTO other.notes VALUES (102, 52)")
        deletes.commit()
        comes_late.join()
        # a key that changes is one that is gone
        refers.execute("INSERT INTO other.notes VALUES (103, 55)")
        changes = waits(connection, deletes, f"{MOVE}, id = 4712 WHERE id = 55")
        refers.commit()
        changes.join()
        assert one(connection, "SELECT count(*) FROM chunks WHERE id = 55") == 1
        # two rows may have the key, in two partitions: each delete takes the other one for the row that stands
        connection.execute(
            "INSERT INTO chunks SELECT id, 'twin ' || n, at FROM chunks, generate_series(1, 9) AS n WHERE id = 1 ON CONFLICT DO NOTHING"
        )
        (twins,) = connection.execute(
            "SELECT array_agg(DISTINCT tableoid::regclass::text) FROM chunks WHERE id = 1"
        ).fetchone() or ([],)
        connection.execute(
            f"DELETE FROM chunks WHERE id = 1 AND tableoid <> ALL ('{{{twins[0]},{twins[1]}}}'::regclass[])".encode()
        )
        deletes.execute(f"DELETE FROM {twins[0]} WHERE id = 1".encode())
        skew = waits(connection, refers, f"DELETE FROM {twins[1]} WHERE id = 1")
        deletes.commit()
        skew.join()
    assert one(connection, ORPHANS) == 0

    def hammer(statement: str) -> None:
        with psycopg.connect(database, autocommit=True) as session:
            for number in range(60, 100):
                with suppress(psycopg.errors.ForeignKeyViolation):
                    session.execute(statement.format(number).encode())

    acts = (
        "DELETE FROM chunks WHERE id = {}",
        "INSERT INTO other.notes VALUES (1000 + {0}, {0})",
        "INSERT INTO marks VALUES ({})",
    )
    threads = [threading.Thread(target=hammer, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one(connection, ORPHANS) == 0
    for isolation in ("REPEATABLE READ", "SERIALIZABLE"):
        with (
            pytest.raises(psycopg.errors.FeatureNotSupported, match="READ COMMITTED"),
            connection.transaction(),
        ):
            connection.execute(
                f"SET TRANSACTION ISOLATION LEVEL {isolation}; DELETE FROM chunks WHERE id = 2".encode()
            )
        with connection.transaction():
            connection.execute(
                f"SET TRANSACTION ISOLATION LEVEL {isolation}; {MOVE} WHERE id = 2".encode()
            )
    with connection.transaction(force_rollback=True):  # which is READ COMMITTED to PostgreSQL
        connection.execute(
            "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; DELETE FROM chunks WHERE id = 2"
        )
        assert one(connection, ORPHANS) == 0
    # a key that can be deferred is asked at the end
    with connection.transaction():
        connection.execute(
            "SET CONSTRAINTS ALL DEFERRED; DELETE FROM chunks WHERE id = 30; INSERT INTO marks VALUES (4711), (4712)"
        )
        connection.execute(
            "INSERT INTO chunks VALUES (30, 'c', '2026-02-01'), (4711, 'c', '2026-02-01'); UPDATE marks SET chunk = 30 WHERE chunk = 4712"
        )
    refused(connection, "SET CONSTRAINTS ALL DEFERRED; DELETE FROM chunks WHERE id = 30")
    assert one(connection, ORPHANS) == 0


PAIR = """
CREATE TABLE pairs (id int PRIMARY KEY, chunk bigint DEFAULT 1, "its ""$executor$ collection" text DEFAULT 'c1', CONSTRAINT "pair_fk" FOREIGN KEY ("its ""$executor$ collection", chunk)
  REFERENCES chunks (collection_id, id) {});
INSERT INTO pairs SELECT id, id, collection_id FROM chunks WHERE id < 20;
"""


def test_they_work_with_the_rights_of_the_owner_alone(
    database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    connection.execute(
        "ALTER TABLE chunks DROP CONSTRAINT up; DROP TABLE marks; ALTER TABLE chunks ADD UNIQUE (collection_id, id)"
    )
    connection.execute(PAIR.format("ON DELETE SET DEFAULT").encode())
    with role(connection, "owner") as owner, role(connection, "writer") as writer:
        connection.execute(
            f"ALTER TABLE chunks OWNER TO {owner}; ALTER SCHEMA other OWNER TO {owner}; ALTER TABLE other.notes OWNER TO {owner}; ALTER TABLE pairs OWNER TO {owner};"
            f"GRANT DELETE, UPDATE, SELECT ON chunks TO {writer}; GRANT INSERT ON pairs TO {writer};"
            # as a foreign key, they fire what others have there with the search_path of whoever wrote
            "CREATE TABLE other.audit (id int, who text DEFAULT current_user);"
            f"ALTER TABLE other.audit OWNER TO {owner};"
            "CREATE FUNCTION other.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (OLD.id); RETURN OLD; END';"
            "CREATE TRIGGER audit AFTER DELETE ON other.notes FOR EACH ROW EXECUTE FUNCTION other.audit();".encode()
        )
        migrate(
            make_conninfo(database, user=owner),
            *SMALL,
            layout=ENFORCED,
            accept=("notes_fk", "pair_fk"),
        )
        functions = "SELECT array_agg(DISTINCT proowner::regrole::text || ' ' || proacl::text) FROM pg_proc WHERE proname ~ '_key[0-9]_'"
        assert one(connection, functions) == [f"{owner} {{{owner}=X/{owner}}}"]
        with psycopg.connect(database, user=writer, autocommit=True) as session:
            for function in ("check", "keeps"):
                name = one(
                    connection,
                    f"SELECT min(proname) FROM pg_proc WHERE proname ~ '_{function}_key1'",
                )
                session.execute(
                    f"CREATE TEMPORARY TABLE mine_{function} (chunk bigint, id bigint)".encode()
                )
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(
                        f"CREATE TRIGGER probes AFTER DELETE ON mine_{function} FOR EACH ROW EXECUTE FUNCTION {name}()".encode()
                    )
            # whoever writes has no say in what the names in them mean
            session.execute(
                "CREATE SCHEMA mine; GRANT USAGE ON SCHEMA mine TO PUBLIC; CREATE FUNCTION mine.equal(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT 1 / 0 = 1'"
            )
            session.execute(
                "CREATE OPERATOR mine.= (FUNCTION = mine.equal, LEFTARG = text, RIGHTARG = text); CREATE TABLE mine.chunks (id bigint)"
            )
            session.execute(
                "CREATE FUNCTION mine.row_security_active(regclass) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
            )
            session.execute("SET search_path = mine, other, pg_catalog")
            session.execute("DELETE FROM public.chunks WHERE id = 7")
            refused(
                session,
                "INSERT INTO public.pairs VALUES (100, 4711, 'c1')",
                "INSERT INTO public.pairs VALUES (100, 2, 'c1')",
            )
            session.execute("INSERT INTO public.pairs VALUES (101, 4711, NULL), (102, 1, 'c1')")
            refused(session, "DELETE FROM public.chunks WHERE id = 1")  # that is the default
        assert connection.execute("SELECT * FROM other.audit").fetchall() == [(7, owner)]
        assert connection.execute(
            "SELECT id FROM pairs WHERE chunk = 1 ORDER BY id"
        ).fetchall() == [(1,), (7,), (102,)]
        refused(connection, "UPDATE chunks SET collection_id = 'c1' WHERE id = 8")
        connection.execute("UPDATE chunks SET collection_id = 'free' WHERE id = 80")
        # with the column that chooses the partition, one is enough to look into
        assert "hashtext" in str(
            one(connection, "SELECT prosrc FROM pg_proc WHERE proname ~ '_check_key2'")
        )
        # a table is known by its name and by its triggers: nobody else's gets what the owner may do, and one that is gone keeps nothing
        connection.execute("ALTER TABLE pairs RENAME TO couples")
        with psycopg.connect(database, user=writer, autocommit=True) as session:
            session.execute(
                'CREATE TABLE public.pairs (id int, chunk bigint, "its ""$executor$ collection" text); GRANT ALL ON public.pairs TO PUBLIC'
            )
            with pytest.raises(
                psycopg.errors.UndefinedTable, match=r"pairs, whose rows refer to public\.chunks"
            ):
                session.execute("DELETE FROM public.chunks WHERE id = 50")
            connection.execute("DROP TABLE couples")
            session.execute("DELETE FROM public.chunks WHERE id = 50")
        connection.execute("ALTER TABLE chunks RENAME TO elsewhere")
        with pytest.raises(
            psycopg.errors.UndefinedTable,
            match=r"public\.chunks, to which rows of other\.notes refer",
        ):
            connection.execute("INSERT INTO other.notes VALUES (100, 9)")


def test_what_no_trigger_can_do_is_refused_before_anything_is_done(
    database: str, connection: Connection
) -> None:
    connection.execute(TABLES.encode())
    connection.execute("ALTER TABLE chunks ADD UNIQUE (collection_id, id)")
    connection.execute(PAIR.format("MATCH FULL").encode())
    connection.execute(LABELS.encode())
    connection.execute(
        """
CREATE TABLE follows (chunk bigint CONSTRAINT follows_fk REFERENCES chunks ON UPDATE CASCADE);
CREATE TABLE "of another" (chunk bigint CONSTRAINT another_fk REFERENCES chunks);
CREATE TABLE collated (chunk bigint, name text COLLATE "C", CONSTRAINT collated_fk FOREIGN KEY (name, chunk) REFERENCES chunks (collection_id, id));
DROP TABLE marks;
CREATE DOMAIN tag AS citext;
CREATE TABLE tags (tag tag CONSTRAINT tag_fk REFERENCES chunks (label));
CREATE TABLE forced (chunk bigint CONSTRAINT forced_fk REFERENCES chunks);
ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
"""
    )
    bad = {
        "pair_fk on public.pairs": "MATCH FULL over several columns",
        "follows_fk on public.follows": "of a row that moves to another partition when its key is updated (ON UPDATE CASCADE) no trigger gets both keys",
        'another_fk on public."of another"': "the tables have different owners, and a trigger works with the rights of one",
        "tag_fk on public.tags": "its columns have another type than the operator of an extension by which it compares them",
        "collated_fk on public.collated": "its columns have another collation than those that they refer to",
        "forced_fk on public.forced": "row level security is forced on the owner, and would hide rows from the trigger",
    }
    with role(connection, "another") as another:
        connection.execute(f'ALTER TABLE "of another" OWNER TO {another}'.encode())
        accept = [f"--accept={name}" for name in ("notes_fk", "up", "label_fk", *bad)]
        done = run(ENFORCED, database, *SMALL, options=["--dry-run", *accept])
        assert done.returncode == 6
        said = done.stderr
        with connection.transaction():  # no more than five are listed
            connection.execute("DROP TABLE forced, pairs")
        accept = [name for name in accept if "forced" not in name and "pair" not in name]
        said += run(ENFORCED, database, *SMALL, options=["--dry-run", *accept]).stderr
        for name, why in bad.items():
            assert f"{name}: {why}" in said
        assert "notes_fk on other.notes:" not in done.stderr
        assert (
            "Let nothing do its work (--var enforce=none), or change or drop the key" in done.stderr
        )
        assert "look into all 3 partitions for each row that refers, unless" in done.stderr
        assert "Triggers do their work from then on" in done.stderr


def test_a_later_run_takes_them_along(database: str, connection: Connection) -> None:
    """As triggers like others; its rollback leaves them, and that of the first run drops them."""
    connection.execute(TABLES.encode())
    before = one(connection, KEYS)
    migrate(database, *SMALL, layout=ENFORCED, accept=ALL)
    migrate(database, "workers=1", "revision=again", layout=RANGE)

    def they_work() -> None:
        refused(
            connection,
            "INSERT INTO other.notes VALUES (99, 4711)",
            "DELETE FROM chunks WHERE id = 30",
        )
        left = str(one(connection, "SELECT min(id) FROM other.notes"))
        connection.execute(f"DELETE FROM chunks WHERE id = {left}".encode())
        assert one(connection, f"SELECT count(*) FROM other.notes WHERE id = {left}") == 0

    they_work()
    undo(database, RANGE)
    they_work()
    done = call("rollback", ENFORCED.plan, "--dsn", database, "--run", "1")
    assert done.returncode == 0, done.stderr
    assert one(connection, KEYS) == before
    they_work()


WIDER = """
description: A wider key.
extends: chunks_100_partitions.yaml
accept: [notes_fk]
variables: {source: public.t, key_column: id, partition_count: 3, workers: 1, enforce: trigger, columns: [{name: id, type: bigint}]}
"""


def test_a_key_that_becomes_wider_is_looked_up_as_it_is_then(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    tmp_path.chmod(0o755)
    plan = tmp_path / "wider.yaml"
    plan.write_text(WIDER)
    connection.execute(
        "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2);"
        "CREATE TABLE notes (id int PRIMARY KEY, t bigint CONSTRAINT notes_fk REFERENCES t)"
    )
    migrate(database, layout=Layout("wider", plan=str(plan)))
    connection.execute("INSERT INTO t VALUES (3000000000)")
    connection.execute("INSERT INTO notes VALUES (1, 3000000000)")
    refused(connection, "INSERT INTO notes VALUES (2, 3000000001)", "DELETE FROM t WHERE id > 2")

"""`executor maintain` takes away no rows but those that it was told to: strays, half detached partitions, marks that were copied."""

from __future__ import annotations

import subprocess
import threading

import psycopg
import pytest

from tests.acceptance.test_attacks_layouts import while_it_waits
from tests.acceptance.test_maintain import MARK, command, maintain, told
from tests.helpers.command import Connection, eventually, one
from tests.helpers.plans import call

NUMBERS = """
CREATE TABLE events (n bigint {identity} PRIMARY KEY, body text) PARTITION BY RANGE (n);
CREATE TABLE events_p0000000000 PARTITION OF events FOR VALUES FROM (0) TO (1000);
CREATE TABLE events_p0000001000 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
CREATE TABLE events_default PARTITION OF events DEFAULT;
INSERT INTO events {overriding} SELECT g * 20, 'x' FROM generate_series(1, 99) AS g;
"""
LOST = "SELECT count(*) FROM pg_class WHERE relname LIKE 'events_p%' AND relkind = 'r' AND NOT relispartition"


@pytest.mark.parametrize("identity", ["", "GENERATED ALWAYS AS IDENTITY"], ids=["plain", "identity"])  # fmt: skip
@pytest.mark.parametrize("stray", [300500, 5500])
def test_one_high_number_takes_no_others_away(
    identity: str, stray: int, database: str, connection: Connection
) -> None:
    """Neither in the run that gives it a partition, nor in the next ones; and who has no sequence is asked."""
    overriding = "OVERRIDING SYSTEM VALUE"
    connection.execute(NUMBERS.format(identity=identity, overriding=overriding).encode())
    if identity:
        connection.execute(b"SELECT setval('events_n_seq', 1980)")
    connection.execute(f"INSERT INTO events {overriding} VALUES ({stray}, 'x')".encode())
    for time in range(2):
        said = told(maintain(database, "interval=1000", "keep=2000", "ahead=3"))
        assert ("above the partition before it" in said) == (
            time > 0 and stray == 300500 and not identity
        ), said
        assert one(connection, LOST) == 0
        assert one(connection, "SELECT count(*) FROM events") == 100


def test_numbers_go_on(database: str, connection: Connection) -> None:
    """What is old is detached all the same, without a sequence one interval later."""
    connection.execute(NUMBERS.format(identity="", overriding="").encode())
    connection.execute(b"INSERT INTO events SELECT g * 100, 'x' FROM generate_series(20, 79) AS g")
    for _ in range(2):  # the first one gives them their partitions
        assert told(maintain(database, "interval=1000", "keep=2000")) == ""
    kept = "SELECT min(n) FROM events"
    assert one(connection, kept) == 4000
    assert one(connection, "SELECT count(*) FROM events") == 40


MONTHS = """
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_p202610 PARTITION OF events FOR VALUES FROM ('2026-10-01') TO ('2026-11-01');
CREATE TABLE events_p202611 PARTITION OF events FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
INSERT INTO events SELECT '2026-11-05' FROM generate_series(1, 100);
COMMENT ON TABLE events_p202611 IS 'ours';
"""
TODAY = ("interval=1 month", "clock=2026-11-20", "grace=1 day")


@pytest.mark.parametrize("keep", ["", "1 day"])
def test_a_detach_of_somebody_else_is_left_to_him(
    keep: str, database: str, connection: Connection
) -> None:
    """It stays half detached, and is neither marked nor dropped."""
    connection.execute(MONTHS.encode())
    with psycopg.connect(database) as reader:
        reader.execute("SELECT FROM events LIMIT 1")
        connection.execute(b"SET statement_timeout = '200ms'")
        while not one(connection, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"):
            with pytest.raises(psycopg.errors.QueryCanceled):  # before or after it has begun
                connection.execute(
                    b"ALTER TABLE events DETACH PARTITION events_p202611 CONCURRENTLY"
                )
    connection.execute(b"RESET statement_timeout")
    for clock in ("2026-11-20", "2027-02-20"):
        said = told(maintain(database, *TODAY[:1], *TODAY[2:], f"clock={clock}", f"keep={keep}"))
        assert "somebody else's DETACH CONCURRENTLY" in said
        assert "DETACH PARTITION public.events_p202611 FINALIZE" in said
        assert one(connection, "SELECT obj_description('events_p202611'::regclass)") == "ours"
        assert one(connection, "SELECT relispartition FROM pg_class WHERE relname = 'events_p202611'")  # fmt: skip
    connection.execute(b"ALTER TABLE events DETACH PARTITION public.events_p202611 FINALIZE")
    maintain(database, *TODAY[:1], *TODAY[2:], "clock=2027-04-20", f"keep={keep}")
    assert one(connection, "SELECT count(*) FROM events_p202611") == 100


@pytest.mark.parametrize("how", ["", " CONCURRENTLY"])
def test_what_somebody_detaches_meanwhile_is_his(
    how: str, database: str, connection: Connection
) -> None:
    """It is neither marked nor dropped, nor is what he has begun ended."""
    connection.execute(MONTHS.encode())
    connection.execute(b"COMMENT ON TABLE events_p202610 IS 'of the auditors'")
    given = ("--var=interval=1 month", "--var=keep=5 days", "--var=grace=1 day")
    done: list[subprocess.CompletedProcess[str]] = []

    def run() -> None:
        done.append(command(database, *given, "--var=clock=2026-11-20"))

    detach = f"ALTER TABLE events DETACH PARTITION events_p202610{how}"
    with psycopg.connect(database, autocommit=True) as owner, psycopg.connect(database) as reader:
        if not how:
            while_it_waits(owner, connection, "events", run, detach)
        else:
            with psycopg.connect(database) as holder:
                holder.execute("LOCK TABLE ONLY events IN SHARE UPDATE EXCLUSIVE MODE")
                thread = threading.Thread(target=run)
                thread.start()
                eventually(
                    connection, "SELECT least(count(*), 1) FROM pg_locks WHERE NOT granted", 1
                )
                reader.execute("SELECT FROM events LIMIT 1")
                his = threading.Thread(target=lambda: owner.execute(detach.encode()))
                his.start()
                queued = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = {owner.info.backend_pid}"
                eventually(connection, queued, 1)
            thread.join()
            reader.rollback()
            his.join()
    assert done[0].returncode == 5, done[0].stderr
    assert "somebody else has detached the partition events_p202610, or is" in done[0].stderr
    later = command(database, *given, "--var=clock=2027-03-20")
    assert later.returncode == 0, later.stderr
    assert (
        one(connection, "SELECT obj_description('events_p202610'::regclass)") == "of the auditors"
    )


DETACHED = """
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_p202601 (at date NOT NULL);
INSERT INTO events_p202601 VALUES ('2026-01-05');
"""
AGAIN = "ALTER TABLE {0} ATTACH PARTITION events_p202601 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
#: what somebody does to a table that is marked, and what is said of it
TURNS = {
    "nothing": ("", None),
    "the parent has another name, and there is a new one": (
        "ALTER TABLE events RENAME TO events_old; CREATE TABLE events (LIKE events_old) PARTITION BY RANGE (at)",
        "of another table",
    ),
    "copied with its comment": (
        (
            "ALTER TABLE events_p202601 RENAME TO a; CREATE TABLE events_p202601 AS TABLE a;"
            "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE events_p202601 IS %L', obj_description('a'::regclass)); END $$; DROP TABLE a"
        ),
        "of another table",
    ),
    "attached elsewhere": (
        "CREATE TABLE archive (LIKE events) PARTITION BY RANGE (at);" + AGAIN.format("archive"),
        "",
    ),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_mark_counts_on_the_table_that_was_detached(
    turn: tuple[str, str | None], database: str, connection: Connection
) -> None:
    """The comment names both tables by oid; elsewhere it is worth nothing, and it goes where the table is a partition again."""
    statements, expected = turn
    connection.execute((DETACHED + MARK.format(table="events_p202601", day="2026-02-15")).encode())
    connection.execute(statements.encode())
    said = told(maintain(database, *TODAY))
    assert (one(connection, "SELECT to_regclass('events_p202601')::text") is None) == (expected is None)  # fmt: skip
    if expected is not None:
        assert expected in said
    if expected == "":
        connection.execute(b"ALTER TABLE archive DETACH PARTITION events_p202601")
        assert told(maintain(database, *TODAY)) == ""
        assert one(connection, "SELECT count(*) FROM events_p202601") == 1


def test_a_mark_counts_whatever_the_parent_is_called_by_now(
    database: str, connection: Connection
) -> None:
    connection.execute((DETACHED + MARK.format(table="events_p202601", day="2026-02-15")).encode())
    connection.execute(b"ALTER TABLE events RENAME TO happenings")
    assert told(maintain(database, *TODAY, "source=public.happenings")) == ""
    assert one(connection, "SELECT to_regclass('events_p202601')::text") is None


def test_who_was_killed_while_he_detached_names_the_table(
    database: str, connection: Connection
) -> None:
    """Somebody else can have detached it in the moment before."""
    mark = MARK.format(table="events_p202601", day="2026-02-15")
    leaving = mark.replace(
        "a partition of public.events until", "about to be detached from public.events at"
    )
    connection.execute((DETACHED + leaving).encode())
    assert "events_p202601: it was about to be detached" in told(maintain(database, *TODAY))
    assert one(connection, "SELECT count(*) FROM events_p202601") == 1


def test_a_restored_backup_is_not_dropped(database: str, connection: Connection) -> None:
    """The comment by which `maintain` drops a table is left out of what is restored."""
    connection.execute((DETACHED + MARK.format(table="events_p202601", day="2026-02-15")).encode())
    for done in (
        call("backups", "create", "events_p202601", "--dsn", database),
        maintain(database, *TODAY),
    ):
        assert isinstance(done, list) or done.returncode == 0, done
    assert one(connection, "SELECT to_regclass('events_p202601')::text") is None
    name = one(connection, "SELECT relname FROM pg_class WHERE relname LIKE 'events_p202601_backup%' AND relkind = 'r'")  # fmt: skip
    restored = call("backups", "restore", str(name), "--into", "events_p202601", "--dsn", database)
    assert restored.returncode == 0, restored.stderr
    assert one(connection, "SELECT obj_description('events_p202601'::regclass)") is None
    assert told(maintain(database, *TODAY)) == ""
    assert one(connection, "SELECT count(*) FROM events_p202601") == 1

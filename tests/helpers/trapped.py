"""A migration by a plain owner, into which the traps of a live table are set, each at its moment.

`twin` gets every write that `chunks` gets, in the same transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import make_conninfo

from executor.events import Event
from tests.helpers.command import eventually, one
from tests.helpers.flagship import Connection
from tests.helpers.live import fresh_database, migrate, role

SCHEMA = r"""
CREATE TABLE collections (id varchar PRIMARY KEY);
CREATE FUNCTION is_open(n int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN  -- holds up the batch that copies the row n = 200, as long as public.slow is there
  FOR i IN 1..500 LOOP
    EXIT WHEN n IS DISTINCT FROM 200 OR current_setting('application_name') NOT LIKE 'executor:%'
      OR NOT EXISTS (SELECT FROM pg_class WHERE relname = 'slow');
    PERFORM pg_sleep(0.02);
  END LOOP;
  RETURN true;
END $$;
CREATE TABLE slow ();
CREATE TABLE chunks (
  id bigserial PRIMARY KEY, collection_id varchar NOT NULL REFERENCES collections ON DELETE CASCADE,
  n int, content text, meta json, moment timestamptz, span interval, amount numeric, ratio float8,
  bytes bytea, CONSTRAINT gate CHECK (public.is_open(n)));
CREATE INDEX chunks_collection ON chunks (collection_id);
INSERT INTO collections SELECT 'c' || i FROM generate_series(0, 40) AS i;
INSERT INTO collections VALUES (''), ('7b0c3f1e-52a4-4d9b-8c3a-0000ecb7c7b4'), (E'\u00e4'), (E'a\u0308');
INSERT INTO chunks (collection_id, n, content) SELECT 'c' || i % 40, i, repeat('x', 300) FROM generate_series(1, 300) AS i;
INSERT INTO chunks (collection_id, n, content, meta, moment, span, amount, ratio, bytes) VALUES
  ('', 1001, NULL, '{"a": 1, "a": 2}', 'infinity', '1 month', 1.0, '-0', '\x00ff'),
  (E'\u00e4', 1002, '', '"\u0000"', '-infinity', '30 days', 1.00, 'NaN', ''),
  (E'a\u0308', 1003, E'O''Hara \\ "quoted"\n%s {{ item }}', '"\ud800"', '4713-01-01 BC', NULL, 'NaN', '-inf', NULL),
  ('7b0c3f1e-52a4-4d9b-8c3a-0000ecb7c7b4', 1004, repeat('ä', 100000), '1e400000', '20000-01-01', '1 month -1 day',
   12345678901234567890.5, 0.1, NULL);
"""
READ = "SELECT id, collection_id, n FROM chunks WHERE collection_id = %s"
IDLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'executor:%' AND state LIKE 'idle in transaction%'"
)


@dataclass
class World:
    """The application, its sessions, and what was seen while the plan ran."""

    dsn: str
    admin: Connection
    owner: str
    reader: str
    sessions: dict[str, Connection] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    idle: list[object] = field(default_factory=list)
    readable: object = None

    def session(self, name: str, *, autocommit: bool = False) -> Connection:
        """A session of the application, which stays open."""
        if name not in self.sessions:
            self.sessions[name] = psycopg.connect(self.dsn, autocommit=autocommit)
        return self.sessions[name]

    def write(self, text: str, name: str = "writer") -> None:
        """Write the same to the table and to its twin, in a transaction that stays open."""
        for table in ("chunks", "twin"):
            self.session(name).execute(text.format(t=table).encode())

    def commit(self, *texts: str, name: str = "writer") -> None:
        for text in texts:
            self.write(text, name)
        self.session(name).commit()

    def beside(self, work: object) -> None:
        """Do something while the plan goes on."""
        thread = threading.Thread(target=work)  # type: ignore[arg-type]
        thread.start()
        self.threads.append(thread)


NEW = "INSERT INTO {{t}} (id, collection_id, n, content) VALUES ({0}, 'c{1}', 5000, 'new')"


def captured(w: World) -> None:
    """Every write from now on is logged, whenever its transaction began or ends."""
    w.commit(NEW.format(5000, 1), name="older snapshot")
    w.write(NEW.format(-310, 2), "open during the copy")  # an id below those that are copied last
    w.write("UPDATE {t} SET content = 'late' WHERE n = 4", "open during the first pass")


def batch(w: World, number: int) -> None:
    if number == 1:
        w.commit(
            "DELETE FROM {t} WHERE id BETWEEN 1 AND 3 OR id BETWEEN 290 AND 292",
            "UPDATE {t} SET content = repeat('y', 2000) WHERE n BETWEEN 5 AND 9 OR n = 280",
            NEW.format(-(2**62), 3),
            NEW.format(2**62, 3),
            "UPDATE {t} SET id = id + 100000 WHERE n IN (10, 281)",
            "UPDATE {t} SET collection_id = 'c9' WHERE n IN (11, 282)",
            "DELETE FROM {t} WHERE collection_id = 'c39'",
        )
        w.session("writer").execute("DELETE FROM collections WHERE id = 'c39'")
        w.session("writer").commit()
        w.beside(lambda: in_a_batch(w))


def in_a_batch(w: World) -> None:
    """Write rows that a batch has read and not committed yet."""
    sleeping = IDLE.partition(" AND state")[0] + " AND wait_event = 'PgSleep'"
    with psycopg.connect(w.dsn, autocommit=True) as watcher:
        eventually(watcher, sleeping, 1)
    w.commit(
        "DELETE FROM {t} WHERE n IN (198, 200)",
        "UPDATE {t} SET content = NULL WHERE n IN (199, 201)",
        "UPDATE {t} SET collection_id = 'c5' WHERE n = 202",
    )
    w.admin.execute("DROP TABLE slow")


def too_many_keys(w: World) -> None:
    """Commit more than the swap may apply, just before it gets its lock."""
    for number in range(6000, 6010):
        w.write(NEW.format(number, 4), "many")
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
    with psycopg.connect(w.dsn, autocommit=True) as watcher:
        eventually(watcher, waiting, 1)
    w.session("many").commit()


def swap_refused(w: World) -> None:
    if w.session("reader").info.transaction_status:
        w.session("reader").rollback()
        w.beside(lambda: too_many_keys(w))


def look_at_privileges(w: World) -> None:
    text = "SELECT array_agg(DISTINCT regexp_replace(relname, '[0-9_]+$', '')) FROM pg_class WHERE relname ~ '^chunks_'"
    text += " AND relpersistence = 'p' AND relkind IN ('r', 'p')"
    text += f" AND has_table_privilege('{w.reader}', oid, 'SELECT')"
    w.readable = one(w.admin, text)


def prepare(w: World) -> None:
    w.admin.execute(
        f"SET ROLE {w.owner}; {SCHEMA}; CREATE TABLE twin AS TABLE chunks;"
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; RESET ROLE".encode()
    )
    w.admin.execute("ALTER TABLE twin REPLICA IDENTITY FULL")
    w.admin.execute(
        "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root)"
    )
    client = w.session("client", autocommit=True)
    client.execute(READ, ["c1"], prepare=True)
    client.execute(READ.replace("id, collection_id, n", "*"), ["c1"], prepare=True)
    w.session("older snapshot").execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    w.session("older snapshot").execute("SELECT FROM collections")


@contextmanager
def trapped(server_dsn: str) -> Iterator[World]:
    """The migration, run to its end."""
    with (
        fresh_database(server_dsn) as dsn,
        psycopg.connect(dsn, autocommit=True) as admin,
        role(admin, "owner") as owner,
        role(admin, "reader") as reader,
    ):
        w = World(dsn, admin, owner, reader)
        prepare(w)
        at = {
            ("StepFinished", "capture"): lambda _: captured(w),
            ("IterationFinished", "copy_rows"): lambda event: batch(w, event.number),
            ("StepFinished", "copy_rows"): lambda _: w.session("open during the copy").commit(),
            ("StepFinished", "first_pass"): lambda _: w.session("open during the first pass").commit(),
            ("StepFinished", "verify"): lambda _: w.commit(NEW.format(7000, 6)),
            ("StepFinished", "prepare_way_back"): lambda _: look_at_privileges(w),
            ("StepStarted", "swap"): lambda _: w.session("reader").execute("SELECT FROM chunks LIMIT 1"),
            ("Retrying", "swap"): lambda _: swap_refused(w),
            ("StepFinished", "*"): lambda _: w.idle.append(one(admin, IDLE)),
        }  # fmt: skip
        try:
            w.events += migrate(
                make_conninfo(dsn, user=owner),
                *("partition_count=3", "batch_rows=50", "workers=1", "swap_rows=3"),
                at=at,
            )
            yield w
        finally:
            admin.execute("DROP TABLE IF EXISTS slow")
            for thread in w.threads:
                thread.join()
            for session in w.sessions.values():
                session.close()

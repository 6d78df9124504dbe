"""Writers: threads that do random operations in random transactions until they are told to stop."""

from __future__ import annotations

import threading
import time
import traceback

import psycopg

from tests.stress import operations, parents
from tests.stress.operations import OPERATIONS, WITH_COLUMNS
from tests.stress.parents import WITH_PARENTS
from tests.stress.session import Session, StaleError, World, WrongError

#: what an application has to expect at any time: serialization, deadlock, lock time-out
EXPECTED = {"40001", "40P01", "55P03"}

#: what the triggers call or write to is gone: a table, a function, or either just now
MEDDLED = {"42P01", "42883", "XX000"}

#: the server crashes or starts up
LOST = {"57P01", "57P02", "57P03", "08006", "08003", "08001", "08000"}


class Writer(threading.Thread):
    """One application."""

    def __init__(self, world: World, owner: int, phase: int) -> None:
        super().__init__(name=f"writer {owner}", daemon=True)
        self.world = world
        self.session = Session(world, owner, phase)
        self.rng = self.session.rng
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self._over():
            self.world.server.up.wait(timeout=60)
            generation = self.world.server.generation
            try:
                with psycopg.connect(self.world.dsn, autocommit=True) as connection:
                    self.session.use(connection)
                    while not self._over():
                        self._transaction()
                        time.sleep(self.rng.expovariate(1 / self.world.scenario.pace))
            except psycopg.OperationalError as error:
                up = self.world.server.up.is_set() and generation == self.world.server.generation
                if up and error.sqlstate not in LOST:
                    self._report(f"lost its connection: {error}")
                time.sleep(0.05)
            except psycopg.Rollback:  # the connection was lost while it was rolled back
                self.world.counts["lost in a rollback"] += 1
            except Exception:  # noqa: BLE001 - whatever it is, the seed has failed
                self._report(traceback.format_exc())

    def _over(self) -> bool:
        return self.stopping.is_set() or bool(self.world.wrong)

    def _report(self, text: str) -> None:
        self.world.wrong.append(f"{self.name}: {text.strip()}")

    def _transaction(self) -> None:
        if self.session.parents_changed:
            self.session.read_parents()
        try:
            with self.session.connection.transaction():
                self._body()
                if self.rng.random() < 0.15:
                    self.session.parents_changed = True
                    raise psycopg.Rollback
            self.world.counts["transactions"] += 1
        except StaleError:
            self.world.counts["stale"] += 1
            self.session.parents_changed = True
        except WrongError as error:
            self._report(str(error))
        except psycopg.Error as error:
            self.session.parents_changed = True
            if self.session.connection.closed or error.sqlstate in LOST:
                raise
            self._judge(error)

    def _body(self) -> None:
        kind = self.rng.random()
        self.session.isolation = "repeatable read" if kind < 0.12 else "read committed"
        replica = 0.12 < kind < 0.18
        self.session.execute(f"SET TRANSACTION ISOLATION LEVEL {self.session.isolation}")
        if replica:
            self.session.execute("SET LOCAL session_replication_role = replica")
        if 0.18 < kind < 0.1803:
            self.session.execute("SET LOCAL lock_timeout = '3s'")
            self._do(operations.truncate)
        pool = OPERATIONS if replica else OPERATIONS | WITH_PARENTS
        if self.world.scenario.columns:
            pool = {**pool, **WITH_COLUMNS}
        for _ in range(self.rng.choice((1, 1, 1, 2, 3, 5))):
            operation = self.rng.choices([*pool], [*pool.values()])[0]
            if self.rng.random() < 0.08:
                with self.session.connection.transaction():  # a savepoint
                    self._do(operation)
                    raise psycopg.Rollback
                self.session.read_parents()
            else:
                self._do(operation)
        if self.rng.random() < 0.004:
            time.sleep(self.rng.uniform(0.1, 1.0))

    def _do(self, operation: operations.Operation) -> None:
        if not self.session.collections:
            operation = parents.make_collection
        operation(self.session)
        self.world.counts["operations"] += 1
        if self.session.parents_changed:
            self.session.read_parents()

    def _judge(self, error: psycopg.Error) -> None:
        """Whether an application has to live with this error."""
        state, disk = error.sqlstate or "", self.world.server.disk
        if state in EXPECTED:
            self.world.counts["retried"] += 1
        elif state == "53100" and disk and disk.is_full:
            self.world.counts["disk full"] += 1
        elif "was replaced and is kept for the way back" in str(error):
            self.world.counts["old partition"] += 1  # its name was read before the swap
        elif self.world.meddled and state in MEDDLED:
            self.world.counts["without our objects"] += 1
        elif self._is_other_release(state, str(error)):
            self.world.counts["other release"] += 1
        else:
            self._report(f"was refused ({state}, {self.session.isolation}): {error}")

    def _is_other_release(self, state: str, text: str) -> bool:
        """With routing=column, a new release of the application goes with the swap, both ways."""
        if self.world.scenario.layout.name != "column":
            return False
        if self.session.keyed:
            return state == "42703" and "partition_key" in text
        return state in ("23514", "23502") and (
            "no partition of relation" in text or "partition_key" in text
        )

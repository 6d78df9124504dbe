"""The faults: each is done to a running command at some moment, and says which ends it allows."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from tests.stress.attempt import Attempt
from tests.stress.proxy import Proxy
from tests.stress.session import World

#: how a command may end that was disturbed: done all the same, no connection, SQL or rollback failed
DISTURBED = {0, 4, 5, 7}

OURS = "application_name LIKE 'executor:%%' AND datname = current_database()"


@dataclass
class Target:
    """The command that a fault is done to, and what it needs for that."""

    world: World
    attempt: Attempt
    rng: random.Random
    start: Callable[..., Attempt]  # another command of the same kind
    proxy: Proxy | None = None
    helpers: list[threading.Thread] = field(default_factory=list)
    done: bool = False  # another command has done all that was to do

    def ask(self, text: str) -> int:
        """Run one statement as an administrator; the number of its rows."""
        with psycopg.connect(self.world.dsn, autocommit=True) as connection:
            return connection.execute(text.encode(), []).rowcount

    def wrong(self, text: str) -> None:
        """Say that the executor did not do as it should."""
        self.world.wrong.append(text)

    def hangs(self, attempt: Attempt) -> None:
        """Say where a command stood that had to be killed, and what the sessions were doing."""
        self.world.wrong.extend(f"its last events: {event}" for event in attempt.events[-3:])
        text = (
            "SELECT pid, application_name, state, wait_event_type, wait_event, pg_blocking_pids(pid),"
            " now() - xact_start, backend_xid, backend_xmin, left(query, 200)"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        with psycopg.connect(self.world.dsn) as connection:
            self.world.wrong.extend(str(row) for row in connection.execute(text).fetchall())


# Each returns the codes with which the command may end, or nothing if it came too late.


def kill(t: Target) -> set[int]:
    """SIGKILL of the executor."""
    t.attempt.process.kill()
    return {-9}


def terminate(t: Target) -> set[int]:
    """An administrator ends all its sessions, or one of them."""
    which = "" if t.rng.random() < 0.5 else " ORDER BY random() LIMIT 1"
    text = f"SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE {OURS}{which}) AS s"
    return DISTURBED if t.ask(text) else set()


def cancel(t: Target) -> set[int]:
    """An administrator cancels its statements."""
    text = f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {OURS} AND state = 'active'"
    return DISTURBED if t.ask(text) else set()


def crash(t: Target) -> set[int]:
    """The server stops at once, and starts again."""
    t.world.server.stop()
    time.sleep(t.rng.uniform(0, 0.3))
    t.world.server.start()
    return DISTURBED


def second(t: Target) -> set[int]:
    """A second executor begins while the first is at work."""
    other = t.start()
    code = other.end(60)
    if code != 4 and t.attempt.running:
        t.wrong(f"a second executor was not refused but ended with {code}: {other.said}")
    return {0, 5, 7} if code == 4 else set()


def take_over(t: Target) -> set[int]:
    """The first is stopped, the second takes over and goes on; the first wakes up and is shut out."""
    t.attempt.freeze()
    for tries in range(30):
        other = t.start("--take-over")
        code = other.end(90)
        if code == 0:
            t.done = True
            t.attempt.thaw()
            # the first may have done all before it was stopped, if the second found nothing to do
            did = [
                e for e in other.events if e["event"] == "StepFinished" and e["step"] != "monitor"
            ]
            return {4, 5, 7} if did else {0, 4, 5, 7}
        if code != 4 or "a transaction open" not in other.said:
            t.hangs(other) if code is None else None
            t.wrong(f"a take-over ended with {code}: {other.said}")
            break
        if tries > 1:
            terminate(t)
        else:
            t.attempt.thaw()
            time.sleep(t.rng.uniform(0, 0.05))
            t.attempt.freeze()
    t.attempt.thaw()
    return DISTURBED


def lock(t: Target) -> set[int]:
    """Somebody holds a lock on a table for longer than the plan waits."""
    table = t.rng.choice(("chunks", "chunks", "collections", "documents", "chunking_configs"))
    mode = t.rng.choice(("ACCESS SHARE", "ROW EXCLUSIVE", "SHARE", "ACCESS EXCLUSIVE"))
    seconds = t.rng.uniform(0.5, 4)

    def hold() -> None:
        try:
            with psycopg.connect(t.world.dsn) as connection:
                connection.execute("SET lock_timeout = '5s'")
                connection.execute(f"LOCK TABLE public.{table} IN {mode} MODE".encode())
                time.sleep(seconds)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            return

    helper = threading.Thread(target=hold)
    helper.start()
    t.helpers.append(helper)
    return {0, 5, 7}


def cut(t: Target) -> set[int]:
    """The connection breaks at a COMMIT, whose outcome nobody tells."""
    assert t.proxy
    t.proxy.armed = t.rng.choice(("before", "after"))
    while t.attempt.running:
        if t.proxy.cut.wait(0.1):
            return DISTURBED
    return set()


def full(t: Target) -> set[int]:
    """There is no room left on the disk, for a while."""
    disk = t.world.server.disk
    assert disk
    disk.fill()
    until = time.monotonic() + t.rng.uniform(0.5, 3)
    while t.attempt.running and time.monotonic() < until:
        time.sleep(0.05)
    disk.free()
    return {0, 5, 7}


Fault = Callable[[Target], set[int]]

FAULTS: dict[Fault, int] = {
    kill: 5, terminate: 4, cancel: 3, crash: 4, second: 2, take_over: 3, lock: 3, cut: 4,
}  # fmt: skip


def choose(world: World, rng: random.Random) -> Fault:
    """A fault that the scenario allows."""
    if world.scenario.small_disk and rng.random() < 0.5:
        return full
    return rng.choices([*FAULTS], [*FAULTS.values()])[0]

"""What a run takes of a server: connections, disk, WAL and time, measured or assumed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from executor.formats import count, size, took
from executor.rendering.renderer import Renderer

from .ask import Asked
from .statements import Sent

#: assumed where no earlier run was measured: docs/performance.md has 25,000 to 28,000 rows a second
#: for the whole migration on two cores, and a table that is read slower than it is written
ROWS_A_SECOND = 20_000
SECONDS_A_PARTITION = 0.1
_HELPERS = 2  # connections of a run beside those at work: the run itself, and its heartbeat
_WAL = 1.3  # of the bytes written: headers, full pages, what VACUUM freezes


@dataclass(frozen=True, slots=True)
class Needs:
    """What a run takes, in words."""

    workers: int
    connections: int
    copies: tuple[str, ...]  # new tables that get the rows
    disk: str
    wal: str
    time: str

    @property
    def disk_and_wal(self) -> str:
        """Both, short."""
        return f"{self.disk}; {self.wal}"


def needs(own: Renderer, asked: Asked, sent: Sequence[Sent]) -> Needs:
    """What is known of it."""
    # who goes on with another step for an item has a second one for that
    workers = max((own.workers(step) * (1 + bool(step.then)) for step in own.plan.steps), default=1)
    connections = workers + _HELPERS
    table = asked.subject
    if table is None:
        return Needs(workers, connections, (), "not known", "not known", "not known")
    copies, batches = _copies(own, sent)
    number = max(len(copies) + batches, 1)
    data, indexes = table["table_bytes"] * number, table["index_bytes"]
    written = data + indexes
    many = f"{number} cop{'ies' if number > 1 else 'y'} of the rows"
    disk = f"about {size(written)} more ({many}, the indexes once)"
    wal = f"about {size(written * _WAL)} of WAL in all"
    if not asked.server["replicas"] and not asked.server["slots"]:
        wal += f", max_wal_size is {size(asked.server['max_wal_bytes'])}"
    return Needs(workers, connections, copies, disk, wal, _time(asked, table["rows"], sent))


def _copies(own: Renderer, sent: Sequence[Sent]) -> tuple[tuple[str, ...], int]:
    """The new tables that are filled from the subject, and how many steps fill one unseen."""
    found: dict[str, str] = {}
    made = {str(name) for item in sent for name in item.touched.made}
    for item in sent:
        if item.touched.empty:
            continue
        read = {str(lock.relation) for lock in item.touched.locks if lock.role == "read"}
        for lock in item.touched.locks:
            name = str(lock.relation)
            if lock.role == "on" and name in made and own.subject in read:
                found[name] = item.step
    unseen = [s for s in own.plan.steps if s.form == "batches" and s.name not in found.values()]
    return tuple(found), len(unseen)


def _time(asked: Asked, rows: int, sent: Sequence[Sent]) -> str:
    if speed := asked.speed:
        seconds = rows / speed["rows_a_second"]
        return f"about {_about(seconds)}, by the speed of run {speed['run']} in this database"
    if asked.seconds:
        return f"about {_about(asked.seconds)}, by its size and a first look at this server's speed"
    parts = sum(item.times for item in sent if item.touched.kind == "CREATE TABLE PARTITION OF")
    seconds = rows / ROWS_A_SECOND + parts * SECONDS_A_PARTITION
    return (
        f"about {_about(seconds)}; assumed, not measured: {count(ROWS_A_SECOND)} rows a second for"
        f" all steps together, and {SECONDS_A_PARTITION} s for each partition"
    )


def _about(seconds: float) -> str:
    return took(round(seconds)) if seconds >= 60 else f"{max(round(seconds), 1)} s"

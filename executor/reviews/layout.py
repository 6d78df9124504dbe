"""What a table gains and loses by its partitions, and who waits for them, in sentences. Pure."""

from __future__ import annotations

import re

from executor.formats import count

from .told import Said, Seen


def different(seen: Seen) -> Said:
    """What is so with every table that is partitioned, and which no check can find wrong."""
    made = next((item for item in seen.sent if item.touched.partitioned), None)
    parts = sum(i.times for i in seen.sent if i.touched.kind == "CREATE TABLE PARTITION OF")
    if made is None or not parts or not seen.table:
        return
    yield from _key(seen, str(next(iter(made.touched.made))))
    column = seen.own.values.get("key_column")
    told = any(one.subject.startswith("UPDATE") for one in seen.checked.findings)
    if column and not told:
        yield (
            f"An UPDATE of {column}",
            (
                "moves the row to another partition, as DELETE and INSERT: it gets another ctid,"
                " row triggers fire for both, and whoever waits to change or lock the row fails"
                " with SQLSTATE 40001 and has to try again"
            ),
        )
    yield from _locks_of_a_query(seen, parts)


def of_new(seen: Seen) -> str:
    """Who waits for what was not there before."""
    if not seen.points:
        return "No session knows these before the run makes them, so none waits for them."
    kinds = {line.kind for line in (*seen.there.existing, *seen.there.new)}
    keys = any("FOREIGN KEY" in kind for kind in kinds)
    looked = "; but from their foreign keys on, a delete in what they refer to looks into them, too"
    reads = ": VALIDATE CONSTRAINT reads one partition beside them"
    return (
        f"Until the step {seen.points[0]} no session knows these, so none waits for them"
        f"{looked if keys else ''}. What comes after it makes no reader or writer wait"
        f"{reads if 'VALIDATE CONSTRAINT' in kinds else ''}."
    )


def _key(seen: Seen, made: str) -> Said:
    before = seen.table["primary_key"] if seen.table else None
    whole = (
        found[0]
        for item in seen.sent
        if any(lock.role == "on" and str(lock.relation) == made for lock in item.touched.locks)
        and (found := re.search(r"PRIMARY KEY \([^)]*\)", item.text))
    )
    after = next(whole, None)
    if before and after is None:
        told = any(one.subject == "unique indexes" for one in seen.checked.findings)
        unique = "" if told else ", so it is unique within a partition only"
        yield (
            before,
            (
                f"is lost for the table as a whole: each partition has its own{unique}. No foreign"
                " key can refer to the table; ORMs and tools that ask for its key find none; its"
                " replica identity is FULL"
            ),
        )
    elif before and after and before.replace('"', "") != after.replace('"', ""):
        yield before, f"becomes {after}: the shorter key is not unique by itself any more"


def _locks_of_a_query(seen: Seen, parts: int) -> Said:
    server, table = seen.asked.server, seen.table
    assert table is not None  # for the type checker
    each, sessions = server["locks_per_transaction"], server["sessions"]
    # the lock table has room for twice as many holders as locks, and for a bit more than it says
    locks, room = parts * (1 + table["indexes"]), 2 * each * sessions
    fast = 16 if server["version_number"] < 180000 else max(16, each)
    at_once = max(room // locks, 1)
    if locks <= fast:
        return
    yield (
        f"About {count(locks)} locks",
        (
            f"are taken by each query that does not say which partition it is about ({parts}"
            f" partitions with {table['indexes']} indexes). A session has {fast} of its own; the"
            " rest go to the lock table, for which all sessions contend (wait event LockManager)."
            f" It has room for at least {count(room)} (twice max_locks_per_transaction {each} ×"
            f" {sessions} sessions)"
            + (
                f": more than {at_once} such queries at once may fill it, and others fail (out of"
                " shared memory). Raise max_locks_per_transaction first (a restart), or let queries"
                " name the partition"
                if at_once < sessions
                else ", enough for all sessions"
            )
        ),
    )

"""What goes on beside a rehearsed run: writers who know nothing of it, and a look at its locks."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from executor.database.queries import Queries
from executor.database.session import DatabaseError, Session, reason
from executor.events import Event, StepStarted
from executor.templating.names import Name, Sql

_KEYS = 100  # rows that are written to
_LOOK_EVERY = 0.01  # seconds between two looks at the locks
_STRENGTH = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
HARMLESS = _STRENGTH[:4]  # who reads or writes does not wait for these


class Clock:
    """Knows at which step a run is: it is told all events."""

    def __init__(self) -> None:
        self.step = ""

    def __call__(self, event: Event) -> None:
        """Take down which step begins."""
        if isinstance(event, StepStarted):
            self.step = event.step


@dataclass(slots=True)
class Lock:
    """The strongest lock that a step had on a table that was there before, and for how long."""

    step: str
    table: str
    mode: str
    seconds: float = 0.0  # the longest time that one was seen
    waited: float = 0.0  # the longest time that one was waited for


class Watch(threading.Thread):
    """Looks at the locks of a run again and again; what is shorter than that is not seen."""

    def __init__(self, session: Session, name: str, clock: Clock) -> None:
        super().__init__(daemon=True)
        self._queries = Queries(session)
        self._text = self._queries.text("rehearse/locks.sql", name=name)
        self._clock = clock
        self._ended = threading.Event()
        self._names = {
            row["oid"]: str(Name(row["schema"], row["name"]))
            for row in self._queries.send("rehearse/relations.sql").rows
        }
        self.names = list(self._names.values())
        self.found: dict[tuple[str, str], Lock] = {}

    def run(self) -> None:
        """Until it is to end."""
        since: dict[tuple[Any, ...], tuple[float, str]] = {}
        while not self._ended.wait(_LOOK_EVERY):
            rows = self._queries.session.execute(self._text).rows
            now = time.monotonic()
            seen = {
                (row["pid"], row["relation"], row["mode"], row["granted"])
                for row in rows
                if row["relation"] in self._names
            }
            since = {key: since.get(key, (now, self._clock.step)) for key in seen}
            for key, (began, step) in since.items():
                self._note(key, step, now - began)

    def _note(self, key: tuple[Any, ...], step: str, seconds: float) -> None:
        _, relation, mode, granted = key
        table = self._names[relation]
        lock = self.found.setdefault((step, table), Lock(step, table, mode))
        if _STRENGTH.index(mode) > _STRENGTH.index(lock.mode):
            lock.mode, lock.seconds, lock.waited = mode, 0.0, 0.0
        if mode == lock.mode and granted:
            lock.seconds = max(lock.seconds, seconds)
        elif mode == lock.mode:
            lock.waited = max(lock.waited, seconds)

    def end(self) -> list[Lock]:
        """What was seen, in the order of the steps."""
        self._ended.set()
        if self.ident:  # not every run is watched
            self.join()
        return list(self.found.values())


@dataclass(slots=True)
class Written:
    """What writers did. What failed would not have failed before the run."""

    number: int = 0
    left_out: list[str] = field(default_factory=list)  # kinds that it refuses even without a run
    failed: Counter[str] = field(default_factory=Counter)  # by step and reason
    longest: float = 0.0
    longest_in: str = ""  # the step in which that was
    slow: dict[str, float] = field(default_factory=dict)  # the longest one of each step


class Writer(threading.Thread):
    """Updates rows, deletes some and has them come back, inserts copies: at a steady rate."""

    def __init__(self, session: Session, table: Name, a_second: float, clock: Clock) -> None:
        super().__init__(daemon=True)
        self._queries = Queries(session)
        self._table = table
        self._pause = 1 / a_second if a_second else 0.0
        self._clock = clock
        self._ended = threading.Event()
        self._random = random.Random(1)  # noqa: S311 - which row is written is no secret
        self.written = Written()
        self._kinds: list[tuple[str, Mapping[str, Any]]] = []
        self._keys: list[Sql] = []
        if a_second:
            try:
                self._prepare()
            except DatabaseError as error:  # its owner has no right on its schema, perhaps
                self.written.left_out.append(f"all: {reason(error)}")

    def _prepare(self) -> None:
        """Which kinds of writes the table takes, asked before any run."""
        send, table = self._queries.send, self._table
        found = send("rehearse/writable.sql", table=table).one()
        if not found["key"]:
            self.written.left_out.append("all: the table has no unique key without nulls")
            return
        asked = {"table": table, "key": found["key"], "at_most": _KEYS}
        self._keys = [Sql(row["key_sql"]) for row in send("rehearse/some_keys.sql", **asked).rows]
        common = {"table": table, "key": found["key"]}
        kinds: dict[str, Mapping[str, Any]] = {}
        if found["written"]:
            kinds["update"] = {"column": found["written"][0], "is_text": found["is_text"]}
        kinds["again"] = {"columns": found["columns"]}
        if found["filled"]:
            kinds["insert"] = {
                "columns": [name for name in found["columns"] if name not in found["filled"]]
            }
        else:
            self.written.left_out.append("insert: no column of the key has a default")
        for kind, values in kinds.items():
            self._try(kind, {**common, **values})

    def _try(self, kind: str, values: Mapping[str, Any]) -> None:
        """Keep a kind, and the rows that can be written so, if it is most of them."""
        taken, why = [], ""
        session = self._queries.session
        for key in self._keys:
            try:
                with session.transaction(), session.savepoint(undo=True):
                    self._write(kind, values, key)
                    self._queries.send("rehearse/at_once.sql")
                taken.append(key)
            except DatabaseError as error:
                why = reason(error)
        if len(taken) * 2 > len(self._keys):
            self._keys = taken
            self._kinds.append((kind, values))
        elif why:
            self.written.left_out.append(f"{kind}: {why}")

    def _write(self, kind: str, values: Mapping[str, Any], key: Sql) -> None:
        self._queries.send(f"rehearse/write_{kind}.sql", key_sql=key, **values)

    def run(self) -> None:
        """Until it is to end."""
        while self._kinds and not self._ended.wait(self._pause):
            kind, values = self._random.choice(self._kinds)
            step, began = self._clock.step, time.monotonic()
            try:
                self._write(kind, values, self._random.choice(self._keys))
            except DatabaseError as error:
                self.written.failed[f"{kind}, in {step}: {reason(error)}"] += 1
                if self._queries.session.lost:
                    return
            self._took(step, time.monotonic() - began)

    def _took(self, step: str, seconds: float) -> None:
        told = self.written
        told.number += 1
        told.slow[step] = max(told.slow.get(step, 0.0), seconds)
        if seconds > told.longest:
            told.longest, told.longest_in = seconds, step

    def end(self) -> Written:
        """What was done."""
        self._ended.set()
        self.join()
        return self.written

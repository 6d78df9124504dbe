"""Writers beside a rehearsed run, who know nothing of it."""

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
from executor.templating.names import Name, Sql

from .locks import Clock

_KEYS = 100  # rows that are written to


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
        with self._queries.session.transaction():  # where types are named with their schemas
            found_keys = send("rehearse/some_keys.sql", **asked).rows
        self._keys = [Sql(row["key_sql"]) for row in found_keys]
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

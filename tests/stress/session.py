"""What an operation needs of the session that does it: statements, values, and the parents it owns."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg

from tests.stress.layouts import BEGIN, HOURS, OTHER_TIMES
from tests.stress.scenario import Scenario
from tests.stress.server import Server
from tests.stress.tables import CHUNKS, SHADOW

FIRST = datetime.fromisoformat(BEGIN)


class WrongError(Exception):
    """The table is not as its shadow says, or something was allowed that must not be."""


class StaleError(Exception):
    """A snapshot from before the swap does not show what was applied in it."""


@dataclass
class World:
    """What all threads of a seed share."""

    scenario: Scenario
    server: Server
    dsn: str
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    relations: set[str] = field(default_factory=set)  # the tables before anything is done
    meddled: bool = False  # whether somebody has dropped what the writers' triggers need


class Session:
    """One session of the application; nobody else writes to the rows of its collections."""

    cursor: psycopg.Cursor[Any]
    connection: psycopg.Connection[Any]

    def __init__(self, world: World, owner: int, phase: int) -> None:
        self.world, self.owner = world, owner
        self.rng = random.Random(f"{world.scenario.seed} {owner} {phase}")
        self.isolation = ""
        self.keyed = False  # whether the table wants its partition_key from us
        self.collections: list[str] = []
        self.documents: dict[str, list[str]] = {}
        self.configs: list[int] = []
        self.parents_changed = True
        self._number = (owner * 20 + phase) * 1_000_000 + 100_000

    def use(self, connection: psycopg.Connection[Any]) -> None:
        """Work on a new connection."""
        self.connection, self.cursor = connection, connection.cursor()
        self.parents_changed = True

    # -- statements --------------------------------------------------------------------------------

    def execute(self, text: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Send one statement."""
        return self.cursor.execute(text.encode(), values or None)

    def both(
        self,
        text: str,
        values: Sequence[Any],
        there: str | None = None,
        *,
        after: bool = False,
        table: str = CHUNKS,
    ) -> None:
        """Send a statement for the table `{t}`, and for the shadow; both touch as many rows.

        ``there`` is the collection that rows move to, before or ``after`` the other values.
        """
        touched = []
        for t in (table, SHADOW):
            moved = [] if there is None else [there, *self.key_of(t, there)]
            keyed = len(moved) == 2
            full = text.format(
                t=t,
                key=f", partition_key = {self._formula}" if keyed else "",
                name=", partition_key" if keyed else "",
                value=f", {self._formula}" if keyed else "",
            )
            self.execute(full, [*values, *moved] if after else [*moved, *values])
            touched.append(self.cursor.rowcount)
        if touched[0] != touched[1]:
            self.differs(
                f"{touched[0]} rows in {table}, {touched[1]} in the shadow: {text} {values}"
            )

    def expect(self, rows: int) -> None:
        """Assert how many rows the last statement touched."""
        if self.cursor.rowcount != rows:
            self.differs(f"{self.cursor.rowcount} rows and not {rows}")

    def differs(self, text: str) -> None:
        """Say that the table and its shadow are not the same, as seen by this transaction."""
        if self.isolation == "repeatable read":
            self.world.notes.append(f"stale: {text}"[:300])
            raise StaleError(text)
        raise WrongError(text)

    def refused(self, error: psycopg.Error) -> None:
        """Count a write that our objects refused for a moment."""
        self.world.counts["refused"] += 1
        self.world.notes.append(f"refused: {error}"[:300])

    # -- partition_key, where the application has to send it ----------------------------------------

    @property
    def _formula(self) -> str:
        return f"abs(hashtext(%s::text) %% {self.world.scenario.partitions})"

    def with_key(self, table: str, names: str, slots: str) -> tuple[str, str]:
        """The columns and their values, with partition_key where the table wants it."""
        if not self.key_of(table, ""):
            return names, slots
        return f"{names}, partition_key", f"{slots}, {self._formula}"

    def key_of(self, table: str, collection: str) -> list[str]:
        """What partition_key is computed of, if the table wants it."""
        return [collection] if self.keyed and table != SHADOW else []

    def partition_of(self, collection: str) -> int:
        """The partition of a collection, as the server says."""
        found = self.execute(f"SELECT {self._formula}", [collection]).fetchone()
        assert found
        return found[0]

    # -- values ------------------------------------------------------------------------------------

    def number(self) -> int:
        """A number that no other row of the seed has."""
        self._number += 1
        return self._number

    def new_id(self, number: int) -> uuid.UUID | int:
        """An id that no other row has."""
        if self.world.scenario.source == "bigserial":
            return number + 10**12
        return uuid.UUID(int=self.rng.getrandbits(96) << 32 | number)

    def new_index(self, number: int) -> int:
        """A chunk_index that no other row has; of layouts by it, in any of their intervals, or beyond them."""
        if "chunk_index" not in self.world.scenario.columns:
            return number
        if self.world.scenario.layout.beyond and self.rng.random() < 0.1:
            return self.rng.choice((-number, number + 2 * 10**9))
        return number + self.rng.randrange(4) * 80_000_000

    def new_time(self, number: int) -> str:
        """A created_at, as new_index() says."""
        if "created_at" not in self.world.scenario.columns:
            return f"2025-09-01 00:00:00.{number % 1000:03}+00"
        if self.world.scenario.layout.beyond and self.rng.random() < 0.1:
            return self.rng.choice(OTHER_TIMES)
        return str(FIRST + timedelta(hours=self.rng.uniform(0, HOURS)))

    def collection(self) -> str:
        """One of the session's collections."""
        return self.rng.choice(self.collections)

    def slice(self) -> str:
        """A condition that holds for a part of a collection."""
        n = self.rng.randint(2, 9)
        return f"chunk_index %% {n} = {self.rng.randrange(n)}"

    def some_row(self) -> tuple[Any, str] | None:
        """Id and collection of a row, as the shadow says."""
        text = f"SELECT id, collection_id FROM {SHADOW} WHERE collection_id = %s ORDER BY id"
        rows = self.execute(text, [self.collection()]).fetchall()
        return self.rng.choice(rows) if rows else None

    def read_parents(self) -> None:
        """Learn what there is: collections, their documents, configurations."""
        own = [self.owner]
        found = self.execute("SELECT id FROM public.collections WHERE owner = %s ORDER BY 1", own)
        self.collections = [row[0] for row in found.fetchall()]
        text = (
            "SELECT d.collection_id, array_agg(d.id ORDER BY d.id) FROM public.documents AS d"
            " JOIN public.collections AS c ON c.id = d.collection_id WHERE c.owner = %s GROUP BY 1"
        )
        self.documents = dict(self.execute(text, own).fetchall())
        text = "SELECT id FROM public.chunking_configs WHERE owner = %s ORDER BY 1"
        self.configs = [row[0] for row in self.execute(text, own).fetchall()]
        if self.world.scenario.layout.name == "column":
            text = "SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'partition_key'"
            self.keyed = self.execute(text, [CHUNKS]).rowcount > 0
        self.parents_changed = False

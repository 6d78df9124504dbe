"""The locks of a rehearsed run on what was there before: those that it must take, and their times.

Which they are is known from the statements of the plan, as for a review; how long each is held and
waited for is seen by looking again and again, which may miss a short one.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executor.database.queries import Queries
from executor.database.session import Session
from executor.events import Event, StepFinished, StepStarted
from executor.reviews.content import Statements
from executor.reviews.kinds import CONFLICTS, MODES, Mode
from executor.reviews.tree import Relation
from executor.templating.names import Name

_LOOK_EVERY = 0.01  # seconds between two looks at the locks
_LOCK = re.compile(r"(?<=[a-z])(?=[A-Z])")  # where the words of AccessExclusiveLock meet


class Clock:
    """Knows at which step a run is: it is told all events.

    Going back nobody says which step begins: ``back`` has those that are undone, in their order.
    """

    def __init__(self, back: Sequence[str] = ()) -> None:
        self._back = list(back)
        self.step = self._back[0] if back else ""

    def __call__(self, event: Event) -> None:
        """Take down which step begins."""
        if isinstance(event, StepStarted):
            self.step = event.step
        elif isinstance(event, StepFinished) and event.step in self._back:
            rest = self._back[self._back.index(event.step) + 1 :]
            self.step = rest[0] if rest else event.step


@dataclass(slots=True)
class Lock:
    """The strongest lock of a step on a table that was there before, and for how long."""

    step: str
    table: str
    mode: Mode
    seconds: float = 0.0  # the longest time that one was seen; 0: it was too short to be seen
    waited: float = 0.0  # the longest time that one was waited for

    @property
    def makes_writers_wait(self) -> bool:
        """Whether who writes to the table waits as long as it is held."""
        return self.mode in CONFLICTS["ROW EXCLUSIVE"]


class Watch(threading.Thread):
    """Looks at the locks of a run again and again; what is shorter than that is not seen."""

    def __init__(
        self, session: Session, run: str, names: Mapping[Relation, str], clock: Clock
    ) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._text = Queries(session).text("rehearse/locks.sql", name=run)
        self._names = names
        self._clock = clock
        self._ended = threading.Event()
        self._found: dict[tuple[str, str], Lock] = {}

    def run(self) -> None:
        """Until it is to end."""
        since: dict[tuple[Any, ...], tuple[float, str]] = {}
        while not self._ended.wait(_LOOK_EVERY):
            rows = self._session.execute(self._text).rows
            now = time.monotonic()
            seen = {
                (row["pid"], Relation(row["schema"], row["name"]), row["mode"], row["granted"])
                for row in rows
            }
            since = {key: since.get(key, (now, self._clock.step)) for key in seen}
            for key, (began, step) in since.items():
                self._note(key, step, now - began)

    def _note(self, key: tuple[Any, ...], step: str, seconds: float) -> None:
        _, relation, name, granted = key
        if relation not in self._names:
            return
        mode = mode_of(name)
        lock = strongest(self._found, Lock(step, self._names[relation], mode))
        if mode == lock.mode and granted:
            lock.seconds = max(lock.seconds, seconds)
        elif mode == lock.mode:
            lock.waited = max(lock.waited, seconds)

    def end(self) -> list[Lock]:
        """What was seen, in the order of the steps."""
        self._ended.set()
        if self.ident:  # not every run is watched
            self.join()
        return list(self._found.values())


def names_of(queries: Queries) -> dict[Relation, str]:
    """What others know by name: tables, views and sequences."""
    found = queries.send("rehearse/relations.sql").rows
    return {
        Relation(row["schema"], row["name"]): str(Name(row["schema"], row["name"])) for row in found
    }


def of_script(told: Statements, names: Mapping[Relation, str]) -> list[Lock]:
    """The locks that the statements of a plan take on what others know by name."""
    known = {str(relation): name for relation, name in names.items()}
    return [
        Lock(line.step, known[lock.relation], lock.mode)
        for line in (*told.existing, *told.reading)
        for lock in line.locks
        if lock.relation in known
    ]


def together(seen: Iterable[Lock], said: Iterable[Lock], steps: Iterable[str]) -> list[Lock]:
    """What was seen and what the statements say of the steps that were done, in their order."""
    order = list(steps)
    found: dict[tuple[str, str], Lock] = {}
    for lock in (*seen, *(lock for lock in said if lock.step in order)):
        strongest(found, lock)
    places = {step: place for place, step in enumerate(order)}
    return sorted(found.values(), key=lambda lock: places.get(lock.step, -1))


def strongest(found: dict[tuple[str, str], Lock], lock: Lock) -> Lock:
    """The one for its step and table: what was known of a weaker one is forgotten."""
    before = found.get((lock.step, lock.table))
    if before is None or MODES.index(lock.mode) > MODES.index(before.mode):
        before = found[lock.step, lock.table] = lock
    return before


def mode_of(name: str) -> Mode:
    """As reviews call it: AccessExclusiveLock is ACCESS EXCLUSIVE."""
    said = _LOCK.sub(" ", name.removesuffix("Lock")).upper()
    return next(mode for mode in MODES if mode == said)

"""How long others may have to wait for a table, transaction by transaction. Pure.

Whoever asks for a lock waits for those that have it, and others queue behind; then it is held to
the end of the transaction. The first is limited by lock_timeout and statement_timeout, as they are
set; the second where the plan asks the clock, and else estimated by what is left to be done.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executor.formats import took
from executor.plan.model import Step

from .kinds import CONFLICTS, MODES, Mode
from .origins import Origins
from .statements import Sent, Transaction, shown

_SET = re.compile(r"SET (?:LOCAL )?(lock|statement)_timeout (?:=|TO) '?(\d+) ?(ms|s|min)?'?")
_CLOCK = re.compile(r"CALL pg_temp\.executor_clock\('(\d+)(ms|s)'\)")
_CLOCK_BEGINS = "'executor.locked_at'"  # the setting that says since when it counts
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, None: 0.001}

#: assumed, in seconds: a statement that changes the catalog alone, and one that asks or does more
CHANGES_CATALOG = 0.001
ASKS = 0.01
#: statements that read or write all rows of a table, so that nobody can say how long they take
_READS_ROWS = frozenset(
    {"INSERT", "UPDATE", "DELETE", "MERGE", "CREATE TABLE AS", "COPY FROM", "COPY TO"}
    | {"CREATE INDEX", "VALIDATE CONSTRAINT", "ADD CONSTRAINT", "SET NOT NULL", "CLUSTER"}
    | {"ALTER COLUMN TYPE", "REINDEX TABLE", "REINDEX INDEX", "VACUUM FULL", "ANALYZE", "VACUUM"}
    | {"REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW CONCURRENTLY", "ADD FOREIGN KEY"}
)
_RETRIED = {
    "lock_timeout": "a timeout",
    "deadlock": "a deadlock",
    "statement_timeout": "a timeout",
    "serialization": "a serialization failure",
    "not_ready": "a sign that it is not ready (such as too much in the log)",
}
_TABLES = "rpvmf"  # as in pg_class.relkind: not the indexes and sequences, which go with these


@dataclass(slots=True)
class Wait:
    """What a transaction makes those wait for who use a table."""

    relation: str
    mode: Mode
    step: str
    times: int  # so many transactions of the step do so, one after the other
    attempts: int
    asked: float | None  # seconds that it waits for the lock at most; None: without an end
    held: float = 0.0  # seconds from then to the end of the transaction
    limited: bool = False  # whether it can't be held longer; else that is about how long
    reads: bool = False  # it is held while rows are read
    beside: tuple[str, ...] = ()  # what else the transaction locks so

    @property
    def readers(self) -> bool:
        """Whether readers wait, too."""
        return self.mode == MODES[-1]

    @property
    def told(self) -> str:
        """How long it asks for the lock, and how long it holds it."""
        asked = "without an end" if self.asked is None else took(self.asked)
        held = took(max(self.held, CHANGES_CATALOG))
        end = held if self.limited else f"about {held}"
        return f"{asked} + {end}" + (" and the time to read its rows" if self.reads else "")

    @property
    def together(self) -> float:
        """Seconds that somebody waits at most, of one attempt."""
        return (self.asked or 0.0) + self.held


def waits(
    transactions: Iterable[Transaction], origins: Origins, settings: Mapping[str, str]
) -> list[Wait]:
    """The waits for what is in use, in the order of the transactions; ``origins`` goes along."""
    transactions = list(transactions)
    sent = [item for transaction in transactions for item in transaction.statements]
    parts = sum(item.times for item in sent if item.touched.kind == "CREATE TABLE PARTITION OF")
    found: list[Wait] = []
    for transaction in transactions:
        found += _Walk(transaction, origins, settings, parts).found()
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """The waits for one table, the longest first."""

    relation: str
    everybody: str  # readers and writers wait for these steps, which lock it ACCESS EXCLUSIVE
    writers: str  # writers alone, with the modes


def by_table(found: Iterable[Wait], subject: str) -> Iterator[Waiting]:
    """The longest wait of each step for each table; the plan's own table first."""
    longest: dict[tuple[str, bool, str], Wait] = {}
    for wait in found:
        key = wait.relation, wait.readers, wait.step
        longest[key] = max(wait, longest.get(key, wait), key=lambda one: one.together)
    order = sorted(longest.values(), key=lambda one: -one.together)
    names = dict.fromkeys(wait.relation for wait in order)
    for name in sorted(names, key=lambda name: name != subject):
        own = [wait for wait in order if wait.relation == name]
        modes: dict[Mode, list[str]] = {}
        for wait in own:
            modes.setdefault(wait.mode, []).append(f"{wait.step} {wait.told}")
        told = {mode: ", ".join(steps) for mode, steps in modes.items()}
        everybody = told.pop(MODES[-1], "")
        yield Waiting(
            name, everybody, "; ".join(f"{mode}: {steps}" for mode, steps in told.items())
        )


def own_of(found: Iterable[Wait], readers: bool) -> list[Wait]:
    """Those that readers wait for, too, or those that they don't."""
    return [wait for wait in found if wait.readers is readers]


def clocked(found: Iterable[Wait]) -> Iterator[str]:
    """Of each step that asks the clock, from which lock on, and which it has before that."""
    steps: dict[str, list[Wait]] = {}
    for wait in found:
        if wait.limited:
            steps.setdefault(wait.step, []).append(wait)
    for step, own in steps.items():
        first = min(own, key=lambda wait: wait.held)
        longer = [f"{wait.relation} ({wait.mode})" for wait in own if wait.held > first.held]
        more = f"; what it locks before that is held longer: {', '.join(longer)}" if longer else ""
        yield (
            f"{step} has {took(first.held)} from its {first.mode} on {first.relation} to the end of"
            f" the transaction{more}"
        )


def together(found: Iterable[Wait]) -> str:
    """Which tables are locked in one transaction."""
    sets: dict[str, dict[str, None]] = {}
    for wait in found:
        if wait.beside:
            sets.setdefault(wait.step, {}).update(dict.fromkeys([wait.relation, *wait.beside]))
    return "; ".join(f"{step}: {', '.join(names)}" for step, names in sets.items())


def worst(found: Sequence[Wait]) -> str:
    """The longest waits of those who read, and of those who only write; empty if nobody waits."""
    told = []
    for readers, who in ((True, "readers and writers"), (False, "writers")):
        if own := own_of(found, readers):
            wait = max(own, key=lambda one: one.together)
            about = "" if wait.limited else "about "
            told.append(f"{who} {about}{took(wait.together)} ({wait.relation}, {wait.step})")
    often = "; it may come once an attempt, and section 3 says how many there are"
    return "; ".join(told) + (often if told else "")


def retried(steps: Iterable[Step], found: Sequence[Wait]) -> Iterator[str]:
    """How often the steps that somebody waits for are tried again, in sentences."""
    alike: dict[tuple[Any, ...], list[Step]] = {}
    for step in steps:
        if any(wait.step == step.name for wait in found):
            alike.setdefault((step.retry.attempts, step.retry.backoff), []).append(step)
    for (attempts, pauses), own in alike.items():
        common = [why for why in _reasons(own[0]) if all(why in _reasons(step) for step in own)]
        told = [f"{', '.join(step.name for step in own)}: after {' or '.join(common)}"]
        for step in own:
            more = [why for why in _reasons(step) if why not in common]
            also = f"also after {' or '.join(more)}" if more else ""
            first = f"each after another {step.retry.prepare}" if step.retry.prepare else ""
            if also or first:
                told.append(f"{step.name} {', '.join(filter(None, [also, first]))}")
        between = f"{pauses[0]:g} to {pauses[1]:g} s apart"
        yield (
            f"{'; '.join(told)}; up to {attempts} attempts, {between}: so often, at worst, others"
            " have such a wait"
        )


def _reasons(step: Step) -> list[str]:
    return list(dict.fromkeys(_RETRIED[kind] for kind in step.retry.on))


def order(transactions: Sequence[Transaction], named: Collection[str]) -> str:
    """Which statements of the steps that are named are one transaction."""
    each = {"batches": "batch", "repeat": "pass", "for_each": "item"}
    found: dict[str, dict[str, None]] = {}
    for one in transactions:
        if one.step.name not in named:
            continue
        form = each.get(one.step.form, "") if one.step.transaction else "statement"
        found.setdefault(form, {})[one.step.name] = None
    found.pop("", None)
    others = " and ".join(f"each {form} of {', '.join(names)}" for form, names in found.items())
    alone = f", but {others} is one of its own" if others else ""
    return (
        "Steps that are missing here touch nothing that is there now. The statements of a step,"
        f" with the calls and blocks between them, are one transaction{alone}. A lock stands where"
        " it is taken, and is held to the end of its transaction."
    )


class _Walk:
    """The way through one transaction."""

    def __init__(
        self, transaction: Transaction, origins: Origins, settings: Mapping[str, str], parts: int
    ) -> None:
        self.transaction = transaction
        self.origins = origins
        self.parts = parts
        self.timeouts: dict[str, float] = {}
        for name, value in settings.items():
            self._sets(f"SET {name} = '{value}'")
        self.held: list[Wait] = []
        self.limit: float | None = None
        self.before: list[float] = []  # what each was held when the clock began

    def found(self) -> list[Wait]:
        """Those that the transaction makes wait."""
        for item in self.transaction.statements:
            if _CLOCK_BEGINS in item.text and not self.before:
                self.before = [wait.held for wait in self.held]
            if clock := _CLOCK.search(item.text):
                self._limited(int(clock[1]) * _SECONDS[clock[2]])
            elif not self._sets(item.text):
                self._statement(item)
            self.origins.follow(item.touched)
        names = dict.fromkeys(wait.relation for wait in self.held)
        for wait in self.held:
            wait.beside = tuple(name for name in names if name != wait.relation)
        return self.held

    def _sets(self, text: str) -> bool:
        if found := _SET.match(text):
            self.timeouts[found[1]] = int(found[2]) * _SECONDS[found[3]]
        return bool(found)

    def _limited(self, most: float) -> None:
        if self.limit is None:
            self.limit = most
            before = self.before or [wait.held for wait in self.held]
            for wait, held in zip(self.held, before, strict=False):
                wait.held, wait.limited = held + most, True

    def _statement(self, item: Sent) -> None:
        asked = self._asked(item)
        pause = min(filter(None, self.timeouts.values()), default=None)
        work, reads = self._work(item), self._reads(item)
        if self.limit is None:
            for wait in self.held:
                wait.held += (pause or 0.0) * len(asked) + work
                wait.reads |= reads
        step, times = self.transaction.step, self.transaction.times
        for place, (name, mode) in enumerate(asked.items(), 1):
            rest = (pause or 0.0) * (len(asked) - place) + work
            one = Wait(name, mode, step.name, times, step.retry.attempts, pause, rest, reads=reads)
            if self.limit is not None:
                one.held, one.limited = self.limit, True
            self.held.append(one)

    def _asked(self, item: Sent) -> dict[str, Mode]:
        """What a statement locks against more than before, and is in use by that name."""
        found: dict[str, Mode] = {}
        for known, lock in self.origins.locks(item.touched):
            name = shown(str(lock.relation))
            used = known.kind in _TABLES and known.relation == lock.relation
            have = [wait.mode for wait in self.held if wait.relation == name]
            more = lock.mode == MODES[-1] and MODES[-1] not in have
            if used and (more or (not have and lock.mode in CONFLICTS["ROW EXCLUSIVE"])):
                found[name] = max(lock.mode, found.get(name, lock.mode), key=MODES.index)
        return found

    def _work(self, item: Sent) -> float:
        if item.touched.kind == "LOCK TABLE" or (
            item.touched.kind == "SELECT" and not item.touched.locks
        ):
            return 0.0
        if self.origins.adopts(item.touched):
            return CHANGES_CATALOG * max(self.parts, 1)
        if item.touched.body:
            return self.timeouts.get("statement") or ASKS
        return CHANGES_CATALOG

    def _reads(self, item: Sent) -> bool:
        told, known = item.touched, self.origins.locks(item.touched)
        return (
            told.kind in _READS_ROWS
            and bool(known)
            and not told.empty
            and not self.origins.adopts(told)
        )

"""The rules for plans; docs/lint.md says why each is one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from executor.plan.model import NOTHING, Step
from executor.rendering.renderer import Renderer
from executor.reviews.kinds import Mode
from executor.reviews.origins import Origins, Presumed
from executor.reviews.statements import Sent, Transaction, back, forward, shown
from executor.reviews.tree import enum, messages, named, strings
from executor.reviews.waits import Wait, waits
from executor.templating.statements import Statement, split

from .remarks import Found

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "COPY FROM"})
_LOSES = {"DROP TABLE": "drops", "DROP COLUMN": "drops a column of", "TRUNCATE": "empties"}
_IDLE = "idle_in_transaction_session_timeout"


@dataclass(frozen=True, slots=True)
class Sending:
    """A statement, and what it does to what was there before the plan."""

    step: Step
    sent: Sent
    locks: tuple[tuple[str, str, Mode], ...]  # relation, role, mode
    named: tuple[str, ...]  # without a lock
    own: bool  # it drops or renames a function that the plan has made

    @property
    def touches(self) -> bool:
        """Whether it is about something that was there before, and not only reads that."""
        return bool(self.named) or any(
            role not in ("read", "like", "owner", "locked") for _, role, _ in self.locks
        )

    @property
    def old(self) -> bool:
        """The same, or it names nothing of which that is known."""
        return self.touches or not (self.own or self.sent.touched.relations)


@dataclass(frozen=True, slots=True)
class Seen:
    """What rules look at: a plan, and what it sends there and back."""

    own: Renderer
    there: Sequence[Sending]
    back: Sequence[Sending]
    waits: Sequence[Wait]
    waits_back: Sequence[Wait]


def see(own: Renderer, version: int) -> Seen:
    """A rendered plan, as a server of a major version takes it."""
    names, locks = Presumed(), Presumed()
    ways = [forward(own, version), back(own, version)]
    there, undone = (tuple(_sendings(way, names)) for way in ways)
    waited, waited_back = (waits(way, locks, own.plan.settings) for way in ways)
    return Seen(own, there, undone, waited, waited_back)


def _sendings(transactions: Iterable[Transaction], origins: Origins) -> Iterator[Sending]:
    made: set[str] = set()  # functions
    for transaction in transactions:
        for sent in transaction.statements:
            told = sent.touched
            made |= {shown(str(told.defined[0]))} if told.defined else set()
            held = origins.locks(told)
            yield Sending(
                transaction.step,
                sent,
                tuple((str(lock.relation), lock.role, lock.mode) for _, lock in held),
                tuple(str(known.relation) for known in origins.named(told)),
                bool(made.intersection(_functions(sent, transaction.step))),
            )
            origins.follow(told)


def _functions(sent: Sent, step: Step) -> Iterator[str]:
    """Those that a statement drops, or gives another name."""
    for statement in split(sent.text, step.name):
        if statement.kind in ("drop_stmt", "rename_stmt"):
            for message, name in messages(statement.node):
                if name == "ObjectWithArgs":
                    yield str(named(strings(message.objname)))


def judge(seen: Seen) -> Iterator[Found]:
    """What the rules of our own find."""
    for rule in RULES.values():
        yield from rule(seen)


# -- locks


def _lock_without_bound(seen: Seen) -> Iterator[Found]:
    for way, found, sent in _ways(seen):
        for wait in found:
            if wait.asked is None:
                yield Found(
                    "lock-without-bound",
                    "error",
                    f"{way}{wait.relation} is locked {wait.mode} and nothing says how long others"
                    " may have to queue behind it; set lock_timeout in the plan's settings",
                    *_where(wait, seen, sent),
                )


def _rows_under_lock(seen: Seen) -> Iterator[Found]:
    for way, found, sent in _ways(seen):
        for wait in found:
            if wait.reads:
                who = "readers and writers wait" if wait.readers else "writers wait"
                yield Found(
                    "rows-under-lock",
                    "warning",
                    f"{way}rows are read or written while {wait.relation} is locked {wait.mode}:"
                    f" {who} as long as that takes; do it in a step of its own",
                    *_where(wait, seen, sent),
                )


def _idle_without_bound(seen: Seen) -> Iterator[Found]:
    for way, found, sent in _ways(seen):
        for wait in found:
            step = seen.own.plan.step(wait.step)
            if step.transaction and not {_IDLE} & {*seen.own.plan.settings, *step.settings}:
                yield Found(
                    "idle-without-bound",
                    "warning",
                    f"{way}an executor that is frozen here keeps its lock on {wait.relation};"
                    f" set {_IDLE} in the plan's settings, such as 10s",
                    *_where(wait, seen, sent),
                )
                return


def _ways(seen: Seen) -> Iterator[tuple[str, Sequence[Wait], Sequence[Sending]]]:
    yield "", seen.waits, seen.there
    yield "going back, ", seen.waits_back, seen.back


def _where(wait: Wait, seen: Seen, sent: Sequence[Sending]) -> tuple[Step, str]:
    """The step of a wait, and the statement that takes the lock."""
    step = seen.own.plan.step(wait.step)
    for one in sent:
        if one.step is step and any(mode == wait.mode for _, _, mode in one.locks):
            return step, one.sent.text
    return step, ""


# -- rows


def _write_without_throttle(seen: Seen) -> Iterator[Found]:
    for one in seen.there:
        each = {"batches": "batch", "repeat": "pass"}.get(one.step.form)
        if not each or seen.own.plan.throttle or one.step.pause:
            continue
        if {*one.sent.touched.kind.split(", ")} & _WRITES and one.locks:
            yield Found(
                "write-without-throttle",
                "warning",
                f"{each} after {each} writes as fast as it can; give the plan a throttle, such as"
                " throttle/replication_lag.sql, or the step a pause",
                one.step,
                one.sent.text,
            )


def _loses_data(seen: Seen) -> Iterator[Found]:
    for one in seen.there:
        does = [_LOSES[kind] for kind in one.sent.touched.kind.split(", ") if kind in _LOSES]
        lost = [name for name, role, _ in one.locks if role == "on"]
        if does and lost and not one.step.irreversible:
            yield Found(
                "loses-data",
                "error",
                f"the step {does[0]} {lost[0]}, which no rollback brings back; say irreversible:"
                " with the reason, and put it last",
                one.step,
                one.sent.text,
            )


def _cascade(seen: Seen) -> Iterator[Found]:
    for one in (*seen.there, *seen.back):
        for statement in split(one.sent.text, one.step.name):
            if _cascades(statement):
                yield Found(
                    "cascade",
                    "warning",
                    "CASCADE also drops, or empties, what the plan does not name and nobody has"
                    " reviewed; name it, or let the statement fail",
                    one.step,
                    one.sent.text,
                )


def _cascades(statement: Statement) -> bool:
    if statement.kind not in ("drop_stmt", "truncate_stmt", "alter_table_stmt"):
        return False
    node: Any = getattr(statement.node, statement.kind)
    commands = [item.alter_table_cmd for item in getattr(node, "cmds", ())]
    return any(
        "behavior" in part.DESCRIPTOR.fields_by_name and enum(part, "behavior") == "DROP_CASCADE"
        for part in (node, *commands)
    )


# -- the way back, and again


def _irreversible_not_last(seen: Seen) -> Iterator[Found]:
    steps = seen.own.plan.steps
    for number, step in enumerate(steps):
        later = [one.name for one in steps[number + 1 :] if one.rollback not in (None, NOTHING)]
        if step.irreversible and later:
            yield Found(
                "irreversible-not-last",
                "warning",
                f"if {later[0]} fails after it, there is no way back; put it after all that can"
                " be undone",
                step,
            )


def _not_idempotent(seen: Seen) -> Iterator[Found]:
    gone: set[tuple[str, str]] = set()  # steps, and what they have dropped if it was there
    for one in (*seen.there, *seen.back):
        told = one.sent.touched
        for statement in split(one.sent.text, one.step.name) if not one.step.transaction else ():
            node: Any = getattr(statement.node, statement.kind)
            drops = statement.kind == "drop_stmt"
            about = [
                (one.step.name, str(name)) for name in (told.relations if drops else told.made)
            ]
            again = node.missing_ok if drops else getattr(node, "if_not_exists", True)
            gone |= {*about} if drops and again else set()
            if not again and not gone.intersection(about):
                yield Found(
                    "not-idempotent",
                    "warning",
                    "a statement outside a transaction is sent again after a crash, and fails if it"
                    f" was done; {'say IF EXISTS' if drops else 'put DROP … IF EXISTS before it'}",
                    one.step,
                    one.sent.text,
                )


def _nothing_proven(seen: Seen) -> Iterator[Found]:
    plan = seen.own.plan
    claims = [claim for step in plan.steps for claim in step.assertions]
    changed = [one for one in seen.there if one.touches]
    if changed and not any(claim.severity != "warn" for claim in (*claims, *plan.verify)):
        yield Found(
            "nothing-proven",
            "warning",
            "the plan changes what was there before, and proves nothing of it: give a step an"
            " assertion that stops it",
            changed[0].step,
        )


RULES: dict[str, Callable[[Seen], Iterator[Found]]] = {
    "lock-without-bound": _lock_without_bound,
    "rows-under-lock": _rows_under_lock,
    "idle-without-bound": _idle_without_bound,
    "write-without-throttle": _write_without_throttle,
    "loses-data": _loses_data,
    "cascade": _cascade,
    "irreversible-not-last": _irreversible_not_last,
    "not-idempotent": _not_idempotent,
    "nothing-proven": _nothing_proven,
}

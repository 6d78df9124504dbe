"""The locks that a statement takes on what it names, by the table in kinds.py. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executor.templating.statements import Statement, inner

from .kinds import KINDS, MODES, Mode, Role
from .reading import Said, defined, functions, indexes, partitioned, read, renamed, stays_empty
from .tree import Relation

#: statements whose own text does not say what they do
_BODIES = {"do_stmt": "a block", "call_stmt": "a procedure", "execute_stmt": "a prepared statement"}


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a relation.

    In the role `table of` it is on the table of that index; in the role `key` on what is referenced
    by the constraint of that name, whose schema is its table.
    """

    relation: Relation
    role: Role
    mode: Mode


@dataclass(frozen=True, slots=True)
class Touched:
    """What a statement does to the relations that it names."""

    kind: str  # keys of KINDS
    locks: tuple[Lock, ...] = ()
    made: tuple[Relation, ...] = ()  # what is new with it
    named: tuple[Relation, ...] = ()  # what it is about without a lock, such as GRANT
    renamed: tuple[Relation, Relation] | None = None
    also: str = ""  # what is locked beside, which only the catalog can say
    body: str = ""  # what it is, if its own text does not say what it does
    unread: bool = False  # it is a block that makes statements as it runs, or can't be read
    asks: bool = False  # it is a block that has queries alone, and they lock and call nothing
    calls: tuple[Relation, ...] = ()  # functions that are not PostgreSQL's own
    defined: tuple[Relation, bool] | None = None  # a function, and whether as SECURITY DEFINER
    partitioned: bool = False  # it makes a table with partitions
    empty: bool = False  # what it makes of a query gets no rows

    def mode(self, relation: Relation) -> Mode | None:
        """The strongest lock on a relation that it names."""
        return strongest(lock.mode for lock in self.locks if lock.relation == relation)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """All that it names, each once."""
        locked = (lock.relation for lock in self.locks if lock.role != "key")
        return tuple(dict.fromkeys([*locked, *self.named]))


def strongest(modes: Iterable[Mode]) -> Mode | None:
    """The strongest of some modes."""
    return max(modes, key=MODES.index, default=None)


def touched(statement: Statement, version: int = 18) -> Touched:
    """What a statement does, on a server of a major version."""
    said = read(statement)
    calls = tuple(name for name in functions(statement) if name.schema)
    if statement.kind == "do_stmt":
        return _block(statement, version)
    if body := _BODIES.get(statement.kind):
        return Touched("other", body=body, calls=calls)
    if statement.kind == "lock_stmt":
        return Touched(
            "LOCK TABLE", tuple(_asked(statement, said[0])), also=KINDS["LOCK TABLE"].also
        )
    locks, made, named, also = [], [], [], []
    for item in said:
        kind = KINDS[item.kind]
        modes = kind.on_version(version)
        locks += [Lock(name, role, modes[role]) for role, name in item.roles if role in modes]
        named += [name for role, name in item.roles if role not in modes]
        made += [name for role, name in item.roles if role == "on" and kind.new]
        also += [kind.also] if kind.also else []
    return Touched(
        ", ".join(dict.fromkeys(item.kind for item in said)),
        tuple(dict.fromkeys(locks)),
        (*made, *indexes(statement)),
        tuple(dict.fromkeys(named)),
        renamed(statement),
        "; ".join(dict.fromkeys(also)),
        calls=calls,
        defined=defined(statement),
        partitioned=partitioned(statement),
        empty=stays_empty(statement),
    )


def _block(statement: Statement, version: int) -> Touched:
    """What the statements in a block do, as far as its text has them."""
    found, whole = inner(statement)
    parts = [touched(one, version) for one in found]
    return Touched(
        "other",
        tuple(dict.fromkeys(lock for part in parts for lock in part.locks)),
        body="a block",
        calls=tuple(dict.fromkeys(name for part in parts for name in part.calls)),
        unread=not whole or any(part.kind == "other" and not part.calls for part in parts),
        asks=whole and all(map(_asks, parts)),
    )


def _asks(part: Touched) -> bool:
    weak = all(lock.mode == MODES[0] for lock in part.locks)
    return part.kind == "SELECT" and weak and not part.calls


def _asked(statement: Statement, said: Said) -> list[Lock]:
    """The locks of LOCK TABLE, which says its mode itself; the parser counts them from 1."""
    mode = MODES[statement.node.lock_stmt.mode - 1]
    return [Lock(name, role, mode) for role, name in said.roles]

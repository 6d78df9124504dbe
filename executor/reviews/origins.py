"""Which names of a plan mean what was there before it, also after it has given others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from executor.templating.statements import numberless

from .locks import Lock, Touched
from .tree import Relation

#: schemas of what no user has made
_NOBODYS = ("", "pg_temp", "pg_catalog", "information_schema", "executor")


#: kinds after which a name means nothing any more
_GONE = tuple(
    f"DROP {what}" for what in ("TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "INDEX")
)


@dataclass(frozen=True, slots=True)
class Known:
    """A relation that was there before."""

    relation: Relation
    kind: str  # as in pg_class.relkind
    index_of: Relation | None  # its table, if it is an index
    children: int  # its partitions
    keys: Mapping[str, Relation] = field(default_factory=dict)  # what its foreign keys refer to


class Origins:
    """What each name means, statement by statement."""

    def __init__(self, known: Mapping[Relation, Known]) -> None:
        self._known = known
        self._now: dict[Relation, Known | None] = {}
        self._partitioned: set[Relation] = set()  # by the plan

    def of(self, relation: Relation) -> Known | None:
        """What was there before and has this name now; None for what is new."""
        if relation in self._now:
            return self._now[relation]
        return self._known.get(relation)

    def locks(self, told: Touched) -> list[tuple[Known, Lock]]:
        """The locks of a statement on what was there before."""
        found: list[tuple[Known, Lock]] = []
        for lock in told.locks:
            if lock.role == "key":
                found += self._by_key(lock)
                continue
            known = None if lock.relation in told.made else self.of(lock.relation)
            if known and lock.role == "table of" and known.index_of:
                table = self._known.get(known.index_of)
                table = table or Known(known.index_of, "r", None, 0)
                found.append((table, Lock(known.index_of, "table of", lock.mode)))
            elif known and lock.role == "referenced" and self.adopts(told):
                found.append((known, Lock(lock.relation, lock.role, "ACCESS EXCLUSIVE")))
            elif known and lock.role != "table of":
                found.append((known, lock))
        return found

    def adopts(self, told: Touched) -> bool:
        """Whether a foreign key may adopt those of partitions, for which it locks more."""
        if "ADD FOREIGN KEY" not in told.kind.split(", "):
            return False
        own = [lock.relation for lock in told.locks if lock.role == "on"]
        known = [self.of(relation) for relation in own]
        return any(name in self._partitioned for name in own) or any(
            one.kind == "p" for one in known if one
        )

    def _by_key(self, lock: Lock) -> Iterator[tuple[Known, Lock]]:
        schema, _, name = lock.relation.schema.partition(".")
        owner = self.of(Relation(schema, name) if name else Relation("", schema))
        if owner and (referenced := owner.keys.get(lock.relation.name)):
            known = self._known.get(referenced) or Known(referenced, "r", None, 0)
            yield known, Lock(referenced, "key", lock.mode)

    def named(self, told: Touched) -> list[Known]:
        """What a statement names of what was there before, without a lock on it."""
        return [known for relation in told.named if (known := self.of(relation))]

    def follow(self, told: Touched) -> None:
        """Go on to after a statement."""
        for relation in told.made:
            if self.of(relation) is None:
                self._now[relation] = None
        if told.partitioned:
            self._partitioned |= set(told.made)
        if told.kind in _GONE:
            self._now.update({lock.relation: None for lock in told.locks if lock.role == "on"})
        if told.renamed:
            old, new = told.renamed
            # what takes the place of something that was there is as much in use as that was
            self._now[new], self._now[old] = self.of(old) or self._known.get(new), None
            moved = {new} if old in self._partitioned else set()
            self._partitioned = (self._partitioned - {old, new}) | moved


class Presumed(Origins):
    """The same without a catalog: what no statement makes was there before."""

    def __init__(self) -> None:
        super().__init__({})
        self._made: set[str] = set()

    def of(self, relation: Relation) -> Known | None:
        """What was there before; what has no schema is the session's own."""
        if relation not in self._now and relation.schema not in _NOBODYS:
            new = numberless(relation) in self._made
            self._now[relation] = None if new else Known(relation, "r", None, 0)
        return self._now.get(relation)

    def follow(self, told: Touched) -> None:
        """Go on to after a statement; where it stands for many, names differ in numbers."""
        self._made |= {numberless(name) for name in told.made}
        self._now.update(dict.fromkeys(told.made))
        super().follow(told)

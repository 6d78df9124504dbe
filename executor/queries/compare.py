"""Explains each statement against the old table and the new one, and judges.

All is done in the transaction that is open, each EXPLAIN in a savepoint that is rolled back: it
leaves nothing behind, and no lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from executor.database.queries import Queries
from executor.database.session import DatabaseError, reason
from executor.errors import UsageError
from executor.formats import listed
from executor.templating.names import Name, Sql
from executor.templating.rewriting import Query, UnreadableError, value_of

from .effort import Explained, efforts
from .workload import Statement, Workload, of_file, of_server

Outcome = Literal["same", "slower", "accepted", "fails", "differs", "not asked"]

_LIMITED, _PATIENT = "5s", "60s"
#: so often a statement is timed, and so often at most while that takes less than these milliseconds
#: together, to plan it or to run it; the shortest counts, as others are at work, too
_TIMES, _MOST_TIMES, _PLANNED, _RUN = 3, 15, 20, 1000


@dataclass(frozen=True, slots=True)
class Compared:
    """One statement, before and after."""

    statement: Statement
    outcome: Outcome
    why: str = ""  # it is not the same
    before: Explained | None = None
    after: Explained | None = None
    add: str = ""  # a condition that helps
    advised: Explained | None = None  # with that condition

    @property
    def ratio(self) -> float | None:
        """How many times the effort of before."""
        if self.before is None or self.after is None:
            return None
        before, after = self.efforts(self.before, self.before, self.after)
        return after / before

    def efforts(self, before: Explained, *plans: Explained) -> list[float]:
        """Milliseconds that a client waits with each of these plans."""
        return efforts(before, plans, self.statement.ms)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a plan says in `no_regression`."""

    left: Name
    right: Name
    lookup: str = ""
    max_ratio: float = 2.0
    max_partitions: int | None = None
    accept: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of all statements."""

    bounds: Bounds
    workload: Workload
    compared: Sequence[Compared]
    others: int = 0  # statements that do not name the table
    leaves: Sequence[str] = field(default=())

    @property
    def unreadable(self) -> Sequence[str]:
        """Where the file of statements can't be read, and why."""
        return [item.statement.unreadable for item in self.compared if item.statement.unreadable]

    def of(self, *outcomes: Outcome) -> list[Compared]:
        """Those with one of these outcomes."""
        return [item for item in self.compared if item.outcome in outcomes]


def compare(
    queries: Queries,
    bounds: Bounds,
    *,
    ours: Sequence[Name] = (),
    file: str | None = None,
    analyze: bool = False,
    workload: Workload | None = None,
) -> Found:
    """Look at the statements; raises UsageError if there is nothing to compare them with.

    They are those of the server, unless a file or a workload is given.
    """
    pair = queries.send("queries/pair.sql", left=bounds.left, right=bounds.right).one()
    for name, there in ((bounds.left, pair["has_left"]), (bounds.right, pair["has_right"])):
        if not there:
            when = ": both tables are there from create_target to the swap"
            raise UsageError(
                f"there is no table {name}{when if name is bounds.right else ''}",
                hint="`executor run --until verify` builds the new one and stops before the swap"
                if name is bounds.right
                else "if somebody has renamed it while a plan runs, give it its name again",
            )
    if file:
        workload = of_file(queries, bounds.left, file)
    elif workload is None:
        workload = of_server(queries, bounds.left, ours, pair["role"])
    comparer = _Comparer(queries, bounds, pair, analyze=analyze)
    compared = [comparer.compare(statement) for statement in workload.statements]
    found = [item for item in compared if item is not None]
    if file and not found:
        raise UsageError(f"{file}: no statement names {bounds.left}")
    return Found(bounds, workload, found, len(compared) - len(found), pair["leaves"])


class _Comparer:
    def __init__(
        self, queries: Queries, bounds: Bounds, pair: Mapping[str, Any], *, analyze: bool
    ) -> None:
        self._queries = queries
        self._bounds = bounds
        self._pair = pair
        self._analyze = analyze
        self._leaves = frozenset(pair["leaves"])
        rows = queries.send("queries/columns.sql", left=bounds.left).rows
        self._known = {row["name"]: row for row in rows}
        with queries.session.savepoint(undo=True):
            self._locked = int(queries.send("queries/locks.sql").scalar())
        self._prepared = 0
        self._allowed: dict[object, Mapping[str, Any]] = {}

    def compare(self, statement: Statement) -> Compared | None:
        """One statement; None if it does not name the table."""
        if statement.unreadable:
            known = replace(statement, presumed=False)
            return Compared(known, "not asked", statement.unreadable)
        try:
            query = Query.read(statement.text)
            return self._compare(query, self._placed(query, statement))
        except UnreadableError as error:
            return Compared(replace(statement, presumed=False), "not asked", str(error))

    def _placed(self, query: Query, statement: Statement) -> Statement:
        """With the table's schema before the path, where nothing else says what its name means."""
        left = self._bounds.left
        if not statement.presumed or ("", left.name) not in query.relations:
            return replace(statement, presumed=False)
        return replace(statement, path=(left.schema, *statement.path))

    def _compare(self, query: Query, statement: Statement) -> Compared | None:
        left, bare = self._bounds.left, statement.bare
        named = {(left.schema, left.name), *([("", left.name)] if bare else [])}
        if not named & query.relations:
            return None
        if statement.values:
            query = Query.read(str(query.filled(statement.values)))  # and what the values name
        allowed = self._allowed_of(query, statement)
        if allowed["refused"]:
            why = f"planning it would run code that this role does not trust: {allowed['refused']}"
            return Compared(statement, "not asked", why)
        unsafe = [schema for schema in statement.path if schema not in allowed["safe"]]
        statement = replace(statement, path=allowed["safe"])
        query = query.placed(allowed["places"])
        timed = self._analyze and query.only_reads and not allowed["volatile"]
        before = self._explain(query.for_table(left, left, bare=bare), statement, timed=timed)
        new = query.for_table(left, self._bounds.right, bare=bare)
        after = self._explain(new, statement, timed=timed)
        if isinstance(before, str):
            return _not_before(statement, before + _without(unsafe), after)
        if isinstance(after, str):
            return self._judged(Compared(statement, "fails", after, before))
        found = self._judged(self._named(Compared(statement, "same", "", before, after), query))
        advice = new.narrowed(self._bounds.lookup) if self._bounds.lookup else None
        if found.outcome != "slower" or advice is None:
            return found
        narrower = Query.read(str(advice[0]))  # and what the condition names
        if self._allowed_of(narrower, statement)["refused"]:
            return found
        advised = self._explain(narrower, statement, timed=timed)
        if isinstance(advised, str):
            return found
        narrow, wide = found.efforts(before, advised, after)
        if narrow * 2 > wide:
            return found
        return replace(found, add=advice[1], advised=advised)

    def _named(self, found: Compared, query: Query) -> Compared:
        """What fails or means something else with partitions, and what no plan shows."""
        if query.kind == "INSERT" and (
            lacking := query.lacks(self._bounds.left, self._pair["sent"])
        ):
            why = f"fails: it does not send {', '.join(lacking)}, and no partition takes the row"
            return replace(found, outcome="fails", why=why)
        before, after = self._pair["left_divided"], self._pair["right_divided"]
        if query.by_only(self._bounds.left) and before != after:
            why = (
                "ONLY finds no row of a table with partitions, as the "
                + ("old" if before else "new")
                + " one is"
            )
            return replace(found, outcome="differs", why=why)
        if query.uses_ctid and after and not before:
            why = "uses ctid, which rows of several partitions share"
            return replace(found, outcome="differs", why=why)
        if query.kind == "SELECT" and query.returns_all and (added := self._pair["added"]):
            return replace(found, why=f"returns {', '.join(added)}, too, where it says *")
        return found

    def _judged(self, found: Compared) -> Compared:
        bounds, after, ratio = self._bounds, found.after, found.ratio
        if found.outcome == "same" and ratio is not None and after is not None:
            many = bounds.max_partitions is not None and after.partitions > bounds.max_partitions
            if ratio > bounds.max_ratio or many:
                found = replace(found, outcome="slower")
        if found.outcome != "same" and found.statement.id in bounds.accept:
            return replace(found, outcome="accepted")
        return found

    def _allowed_of(self, query: Query, statement: Statement) -> Mapping[str, Any]:
        """Whether code of others would run; asked once for the same names."""
        right = self._bounds.right
        relations = sorted({*query.relations, (right.schema, right.name)})
        said = (query.names, query.types, query.qualifiers)
        key = (*said, tuple(relations), tuple(statement.path))
        if key not in self._allowed:
            asked = {
                "names": sorted(query.names),
                "types": sorted(query.types),
                "qualifiers": sorted(query.qualifiers),
                "schemas": [schema for schema, _ in relations],
                "relations": [name for _, name in relations],
                "path": list(statement.path),
                "right": right,
            }
            self._allowed[key] = self._queries.send("queries/foreign.sql", **asked).one()
        return self._allowed[key]

    def _explain(self, query: Query, statement: Statement, *, timed: bool) -> Explained | str:
        """The plan; or why there is none."""
        values = {
            number: bound and value_of(bound, self._known)
            for number, bound in query.parameters.items()
        }
        if self._bounds.lookup:
            values |= query.restored(self._bounds.lookup)
        plans: list[tuple[Query, bool]] = [(query, True)]
        if all(value is not None for value in values.values()):
            filled = query.filled({number: value or "" for number, value in values.items()})
            plans = [(filled, False), *(plans if values else [])]
        why = ""
        for one, generic in plans:
            try:
                found = self._planned(one, statement, generic=generic)
                return replace(found, ms=self._time(one, statement) if timed else None)
            except DatabaseError as error:
                if self._queries.session.lost:
                    raise
                why = reason(error)
        return why

    def _planned(self, query: Query, statement: Statement, *, generic: bool) -> Explained:
        """What is made of it the fastest of some times: at first the catalog has to be read."""
        tables = {*self._leaves, self._bounds.left.name, self._bounds.right.name}
        found: list[Explained] = []
        while _once_more([one.planning for one in found], _PLANNED):
            with self._queries.session.savepoint(undo=True):
                self._set(statement, _LIMITED, generic=generic)
                plan = self._of_any(query) if generic else self._plan(query)
                locks = int(self._queries.send("queries/locks.sql").scalar()) - self._locked
            found.append(Explained.of(plan, locks, tables, self._leaves, generic=generic))
        return min(found, key=lambda one: one.planning)

    def _set(self, statement: Statement, timeout: str, *, generic: bool = False) -> None:
        path = statement.path
        self._queries.send("queries/settings.sql", timeout=timeout, generic=generic, path=path)

    def _plan(self, query: Query, *, analyze: bool = False) -> Mapping[str, Any]:
        values = {"statement": Sql(str(query)), "analyze": analyze}
        found: Mapping[str, Any] = self._queries.send("queries/explain.sql", **values).scalar()[0]
        return found

    def _of_any(self, query: Query) -> Mapping[str, Any]:
        """The plan for whatever values its parameters have."""
        self._prepared += 1  # one that fails stays, and its name is taken
        values = {"number": self._prepared, "statement": Sql(str(query))}
        send, count = self._queries.send, max(query.parameters, default=0)
        send("queries/prepare.sql", **values)
        plan = send("queries/explain_prepared.sql", parameters=count, **values).scalar()
        send("queries/forget.sql", **values)
        found: Mapping[str, Any] = plan[0]
        return found

    def _time(self, query: Query, statement: Statement) -> float | None:
        """Milliseconds to plan and run it; None if it can't be run in a read-only transaction."""
        times: list[float] = []
        try:
            while _once_more(times, _RUN):
                with self._queries.session.savepoint(undo=True):
                    self._set(statement, _PATIENT)
                    plan = self._plan(query, analyze=True)
                    times.append(plan["Planning Time"] + plan["Execution Time"])
        except DatabaseError:
            if self._queries.session.lost:
                raise
        return min(times, default=None)


def _once_more(times: Sequence[float], together: float) -> bool:
    return len(times) < _TIMES or (len(times) < _MOST_TIMES and sum(times) < together)


def _without(schemas: Sequence[str]) -> str:
    """Where no name was looked for."""
    if not schemas:
        return ""
    return f" (not looking in {listed(schemas)}, where others may make functions)"


def _not_before(statement: Statement, before: str, after: Explained | str) -> Compared:
    """Of a statement that has no plan with the old table."""
    if isinstance(after, Explained):
        return Compared(
            statement, "same", f"only with the new table; before, {before}", None, after
        )
    how = "it fails already" if statement.values is not None else "it can't be explained alone"
    return Compared(statement, "not asked", f"{how}: {before}")

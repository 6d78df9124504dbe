"""Asks the catalog for a table, and the layouts what they offer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from executor import resources
from executor.database.queries import Queries, explained
from executor.database.session import DatabaseError, Session
from executor.errors import UsageError
from executor.templating.names import Name, table_name

from .choice import Choice, parse, parse_columns

_ANY = "*"  # stands for the schema of a name that has none
_SIZE = re.compile(r"[1-9][0-9]{0,6}(\.[0-9]{1,3})? ?(kB|MB|GB|TB)")
_FITTING = "executor init TABLE without --layout says which can be had"
_ORDER = ("range", "list", "hash")  # come first, and then the others by name


@dataclass(frozen=True, slots=True)
class Offer:
    """A layout, what it would do to the table, and how much speaks for it."""

    layout: str
    spec: str  # as --layout takes it
    refused: str | None
    what: str
    variables: Mapping[str, Any]
    extends: str
    reason: str
    points: float
    partitions: str
    keys: str
    narrowed: Sequence[str]  # what is said of each key that holds within a partition only
    on_conflict: str
    foreign_keys: str
    statements: str
    copies: bool  # its rows, so that they may get other types
    divides: bool  # the table, into partitions
    outgrown: Sequence[Mapping[str, str]]  # columns that need another type
    lost: Sequence[Mapping[str, str]]  # foreign keys that have to be given up


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is there, and what the catalog says of it."""

    name: Name
    facts: Mapping[str, Any]
    about: Mapping[str, Any]  # what is said of it as a whole


@dataclass(frozen=True, slots=True)
class Survey:
    """A table, what every layout offers it, and the one that was chosen or is best, if any is."""

    table: Table
    offers: Sequence[Offer]
    chosen: Offer | None
    asked_for: bool  # it was chosen, and is not what is recommended
    columns: Sequence[Mapping[str, str]]  # which get another type
    tried: Mapping[str, str] = field(default_factory=dict)  # what it did to statements, by layout

    @property
    def outgrown(self) -> Sequence[Mapping[str, str]]:
        """The columns whose numbers will be used up, with the type that they need."""
        return () if self.chosen is None or self.columns else self.chosen.outgrown


def survey(
    session: Session, given: str, *, layout: str | None, columns: Sequence[str], size: str | None
) -> Survey:
    """Look at a table in one read-only transaction; raises UsageError for what can't be meant."""
    if size and not _SIZE.fullmatch(size):
        raise UsageError(f"--size {size!r} is no size", hint="write it as 300GB, 800MB or 2TB")
    with session.transaction("repeatable read"), explained("the table can't be looked at"):
        queries = Queries(session)
        table = _look(queries, given, size)
        names = [column["name"] for column in table.facts["columns"]]
        choice = parse(layout, layouts(), names) if layout else Choice()
        changed: Sequence[Mapping[str, str]] = parse_columns(columns, names)
        _check_types(queries, table, changed)
        offers = _offers(queries, table, choice, changes=bool(changed))
    chosen = next((o for o in offers if o.layout == choice.layout), None)
    if chosen and chosen.refused:
        raise UsageError(f"--layout {layout} can't be had: {chosen.refused}", hint=_FITTING)
    best = offers[0] if offers[0].points > 0 else None
    if chosen is None and best:
        changed = changed or best.outgrown
    found = Survey(table, offers, chosen or best, chosen is not None, changed)
    if changed and found.chosen and not found.chosen.copies:
        raise UsageError(
            f"--column {columns[0]}: with {found.chosen.layout} the table stays as it is",
            hint="choose a layout that copies it, such as plain, or leave --column out",
        )
    return found


def layouts() -> list[str]:
    """The layouts that have something to offer."""
    found = sorted(path.parent.name for path in resources.home().glob("sql/layout/*/offer.sql"))
    return sorted(found, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


def _look(queries: Queries, given: str, size: str | None) -> Table:
    """The facts of a table; raises UsageError for what is none, or is empty."""
    name = _find(queries, given)
    view = queries.send("init/statements_view.sql").first()
    try:
        with queries.session.savepoint():
            facts = _facts(queries, name, Name(**view) if view else None)
    except DatabaseError:
        if view is None:
            raise
        # pg_stat_statements converts what other databases were asked, and may fail at that
        view, facts = None, _facts(queries, name, None)
    (about,) = facts["table"]
    if about["empty"]:
        raise UsageError(
            f"{name} is empty: nothing can be said of rows that are not there",
            hint="fill it first; or run a plan on it as it is, or with --create on none",
        )
    about["asks_statements"] = view is not None
    if size is not None:
        about["bytes"] = queries.send("init/size.sql", size=size).scalar()
    return Table(name, facts, about)


def _facts(queries: Queries, name: Name, statements_view: Name | None) -> Any:
    return queries.send("init/facts.sql", source=name, statements_view=statements_view).scalar()


def _find(queries: Queries, given: str) -> Name:
    name = table_name(given)
    in_schema = Name.parse(given, _ANY).schema != _ANY
    rows = queries.send("init/find.sql", source=name, in_schema=in_schema).rows
    rows = [row for row in rows if not row["refused"]] or rows[:1]
    if len(rows) > 1:
        raise UsageError(
            f"there is a table {given} in several schemas",
            hint=f"say which: {', '.join(row['shown'] for row in rows)}",
        )
    (row,) = rows
    if row["refused"]:
        raise UsageError(row["refused"], hint=row["hint"])
    return Name(row["schema"], row["name"])


def _check_types(queries: Queries, table: Table, columns: Sequence[Mapping[str, str]]) -> None:
    """Raise UsageError for a type that is none, or is the one that a column has."""
    with explained("--column: the type can't be read"):
        found = queries.send("init/types.sql", source=table.name, columns=list(columns))
    for row in found.rows:
        if row["refused"]:
            raise UsageError(f"--column {row['name']}:{row['type']}: {row['refused']}")


def _offers(queries: Queries, table: Table, choice: Choice, *, changes: bool) -> list[Offer]:
    """What every layout offers, the best first; the one that was chosen, as it was chosen."""
    values = {"layouts": layouts(), "choice": asdict(choice), "nothing": asdict(Choice())}
    found = queries.send("init/offers.sql", facts=table.facts, changes=changes, **values)
    return [Offer(**row) for row in found.rows]

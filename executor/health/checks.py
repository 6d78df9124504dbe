"""What is asked of a partitioned table, one template of sql/health/ a question, and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from executor.database.queries import Queries, explained
from executor.database.session import NO_RIGHT, DatabaseError, Result, Session, reason
from executor.errors import ConnectError, UsageError
from executor.journal.reader import is_installed
from executor.templating.names import Name, table_name

Level = Literal["ok", "warning", "critical", "unknown"]

SAMPLE_ROWS = 100  # about so many rows of a partition are looked at, without --deep

#: the templates, and what a check is called that could not be asked
_CHECKS = {
    "skew": "row_skew",
    "vacuum": "last_vacuum",
    "partitions": "missing_partitions",
    "indexes": "invalid_indexes",
    "places": "misplaced_rows",
}
_KINDS = {
    "r": "a plain table",
    "v": "a view",
    "m": "a materialized view",
    "f": "a foreign table",
    "S": "a sequence",
}
_SHOWN = 10  # tables that a hint names
_REFUSED = "the table can't be looked at"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer."""

    name: str
    level: Level  # unknown: it could not be asked
    value: float | None  # a count, or a skew: 0.3 is 30 % more or less than an equal share
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition that holds rows, as the server's counters know it."""

    schema: str
    name: str
    number: int | None  # as its name says: chunks_part_07
    rows: int
    dead_rows: int
    size_bytes: int  # with indexes and out-of-line values
    deviation: float | None  # from an equal share: 0.3 is 30 % over it
    status: Literal["HOT", "COLD", "NORMAL", "DEFAULT"]
    needs_vacuum: bool
    last_vacuum: datetime | None
    last_analyze: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at one look."""

    table: str
    database: str
    partitioned_by: str
    checks: Sequence[Check]
    partitions: Sequence[Partition]

    @property
    def status(self) -> Level:
        """The worst level of the checks."""
        levels = {check.level for check in self.checks}
        order: tuple[Level, ...] = ("critical", "warning", "unknown")
        return next((level for level in order if level in levels), "ok")


class Clinic:
    """Asks the questions in one session, each in a transaction of its own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def table(self, given: str | None) -> Name:
        """The table that is meant; raises UsageError with the tables that could be."""
        if given:
            return table_name(given)
        with explained(_REFUSED):
            partitioned = self._partitioned()
            meant = [table for table in self._migrated() if table in partitioned]
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise UsageError(
                "several tables were partitioned by runs of plans here; name one of them",
                hint=_listed(meant),
            )
        raise UsageError(
            "no run in the journal of this database says which table is meant; name it",
            hint=_listed(partitioned),
        )

    def look(self, table: Name, *, warning: float, critical: float, deep: bool) -> Health:
        """Ask everything once; raises UsageError, ConnectError or SqlError if that can't be."""
        with explained(_REFUSED):
            facts = self._facts(table)
            partitions = [Partition(**row) for row in self._ask("watch_partitions", table).rows]
            limits = {"warning": warning, "critical": critical}
            values = {**limits, "deep": deep, "sample_rows": SAMPLE_ROWS}
            checks: list[Check] = []
            for template in _CHECKS:
                checks += self._check(template, table, facts["role"], values)
        by = facts["partitioned_by"]
        return Health(str(table), facts["database"], by, checks, partitions)

    def _check(
        self, template: str, table: Name, role: str, values: Mapping[str, Any]
    ) -> list[Check]:
        try:
            return [Check(**row) for row in self._ask(f"check_{template}", table, **values).rows]
        except DatabaseError as error:
            if self._session.lost:
                raise
            hint = error.diag.message_hint or ""  # such as to raise max_locks_per_transaction
            if error.sqlstate == NO_RIGHT:
                hint = f"GRANT SELECT ON {table} TO {role}"
            said = f"not known: {reason(error)}"
            return [Check(_CHECKS[template], "unknown", None, said, hint)]

    def _ask(self, question: str, table: Name | None = None, **values: Any) -> Result:
        return Queries(self._session).send_alone(f"health/{question}.sql", source=table, **values)

    def _partitioned(self) -> list[Name]:
        return [Name(**row) for row in self._ask("partitioned_tables").rows]

    def _migrated(self) -> list[Name]:
        """The tables that the journal's runs were about; none if it may not be read."""
        try:
            if not is_installed(self._session):
                return []
            given = [row["name"] for row in self._ask("migrated_tables").rows]
        except DatabaseError as error:
            if error.sqlstate == NO_RIGHT:
                return []
            raise
        return [name for name in map(_name, given) if name]

    def _facts(self, table: Name) -> Mapping[str, Any]:
        rows = self._ask("find_table", table).rows
        if not rows:
            raise UsageError(f"there is no table {table}", hint=_listed(self._partitioned()))
        facts = rows[0]
        if facts["kind"] != "p" and facts["is_partition"]:
            raise UsageError(f"{table} is a partition", hint=f"name its table, {facts['parent']}")
        if facts["kind"] != "p":
            kind = _KINDS.get(facts["kind"], "something else")
            raise UsageError(
                f"{table} is not a partitioned table but {kind}", hint=_listed(self._partitioned())
            )
        if not facts["may_use_schema"]:
            raise ConnectError(
                f"{facts['role']} may not use the schema of {table}",
                hint=f"GRANT USAGE ON SCHEMA {facts['schema']} TO {facts['role']}",
            )
        return facts


def _name(text: str) -> Name | None:
    try:
        return Name.parse(text)
    except ValueError:  # a variable of another plan that bears the same name
        return None


def _listed(tables: Sequence[Name]) -> str:
    if not tables:
        return "there is no partitioned table in this database"
    more = f" and {len(tables) - _SHOWN} more" if len(tables) > _SHOWN else ""
    return f"partitioned tables here: {', '.join(map(str, tables[:_SHOWN]))}{more}"

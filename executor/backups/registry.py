"""The registries of backups, as they are read: which entries there are, and which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from executor.database.queries import Queries
from executor.database.retry import OTHERS_IN_THE_WAY, kind, retry
from executor.database.session import NO_RIGHT, Connector, DatabaseError, Session, reason
from executor.errors import BackupError, ConnectError, SqlError
from executor.journal import reader
from executor.plan.model import Retry
from executor.templating.names import Name

from .entries import REGISTRY, Entry

#: gives up quickly while others are in the way, and is not in a hurry
_PATIENTLY = Retry(on=OTHERS_IN_THE_WAY, attempts=60, backoff=(0.2, 2.0))

T = TypeVar("T")


#: what backups/guard.sql raises of a registry that is not to be trusted
DOUBT = "EX004"


class Registries:
    """The registries of one database, over one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._readable: list[str] = []
        self.unread: dict[str, str] = {}  # registries that are left alone, and why

    def sql(self, template: str, **values: Any) -> str:
        """A template of sql/backups/."""
        return Queries(self.session).text(f"backups/{template}.sql", **values)

    def ask(self, template: str, **values: Any) -> Sequence[Mapping[str, Any]]:
        """The rows of a template, in a transaction of its own."""
        return self.session.ask(self.sql(template, **values)).rows

    def left(self, text: str) -> int:
        """Do a part of some work, in a transaction of its own; returns how much is left."""
        return int(self.session.ask(text).one()["left"])

    def refusal(self, error: DatabaseError, *tables: Name) -> BackupError | SqlError:
        """What PostgreSQL refused, and who holds locks on the tables if that is why."""
        found: dict[str, None] = {}
        if in_the_way(error) and not self.session.lost:
            for table in tables:
                rows = Queries(self.session).ask("tables/blockers.sql", source=table).rows
                found |= {row["blocker"]: None for row in rows}
        return refusal(error, ", ".join(found))

    def schemas(self) -> list[str]:
        """The schemas that have a registry that is not left alone; `unread` says which are."""
        found = self.ask("registries")
        self.unread = {}
        for row in found:
            name = str(Name(row["schema"], REGISTRY))
            if row["doubt"]:
                self.unread[name] = f"{name}, a registry of backups, is left alone: {row['doubt']}"
        every = [row for row in found if not row["doubt"]]
        self._readable = [row["schema"] for row in every if row["readable"]]
        return [row["schema"] for row in every]

    def entries(self) -> list[Entry]:
        """Every entry that may be read, newest first in each registry; `unread` names the others.

        Raises DatabaseError if there are registries that could be trusted and none may be read.
        """
        every = self.schemas()
        readable = self._readable or every
        for schema in every:
            if schema not in readable:
                name = str(Name(schema, REGISTRY))
                self.unread[name] = f"this role may not read {name}, a registry of backups"
        return [entry for schema in readable for entry in self._tried(schema)]

    def _tried(self, schema: str) -> list[Entry]:
        try:
            return self.entries_of(schema)
        except DatabaseError as error:
            if error.sqlstate != DOUBT:
                raise
            self.unread[str(Name(schema, REGISTRY))] = reason(error)
            return []

    def entries_of(self, schema: str) -> list[Entry]:
        """The entries of one registry, newest first."""
        rows = self.ask("list", schema=schema, registry=Name(schema, REGISTRY))
        return [Entry(**row) for row in rows]

    def find(self, name: str) -> Entry:
        """The entry that a name means; raises BackupError if it is unknown or means several."""
        all_entries = self.entries()
        found = [e for e in all_entries if name in (e.name, f"{e.schema}.{e.name}", str(e.table))]
        if not found:
            known = ", ".join(e.name for e in all_entries[:5])
            unread = f" that may be read; not {', '.join(self.unread)}" if self.unread else ""
            raise BackupError(
                f"there is no backup {name} in any registry of this database{unread}",
                hint=f"there are: {known}" if known else "executor backups create makes one",
            )
        if len({e.schema for e in found}) > 1:
            names = ", ".join(f"{e.schema}.{e.name}" for e in found)
            raise BackupError(f"{name} is in several registries", hint=f"say which: {names}")
        return next((e for e in found if e.oid), found[0])

    def widen(self, source: Name) -> None:
        """Give the registry beside a table the columns that an older tool did not."""
        self.ask("install", source=source)

    def has_journal(self) -> bool:
        """Whether this database has a journal."""
        return reader.is_installed(self.session)

    def timestamp(self) -> str:
        """Now, by the server's clock, as it stands in names."""
        return reader.read_server(self.session).name_timestamp


def beside(source: Name, ending: str, hint: str = "give a shorter name with --into") -> Name:
    """The name of a new table beside another; raises BackupError if it would be too long."""
    try:
        return source.suffix(ending)
    except ValueError as error:
        raise BackupError(str(error), hint=hint) from None


@contextmanager
def opened(dsn: str | None, *, writing: bool = True) -> Iterator[Registries]:
    """The registries of a database; what PostgreSQL refuses is told in a sentence."""
    with Connector(dsn, "executor:backups").session() as session:
        try:
            if writing and reader.read_server(session).read_only:
                raise ConnectError(
                    "the server is read-only (a standby?)", hint="connect to the primary server"
                )
            yield Registries(session)
        except DatabaseError as error:
            raise refusal(error) from error


def in_the_way(error: DatabaseError) -> bool:
    """Whether others hold what is asked for, so that it may be had later."""
    return kind(error) in OTHERS_IN_THE_WAY


def refusal(error: DatabaseError, blockers: str = "") -> BackupError | SqlError:
    """What PostgreSQL refused, in a sentence; its DETAIL is left out, for it can quote rows."""
    message = reason(error)
    if error.sqlstate == NO_RIGHT:
        hint = "connect as the owner of the table and of the registry, or as a member of it"
        return BackupError(f"this role may not do that: {message}", hint=hint)
    if in_the_way(error):
        return SqlError(
            f"others are in the way: {message}" + (f"; there are {blockers}" if blockers else ""),
            "nothing was changed by that; try again in a calmer hour",
            sqlstate=error.sqlstate or "",
        )
    state = f" [{error.sqlstate}]" if error.sqlstate else ""
    hint = error.diag.message_hint or ""
    if error.sqlstate == DOUBT:
        return BackupError(message, hint=hint)
    return SqlError(f"PostgreSQL refused: {message}{state}", hint, sqlstate=error.sqlstate or "")


def patiently(session: Session, work: Callable[[], T]) -> T:
    """Do something that gives up quickly while others are in the way, until it is done."""
    return retry(session, work, _PATIENTLY)

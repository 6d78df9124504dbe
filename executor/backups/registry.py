"""The registries of backups: which entries there are, which one is meant, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from executor.database.queries import Queries
from executor.database.retry import OTHERS_IN_THE_WAY, kind, retry
from executor.database.session import NO_RIGHT, Connector, DatabaseError, reason
from executor.errors import BackupError, ConnectError, SqlError
from executor.formats import listed
from executor.journal.reader import read_server
from executor.plan.model import Retry
from executor.templating.names import Name

T = TypeVar("T")

REGISTRY = "migration_backups"

#: what backups/guard.sql raises of a registry that is not to be trusted
DOUBT = "EX004"

#: what is asked of a registry gives up quickly while others are in the way, and is in no hurry
_PATIENTLY = Retry(on=OTHERS_IN_THE_WAY, attempts=60, backoff=(0.2, 2.0))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a registry, with what can be said of its table without reading it."""

    id: int
    schema: str
    name: str
    original: str
    kind: str  # backup, or old_table
    is_backup: bool  # an old table is one, too, if its run has made no copy
    rows: int
    size_bytes: int | None  # now, or when it was entered if there is no table any more
    created_at: str
    age_seconds: int
    retention_until: str | None  # None: for ever
    expired: bool
    status: str  # valid, expired, missing, changed
    misplaced: str | None  # where the table is, if not under its name
    moved: bool  # whether it seems to have been dumped and restored, so that its oid is another
    difference: str | None  # why it is changed
    revision: str | None
    run: str | None
    oid: int | None  # of the table that is meant
    digest: str | None
    verified_at: str | None
    drilled_at: str | None
    drill_finding: str | None
    dropping_since: str | None
    identified: bool  # whether it was entered with its oid
    marked: bool  # whether the table has the comment that executor gave it
    original_exists: bool
    definition: Mapping[str, Any] | None
    way_back: Mapping[str, Any] | None

    @property
    def table(self) -> Name:
        """The table that it stands for."""
        return Name(self.schema, self.name)

    @property
    def source(self) -> Name:
        """The table that it is of."""
        return Name(self.schema, self.original)

    @property
    def registry(self) -> Name:
        """The registry that has it."""
        return registry_of(self.schema)

    def facts(self) -> dict[str, Any]:
        """The entry as it is printed for machines."""
        names = (field.name for field in fields(self) if field.name not in _HIDDEN)
        return {name: getattr(self, name) for name in names}


_HIDDEN = {
    "definition", "way_back", "oid", "misplaced", "moved", "identified", "marked", "expired",
    "original_exists",
}  # fmt: skip


class Registries(Queries):
    """The registries of one database, over one session."""

    #: registries that are left alone, and why
    unread: Mapping[str, str] = {}

    def patiently(self, work: Callable[[], T]) -> T:
        """Do something again while others are in the way, until it is done."""
        return retry(self.session, work, _PATIENTLY)

    def ask_patiently(self, template: str, /, **values: object) -> None:
        """Send a template in a transaction of its own, again while others are in the way."""
        text = self.text(template, **values)
        self.patiently(lambda: self.session.execute_alone(text))

    def perform_until_none_is_left(self, template: str, /, **values: object) -> None:
        """Do the same for a template, each time in a transaction of its own, until it has none."""
        text = self.text(template, **values)

        def some() -> int:
            with self.session.transaction():
                return self.perform(text)

        while self.patiently(some):
            continue

    def schemas(self) -> dict[str, bool]:
        """The schemas whose registry is not left alone, and whether this role may read it."""
        found = self.send_alone("backups/registries.sql").rows
        self.unread = {
            (name := str(registry_of(row["schema"]))): (
                f"{name}, a registry of backups, is left alone: {row['doubt']}"
            )
            for row in found
            if row["doubt"]
        }
        return {row["schema"]: bool(row["readable"]) for row in found if not row["doubt"]}

    def entries(self) -> list[Entry]:
        """Every entry that may be read, newest first in each registry; `unread` names the others.

        Raises DatabaseError if there are registries that could be trusted and none may be read.
        """
        schemas = self.schemas()
        found, unread = [], dict(self.unread)
        for schema, readable in schemas.items():
            name = str(registry_of(schema))
            if any(schemas.values()) and not readable:
                unread[name] = f"this role may not read {name}, a registry of backups"
                continue
            try:
                found += self.entries_of(schema)
            except DatabaseError as error:
                if error.sqlstate != DOUBT:
                    raise
                unread[name] = reason(error)
        self.unread = unread
        return found

    def entries_of(self, schema: str) -> list[Entry]:
        """The entries of one registry, newest first."""
        values = {"schema": schema, "registry": registry_of(schema)}
        return [Entry(**row) for row in self.send_alone("backups/list.sql", **values).rows]

    def find(self, name: str) -> Entry:
        """The entry that a name means; raises BackupError if it is unknown or means several."""
        all_entries = self.entries()
        found = [e for e in all_entries if name in (e.name, f"{e.schema}.{e.name}", str(e.table))]
        if not found:
            known = listed([e.name for e in all_entries])
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
        self.send_alone("backups/install.sql", source=source)

    def timestamp(self) -> str:
        """Now, by the server's clock, or a little later, as it stands in no name yet."""
        return read_server(self.session).name_timestamp

    def refusal(self, error: DatabaseError, *tables: Name) -> BackupError | SqlError:
        """What PostgreSQL refused, and who holds locks on the tables if that is why."""
        message, sqlstate = reason(error), error.sqlstate or ""
        if sqlstate == NO_RIGHT:
            hint = "connect as the owner of the table and of the registry, or as a member of it"
            return BackupError(f"this role may not do that: {message}", hint=hint)
        if is_in_the_way(error):
            held = self._blockers(*tables)
            return SqlError(
                f"others are in the way: {message}" + (f"; there are {held}" if held else ""),
                "nothing was changed by that; try again in a calmer hour",
                sqlstate=sqlstate,
            )
        hint = error.diag.message_hint or ""
        if sqlstate == DOUBT:
            return BackupError(message, hint=hint)
        state = f" [{sqlstate}]" if sqlstate else ""
        return SqlError(f"PostgreSQL refused: {message}{state}", hint, sqlstate=sqlstate)

    def _blockers(self, *tables: Name) -> str:
        if self.session.lost:
            return ""
        asked = [self.send_alone("tables/blockers.sql", source=table).rows for table in tables]
        return ", ".join(dict.fromkeys(row["blocker"] for rows in asked for row in rows))


@contextmanager
def opened(dsn: str | None, *, writing: bool = True) -> Iterator[Registries]:
    """The registries of a database; what PostgreSQL refuses is told in a sentence."""
    with Connector(dsn, "executor:backups").session() as session:
        registries = Registries(session)
        try:
            if writing and read_server(session).read_only:
                raise ConnectError(
                    "the server is read-only (a standby?)", hint="connect to the primary server"
                )
            yield registries
        except DatabaseError as error:
            raise registries.refusal(error) from error


def registry_of(schema: str) -> Name:
    """The registry of the tables of a schema."""
    return Name(schema, REGISTRY)


def is_in_the_way(error: DatabaseError) -> bool:
    """Whether others hold what is asked for, so that it may be had later."""
    return kind(error) in OTHERS_IN_THE_WAY


def beside(source: Name, ending: str, hint: str = "give a shorter name with --into") -> Name:
    """The name of a new table beside another; raises BackupError if it would be too long."""
    try:
        return source.suffix(ending)
    except ValueError as error:
        raise BackupError(str(error), hint=hint) from None

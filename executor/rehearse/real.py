"""What is known of the real database. It is only read, in one transaction that can't last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from executor.database.queries import Queries, explained
from executor.database.session import Connector
from executor.errors import SqlError, UsageError
from executor.queries.workload import Workload, of_server
from executor.templating.names import Name

#: what reads the real server does not last, and keeps nobody waiting
_BOUNDS = {"statement_timeout": "60s", "lock_timeout": "2s"}
MANY_PAGES = 10_000  # of a table that is sampled by blocks, and not counted


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the real server that rows are taken of."""

    oid: int
    name: Name
    kind: str
    owner: str
    rows: int
    pages: int
    bytes: int
    columns: Sequence[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Table:
        """As the catalog says it."""
        rest = {key: value for key, value in row.items() if key not in ("schema", "name")}
        return cls(name=Name(row["schema"], row["name"]), **rest)


@dataclass(slots=True)
class Real:
    """What is known of the real database."""

    dsn: str | None
    subject: Name
    where: str
    roles: Sequence[Mapping[str, Any]]
    database: Mapping[str, Any]
    tables: Sequence[Table]
    keys: Sequence[Mapping[str, Any]]
    sequences: Sequence[Mapping[str, Any]]
    views: Sequence[Mapping[str, Any]]
    workload: Workload
    for_superuser: Sequence[Sequence[str]]  # catalog and oid of what only a superuser makes
    drawn: dict[str, int] = field(default_factory=dict)  # rows by table
    not_rebuilt: list[str] = field(default_factory=list)

    @property
    def table(self) -> Table:
        """The table that the plan is about."""
        return self.tables[0]

    @property
    def role(self) -> str:
        """The role that asks, and will run the plan."""
        return next(str(role["name"]) for role in self.roles if role["asks"])

    @property
    def superuser(self) -> str:
        """The same, if it is a superuser in truth, and on the server of our own at the end."""
        return next((str(role["name"]) for role in self.roles if role["super"]), "")

    def lacks(self, what: str) -> None:
        """Remember once that something could not be rebuilt."""
        if what not in self.not_rebuilt:
            self.not_rebuilt.append(what)


def readable(what: str) -> AbstractContextManager[None]:
    """Make of what PostgreSQL refuses an error that says what can't be done."""
    hint = "to rehearse, a role has to read every row of the table and of all that it refers to"
    return explained(what, without_right=(what, hint))


@contextmanager
def reading(dsn: str | None) -> Iterator[Queries]:
    """One read-only transaction on the real server, whose statements can't last."""
    with (
        readable("the real database can't be read"),
        Connector(dsn, "executor:rehearse", _BOUNDS, read_only=True).session() as session,
        session.transaction("repeatable read"),
    ):
        yield Queries(session)


def look(dsn: str | None, subject: Name, ours: Sequence[Name]) -> Real:
    """What the catalog says; raises UsageError if there is no such table."""
    with reading(dsn) as queries:
        tables = tables_of(queries, subject)
        oids = [table.oid for table in tables]
        roles = queries.send("rehearse/roles.sql").rows
        role = next((str(role["name"]) for role in roles if role["asks"]), "")
        refuse_foreign(queries, subject, oids)
        tables[0] = _counted(queries, tables[0])
        return Real(
            dsn=dsn,
            subject=subject,
            where=queries.session.where,
            roles=roles,
            database=queries.send("rehearse/database.sql").one(),
            tables=tables,
            keys=queries.send("rehearse/keys.sql", tables=oids).rows,
            sequences=queries.send("rehearse/sequences.sql", tables=oids).rows,
            views=queries.send("rehearse/views.sql").rows,
            workload=of_server(queries, subject, ours, role),
            for_superuser=queries.send("rehearse/for_superuser.sql").scalar(),
        )


def refuse_foreign(queries: Queries, subject: Name, oids: Sequence[int]) -> None:
    """Raise SqlError if a query on the tables would run code of others with the rights of ours."""
    if code := queries.send("rehearse/foreign.sql", tables=oids).scalar():
        raise SqlError(
            f"rows of {subject}, and of what it refers to, are not read: that would run with the"
            f" rights of this role what is not to be trusted: {code}",
            hint="connect as the table's owner, or let a role own the functions that you trust",
        )


def tables_of(queries: Queries, subject: Name) -> list[Table]:
    """The table, and those that it refers to; raises UsageError if there is no such table."""
    found = [Table.of(row) for row in queries.send("rehearse/tables.sql", source=subject).rows]
    if not found:
        raise UsageError(
            f"there is no table {subject} in {queries.session.where}",
            hint="a rehearsal is one of a real table; --var says which is meant",
        )
    if found[0].kind not in ("r", "p"):
        raise UsageError(f"{subject} is not a table, so there are no rows to rehearse with")
    return [table for table in found if table.kind in ("r", "p")]


def _counted(queries: Queries, table: Table) -> Table:
    """With its rows: exactly, if it is small, else as ANALYZE has left their number."""
    if table.pages < MANY_PAGES:
        return replace(table, rows=queries.send("rehearse/count.sql", table=table.name).scalar())
    if not table.rows:
        raise UsageError(
            f"nobody knows how many rows {table.name} has", hint="ANALYZE the table, and try again"
        )
    return table

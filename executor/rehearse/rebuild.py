"""Makes the real database anew on a server of our own, with some of its rows.

Whoever is a superuser there reaches our machine, and code of the real database's roles must not. So
no role comes along as one; rows are received as the owner of their table; and what PostgreSQL
computes with such code when it is made is made by a role without rights of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from executor.database import programs
from executor.database.queries import Queries
from executor.database.session import DatabaseError, reason
from executor.errors import SqlError
from executor.templating.names import Name, Sql

from .real import MANY_PAGES, Real, Table, readable, reading, refuse_foreign, tables_of
from .server import Server

_OURS = "executor"  # the schema of the journal
_KEYS_AT_ONCE = 1000
#: they reach other servers or files, or run code with the rights of whoever changes anything
_LEFT_OUT = (
    *("EVENT TRIGGER ", "FOREIGN DATA WRAPPER ", "SERVER ", "USER MAPPING ", "SUBSCRIPTION "),
    *(
        "FOREIGN TABLE ",
        "EXTENSION - dblink ",
        "EXTENSION - postgres_fdw ",
        "EXTENSION - file_fdw ",
        "ACL pg_catalog ",
    ),
)
#: only a superuser makes all of these, and nothing of a role is computed by that; whoever makes one
#: of the others, such as a table, computes expressions of its owner, or looks at rows by them. Of a
#: function too: a default of a parameter is read when it is made, and a value of an array of a
#: domain is checked as soon as it is read
_FOR_SUPERUSER = (
    *("SCHEMA ", "EXTENSION ", "PROCEDURAL LANGUAGE ", "SHELL TYPE ", "CAST ", "OPERATOR "),
    *("COLLATION ", "CONVERSION ", "TEXT SEARCH ", "ACCESS METHOD ", "TRANSFORM ", "PUBLICATION "),
)
_RIGHTS = ("ACL ", "DEFAULT ACL ")
_AT_THE_END = (*_RIGHTS, "COMMENT ")  # for a superuser, too


class Dump:
    """The definitions of the real database, in the order in which they are made anew."""

    def __init__(self, real: Real, directory: Path) -> None:
        self._real = real
        self._file = directory / "schema.dump"
        programs.dump_schema(real.dsn, self._file, _OURS)
        before, after = self._chosen("pre-data"), self._chosen("post-data")
        self._last = [entry for entry in (*before, *after) if entry[1].startswith(_AT_THE_END)]
        self._before, self._after = (
            [entry for entry in entries if not entry[1].startswith(_AT_THE_END)]
            for entries in (before, after)
        )

    def _chosen(self, section: str) -> list[tuple[str, str]]:
        chosen = []
        for line, what in programs.contents(self._file, section):
            if what.startswith(
                tuple(f"COMMENT - {kind.replace(' - ', ' ')}" for kind in _LEFT_OUT)
            ):
                continue  # of what is left out
            if what.startswith(_LEFT_OUT):
                self._real.lacks(f"{what}: left out, for it could reach beyond the rehearsal")
            else:
                chosen.append((line, what))
        return chosen

    def restore(self, server: Server, database: str) -> None:
        """Make all that comes before the rows."""
        self._restore(server, database, self._before)

    def restore_rest(self, server: Server, database: str) -> None:
        """Make all that comes after the rows, and at last say who has rights."""
        self._restore(server, database, self._after)
        last = [line for line, what in self._last if server.ours or not what.startswith(_RIGHTS)]
        self._send(server, database, None, last)

    def _restore(self, server: Server, database: str, entries: Sequence[tuple[str, str]]) -> None:
        parts: list[tuple[str | None, list[str]]] = []
        for line, what in entries:
            role = None if self._for_superuser(line, what) else self._maker(server, what)
            if not parts or parts[-1][0] != role:
                parts.append((role, []))
            parts[-1][1].append(line)
        for role, lines in parts:
            if role:
                server.open(database)
            self._send(server, database, role, lines)

    def _send(self, server: Server, database: str, role: str | None, lines: Sequence[str]) -> None:
        dsn = server.at(database, role)
        for what, why in programs.restore(dsn, self._file, lines, ours=server.ours):
            self._real.lacks(f"{what}: {why}")

    def _for_superuser(self, line: str, what: str) -> bool:
        # a line begins with its number; catalog oid
        return what.startswith(_FOR_SUPERUSER) or line.split()[1:3] in self._real.for_superuser

    def _maker(self, server: Server, what: str) -> str:
        """Who makes it: whoever can become its owner, whose name stands last."""
        names = (str(role["name"]) for role in self._real.roles if role["as_powerful"])
        owners = [name for name in names if what.endswith(f" {name}")]
        return max(owners, key=len, default=server.maker)


class Rows:
    """Some rows of a table and what they refer to, on their way to a database that has no keys."""

    def __init__(self, server: Server, real: Real, database: str) -> None:
        self._server = server
        self._real = real
        self._database = database
        self.drawn = {str(table.name): 0 for table in real.tables}

    def draw(self, most: int) -> dict[str, int]:
        """Take them from the real server; returns how many of each table."""
        real, table = self._real, self._real.table
        with reading(real.dsn) as queries:
            queries.send("rehearse/lock.sql", tables=[table.name for table in real.tables])
            now = [(table.oid, table.kind) for table in tables_of(queries, real.subject)]
            if now != [(table.oid, table.kind) for table in real.tables]:
                raise SqlError(f"{real.subject} is another table by now", hint="rehearse again")
            refuse_foreign(queries, real.subject, [table.oid for table in real.tables])
            share = min(most / max(table.rows, 1) * 100, 100.0)
            self._fill(queries, percent=share, by_block=table.pages >= MANY_PAGES)
        return self.drawn

    def draw_again(self, database: str, share: float) -> int:
        """Take some of those that are in another database of our own; returns how many."""
        with self._server.session(database, self._server.maker) as queries:
            self._fill(queries, percent=share * 100, by_block=False)
        return self.drawn[str(self._real.table.name)]

    def _fill(self, queries: Queries, *, percent: float, by_block: bool) -> None:
        database, table = self._database, self._real.table
        owners = dict.fromkeys(table.owner for table in self._real.tables)
        with ExitStack() as stack:
            # whoever owns a table receives its rows, for code of that role may run then
            receivers = {
                owner: stack.enter_context(self._server.session(database, owner))
                for owner in owners
            }
            local = stack.enter_context(self._server.session(database, self._server.maker))
            asked = {"percent": percent, "by_block": by_block, "columns": table.columns}
            text = queries.text("rehearse/sample.sql", table=table.name, **asked)
            self._take(queries, receivers, table, text)
            self._fill_referenced(queries, local, receivers)

    def _fill_referenced(
        self, queries: Queries, local: Queries, receivers: Mapping[str, Queries]
    ) -> None:
        tables = {table.oid: table for table in self._real.tables}
        keys = [key for key in self._real.keys if key["parent"] in tables]
        for key in [key for key in keys if not key["harmless"]]:
            keys.remove(key)
            name = tables[key["child"]].name
            why = "to say which would run code of its type"
            self._real.lacks(f"rows that {key['name']} of {name} refers to: {why}")
        while keys:
            left = []
            for key in keys:
                child, parent = tables[key["child"]], tables[key["parent"]]
                names = {"child": child.name, "parent": parent.name, "at_most": _KEYS_AT_ONCE}
                columns = {name: key[name] for name in ("columns", "referenced", "types")}
                with local.session.transaction():
                    asked = local.send("rehearse/missing.sql", **names, **columns).one()
                if not asked["number"]:
                    continue
                text = queries.text(
                    "rehearse/referenced.sql",
                    table=parent.name,
                    columns=parent.columns,
                    key=key["referenced"],
                    keys_sql=Sql(asked["keys_sql"]),
                )
                if self._take(queries, receivers, parent, text):
                    left = keys  # these may refer to others
                else:
                    self._real.lacks(
                        f"rows that {key['name']} of {child.name} refers to: not found"
                    )
            keys = left

    def _take(
        self, queries: Queries, receivers: Mapping[str, Queries], table: Table, text: str
    ) -> int:
        number = 0

        def pieces() -> Iterator[bytes]:
            nonlocal number
            for piece in queries.session.copy_out(text):
                number += 1  # a row is sent at a time
                yield piece

        session = receivers[table.owner].session
        asked = {"table": table.name, "columns": table.columns}
        told = readable(f"rows of {table.name} can't be taken along")
        with told, session.transaction():
            session.copy_in(queries.text("rehearse/receive.sql", **asked), pieces())
        self.drawn[str(table.name)] += number
        return number


def begin(server: Server, real: Real, dump: Dump, name: str) -> None:
    """A database with the real tables, empty; raises SqlError if the table is not among them."""
    server.make(name)
    dump.restore(server, name)
    with server.session(name) as queries:
        if not queries.send("rehearse/is_table.sql", table=real.subject).scalar():
            raise SqlError(
                f"{real.subject} could not be rebuilt, so there is nothing to rehearse:"
                f" {'; '.join(real.not_rebuilt[:5])}",
                hint="most often it is an extension that the server of our own does not have",
            )


def finish(server: Server, real: Real, dump: Dump, name: str) -> None:
    """All that comes after the rows: keys, indexes, triggers, materialized views, statistics."""
    with server.session(name) as queries:
        for sequence in real.sequences:
            at = {"table": Name(sequence["schema"], sequence["name"]), "value": sequence["value"]}
            try:
                queries.send_alone("rehearse/set_sequences.sql", sequences=[at])
            except DatabaseError as error:
                real.lacks(f"how far {at['table']} has come: {reason(error)}")
    dump.restore_rest(server, name)
    server.close(name)
    _refresh(server, real, name)
    with server.session(name) as queries:
        queries.send_outside("rehearse/analyze.sql")


def _refresh(server: Server, real: Real, name: str) -> None:
    """Fill materialized views as their owners; those that fail may read another, and come again."""
    left, failed = list(real.views), dict[Name, str]()
    while left:
        again = []
        for view in left:
            table = Name(view["schema"], view["name"])
            try:
                with server.session(name, view["owner"]) as queries:
                    queries.send_alone("rehearse/refresh.sql", view=table)
            except DatabaseError as error:
                failed[table] = reason(error)
                again.append(view)
        if len(again) == len(left):
            for view in again:
                table = Name(view["schema"], view["name"])
                real.lacks(f"rows of the materialized view {table}: {failed[table]}")
            return
        left = again

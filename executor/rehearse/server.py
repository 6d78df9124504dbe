"""The servers on which a real database is made anew: one of our own, or one that is named."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from executor.database import embedded
from executor.database.dsn import changed, check_dsn
from executor.database.queries import Queries, explained
from executor.database.session import Connector, DatabaseError, reason
from executor.errors import ConnectError, UsageError
from executor.formats import listed
from executor.templating.names import Name

from .real import Real

_ROLE = "name a role that can do no more: CREATE ROLE rehearsal LOGIN CREATEDB"

logger = logging.getLogger("executor")


class Server:
    """Has the databases of a rehearsal, which are known here by names of ours."""

    ours = True  # roles of the real server can be made on it, and its settings changed
    where = "of our own"
    maker = ""  # who makes what others own
    _owner = ""  # of its databases

    def __init__(self, dsn: str, real: Real) -> None:
        self.dsn = dsn
        self._real = real

    def at(self, database: str, role: str | None = None) -> str:
        """The DSN of a database, as who made it or as another role, if there are others."""
        raise NotImplementedError

    @contextmanager
    def session(self, database: str, role: str | None = None) -> Iterator[Queries]:
        """A session in a database."""
        with _session(self.at(database, role)) as queries:
            yield queries

    def make(self, name: str) -> None:
        """An empty database that sorts as the real one."""
        asked = {key: self._real.database[key] for key in ("encoding", "collate", "ctype")}
        try:
            self._create("rehearse/create_database.sql", name, **asked)
        except DatabaseError as error:
            self._create(
                "rehearse/create_database.sql", name, **asked | {"collate": "C", "ctype": "C"}
            )
            self._real.lacks(f"sorting by {asked['collate']}: {reason(error)}; sorts by C")

    def copy(self, whole: str, name: str) -> None:
        """A database with all that another of the rehearsal has."""
        self._create("rehearse/copy_database.sql", name, template=self._called(whole))

    def drop(self, name: str) -> None:
        """A database has been seen enough."""
        with self._administering() as queries:
            queries.send_outside("rehearse/drop_database.sql", name=self._called(name))

    def open(self, database: str) -> None:
        """While it is made anew, whoever owns something in a schema may make it there."""

    def close(self, database: str) -> None:
        """All is made, and rights are as in the real database."""

    def promote(self) -> None:
        """When all has been made: who runs the plan has the rights that it has in truth."""

    def demote(self) -> None:
        """Nobody is powerful again: more is to be made."""

    def settle(self, database: str, wal_megabytes: int) -> None:
        """Begin as a server that has written all down, with so much WAL between checkpoints."""

    @property
    def application(self) -> str:
        """The role that writes."""
        return self._owner

    def _called(self, name: str) -> str:
        """What a database is called there."""
        return name

    @contextmanager
    def _administering(self) -> Iterator[Queries]:
        with self.session("postgres") as queries:
            yield queries

    def _create(self, statement: str, name: str, /, **asked: Any) -> None:
        called = self._called(name)
        makers = self._real.database["makers"] if self.ours else []
        with self._administering() as queries:
            queries.send_outside(statement, name=called, owner=self._owner, **asked)
            granted = {"makers": makers, "ours": self.ours}
            queries.send_alone("rehearse/grant_database.sql", name=called, **granted)


class Own(Server):
    """A server of our own with the roles of the real one; none of ours has a name of theirs."""

    def __init__(self, dsn: str, real: Real) -> None:
        self._superuser = f"executor_rehearsal_{secrets.token_hex(4)}"
        self.maker, self.writer, self._open = (
            f"{self._superuser}_{what}" for what in ("maker", "writer", "open")
        )
        self._owner = str(real.database["owner"])
        with _session(dsn) as queries:
            queries.send("rehearse/first_role.sql", name=self._superuser)
        super().__init__(changed(dsn, user=self._superuser), real)
        first = f"{self._superuser}_0"
        with self._administering() as queries:
            queries.send("rehearse/rename_first.sql", first="postgres", renamed=first)
            asked = {"roles": real.roles, "writer": self.writer}
            queries.send_alone("rehearse/make_roles.sql", **asked)
        self._send_of_roles("lower")

    def at(self, database: str, role: str | None = None) -> str:
        """The DSN of a database, as its superuser or as another role."""
        return changed(self.dsn, dbname=database, user=role or self._superuser)

    def open(self, database: str) -> None:
        """While it is made anew, whoever owns something in a schema may make it there."""
        owners = [role["name"] for role in self._real.roles if role["as_powerful"]]
        with self.session(database) as queries:
            found = queries.send("rehearse/owned.sql", owners=owners).rows
            tables = [Name(row["schema"], row["name"]) for row in found]
            asked = {"schemas": _schemas(queries), "tables": tables, "open": self._open}
            queries.send_alone("rehearse/open.sql", **asked)

    def close(self, database: str) -> None:
        """All is made, and rights are as in the real database; but who writes for us may write."""
        with self.session(database) as queries:
            queries.send_alone("rehearse/close.sql", open=self._open)
            if self.application == self.writer:
                asked = {"schemas": _schemas(queries), "writer": self.writer}
                queries.send_alone("rehearse/grant_writes.sql", **asked)

    def promote(self) -> None:
        """When all has been made: who runs the plan has the rights that it has in truth."""
        self._send_of_roles("promote")

    def demote(self) -> None:
        """Nobody is powerful again: more is to be made."""
        self._send_of_roles("demote")
        self._send_of_roles("lower")

    def _send_of_roles(self, template: str) -> None:
        asked = {"maker": self.maker, "open": self._open, "roles": self._real.roles}
        with self._administering() as queries:
            queries.send_alone(f"rehearse/{template}.sql", **asked)

    def settle(self, database: str, wal_megabytes: int) -> None:
        """Begin as a server that has written all down, with so much WAL between checkpoints."""
        with self.session(database) as queries:
            queries.send_outside("rehearse/limit_wal.sql", megabytes=wal_megabytes)
            queries.send("rehearse/settle.sql")

    @property
    def application(self) -> str:
        """The role that writes: the table's owner, unless triggers would run as a superuser."""
        owner = self._real.table.owner
        return self.writer if owner == self._real.superuser else owner


class Named(Server):
    """A server that somebody names: one role makes databases there, and owns all that is in them.

    A role there that has the name of one of the real server is somebody else. So none is made, and
    none is given anything.
    """

    ours = False

    def __init__(self, dsn: str, real: Real) -> None:
        """Raises UsageError if it is no server for that."""
        super().__init__(check_dsn(dsn), real)
        self._prefix = f"executor_rehearsal_{secrets.token_hex(6)}"  # that no database has
        self._made: list[str] = []
        with explained("what --on names can't be asked"), self._administering() as queries:
            found = queries.send("rehearse/host.sql").one()
            place = queries.session.where
        self.where = f"that --on names, {place}"
        self._owner = str(found["role"])
        real_one = real.database
        if (found["server"], found["database"]) == (real_one["server"], real_one["name"]):
            raise UsageError(
                f"--on names the database that is to be rehearsed: {place}",
                hint="name another server, or at least another database of it, such as postgres",
            )
        if not found["makes_databases"]:
            raise UsageError(
                f"the role {self._owner} may not make databases: {place}",
                hint=_ROLE,
            )
        if found["powers"]:
            raise UsageError(
                f"{place} could do more than make databases, as {listed(found['powers'])};"
                " what the real database defines is code, which would run with its rights",
                hint=_ROLE,
            )
        if found["version_number"] // 10000 < real_one["version_number"] // 10000:
            raise UsageError(
                f"--on names PostgreSQL {found['version']}, which is older than the real server's"
                f" {real_one['version']}",
                hint="what a plan does there says little; name one that is as new, or newer",
            )
        if found["server"] == real_one["server"]:
            self.where += ", which is the real server itself"
        real.lacks(
            f"owners and rights: all belongs to {self._owner}, as roles of the real server are"
            " neither made nor given anything on a server that is not ours"
        )

    def at(self, database: str, role: str | None = None) -> str:  # noqa: ARG002 - there is one
        """The DSN of a database."""
        return changed(self.dsn, dbname=self._called(database))

    def clear(self) -> None:
        """Drop what was made; says so where that fails, or is interrupted."""
        left = dict.fromkeys(self._made, "interrupted")
        try:
            for called in list(left):
                try:
                    with self._administering() as queries:
                        queries.send_outside("rehearse/drop_database.sql", name=called)
                    del left[called]
                except ConnectError as error:
                    left[called] = str(error)
                except DatabaseError as error:
                    left[called] = reason(error)
        finally:
            for called, why in left.items():
                logger.warning("drop the database %s, which is still there: %s", called, why)

    def _called(self, name: str) -> str:
        return f"{self._prefix}_{name}"

    @contextmanager
    def _administering(self) -> Iterator[Queries]:
        with _session(self.dsn) as queries:
            yield queries

    def _create(self, statement: str, name: str, /, **asked: Any) -> None:
        self._made.append(self._called(name))  # first, as it may be interrupted
        super()._create(statement, name, **asked)


@contextmanager
def serving(on: str | None, real: Real) -> Iterator[Server]:
    """The server that is named, or one of our own; nothing of it is left."""
    if on is None:
        with embedded.temporary_server() as dsn:
            yield Own(dsn, real)
        return
    named = Named(on, real)
    try:
        yield named
    finally:
        named.clear()


@contextmanager
def _session(dsn: str) -> Iterator[Queries]:
    with Connector(dsn, "executor:rehearse").session() as session:
        yield Queries(session)


def _schemas(queries: Queries) -> list[str]:
    return [row["name"] for row in queries.send("rehearse/schemas.sql").rows]

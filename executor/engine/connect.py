"""A command on its way to a server: what it says, and the session over which it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from executor.database.queries import Queries
from executor.database.session import Connector, Session
from executor.errors import ConnectError
from executor.journal import reader
from executor.journal.rows import Server
from executor.options import Options
from executor.plan.loader import Loaded
from executor.plan.model import Plan
from executor.rendering.renderer import Renderer
from executor.reviews.bound import Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(Options):
    """The same, with the server and the values of a run."""

    dsn: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)  # of `variables.chosen`
    afresh: bool = False  # begin a new run, whatever the one before has come to
    reviewed: Expected | None = None  # what `expect` means


@dataclass(frozen=True, slots=True)
class Request:
    """A plan, what the command line says of it, and a session on a server that can do it."""

    loaded: Loaded
    options: RunOptions
    connector: Connector
    session: Session
    server: Server

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.loaded.plan

    @property
    def queries(self) -> Queries:
        """The templates that the plan sees, over the session."""
        return Queries(self.session, self.loaded.templates)

    def begin(self, renderer: Renderer) -> str:
        """Give the session what the plan's sessions begin with; returns why the role may not."""
        return self.connector.begin_with(self.session, renderer.session(), renderer.judge())


@contextmanager
def connected(loaded: Loaded, options: RunOptions, *, read_only: bool = False) -> Iterator[Request]:
    """A session on a server that the plan can use; raises ConnectError for any other."""
    plan = loaded.plan
    name = f"executor:{plan.name}"
    connector = Connector(options.dsn, name, plan.settings, read_only=read_only)
    with closing(connector), reader.explained(), connector.session() as session:
        server = reader.read_server(session)
        _refuse(server, session, oldest=int(plan.postgres.removeprefix(">=")))
        yield Request(loaded, options, connector, session, server)


def _refuse(server: Server, session: Session, oldest: int) -> None:
    """Raise ConnectError for a server on which no run can be done."""
    if server.backend_pid != session.backend_pid:
        raise ConnectError(
            "there is a connection pooler between executor and the server",
            hint="connect to the server itself: settings of a session would reach others",
        )
    if server.version_number // 10000 < oldest:
        raise ConnectError(
            f"the server is PostgreSQL {server.version}; the plan needs {oldest} or newer"
        )
    if server.standby:
        raise ConnectError("the server is a standby", hint="connect to the primary server")
    if server.read_only:
        raise ConnectError(
            f"default_transaction_read_only is on for {server.user} in {server.database}",
            hint="connect as a role that may write, or find out who set it, and why",
        )

"""Which run a command works on: a new one, the one that was left unfinished, or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import journal as journals
from . import variables
from .controls import Controls
from .database import Connector, Session
from .errors import ConnectError, DriftError, LockError, UsageError
from .journal import Journal
from .loader import Loaded
from .records import RunRow, Server
from .render import Renderer


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of a run."""

    dsn: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    until: str | None = None
    hold: str | None = None
    take_over: bool = False
    accept_changed_plan: bool = False
    accept_changed_server: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that this executor owns, and the renderer of its values."""

    journal: Journal
    renderer: Renderer
    resumed: bool
    only_always: bool = False  # there is nothing to do but the steps with `always`


@contextmanager
def connected(
    loaded: Loaded, options: Options, *, read_only: bool = False
) -> Iterator[tuple[Connector, Session, Server]]:
    """A session on a server that the plan can use; raises ConnectError for any other."""
    plan = loaded.plan
    name = f"executor:{plan.name}"
    connector = Connector(options.dsn, loaded.templates, plan.settings, name, read_only=read_only)
    with journals.explained(), connector.session() as session:
        server = journals.read_server(session, loaded.templates)
        if server.backend_pid != session.backend_pid:
            raise ConnectError(
                "there is a connection pooler between executor and the server",
                hint="connect to the server itself: settings of a session would reach others",
            )
        oldest = int(plan.postgres.removeprefix(">="))
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
        yield connector, session, server


def asked(session: Session, loaded: Loaded, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a new run: what is given, and what the plan asks the server for."""
    found: dict[str, Any] = {}
    for variable in loaded.plan.variables:
        if variable.ask and variable.name not in given:
            values = {"cores": os.cpu_count() if session.is_local else None}
            with session.transaction():
                value = session.execute(loaded.templates.render(variable.ask, values)).scalar()
            if value is not None:
                found[variable.name] = value
    return {**found, **given}


def resume(session: Session, loaded: Loaded, run: RunRow, options: Options) -> Opened:
    """Own an existing run; raises LockError, DriftError or UsageError if that must not be."""
    _refuse_if_owned(run, options)
    own, digests = check_same(session, loaded, run, options)
    journal = Journal.take_over(session, loaded.templates, run, "running")
    journal.insert_steps(session, _step_rows(own, digests))
    Controls(loaded.templates, journal.run, journal.epoch).begin(session)
    return Opened(journal, own, resumed=True)


def check_same(
    session: Session, loaded: Loaded, run: RunRow, options: Options
) -> tuple[Renderer, dict[str, str]]:
    """The renderer of a run's own values, and its digests; raises DriftError or UsageError."""
    own = Renderer.of(loaded, _values(run, options.variables, loaded), run.name_timestamp)
    digests = own.digests()
    if not options.accept_changed_plan:
        _refuse_drift(session, Journal(loaded.templates, run.id, run.epoch), digests)
    return own, digests


def begin(session: Session, loaded: Loaded, server: Server, own: Renderer) -> Opened:
    """Begin a run; raises LockError if another executor has just begun one."""
    values = variables.as_journal(loaded.plan, own.values)
    with session.transaction():
        journal = Journal.open(
            session,
            loaded.templates,
            server,
            plan=loaded.plan.name,
            variables=values,
            timestamp=own.values["timestamp"],
        )
        # with the run itself: no other executor may find it without an owner
        journal.claim(session)
        journal.insert_steps(session, _step_rows(own, own.digests()))
        Controls(loaded.templates, journal.run, journal.epoch).begin(session)
    return Opened(journal, own, resumed=False)


def _step_rows(own: Renderer, digests: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps of a plan as the journal writes them down."""
    return [
        {"name": s.name, "position": number, "form": s.form, "digest": digests[s.name]}
        for number, s in enumerate(own.plan.steps, 1)
    ]


def _refuse_drift(session: Session, journal: Journal, digests: Mapping[str, str]) -> None:
    """Raise DriftError if a step of the run is not as it was when the run began."""
    known = journal.steps(session)
    changed = [name for name, row in known.items() if digests.get(name, row.digest) != row.digest]
    removed = [name for name in known if name not in digests]
    added = [name for name in digests if name not in known]
    parts = [
        f"{what}: {', '.join(names)}"
        for what, names in (("changed", changed), ("removed", removed), ("added", added))
        if names
    ]
    if parts:
        raise DriftError(
            f"the plan was edited since run {journal.run} began; {'; '.join(parts)}",
            hint="restore the plan, roll the run back first, or give --accept-changed-plan",
        )


def _values(run: RunRow, given: Mapping[str, str], loaded: Loaded) -> Mapping[str, Any]:
    """The run's own values; raises UsageError if --var says otherwise."""
    known = {variable.name for variable in loaded.plan.variables}
    if missing := sorted(set(run.variables) - known):
        raise DriftError(
            f"run {run.id} was begun with a variable {missing[0]!r}, which the plan no longer has",
            hint="restore the plan, or roll the run back with the plan that it was begun with",
        )
    both = {**run.variables, **given}
    asked = variables.resolve(loaded.plan, loaded.templates, both, run.name_timestamp)
    as_json = variables.as_journal(loaded.plan, asked)
    for name in given:
        if as_json[name] != run.variables.get(name):
            raise UsageError(
                f"run {run.id} was begun with {name}={run.variables.get(name)}",
                hint="leave --var out to go on with it, or roll it back first",
            )
    return run.variables


def _refuse_if_owned(run: RunRow, options: Options) -> None:
    # once a run has ended, its owner only takes its leave
    if run.status != "running" or not run.connected or options.take_over:
        return
    raise LockError(
        f"run {run.id} belongs to {run.client} since {run.claimed_at}, backend {run.backend_pid},"
        f" last sign of life {run.silent_seconds or 0:.0f} s ago",
        hint="wait for it; if that executor is dead, --take-over shuts it out for good",
    )

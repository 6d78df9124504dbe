"""Which run a command works on: a new one, the one that was left unfinished, or none."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from executor.database.session import Connector, Session
from executor.errors import ConnectError, DriftError, LockError, UsageError
from executor.journal import writer as journals
from executor.journal.controls import Controls
from executor.journal.rows import RunRow, Server, StepRow
from executor.journal.writer import Journal
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.rendering.renderer import Renderer

CHECK = "check"  # the form, in the journal, of a step without SQL: it only looks


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of a run."""

    dsn: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)  # of variables.from_command_line
    until: str | None = None
    hold: str | None = None
    take_over: bool = False
    accept_changed_plan: bool = False
    accept_changed_server: bool = False
    again: bool = False  # begin a new run of a plan that has come to its end
    run: int | None = None  # the number of the run that is meant


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that this executor owns, and the renderer of its values."""

    journal: Journal
    renderer: Renderer
    resumed: bool
    only_always: bool = False  # there is nothing to do but the steps with `always`
    instead_of: int | None = None  # the run whose place it takes, which had only checked


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


def resume(
    session: Session, loaded: Loaded, run: RunRow, own: Renderer, digests: Mapping[str, str]
) -> Opened:
    """Own an existing run; raises LockError if another executor was quicker."""
    journal = Journal.take_over(session, loaded.templates, run, "running")
    journal.insert_steps(session, _step_rows(own, digests))
    Controls(loaded.templates, journal.run, journal.epoch).begin(session)
    return Opened(journal, own, resumed=True)


def check_same(
    session: Session,
    loaded: Loaded,
    run: RunRow,
    options: Options,
    ignored: Collection[str] = (),
) -> tuple[Renderer, dict[str, str]]:
    """The renderer of a run's own values, and its digests; raises DriftError or UsageError.

    ``ignored`` are steps that may have been added to the plan since.
    """
    known = steps(session, loaded, run)
    refuse_other_plan(loaded, run, known)
    own = Renderer.of(loaded, _values(run, options.variables, loaded), run.name_timestamp)
    digests = own.digests()
    compared = {name: digest for name, digest in digests.items() if name not in ignored}
    if not options.accept_changed_plan and (edited := drift(known, compared)):
        raise DriftError(
            f"the plan was edited since run {run.id} began; {edited}",
            hint="restore the plan, roll the run back first, or give --accept-changed-plan",
        )
    return own, digests


def refuse_other_plan(loaded: Loaded, run: RunRow, known: Collection[str]) -> None:
    """Raise UsageError if a run is one of another plan whose file has the same name.

    The journal has no path, for the same plan may be anywhere: two plans have no step in common.
    """
    plan = loaded.plan
    if known and all(step.name not in known for step in plan.steps):
        raise UsageError(
            f"run {run.id} is one of another plan that is named {plan.name}, too: of its steps"
            f" ({', '.join(known)}) {plan.path} has none",
            hint="give the file of that plan; and rename one of the two",
        )


def steps(session: Session, loaded: Loaded, run: RunRow) -> dict[str, StepRow]:
    """The steps of a run as the journal has them."""
    return Journal(loaded.templates, run.id, run.epoch).steps(session)


def only_checked(known: Mapping[str, StepRow]) -> bool:
    """Whether no step has done, or may have done, anything but look."""
    idle = ("pending", "skipped")
    return all(row.form == CHECK or row.status in idle for row in known.values())


def close(session: Session, loaded: Loaded, run: RunRow, why: str) -> None:
    """End a run that has only checked: there is nothing to undo."""
    journal = Journal.take_over(session, loaded.templates, run, "running")
    with journal.fenced(session):
        journal.end_run(session, "rolled_back", why)


def begin(
    session: Session, loaded: Loaded, server: Server, own: Renderer, given: Collection[str]
) -> Opened:
    """Begin a run; raises LockError if another executor has just begun one.

    ``given`` are the names of the values that were chosen and do not come from the plan.
    """
    values = {
        **variables.as_journal(loaded.plan, own.values),
        variables.GIVEN: sorted(given),
        variables.SUBJECT: loaded.plan.subject,
    }
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
        {
            "name": s.name,
            "position": number,
            "form": s.form if s.sql else CHECK,
            "digest": digests[s.name],
        }
        for number, s in enumerate(own.plan.steps, 1)
    ]


def drift(known: Mapping[str, StepRow], digests: Mapping[str, str]) -> str:
    """Which steps are not as they were when the run began, in words; empty if there is none."""
    changed = [name for name, row in known.items() if digests.get(name, row.digest) != row.digest]
    removed = [name for name in known if name not in digests]
    added = [name for name in digests if name not in known]
    return "; ".join(
        f"{what}: {', '.join(names)}"
        for what, names in (("changed", changed), ("removed", removed), ("added", added))
        if names
    )


def _values(run: RunRow, given: Mapping[str, Any], loaded: Loaded) -> Mapping[str, Any]:
    """The run's own values; raises UsageError if --var says otherwise."""
    if missing := sorted(set(variables.named(run.variables)) - variables.known(loaded.plan)):
        raise DriftError(
            f"run {run.id} was begun with a variable {missing[0]!r}, which the plan no longer has",
            hint="restore the plan, or roll the run back with the plan that it was begun with",
        )
    both = {**run.variables, **given}
    asked = variables.resolve(loaded.plan, loaded.templates, both, run.name_timestamp)
    as_json = variables.as_journal(loaded.plan, asked)
    for name in given:
        if as_json.get(name) != (known_as := run.variables.get(name)):
            option = "--accept" if name == variables.ACCEPT else "--var"
            was = f"with {name}={known_as}"
            if option == "--accept":
                was = f"with --accept {' '.join(known_as)}" if known_as else "without --accept"
            raise UsageError(
                f"run {run.id} was begun {was}",
                hint=f"leave {option} out to go on with it, or roll it back first",
            )
    return run.variables


def refuse_if_owned(run: RunRow, options: Options) -> None:
    """Raise LockError if another executor is at work on a run."""
    # once a run has ended, its owner only takes its leave
    if run.status != "running" or not run.connected or options.take_over:
        return
    raise LockError(
        f"run {run.id} belongs to {run.client} since {run.claimed_at}, backend {run.backend_pid},"
        f" last sign of life {run.silent_seconds or 0:.0f} s ago",
        hint="wait for it; if that executor is dead, --take-over shuts it out for good",
    )

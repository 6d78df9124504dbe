"""Which run a command means, and which values a new one has."""

from __future__ import annotations

import itertools
import shlex
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from executor import resources
from executor.database.retry import kind
from executor.database.session import DatabaseError, Session, reason
from executor.errors import ConnectError, StepError, UsageError
from executor.journal import reader
from executor.journal.rows import RunRow, Server
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from . import open_run as opening
from .open_run import Options

_ASKED = 10  # times that finished_when is asked while something locks the table


def newest(
    session: Session, loaded: Loaded, options: Options, more: Mapping[str, Any] | None = None
) -> RunRow | None:
    """The plan's run that is not finished, else the newest one with the values of --var.

    None that was rolled back; ``more`` are other values that it must have.
    """
    given = {**_given(loaded, options), **(more or {})}
    return reader.latest_run(session, loaded.plan.name, given)


def find(session: Session, loaded: Loaded, server: Server, options: Options) -> RunRow | None:
    """The run of `newest`; raises ConnectError after a fail-over."""
    run = newest(session, loaded, options)
    if run:
        refuse_other_server(run, server, options)
    return run


def refuse_other_server(run: RunRow, server: Server, options: Options) -> None:
    """Raise ConnectError if a run that has not come to its end began before a fail-over."""
    if run.status == "succeeded" or options.accept_changed_server:
        return
    if (run.system_identifier, run.timeline) != (server.system_identifier, server.timeline):
        raise ConnectError(
            f"run {run.id} began on another server, or before a fail-over or restore",
            hint="make sure that no write was lost, then give --accept-changed-server",
        )


def meant(session: Session, loaded: Loaded, options: Options, verb: str) -> RunRow | None:
    """The run that is there to be undone or verified (``verb``), one that was rolled back included.

    Raises UsageError where an older run would be meant than the newest that could be: whoever
    undoes a run twice does not think of the one before, which may be that of another table.
    """
    plan, given = loaded.plan, _given(loaded, options)
    find = partial(reader.latest_run, session, plan.name)
    row = find(given, undone=True, run=options.run)
    if row is None:
        if other := find(undone=True):
            what = f"no run {options.run}" if options.run else "no run with these values"
            raise UsageError(
                f"there is {what} of {plan.name} in this database",
                hint=f"the newest is {row_named(loaded, other)}; `executor status` lists them",
            )
        return None
    if row.status != "rolled_back":
        return row
    if options.run is None and (before := find(given)):
        older, own = row_named(loaded, before), variables.tables(plan, before.variables)
        exact = find(own, undone=True)
        name = " ".join(f"--var {shlex.quote(f'{n}={v}')}" for n, v in own.items())
        if exact is None or exact.id != before.id or not own:
            name = f"--run {before.id}"
        raise UsageError(
            f"{row_named(loaded, row)} is rolled back already; the run before it, {older},"
            f" is only {verb} by name",
            hint=f"executor {_COMMANDS[verb]} {resources.spelled(plan.path)} {name}",
        )
    return row


_COMMANDS = {"undone": "rollback", "verified": "verify"}


def refuse_if_not_last(session: Session, loaded: Loaded, row: RunRow) -> None:
    """Raise UsageError if a later run, not rolled back, is about the same tables."""
    own = variables.tables(loaded.plan, row.variables)
    later = reader.latest_run(session, loaded.plan.name, own)
    if later and later.id > row.id:
        raise UsageError(
            f"{row_named(loaded, row)} can't be undone before {row_named(loaded, later)},"
            " which came later",
            hint="roll that one back first",
        )


def row_named(loaded: Loaded, row: RunRow) -> str:
    """A run as a sentence names it: with its number and its tables."""
    own = variables.tables(loaded.plan, row.variables)
    listing = ", ".join(f"{name}={value}" for name, value in own.items())
    return f"run {row.id}" + (f" ({listing})" if listing else "")


def _given(loaded: Loaded, options: Options) -> dict[str, Any]:
    """The values of --var as the journal has them."""
    given = variables.named(options.variables)
    if not given:
        return {}
    values = variables.resolve(loaded.plan, loaded.templates, given, ANY_TIMESTAMP)
    as_json = variables.as_journal(loaded.plan, values)
    return {name: as_json[name] for name in given}


def values(session: Session, loaded: Loaded, server: Server, options: Options) -> Renderer:
    """The values of a new run; without --var those of the run before, if that has done it all.

    Raises UsageError if without --var other tables would be meant than in the run before: who
    leaves it out thinks of those.
    """
    plan = loaded.plan
    fresh = Renderer.of(
        loaded, opening.asked(session, loaded, options.variables), server.name_timestamp
    )
    installed = reader.is_installed(session)
    if variables.named(options.variables) or not installed:
        return fresh
    before = reader.latest_run(session, plan.name, undone=True)
    now = variables.tables(plan, fresh.values)
    if before is None or all(now[name] == before.variables.get(name) for name in now):
        return fresh
    if before.status == "succeeded":
        if not plan.finished_when:
            return like(session, loaded, server, before, options)
        own = Renderer.of(loaded, before.variables, before.name_timestamp)
        if ask(session, own.condition(plan.finished_when)):
            return own
    meant = ", ".join(f"{name}={before.variables.get(name)}" for name in now)
    here = ", ".join(f"{name}={value}" for name, value in now.items())
    raise UsageError(
        f"run {before.id} of {plan.name} was with {meant}; this would begin one with {here}",
        hint=" ".join(["say which is meant:", *(f"--var {name}=…" for name in now)]),
    )


def like(
    session: Session, loaded: Loaded, server: Server, row: RunRow, options: Options
) -> Renderer:
    """The values of a run that begins in the place of another: what was chosen for that holds."""
    given = {**variables.before(loaded.plan, row.variables), **options.variables}
    return Renderer.of(loaded, opening.asked(session, loaded, given), server.name_timestamp)


def ask(session: Session, condition: str) -> bool:
    """The answer to one SELECT of one boolean, outside a step."""
    for attempt in itertools.count(1):
        try:
            with session.transaction():
                rows = session.execute(condition).rows
            break
        except DatabaseError as error:
            if kind(error) == "lock_timeout" and attempt < _ASKED:
                time.sleep(attempt * 0.2)
                continue
            message = f"finished_when failed: {reason(error)}"
            raise StepError(message, step="finished_when") from error
    return len(rows) == 1 and next(iter(rows[0].values())) is True

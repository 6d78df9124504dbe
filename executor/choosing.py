"""Which run a command means, and which values a new one has."""

from __future__ import annotations

import itertools
import time
from typing import Any

from . import journal as journals
from . import opening, variables
from .database import DatabaseError, Session, reason
from .errors import ConnectError, StepError, UsageError
from .loader import Loaded
from .opening import Options
from .records import RunRow, Server
from .render import ANY_TIMESTAMP, Renderer

_ASKED = 10  # times that finished_when is asked while something locks the table


def newest(session: Session, loaded: Loaded, options: Options) -> RunRow | None:
    """The plan's run that is not finished, else the newest one with the values of --var."""
    given: dict[str, Any] = {}
    if options.variables:
        plan, templates = loaded.plan, loaded.templates
        values = variables.resolve(plan, templates, options.variables, ANY_TIMESTAMP)
        as_json = variables.as_journal(plan, values)
        given = {name: as_json[name] for name in options.variables}
    return journals.latest_run(session, loaded.templates, loaded.plan.name, given)


def find(session: Session, loaded: Loaded, server: Server, options: Options) -> RunRow | None:
    """The run of `newest`, none that was rolled back; raises ConnectError after a fail-over."""
    run = newest(session, loaded, options)
    if run is None or run.status == "succeeded" or options.accept_changed_server:
        return run
    if (run.system_identifier, run.timeline) != (server.system_identifier, server.timeline):
        raise ConnectError(
            f"run {run.id} began on another server, or before a fail-over or restore",
            hint="make sure that no write was lost, then give --accept-changed-server",
        )
    return run


def values(session: Session, loaded: Loaded, server: Server, options: Options) -> Renderer:
    """The values of a new run; without --var those of the run before, if that has done it all.

    Raises UsageError if without --var other tables would be meant than in the run before: who
    leaves it out thinks of those.
    """
    plan = loaded.plan
    fresh = Renderer.of(
        loaded, opening.asked(session, loaded, options.variables), server.name_timestamp
    )
    installed = journals.is_installed(session, loaded.templates)
    if options.variables or not installed:
        return fresh
    before = journals.latest_run(session, loaded.templates, plan.name, undone=True)
    now = variables.chosen(plan, fresh.values)
    tables = [v.name for v in plan.variables if v.type == "table" and v.name in now]
    if before is None or all(now[name] == before.variables.get(name) for name in tables):
        return fresh
    if before.status == "succeeded":
        own = Renderer.of(loaded, before.variables, before.name_timestamp)
        if not plan.finished_when or ask(session, own.condition(plan.finished_when)):
            return own
    meant = ", ".join(f"{name}={before.variables.get(name)}" for name in tables)
    here = ", ".join(f"{name}={now[name]}" for name in tables)
    raise UsageError(
        f"run {before.id} of {plan.name} was with {meant}; this would begin one with {here}",
        hint=" ".join(["say which is meant:", *(f"--var {name}=…" for name in tables)]),
    )


def ask(session: Session, condition: str) -> bool:
    """The answer to one SELECT of one boolean, outside a step."""
    for attempt in itertools.count(1):
        try:
            with session.transaction():
                rows = session.execute(condition).rows
            break
        except DatabaseError as error:
            if error.sqlstate == journals.LOCKED and attempt < _ASKED:
                time.sleep(attempt * 0.2)
                continue
            message = f"finished_when failed: {reason(error)}"
            raise StepError(message, step="finished_when") from error
    return len(rows) == 1 and next(iter(rows[0].values())) is True

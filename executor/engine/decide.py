"""What `run` will do: decided before anything is written.

A dry run and a run ask the same functions, so that the one never says what the other does not do.
"""

from __future__ import annotations

from collections.abc import Collection

from executor import resources
from executor.errors import DriftError, PlanError, UsageError
from executor.journal import reader
from executor.journal.rows import RunRow, StepRow
from executor.plan import variables
from executor.plan.model import Plan, Step
from executor.rendering.renderer import Renderer

from .connect import Command
from .open_run import (
    HOLDS,
    Decision,
    check_same,
    drift,
    holds,
    is_finished,
    newest,
    only_checked,
    refuse_if_owned,
    refuse_other_server,
    row_named,
    values_like,
    values_of_new_run,
)


def decide(command: Command) -> Decision:
    """What `run` will do; raises what it would end with if it must not do anything."""
    installed = reader.is_installed(command.session)
    row = newest(command) if installed else None
    if row:
        refuse_other_server(command, row)
        if row.status != "succeeded":
            return _unfinished(command, row)
    own = values_of_new_run(command)
    if installed:
        row = newest(command, variables.tables(command.plan, own.values))
        if row and row.status != "succeeded":  # begun by another executor at this moment
            return _unfinished(command, row)
    if is_finished(command, own):
        return _finished(command, own, row)
    if row and not command.plan.finished_when and not command.options.again:
        _refuse_finished(command, own, row)
    return Decision("begin", own, given=_chosen(command))


def leaves_out(step: Step, row: StepRow | None, *, only_always: bool) -> str:
    """Why a run does not do a step, as a dry run says it; empty if it does it."""
    if only_always:
        return "" if step.always else "not done"
    return "done" if row and row.status in ("succeeded", "skipped") else ""


def _chosen(command: Command) -> Collection[str]:
    return variables.named(command.options.variables)


def _unfinished(command: Command, row: RunRow) -> Decision:
    refuse_if_owned(command, row)
    if command.options.again:
        raise UsageError(
            f"{row_named(command, row)} has not come to its end",
            hint="leave --again out to go on with it, or roll it back first",
        )
    known = reader.steps(command.session, row.id)
    anew = _anew(command, row) if only_checked(known) else None
    if anew and _differs(command.plan, anew.own, row):
        return anew
    try:
        own, digests = check_same(command, row, known)
    except (DriftError, UsageError, PlanError):
        if anew:
            return anew
        raise
    return Decision("go on", own, row, digests)


def _anew(command: Command, row: RunRow) -> Decision:
    before = variables.named(variables.before(command.plan, row.variables))
    own = values_like(command, row)
    return Decision("begin anew", own, row, given={*before, *_chosen(command)})


def _differs(plan: Plan, fresh: Renderer, row: RunRow) -> bool:
    """Whether the plan's own values are others now; what is asked for may always be another."""
    now = variables.named(variables.chosen(plan, fresh.values))
    asked = {variable.name for variable in plan.variables if variable.ask}
    return any(row.variables.get(name) != now[name] for name in now.keys() - asked)


def _finished(command: Command, own: Renderer, row: RunRow | None) -> Decision:
    plan = command.plan
    if command.options.again:
        raise UsageError(
            f"nothing was done: {HOLDS}, so {plan.name} has nothing to do again",
            hint="roll back what is there first; then a run begins anew without --again",
        )
    known = reader.steps(command.session, row.id) if row else {}
    steps = [step for step in plan.steps if step.name not in known and not step.always]
    added = [step.name for step in steps] if row else []
    # one that would be skipped was not missed
    if row and any(not s.when or holds(command, own.condition(s.when, s)) for s in steps):
        raise DriftError(
            f"{row_named(command, row)} has come to its end, and {HOLDS}; these steps"
            f" were added to the plan since and were not run: {', '.join(added)}",
            hint="roll that run back first, or put them into a plan of their own",
        )
    if not any(step.always for step in plan.steps):
        return Decision("nothing", own, row)
    if row is None:
        return Decision("always", own, given=_chosen(command))
    own, digests = check_same(command, row, known, added)
    return Decision("always", own, row, digests)


def _refuse_finished(command: Command, own: Renderer, row: RunRow) -> None:
    """Raise DriftError: what a run has done is not done again unless somebody says so."""
    edited = drift(reader.steps(command.session, row.id), own.digests())
    edited = f"; the plan was edited since, and what is new was not run: {edited}" if edited else ""
    raise DriftError(
        f"nothing was done: {row_named(command, row)} of {row.started_at} has come to its"
        f" end{edited}",
        hint=f"`executor run {resources.spelled(command.plan.path)} --again` begins a new run, with"
        " all steps; or roll that one back first",
    )

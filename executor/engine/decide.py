"""What `run` will do, and whether `rollback` can: decided before anything is written.

A dry run and a run ask the same function, so that the one never says what the other does not do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from executor import resources
from executor.database.session import Session
from executor.errors import DriftError, PlanError, RollbackError, UsageError
from executor.journal import writer as journals
from executor.journal.rows import RunRow, Server, StepRow
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.plan.model import Plan, Step
from executor.rendering.renderer import Renderer

from . import choose as choosing
from . import open_run as opening
from .open_run import Opened, Options

#: begin a run; go on with one; begin one in the place of one that had only checked; do the steps
#: with `always` alone; do nothing
Action = Literal["begin", "go on", "begin anew", "always", "nothing"]

HOLDS = "finished_when already holds"


@dataclass(frozen=True, slots=True)
class Decision:
    """What `run` will do."""

    action: Action
    own: Renderer  # the values of the run
    row: RunRow | None = None  # the run of the journal that is gone on with, or replaced, or done
    digests: Mapping[str, str] = field(default_factory=dict)
    given: Collection[str] = ()  # the names of the values that did not come from the plan


def decide(session: Session, loaded: Loaded, server: Server, options: Options) -> Decision:
    """What `run` will do; raises what it would end with if it must not do anything."""
    installed = journals.is_installed(session, loaded.templates)
    row = choosing.find(session, loaded, server, options) if installed else None
    if row and row.status != "succeeded":
        return _unfinished(session, loaded, server, row, options)
    own = choosing.values(session, loaded, server, options)
    if installed:
        now = variables.tables(loaded.plan, own.values)
        row = choosing.newest(session, loaded, options, now)
        if row and row.status != "succeeded":  # begun by another executor at this moment
            return _unfinished(session, loaded, server, row, options)
    condition = loaded.plan.finished_when
    if condition and choosing.ask(session, own.condition(condition)):
        return _finished(session, loaded, own, row, options)
    if row and not condition and not options.again:
        _refuse_finished(session, loaded, own, row)
    return Decision("begin", own, given=_names(options))


def act(session: Session, loaded: Loaded, server: Server, decision: Decision) -> Opened | None:
    """Do what was decided, as far as the journal; None if there is nothing to do."""
    own, row = decision.own, decision.row
    match decision.action:
        case "nothing":
            return None
        case "go on" if row:
            return opening.resume(session, loaded, row, own, decision.digests)
        case "begin anew" if row:
            opening.close(session, loaded, row, "it had only checked; another run took its place")
            opened = opening.begin(session, loaded, server, own, decision.given)
            return Opened(opened.journal, own, resumed=False, instead_of=row.id)
        case "always" if row:
            opened = opening.resume(session, loaded, row, own, decision.digests)
        case _:
            opened = opening.begin(session, loaded, server, own, decision.given)
    always = decision.action == "always"
    return Opened(opened.journal, opened.renderer, opened.resumed, only_always=always)


def done(row: RunRow | None) -> str:
    """Why there is nothing to do."""
    return f"{HOLDS}: run {row.id} of {row.started_at} has done it" if row else HOLDS


def _names(options: Options) -> Collection[str]:
    return variables.named(options.variables)


def _unfinished(
    session: Session, loaded: Loaded, server: Server, row: RunRow, options: Options
) -> Decision:
    opening.refuse_if_owned(row, options)
    if options.again:
        raise UsageError(
            f"{choosing.row_named(loaded, row)} has not come to its end",
            hint="leave --again out to go on with it, or roll it back first",
        )
    only_checked = opening.only_checked(opening.steps(session, loaded, row))
    if only_checked:
        fresh = choosing.like(session, loaded, server, row, options)
        chosen = variables.named(variables.before(loaded.plan, row.variables))
        anew = Decision("begin anew", fresh, row, given={*chosen, *_names(options)})
        if _differs(loaded.plan, fresh, row):
            return anew
    try:
        own, digests = opening.check_same(session, loaded, row, options)
    except (DriftError, UsageError, PlanError):
        if only_checked:
            return anew
        raise
    return Decision("go on", own, row, digests)


def _differs(plan: Plan, fresh: Renderer, row: RunRow) -> bool:
    """Whether the plan's own values are others now; what is asked for may always be another."""
    now = variables.named(variables.chosen(plan, fresh.values))
    asked = {variable.name for variable in plan.variables if variable.ask}
    return any(row.variables.get(name) != now[name] for name in now.keys() - asked)


def _finished(
    session: Session, loaded: Loaded, own: Renderer, row: RunRow | None, options: Options
) -> Decision:
    plan = loaded.plan
    if options.again:
        raise UsageError(
            f"nothing was done: {HOLDS}, so {plan.name} has nothing to do again",
            hint="roll back what is there first; then a run begins anew without --again",
        )
    added: list[str] = []
    if row:
        known = opening.steps(session, loaded, row)
        steps = [s for s in plan.steps if s.name not in known and not s.always]
        added = [s.name for s in steps]
        # one that would be skipped was not missed
        if any(not s.when or choosing.ask(session, own.condition(s.when, s)) for s in steps):
            raise DriftError(
                f"{choosing.row_named(loaded, row)} has come to its end, and {HOLDS}; these steps"
                f" were added to the plan since and were not run: {', '.join(added)}",
                hint="roll that run back first, or put them into a plan of their own",
            )
    if not any(step.always for step in plan.steps):
        return Decision("nothing", own, row)
    if row is None:
        return Decision("always", own, given=_names(options))
    own, digests = opening.check_same(session, loaded, row, options, added)
    return Decision("always", own, row, digests)


def _refuse_finished(session: Session, loaded: Loaded, own: Renderer, row: RunRow) -> None:
    """Raise DriftError: what a run has done is not done again unless somebody says so."""
    edited = opening.drift(opening.steps(session, loaded, row), own.digests())
    edited = f"; the plan was edited since, and what is new was not run: {edited}" if edited else ""
    raise DriftError(
        f"nothing was done: {choosing.row_named(loaded, row)} of {row.started_at} has come to its"
        f" end{edited}",
        hint=f"`executor run {resources.spelled(loaded.plan.path)} --again` begins a new run, with"
        " all steps; or roll that one back first",
    )


def undoable(steps: Sequence[Step], known: Mapping[str, StepRow], named: str) -> None:
    """Raise RollbackError if a step can't be undone that is done or begun: before any is."""
    left = [step for step in steps if step.name in known and _did(step, known[step.name])]
    for step in reversed(left):
        if step.irreversible:
            raise RollbackError(
                f"{named} can't be rolled back: the step {step.name} can't be undone:"
                f" {step.irreversible}",
                hint="nothing was undone; left as they are: "
                + ", ".join(s.name for s in reversed(left)),
            )


def _did(step: Step, row: StepRow) -> bool:
    begun = row.status in ("failed", "running") and (row.finished > 0 or not step.transaction)
    return row.status == "succeeded" or begun

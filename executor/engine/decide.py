"""What `run` will do: decided before anything is written.

A dry run and a run ask the same functions, so that the one never says what the other does not do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from executor import resources
from executor.database.session import DatabaseError
from executor.errors import DriftError, PlanError, UsageError
from executor.journal import reader
from executor.journal.rows import RunRow, StepRow
from executor.plan import variables
from executor.plan.model import Plan, Step
from executor.rendering.renderer import Renderer
from executor.review.bound import refuse_other

from .connect import Request
from .runs import (
    ALREADY_DONE,
    check_same,
    drift,
    finished_when_holds,
    is_true,
    newest,
    only_checked,
    refuse_if_owned,
    refuse_other_plan,
    refuse_other_server,
    renderer_of,
    row_named,
    values_like,
    values_of_new_run,
    with_facts,
)

#: begin a run; go on with one; begin one in the place of one that had only checked; do the steps
#: with `always` alone; do nothing
Action = Literal["begin", "go on", "begin anew", "always", "nothing"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What `run` will do."""

    action: Action
    own: Renderer  # the values of the run
    row: RunRow | None = None  # the run of the journal that is gone on with, or replaced, or done
    digests: Mapping[str, str] = field(default_factory=dict)
    given: Collection[str] = ()  # the names of the values that did not come from the plan

    @property
    def why_nothing(self) -> str:
        """Why there is nothing to do, but for the steps with `always`."""
        row = self.row
        return (
            f"{ALREADY_DONE}: run {row.id} of {row.started_at} has done it" if row else ALREADY_DONE
        )


def decide(request: Request) -> Decision:
    """What `run` will do; raises what it would end with if it must not do anything.

    With --expect that is DriftError for anything but what was reviewed.
    """
    decision = _decide(request)
    if request.options.expect and decision.action != "nothing":
        refuse_other(request.options.expect, decision.own)
    return decision


def _decide(request: Request) -> Decision:
    installed = reader.is_installed(request.session)
    row = newest(request) if installed else None
    if row:
        known = reader.steps(request.session, row.id)
        refuse_other_plan(request, row, known)
        refuse_other_server(request, row)
        if row.status != "succeeded":
            return _unfinished(request, row, known)
    own = values_of_new_run(request)
    if installed:
        row = newest(request, variables.tables(request.plan, own.values))
        if row and row.status != "succeeded":  # begun by another executor at this moment
            return _unfinished(request, row, reader.steps(request.session, row.id))
    if finished_when_holds(request, own):
        return _finished(request, own, row)
    if row and not request.plan.finished_when and not request.options.again:
        _refuse_finished(request, row)
    return Decision("begin", with_facts(request, own), given=_chosen(request))


def leaves_out(step: Step, row: StepRow | None, *, only_always: bool) -> str:
    """Why a run does not do a step, as a dry run says it; empty if it does it."""
    if only_always:
        return "" if step.always else "not done"
    return "done" if row and row.status in ("succeeded", "skipped") else ""


def _chosen(request: Request) -> Collection[str]:
    return variables.without_options(request.options.variables)


def _unfinished(request: Request, row: RunRow, known: Mapping[str, StepRow]) -> Decision:
    refuse_if_owned(request, row)
    if request.options.again:
        raise UsageError(
            f"{row_named(request, row)} has not come to its end",
            hint="leave --again out to go on with it, or roll it back first",
        )
    anew = _anew(request, row) if only_checked(known) else None
    if anew and (_differs(request.plan, anew.own, row) or _sees_more(request, anew.own, row)):
        return anew
    try:
        own, digests = check_same(request, row, known)
    except (DriftError, UsageError, PlanError):
        if anew:
            return anew
        raise
    return Decision("go on", own, row, digests)


def _anew(request: Request, row: RunRow) -> Decision:
    before = variables.without_options(variables.values_to_begin_anew(request.plan, row.variables))
    own = with_facts(request, values_like(request, row))
    return Decision("begin anew", own, row, given={*before, *_chosen(request)})


def _sees_more(request: Request, fresh: Renderer, row: RunRow) -> bool:
    """Whether the catalog says something else now than when a run began."""
    return bool(fresh.plan.facts) and fresh.facts.rows != reader.facts(request.session, row.id)


def _differs(plan: Plan, fresh: Renderer, row: RunRow) -> bool:
    """Whether the plan's own values are others now; what is asked for may always be another."""
    now = variables.without_options(variables.chosen_values(plan, fresh.values))
    asked = {variable.name for variable in plan.variables if variable.ask}
    return any(row.variables.get(name) != now[name] for name in now.keys() - asked)


def _finished(request: Request, own: Renderer, row: RunRow | None) -> Decision:
    plan = request.plan
    if request.options.again:
        raise UsageError(
            f"nothing was done: {ALREADY_DONE}, so {plan.name} has nothing to do again",
            hint="roll back what is there first; then a run begins anew without --again",
        )
    known = reader.steps(request.session, row.id) if row else {}
    steps = [step for step in plan.steps if step.name not in known and not step.always]
    added = [step.name for step in steps] if row else []
    if row and any(_was_missed(request, row, step) for step in steps):
        raise DriftError(
            f"{row_named(request, row)} has come to its end, and {ALREADY_DONE}; these steps"
            f" were added to the plan since and were not run: {', '.join(added)}",
            hint="roll that run back first, or put them into a plan of their own",
        )
    if not any(step.always for step in plan.steps):
        return Decision("nothing", own, row)
    if row is None:
        return Decision("always", with_facts(request, own), given=_chosen(request))
    own, digests = check_same(request, row, known, added)
    return Decision("always", own, row, digests)


def _was_missed(request: Request, row: RunRow, step: Step) -> bool:
    """Whether a step that was added to the plan since would have been done by a run."""
    if not step.when:
        return True
    own = renderer_of(request, row)
    try:
        return is_true(request, own.condition(step.when, step))
    except DatabaseError:  # it asks for something that is not there any more
        return True


def _refuse_finished(request: Request, row: RunRow) -> None:
    """Raise DriftError: what a run has done is not done again unless somebody says so."""
    own = renderer_of(request, row)
    edited = drift(reader.steps(request.session, row.id), own.digests())
    edited = f"; the plan was edited since, and what is new was not run: {edited}" if edited else ""
    raise DriftError(
        f"nothing was done: {row_named(request, row)} of {row.started_at} has come to its"
        f" end{edited}",
        hint=f"`executor run {resources.spelled(request.plan.path)} --again` begins a new run, with"
        " all steps; or roll that one back first",
    )

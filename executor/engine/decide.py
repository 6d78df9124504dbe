"""What `run` will do: decided before anything is written.

A dry run and a run ask the same functions, so that the one never says what the other does not do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from executor import resources
from executor.catalog import read_pace
from executor.database.session import DatabaseError
from executor.errors import DoneError, DriftError, PlanError, UsageError
from executor.journal import reader
from executor.journal.rows import RunRow, StepRow
from executor.plan import variables
from executor.plan.model import Plan, Step
from executor.rendering.renderer import Renderer
from executor.reviews.bound import refuse_other

from .connect import Request
from .runs import (
    ALREADY_DONE,
    check_same,
    chosen_again,
    drift,
    finished_when_holds,
    has_purpose,
    is_true,
    newest,
    only_checked,
    refuse_if_owned,
    refuse_other_plan,
    refuse_other_server,
    renderer_of,
    row_named,
    values_given,
    values_of_new_run,
    with_facts,
)

#: begin a run; go on with one; begin one in the place of one that is not gone on with; do the steps
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
    edited: str = ""  # what the plan says otherwise by now, of what is not done again
    pace: float | None = None  # seconds that a weight of 1 takes, as far as is known
    idle: RunRow | None = None  # a run that had only checked, and ends where `always` steps begin

    @property
    def seconds(self) -> float | None:
        """About how long a run that begins now will take; None if nobody knows."""
        if self.pace is None or not self.action.startswith("begin"):
            return None
        return self.pace * sum(map(self.own.weight, self.own.plan.steps)) or None

    @property
    def why_nothing(self) -> str:
        """Why there is nothing to do, but for the steps with `always`."""
        row = self.row
        why = f": run {row.id} of {row.started_at} has done it" if row else ""
        edited = f"; the plan was edited since, and this was not run: {self.edited}"
        return f"{ALREADY_DONE}{why}{edited if self.edited else ''}"


def decide(request: Request) -> Decision:
    """What `run` will do; raises what it would end with if it must not do anything.

    With --expect that is DriftError for anything but what was reviewed.
    """
    decision = _decide(request)
    if request.options.reviewed and decision.action != "nothing":
        refuse_other(request.options.reviewed, decision.own)
    return decision


def _decide(request: Request) -> Decision:
    installed = reader.is_installed(request.session)
    row = newest(request) if installed else None
    if request.options.afresh:
        return _afresh(request, row)
    if row:
        known = reader.steps(request.session, row.id)
        refuse_other_plan(request, row, known)
        refuse_other_server(request, row)
        if row.status != "succeeded":
            return _unfinished(request, row, known)
    return _new(request, installed=installed)


def _new(request: Request, *, installed: bool) -> Decision:
    """What is done where no run is gone on with."""
    row, own = None, values_of_new_run(request)
    if installed:
        row = newest(request, variables.tables(request.plan, own.values), done=True)
        if row and row.status != "succeeded":  # begun by another executor at this moment
            return _unfinished(request, row, reader.steps(request.session, row.id))
    if not request.options.again:
        if finished_when_holds(request, own):
            return _finished(request, own, row)
        if done := _done_before(request, own, row, installed=installed):
            _refuse_finished(request, done)
    return _begins(request, own)


def _begins(request: Request, own: Renderer) -> Decision:
    """Begin with these values; raises PlanError if a template can't be filled with the facts."""
    own = with_facts(request, own)
    digests, pace = own.digests(), read_pace(request.session, own)
    return Decision("begin", own, digests=digests, given=_chosen(request), pace=pace)


def _done_before(
    request: Request, own: Renderer, row: RunRow | None, *, installed: bool
) -> RunRow | None:
    """The run that has come to its end with what a run would do now, if there is one.

    A plan that is about no table, and says when it is finished, makes what is missing; one that is
    about a table would move all its rows once more.
    """
    plan = request.plan
    if not plan.finished_when:
        return row
    if not installed or not plan.subject:
        return None
    about = variables.tables(plan, own.values)
    last = reader.latest_run(request.session, plan.name, about, done=True)
    done = last and last.status == "succeeded" and has_purpose(request, last)
    return last if done else None


def leaves_out(step: Step, row: StepRow | None, *, only_always: bool) -> str:
    """Why a run does not do a step, as a dry run says it; empty if it does it."""
    if only_always:
        return "" if step.always else "not done"
    return "done" if row and row.status in ("succeeded", "skipped") else ""


def _afresh(request: Request, row: RunRow | None) -> Decision:
    """A run that asks the catalog what is left to do, and so never goes on with another."""
    open_row = row if row and row.status != "succeeded" else None
    if open_row:
        refuse_if_owned(request, open_row)
    begins = _begins(request, values_given(request, request.options.variables))
    return replace(begins, action="begin anew", row=open_row) if open_row else begins


def _chosen(request: Request) -> Collection[str]:
    return variables.without_options(request.options.variables)


def _unfinished(request: Request, row: RunRow, known: Mapping[str, StepRow]) -> Decision:
    refuse_if_owned(request, row)
    if request.options.again and not only_checked(known):
        raise UsageError(
            f"{row_named(request, row)} has not come to its end",
            hint="leave --again out to go on with it, or roll it back first",
        )
    if not only_checked(known):
        own, digests = check_same(request, row, known)
        return Decision("go on", own, row, digests)
    new = _new(request, installed=True)
    if new.action != "begin":
        return replace(new, idle=row)
    if not _differs(request.plan, new.own, row) and not _sees_more(request, new.own, row):
        with suppress(DriftError, UsageError, PlanError):
            own, digests = check_same(request, row, known)
            return Decision("go on", own, row, digests)
    return replace(new, action="begin anew", row=row)


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
    known = reader.steps(request.session, row.id) if row else {}
    steps = [step for step in plan.steps if step.name not in known and not step.always]
    added = [step.name for step in steps] if row else []
    if row and any(_was_missed(request, row, step) for step in steps):
        raise DriftError(
            f"{row_named(request, row)} has come to its end, and {ALREADY_DONE}; these steps"
            f" were added to the plan since and were not run: {', '.join(added)}",
            hint="roll that run back first, or put them into a plan of their own",
        )
    once = {name: step for name, step in known.items() if not _is_always(plan, name)}
    if not any(step.always for step in plan.steps):
        if row and request.options.accept_changed_plan:
            _refuse_edited(request, row, once)
        return Decision("nothing", own, row)
    if row is None and plan.facts:
        # steps with always know the table as it was before, and nobody has kept that
        return Decision("nothing", own)
    if row is None:
        return replace(_begins(request, own), action="always")
    own, digests = check_same(request, row, known, added)
    edited = drift(once, {name: digests[name] for name in once if name in digests})
    return Decision("always", own, row, digests, edited=edited)


def _is_always(plan: Plan, name: str) -> bool:
    return any(step.always for step in plan.steps if step.name == name)


def _refuse_edited(request: Request, row: RunRow, known: Mapping[str, StepRow]) -> None:
    """Raise DriftError if steps of a finished run are others by now: they are not done again."""
    digests = renderer_of(request, row).digests()
    if edited := drift(known, {name: digests[name] for name in known if name in digests}):
        raise DriftError(
            f"nothing was done: the plan {request.plan.name} has run already, and {ALREADY_DONE};"
            f" it was edited since {row_named(request, row)}, and this was not run: {edited}",
            hint="roll that run back first; then a run does it all as the plan says now",
        )


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
    plan, edited = request.plan, ""
    with suppress(DriftError):  # a run of an older executor, with which nothing can be compared
        digests = renderer_of(request, row).digests()
        edited = drift(reader.steps(request.session, row.id), digests)
    edited = f"; the plan was edited since, and what is new was not run: {edited}" if edited else ""
    lacks = "; by now not all is there that it would make" if plan.finished_when else ""
    given = chosen_again(request, row)
    kind = DriftError if edited or lacks else DoneError
    raise kind(
        f"nothing was done: the plan {plan.name} has run already: {row_named(request, row)} of"
        f" {row.started_at} has come to its end{lacks}{edited}",
        hint=f"`executor run {resources.spelled(plan.path)}{variables.as_options(given)} --again`"
        " begins a new run, with all steps; or roll that one back first",
    )

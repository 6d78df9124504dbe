"""The SQL of a run's steps, rendered anew from its plan, where the digests are those of the run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from executor import resources
from executor.errors import PlanError, UsageError
from executor.plan.loader import load
from executor.plan.model import Step
from executor.rendering.facts import NO_FACTS, Facts
from executor.rendering.renderer import Renderer
from executor.reviews.content import statements as sorted_by_touch
from executor.reviews.kinds import MODES, Mode
from executor.reviews.origins import Presumed
from executor.reviews.statements import all_sent, forward


class Part(NamedTuple):
    """A piece of SQL and what it is."""

    title: str
    sql: str


class Taken(NamedTuple):
    """The strongest lock that a step's statements take on a relation."""

    relation: str
    mode: Mode
    waits: str
    sql: str  # the statement that takes it


@dataclass(frozen=True, slots=True)
class StepStatements:
    """A step as the plan has it."""

    doubt: str = ""  # why its SQL is not here; empty if it is what the journal knows
    description: str = ""
    parts: tuple[Part, ...] = ()
    descriptions: tuple[str, ...] = ()  # what its assertions say of themselves
    locks: tuple[Taken, ...] = ()  # on what was there before the run


def statements(
    plan: str | None, run: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]
) -> dict[str, StepStatements]:
    """Every step of the run; raises UsageError if another plan is named than the run's."""
    try:
        path = resources.find_plan(plan or run["plan"])
    except UsageError as error:
        shows = f"executor report {run['id']} FILE"
        return _all(steps, f"The plan is not here: {error.message}. {shows} takes it from a file.")
    if path.stem != run["plan"]:
        raise UsageError(
            f"run {run['id']} is one of the plan {run['plan']}, not of {path.stem}",
            hint="leave PLAN out, or give the file of that plan",
        )
    try:
        facts = Facts(run["facts"]) if run["facts"] else NO_FACTS
        own = Renderer.of(load(path), run["variables"], run["name_timestamp"], facts, keep=True)
    except (PlanError, UsageError) as error:
        first = error.message.split("\n")[0]
        return _all(steps, f"The plan can't be rendered with the values of the run: {first}.")
    version = int(run["server_version"].split(".")[0].split(" ")[0])
    done = {step["name"] for step in steps if step["status"] != "skipped"}
    taken = _taken(own, version, done)
    known = {step["name"]: _step(own, step) for step in steps}
    return {
        name: replace(step, locks=tuple(taken.get(name, ()))) if not step.doubt else step
        for name, step in known.items()
    }


def _taken(own: Renderer, version: int, done: Collection[str]) -> dict[str, list[Taken]]:
    """The strongest lock of each step on each relation that no statement of the plan makes."""
    try:
        sent = [item for item in all_sent(forward(own, version)) if item.step in done]
    except PlanError:
        return {}
    found: dict[str, dict[str, Taken]] = {}
    for line in sorted_by_touch(sent, Presumed()).existing:
        for lock in line.locks:
            known = found.setdefault(line.step, {})
            before = known.get(lock.relation)
            if before is None or MODES.index(lock.mode) > MODES.index(before.mode):
                known[lock.relation] = Taken(lock.relation, lock.mode, lock.waits, line.sql)
    return {step: list(known.values()) for step, known in found.items()}


def _all(steps: Sequence[Mapping[str, Any]], doubt: str) -> dict[str, StepStatements]:
    return {step["name"]: StepStatements(doubt) for step in steps}


def _step(own: Renderer, row: Mapping[str, Any]) -> StepStatements:
    step = next((step for step in own.plan.steps if step.name == row["name"]), None)
    if step is None:
        return StepStatements("The plan no longer has this step.")
    try:
        if own.digest(step) != row["digest"]:
            return StepStatements("The plan says something else today: its digest is another.")
        parts = tuple(_parts(own, step, row))
    except PlanError as error:
        first = error.message.split("\n")[0]
        return StepStatements(f"The plan can't render this step any more: {first}.")
    descriptions = tuple(assertion.description for assertion in step.assertions)
    return StepStatements("", step.description, parts, descriptions)


def _parts(own: Renderer, step: Step, row: Mapping[str, Any]) -> Iterator[Part]:
    if step.when:
        yield Part("Only if this is true", own.condition(step.when, step))
    if step.repeat:
        yield Part("Until this is true", own.condition(step.repeat.until, step))
    if step.sql:
        title, context = _first(own, step, row)
        if context is not None:
            yield Part(title, own.sql(step, **context))
    for number, assertion in enumerate(step.assertions, 1):
        rendered = own.assertion(assertion)
        title = f"Assertion {number}: {assertion.description or assertion.kind}"
        yield Part(title, rendered.prepare + rendered.query)
    contexts = list(own.rollback_contexts(step))
    if contexts and (undo := own.rollback(step, **contexts[-1])):
        yield Part("Way back" + (", of the first item" if len(contexts) > 1 else ""), undo)


def _first(own: Renderer, step: Step, row: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """What is shown of a step that does the same many times: its first time."""
    if step.form == "once":
        return "SQL", {}
    if step.form == "repeat":
        return "SQL of each pass", own.context(step, 1)
    of = f"the first of {row['planned']:,}" if row["planned"] else "the first"
    if row["first_item"] is not None:
        item = row["first_item"]["item"]
        what = "batches" if step.form == "batches" else f"items, {item}"
        return f"SQL of {of} {what}", own.context(step, item)
    return f"SQL of {of}, as the plan has it", next(own.contexts(step), None)

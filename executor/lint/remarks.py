"""What lint says of a plan, each remark with its place; and which of them the plan explains.

A comment allows what it names, and says why: `# lint: allow RULE: why` in a plan, above or in a
step for that step, before all of them for the plan; `-- lint: allow RULE: why` in a template for
what that says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from executor import resources
from executor.errors import Problem
from executor.plan.checks import GIVEN_UP, NOW
from executor.plan.model import NOTHING, Place, Plan, Step
from executor.rendering.renderer import Renderer
from executor.reviews.statements import shown

Level = Literal["error", "warning"]

_ALLOWED = re.compile(r"(?:#|--) *lint: allow ([a-z0-9-]+(?:, *[a-z0-9-]+)*): *(\S.*)")


class Found(NamedTuple):
    """What a rule has found: of a statement, of a step, or of the whole plan."""

    rule: str
    level: Level
    message: str
    step: Step | None = None
    statement: str = ""  # as it is sent
    more: str = ""  # where it is explained


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that lint says."""

    plan: str
    rule: str
    level: Level
    message: str
    step: str  # empty: of the whole plan
    file: str  # relative to the working directory, if it is below that
    line: int
    times: int = 1
    explained: str = ""  # why the plan allows it
    more: str = ""


def of_problem(plan: str, problem: Problem) -> Remark:
    """A mistake of a plan that is not valid."""
    told = ": ".join(filter(None, [problem.path, problem.message]))
    return Remark(plan, "invalid", "error", told, "", _beside(Path(problem.file)), problem.line)


def placed(own: Renderer, found: Iterable[Found]) -> list[Remark]:
    """The remarks in the order of the plan; those of one rule and place as one."""
    remarks: dict[tuple[object, ...], Remark] = {}
    for one in found:
        template, place = _place(own, one)
        why = _explained(own.plan, one, template)
        remark = Remark(
            *(own.plan.name, one.rule, one.level, one.message, one.step.name if one.step else ""),
            *(_beside(Path(place.file)), place.line),
            explained=why,
            more=one.more,
        )
        key = (one.rule, remark.step, place)
        known = remarks.get(key)
        remarks[key] = replace(known, times=known.times + 1) if known else remark
    order = ["", *(step.name for step in own.plan.steps)]
    return sorted(remarks.values(), key=lambda item: (order.index(item.step), item.line))


def _beside(path: Path) -> str:
    """A path as people in the working directory write it."""
    real, here = path.resolve(), Path.cwd()
    return str(real.relative_to(here)) if real.is_relative_to(here) else str(path)


def _place(own: Renderer, found: Found) -> tuple[Path | None, Place]:
    """The template that has said it, and the line where a reader can do something about it."""
    plan = own.plan
    step = found.step.place if found.step else plan.places.get((), Place(str(plan.path)))
    if found.step and found.statement and (told := _in_template(own, found.step, found.statement)):
        template, line = told
        problem = own.templates.problem(template, line, "")
        path = own.templates.path(template)
        if path is None:
            return None, Place(problem.file, problem.line)
        if _is_at_hand(path):
            return path, Place(str(path), line)
        return path, _of_plan(plan, step)
    return None, _of_plan(plan, step)


def _of_plan(plan: Plan, place: Place) -> Place:
    """A place in the plan; of one that extends executor's own plan, where it says so."""
    if _is_at_hand(Path(place.file)) or Path(place.file).resolve() == plan.path.resolve():
        return place
    return plan.places.get(("extends",), Place(str(plan.path)))


def _is_at_hand(path: Path) -> bool:
    """Whether a file is one of the reader's, and not of an installed executor."""
    real = path.resolve()
    return real.is_relative_to(Path.cwd()) or not real.is_relative_to(resources.home())


def _in_template(own: Renderer, step: Step, statement: str) -> tuple[str, int] | None:
    """The template of a step that prints a statement, and the line of it there."""
    back = step.rollback if step.rollback != NOTHING else None
    once: list[dict[str, object]] = [{}]
    for template, contexts in (
        (step.lock, once),
        (step.sql, own.contexts(step)),
        (step.rollback_lock, once),
        (back, own.rollback_contexts(step)),
    ):
        for context in contexts if template else ():
            late = {NOW: own.now, GIVEN_UP: []}
            seen = {**own.values, **late, **own.templates.value(step.with_, own.values), **context}
            line = own.templates.line(str(template), seen, statement, as_shown=shown)
            if line:
                return str(template), line
    return None


def _explained(plan: Plan, found: Found, template: Path | None) -> str:
    """Why the plan, or the template, allows what was found."""
    for file in sorted(plan.files):
        for rules, why, line in _comments(Path(file).read_text(encoding="utf-8")):
            if found.rule in rules and _is_about(plan, found.step, Place(file, line)):
                return why
    given = _comments(template.read_text(encoding="utf-8")) if template else ()
    return next((why for rules, why, _ in given if found.rule in rules), "")


@cache
def _comments(text: str) -> tuple[tuple[frozenset[str], str, int], ...]:
    """Those that allow something: rules, why, and the line that they stand in or above."""
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if said := _ALLOWED.search(line):
            about = number
            while about <= len(lines) and lines[about - 1].lstrip().startswith("#"):
                about += 1
            found.append((frozenset(re.split(", *", said[1])), said[2].strip(), about))
    return tuple(found)


def _is_about(plan: Plan, step: Step | None, place: Place) -> bool:
    """Whether a comment stands above or in a step, or before all of them."""
    above = [
        one for one in plan.steps if one.place.file == place.file and one.place.line <= place.line
    ]
    return not above or (step is not None and above[-1].name == step.name)

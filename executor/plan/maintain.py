"""`maintain` of a plan: the plan that keeps its table alive. Touches files only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from executor.errors import PlanError, Problem, UsageError
from executor.resources import find_plan

from . import variables
from .loader import Loaded, load
from .model import Plan

MAINTAIN = " maintain"  # what the name of a plan ends in that maintains for another
_NO_VALUES = {"plan", "needed"}
_ANY_TIMESTAMP = "20000101_000000"  # of values that no name is made of


def maintenance(loaded: Loaded, given: Mapping[str, Any]) -> tuple[Loaded, dict[str, Any]]:
    """The plan that maintains for another one, and the values of its variables.

    First what --var gives, then what `maintain` says, then the other plan's own values.
    Raises PlanError where the other plan has no `maintain`, or what it says is wrong.
    """
    plan, own = loaded.plan, check(loaded)
    if own is None:
        hint = "; maintain: {plan: FILE} names the plan that does it"
        raise PlanError([plan.problem((), f"the plan has no `maintain`{hint}")])
    names = {variable.name for variable in own.plan.variables}
    here = variables.names_in_journal(plan)
    if unknown := sorted(given.keys() - names - here):
        raise UsageError(f"neither {plan.name} nor {own.plan.name} has a variable {unknown[0]!r}")
    chosen = {name: value for name, value in given.items() if name in here}
    resolved = variables.resolve(plan, loaded.templates, chosen, _ANY_TIMESTAMP)
    values = {**variables.as_journal(plan, resolved), **plan.maintain, **given}
    named = replace(own.plan, name=plan.name + MAINTAIN)
    return Loaded(named, own.templates), {n: v for n, v in values.items() if n in names}


def check(loaded: Loaded) -> Loaded | None:
    """The plan that maintains for another one, if that names one; raises PlanError for values."""
    if "plan" not in loaded.plan.maintain:
        return None
    own = load(_file(loaded))
    if problems := sorted(_mistakes(loaded.plan, own.plan)):
        raise PlanError(problems)
    return own


def check_values(loaded: Loaded) -> None:
    """The same, where the plan says more than which one that is: to load it takes a while."""
    if loaded.plan.maintain.keys() - _NO_VALUES:
        check(loaded)


def _mistakes(plan: Plan, own: Plan) -> Iterator[Problem]:
    """What `maintain` of a plan says, and its own plan does not take."""
    known = {variable.name: variable for variable in own.variables}
    for name in plan.maintain.keys() - _NO_VALUES:
        message = "" if name in known else f"{own.path} has no variable {name!r}"
        try:
            if name in known:
                variables.checked(known[name], plan.maintain[name])
        except ValueError as error:
            message = str(error)
        if message:
            yield plan.problem(("maintain", name), message)


def plan_name(given: str | os.PathLike[str] | None) -> str:
    """The name of the plan that PLAN means, by which the journal knows its runs.

    "PLAN maintain" means those of `executor maintain`.
    """
    plan, *maintain = os.fspath(given or "").split(MAINTAIN)
    return find_plan(plan or None).stem + MAINTAIN * len(maintain)


def is_needed(loaded: Loaded, values: Mapping[str, Any]) -> bool:
    """Whether the table of a plan, with these values, needs maintenance."""
    return loaded.templates.value(loaded.plan.maintain.get("needed", False), values) is True


def _file(loaded: Loaded) -> Path:
    """The file of the plan that maintains, relative to that where it is named."""
    plan = loaded.plan
    path = ("maintain", "plan")
    named: str = plan.maintain["plan"]
    file = Path(plan.places[path].file).resolve().parent / named
    if not file.is_file():
        raise PlanError([plan.problem(path, f"there is no plan {file}")])
    return file

"""`maintain` of a plan: the plan that keeps its table alive. Touches files only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from executor.errors import PlanError, UsageError
from executor.resources import find_plan

from . import variables
from .loader import Loaded, load

MAINTAIN = " maintain"  # what the name of a plan ends in that maintains for another
_ANY_TIMESTAMP = "20000101_000000"  # of values that no name is made of


def maintenance(loaded: Loaded, given: Mapping[str, Any]) -> tuple[Loaded, dict[str, Any]]:
    """The plan that maintains for another one, and the values of its variables.

    First what --var gives, then what `maintain` says, then the other plan's own values.
    Raises PlanError where the other plan has no `maintain`.
    """
    plan = loaded.plan
    if "plan" not in plan.maintain:
        hint = "; maintain: {plan: FILE} names the plan that does it"
        raise PlanError([plan.problem((), f"the plan has no `maintain`{hint}")])
    own = load(_file(loaded))
    names = {variable.name for variable in own.plan.variables}
    here = variables.names_in_journal(plan)
    if unknown := sorted(given.keys() - names - here):
        raise UsageError(f"neither {plan.name} nor {own.plan.name} has a variable {unknown[0]!r}")
    if unknown := sorted(plan.maintain.keys() - names - {"plan", "needed"}):
        message = f"{own.plan.path} has no variable {unknown[0]!r}"
        raise PlanError([plan.problem(("maintain", unknown[0]), message)])
    chosen = {name: value for name, value in given.items() if name in here}
    resolved = variables.resolve(plan, loaded.templates, chosen, _ANY_TIMESTAMP)
    values = {**variables.as_journal(plan, resolved), **plan.maintain, **given}
    named = replace(own.plan, name=plan.name + MAINTAIN)
    return Loaded(named, own.templates), {n: v for n, v in values.items() if n in names}


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

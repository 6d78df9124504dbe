"""Facts as a file: what `executor facts` writes, and what stands beside a plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from executor import files
from executor.errors import PlanError, Problem, UsageError
from executor.plan.loader import Loaded
from executor.plan.model import Plan

from .facts import NO_FACTS, Facts
from .renderer import ANY_TIMESTAMP, Renderer

_MAX_BYTES = 50_000_000


def as_document(own: Renderer) -> dict[str, Any]:
    """The facts of a renderer as what a file has, in JSON."""
    about: dict[str, Any] = {"plan": own.plan.name, "subject": own.subject}
    if own.facts.of_result:
        about["of_result"] = True
    return {**about, "facts": own.facts.rows}


def read_document(path: Path, own: Renderer) -> Facts:
    """The facts of a file; raises UsageError for one that is not about this plan and table."""
    found, about = _read(path, own.plan)
    if about != own.subject:
        raise UsageError(
            f"the facts in {path} are those of {about}, and not of {own.subject}",
            hint="make them anew, or say which table is meant with --var",
        )
    return found


def check_renders(loaded: Loaded, given: Mapping[str, object]) -> bool:
    """Raise what is wrong with a plan or the values given; false if no facts stand beside it."""
    own = Renderer.of(loaded, given, ANY_TIMESTAMP)
    facts = example(loaded.plan)
    if facts is not None:
        own.with_facts(facts).check()
    return facts is not None


def example(plan: Plan) -> Facts | None:
    """The facts beside a plan, or beside the one that it extends: of some table.

    By these mistakes in templates are found without a server. None if there is no such file.
    """
    path = next((path for path in plan.facts_files if path.is_file()), None)
    if not plan.facts or path is None:
        return None if plan.facts else NO_FACTS
    try:
        return _read(path, plan)[0]
    except UsageError as error:
        raise PlanError([Problem(str(path), 1, "", error.message)]) from error


def _read(path: Path, plan: Plan) -> tuple[Facts, str]:
    try:
        document = json.loads(files.read(path, _MAX_BYTES))
        given, about = document["facts"], str(document["subject"])
        rows = {name: [dict(row) for row in given[name]] for name in plan.facts}
        return Facts(rows, of_result=document.get("of_result") is True), about
    except OSError as error:
        raise UsageError(f"the facts can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} has not the facts of the plan {plan.name}",
            hint=f"make it anew: executor facts {plan.path} -o {path}",
        ) from error

"""The commands that need no server: render and validate. The product goes to stdout."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from executor import resources
from executor.errors import PlanError, UsageError
from executor.plan.loader import load
from executor.plan.variables import from_command_line
from executor.rendering import script
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from .output import as_json


def render(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    print_sql: bool,
    rollback: bool,
    timestamp: str | None,
    output: str,
) -> None:
    """Print a plan's outline, its script or its rollback."""
    stamp = timestamp or datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    if not re.fullmatch(r"\d{8}_\d{6}", stamp):
        raise UsageError(f"--timestamp {timestamp!r} is not YYYYMMDD_HHMMSS")
    loaded = load(resources.find_plan(plan))
    given = from_command_line(loaded.plan, var, accept, create=create)
    own = Renderer.of(loaded, given, stamp, keep=print_sql or rollback)
    own.digests()
    if output == "json":
        lines: Iterable[str] = map(as_json, script.objects(own, sql=print_sql, undo=rollback))
    elif rollback:
        lines = script.rollback(own)
    else:
        lines = script.forward(own) if print_sql else script.outline(own)
    print("\n".join(lines))


def validate(plan: str | None, var: tuple[str, ...], output: str) -> None:
    """Check a plan and render everything in it."""
    try:
        loaded = load(resources.find_plan(plan))
        Renderer.of(loaded, from_command_line(loaded.plan, var), ANY_TIMESTAMP).digests()
    except PlanError as error:
        error.facts = {"valid": False}
        for problem in error.problems if output == "json" else ():
            print(as_json({"event": "Problem", **asdict(problem)}))
        raise
    steps, path = len(loaded.plan.steps), loaded.plan.path
    if output == "json":
        told = {"plan": loaded.plan.name, "file": str(path), "valid": True, "steps": steps}
        print(as_json({"event": "Validated", **told}))
    else:
        print(f"{path}: valid, {steps} step{'' if steps == 1 else 's'}", file=sys.stderr)

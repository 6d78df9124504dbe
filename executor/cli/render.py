"""`executor render` and `executor validate`, which need no server."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

import click

from executor.errors import PlanError, UsageError

from .errors import Command
from .options import FORMAT, PLAN, VALUES, VAR, together
from .output import as_json


@click.command(cls=Command)
@together(PLAN, *VALUES, FORMAT)
@click.option("--print-sql", is_flag=True, help="Print the whole script, not only the steps.")
@click.option("--rollback", is_flag=True, help="Print the script that undoes the plan.")
@click.option(
    "--fold", is_flag=True, help="Of what is said again and again, print the first; to be read."
)
@click.option(
    "--timestamp",
    metavar="YYYYMMDD_HHMMSS",
    help="The timestamp in the names of tables.  [default: now, in UTC]",
)
def render(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    output: str,
    print_sql: bool,
    rollback: bool,
    fold: bool,
    timestamp: str | None,
) -> None:
    """Print a plan as SQL for psql; needs no database."""
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.rendering import script
    from executor.rendering.renderer import Renderer
    from executor.resources import find_plan

    stamp = timestamp or datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    if not re.fullmatch(r"\d{8}_\d{6}", stamp):
        raise UsageError(f"--timestamp {timestamp!r} is not YYYYMMDD_HHMMSS")
    if fold and not (print_sql or rollback):
        raise UsageError("--fold goes with --print-sql or --rollback")
    loaded = load(find_plan(plan))
    given = from_command_line(loaded.plan, var, accept, create=create)
    own = Renderer.of(loaded, given, stamp, keep=print_sql or rollback)
    own.digests()
    if output == "json":
        steps = script.objects(own, sql=print_sql, undo=rollback, folded=fold)
        lines: Iterable[str] = map(as_json, steps)
    elif rollback:
        lines = script.rollback(own, folded=fold)
    else:
        lines = script.forward(own, folded=fold) if print_sql else script.outline(own)
    print("\n".join(lines))


@click.command(cls=Command)
@together(PLAN, VAR, FORMAT)
def validate(plan: str | None, var: tuple[str, ...], output: str) -> None:
    """Check a plan and all its templates; needs no database."""
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
    from executor.resources import find_plan

    try:
        loaded = load(find_plan(plan))
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

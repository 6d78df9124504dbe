"""`executor render`, `executor facts` and `executor validate`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

import executor
from executor.errors import PlanError, UsageError

from .errors import Command
from .options import DSN, ENV, FORMAT, PLAN, VALUES, VAR, options_as_one, together, values
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor import Options

#: of libpq: one of them says that a server is meant
_SERVER = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT)
@click.option("--print-sql", is_flag=True, help="Print the whole script, not only the steps.")
@click.option(
    "--facts",
    "facts_file",
    metavar="FILE",
    help="What the catalog says of the table, as `executor facts` has written it."
    "  [default: the server's that is configured; else the facts beside the plan]",
)
@click.option("--rollback", is_flag=True, help="Print the script that undoes the plan.")
@click.option(
    "--fold", is_flag=True, help="Of what is said again and again, print the first; to be read."
)
@click.option(
    "--timestamp",
    metavar="YYYYMMDD_HHMMSS",
    help="The timestamp in the names of tables.  [default: now, in UTC]",
)
@options_as_one
def render(
    plan: str | None,
    var: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    print_sql: bool,
    facts_file: str | None,
    rollback: bool,
    fold: bool,
    timestamp: str | None,
    options: Options,
) -> None:
    """Print a plan as SQL for psql, for the table that it is about.

    Reads the catalog of the server that --dsn, DATABASE_URL or PG* mean. Without one, and without
    --facts, the script is for the table whose facts stand beside the plan; its first line says so.
    """
    if fold and not (print_sql or rollback):
        raise UsageError("--fold goes with --print-sql or --rollback")
    asked = print_sql or rollback
    if not dsn:
        dsn = "" if any(os.environ.get(name) for name in _SERVER) else None
    found = executor.render(
        plan,
        dsn=dsn if asked else None,
        variables=values(var, create=create),
        options=options,
        facts=facts_file,
        timestamp=timestamp,
    )
    if asked and found.is_example:
        print(f"{found.origin}: give --dsn or --facts FILE", file=sys.stderr)
    if output == "json":
        for step in found.steps(sql=print_sql, rollback=rollback, fold=fold):
            print(as_json(step))
    elif asked:
        print(found.script(rollback=rollback, fold=fold))
    else:
        print(found.outline())


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN)
@click.option("-o", "--output", "target", metavar="FILE", help="Where to.  [default: stdout]")
@options_as_one
def facts(
    plan: str | None,
    var: tuple[str, ...],
    create: bool,
    dsn: str | None,
    target: str | None,
    options: Options,
) -> None:
    """Write what a plan's templates are filled with: what the catalog says of the table.

    Reads only. `executor render --facts FILE` prints the script for that table without a server.
    """
    given = values(var, create=create)
    found = executor.facts(plan, dsn=dsn, variables=given, options=options)
    text = json.dumps(found, indent=1) + "\n"
    if target is None:
        print(text, end="")
    else:
        put(place(target), text)


@click.command(cls=Command)
@together(PLAN, VAR, FORMAT, ENV)
def validate(plan: str | None, var: tuple[str, ...], output: str) -> None:
    """Check a plan and all its templates; needs no database."""
    from executor.plan.variables import from_command_line
    from executor.project import load_plan
    from executor.rendering.facts_file import check_renders

    try:
        loaded = load_plan(plan)
        filled = check_renders(loaded, from_command_line(loaded.plan, var))
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
        known = "" if filled else "; nothing was rendered: there are no facts beside it"
        print(f"{path}: valid, {steps} step{'' if steps == 1 else 's'}{known}", file=sys.stderr)

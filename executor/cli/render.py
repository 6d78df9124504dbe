"""`executor render`, `executor facts` and `executor validate`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from executor.errors import PlanError, UsageError

from .errors import Command
from .options import DSN, FORMAT, PLAN, VALUES, VAR, server, together
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor.plan.loader import Loaded
    from executor.rendering.renderer import Renderer

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
def render(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    print_sql: bool,
    facts_file: str | None,
    rollback: bool,
    fold: bool,
    timestamp: str | None,
) -> None:
    """Print a plan as SQL for psql, for the table that it is about.

    Reads the catalog of the server that --dsn, DATABASE_URL or PG* mean. Without one, and without
    --facts, the script is for the table whose facts stand beside the plan; its first line says so.
    """
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.resources import find_plan

    if fold and not (print_sql or rollback):
        raise UsageError("--fold goes with --print-sql or --rollback")
    stamp = _checked(timestamp or datetime.now(UTC).strftime("%Y%m%d_%H%M%S"))
    loaded = load(find_plan(plan))
    given = from_command_line(loaded.plan, var, accept, create=create)
    asked = print_sql or rollback
    own, origin = _with_facts(loaded, given, stamp, facts_file, dsn, asked=asked)
    own.digests()
    as_objects = output == "json"
    lines = _lines(own, origin, as_objects=as_objects, sql=print_sql, undo=rollback, folded=fold)
    print("\n".join(lines))


def _lines(
    own: Renderer, origin: str, *, as_objects: bool, sql: bool, undo: bool, folded: bool
) -> Iterable[str]:
    from executor.rendering import script

    if as_objects:
        return map(as_json, script.objects(own, sql=sql, undo=undo, folded=folded))
    if undo:
        return script.rollback(own, origin, folded=folded)
    return script.forward(own, origin, folded=folded) if sql else script.outline(own)


def _checked(timestamp: str) -> str:
    if not re.fullmatch(r"\d{8}_\d{6}", timestamp):
        raise UsageError(f"--timestamp {timestamp!r} is not YYYYMMDD_HHMMSS")
    return timestamp


def _with_facts(
    loaded: Loaded,
    given: Mapping[str, object],
    stamp: str,
    given_file: str | None,
    dsn: str | None,
    *,
    asked: bool,
) -> tuple[Renderer, str]:
    """The plan with the facts of a table, and where these are from, in words."""
    from executor.rendering.facts_file import example, read_document
    from executor.rendering.renderer import Renderer

    own = Renderer.of(loaded, given, stamp, keep=asked)
    if not loaded.plan.facts:
        return own, ""
    if given_file:
        file = Path(given_file)
        return own.with_facts(read_document(file, own)), f"for {own.subject} as in {file}"
    if asked and (dsn or any(os.environ.get(name) for name in _SERVER)):
        from executor.engine.connect import Options
        from executor.engine.read_only import with_facts_now

        with server(dsn) as connection:
            own = with_facts_now(loaded, Options(dsn=connection, variables=given), stamp, keep=True)
        return own, f"for {own.subject} as it is"
    facts = example(loaded.plan)
    if facts is None:
        raise UsageError(
            f"what the catalog says of {own.subject} is not known",
            hint="give --dsn, or --facts FILE as `executor facts` writes it",
        )
    origin = f"for the table whose facts stand beside the plan {loaded.plan.name}, not for yours"
    if asked:
        print(f"{origin}: give --dsn or --facts FILE", file=sys.stderr)
    return own.with_facts(facts), origin


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN)
@click.option("-o", "--output", "target", metavar="FILE", help="Where to.  [default: stdout]")
def facts(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    dsn: str | None,
    target: str | None,
) -> None:
    """Write what a plan's templates are filled with: what the catalog says of the table.

    Reads only. `executor render --facts FILE` prints the script for that table without a server.
    """
    from executor.engine.connect import Options
    from executor.engine.read_only import with_facts_now
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.rendering.facts_file import as_document
    from executor.rendering.renderer import ANY_TIMESTAMP
    from executor.resources import find_plan

    loaded = load(find_plan(plan))
    given = from_command_line(loaded.plan, var, accept, create=create)
    with server(dsn) as connection:
        own = with_facts_now(loaded, Options(dsn=connection, variables=given), ANY_TIMESTAMP)
    if target is None:
        print(as_document(own), end="")
    else:
        put(place(target), as_document(own))


@click.command(cls=Command)
@together(PLAN, VAR, FORMAT)
def validate(plan: str | None, var: tuple[str, ...], output: str) -> None:
    """Check a plan and all its templates; needs no database."""
    from executor.plan import maintain
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.rendering.facts_file import check_renders
    from executor.resources import find_plan

    try:
        loaded = load(find_plan(plan))
        maintain.check(loaded)
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

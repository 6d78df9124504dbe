"""What a plan is before it runs: `executor render`, `facts`, `validate` and `lint`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

import executor
from executor.errors import AssertionFailedError, PlanError, Problem, UsageError

from .errors import Command
from .options import (
    ALL,
    DSN,
    ENV,
    FORMAT,
    PLAN,
    PLANS,
    VALUES,
    VAR,
    options_as_one,
    together,
    values,
)
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor import Options
    from executor.lint.remarks import Remark

#: of libpq: one of them says that a server is meant
_SERVER = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")

FACTS = click.option(
    "--facts",
    "facts_file",
    metavar="FILE",
    help="What the catalog says of the table, as `executor facts` has written it."
    "  [default: the server's that is configured; else the facts beside the plan]",
)


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT)
@click.option("--print-sql", is_flag=True, help="Print the whole script, not only the steps.")
@FACTS
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
    found = executor.render(
        plan,
        dsn=_asked(dsn) if asked else None,
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
@together(PLANS, ALL, VAR, FORMAT, ENV)
def validate(plans: tuple[str, ...], every: bool, var: tuple[str, ...], output: str) -> None:
    """Check plans and all their templates; needs no database."""
    problems: list[Problem] = []
    for path in _meant(plans, every=every):
        try:
            _validate(path, var, output)
        except PlanError as error:
            problems += error.problems
    for problem in problems if output == "json" else ():
        print(as_json({"event": "Problem", **asdict(problem)}))
    if problems:
        invalid = PlanError(problems)
        invalid.facts = {"valid": False}
        raise invalid


def _validate(path: Path, var: tuple[str, ...], output: str) -> None:
    from executor.plan.variables import from_command_line
    from executor.project import load_plan
    from executor.rendering.facts_file import check_renders

    loaded = load_plan(path)
    filled = check_renders(loaded, from_command_line(loaded.plan, var))
    steps = len(loaded.plan.steps)
    if output == "json":
        told = {"plan": loaded.plan.name, "file": str(path), "valid": True, "steps": steps}
        print(as_json({"event": "Validated", **told}))
    else:
        known = "" if filled else "; nothing was rendered: there are no facts beside it"
        print(f"{path}: valid, {steps} step{'' if steps == 1 else 's'}{known}", file=sys.stderr)


def _meant(plans: tuple[str, ...], *, every: bool) -> list[Path]:
    """The files of the plans that are meant."""
    from executor import resources

    if every and plans:
        raise UsageError("--all means the plans in plans/; give it or PLAN")
    if every:
        found = sorted(resources.PLANS.get().rglob("*.yaml"))
        if not found:
            raise UsageError("--all: there are no plans in plans/ of the working directory")
        return found
    return [resources.find_plan(plan) for plan in plans or (None,)]


@click.command(cls=Command)
@together(PLANS, ALL, VAR, DSN)
@FACTS
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="Lines for people, an object a line, SARIF 2.1.0, or annotations of GitHub Actions.",
)
@click.option(
    "--squawk/--no-squawk", default=True, help="Ask squawk of the SQL, too.  [default: --squawk]"
)
@click.option("-v", "--verbose", is_flag=True, help="Show what is explained, too.")
def lint(
    plans: tuple[str, ...],
    every: bool,
    var: tuple[str, ...],
    dsn: str | None,
    facts_file: str | None,
    output: str,
    squawk: bool,
    verbose: bool,
) -> None:
    """Say what is better done otherwise in plans that are valid: locks without a bound, writing
    without a throttle, what no rollback brings back, and what squawk says of the SQL.

    A comment in the plan or template explains one: # lint: allow RULE: why. Exit code 6 if there
    are others. Needs no database where facts stand beside the plan.
    """
    from executor.lint import squawk as squawk_
    from executor.lint import told
    from executor.lint.remarks import of_problem

    program = squawk_.find() if squawk else None
    paths, remarks, invalid = _meant(plans, every=every), [], False
    for path in paths:
        try:
            remarks += _remarks(path, var, dsn, facts_file, program)
        except PlanError as error:
            invalid = True
            remarks += [of_problem(path.stem, problem) for problem in error.problems]
    names = [path.stem for path in paths]
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "text": lambda: told.lines(remarks, names, verbose=verbose),
        "json": lambda: map(as_json, told.records(remarks, names)),
        "github": lambda: told.commands(remarks),
        "sarif": lambda: [told.sarif(remarks)],
    }
    for line in writers[output]():
        print(line)
    if invalid or told.unexplained(remarks):
        sys.exit(PlanError.exit_code if invalid else AssertionFailedError.exit_code)


def _remarks(
    path: Path, var: tuple[str, ...], dsn: str | None, facts_file: str | None, program: str | None
) -> list[Remark]:
    from executor.api import with_facts
    from executor.lint import rules, squawk
    from executor.lint.remarks import placed
    from executor.plan.variables import from_command_line
    from executor.project import load_plan
    from executor.rendering.renderer import ANY_TIMESTAMP

    loaded = load_plan(path)
    given = from_command_line(loaded.plan, var)
    file = Path(facts_file) if facts_file else None
    own, _ = with_facts(loaded, given, ANY_TIMESTAMP, file, _asked(dsn))
    own.check()
    version = int(loaded.plan.postgres.removeprefix(">="))
    seen = rules.see(own, version)
    found = list(rules.judge(seen))
    if program:
        found += squawk.judge(program, seen.there, version)
    return placed(own, found)


def _asked(dsn: str | None) -> str | None:
    """The server that is meant: "" leaves it to libpq's variables, None is none."""
    return dsn or ("" if any(os.environ.get(name) for name in _SERVER) else None)

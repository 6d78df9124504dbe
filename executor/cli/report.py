"""`executor report`: one page that says what a run has done, for people who were not there."""

from __future__ import annotations

import sys

import click

from executor import formats
from executor.errors import UsageError

from .errors import Command
from .options import DSN, FORMAT, PLAN, plan_name, server, together
from .output import as_json, place, put


@click.command(cls=Command)
@click.argument("run", required=False)
@together(PLAN, DSN, FORMAT)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    default="report.html",
    show_default=True,
    help="Where to write it; - prints it.",
)
def report(run: str | None, plan: str | None, dsn: str | None, output: str, file: str) -> None:
    """Write what a run has done as one HTML page: RUN is its number; left out, the newest.

    With PLAN alone it is the newest run of that plan. A file is needed where the plan is not in
    plans/: the run's SQL is rendered anew from it.
    """
    from executor.report import page
    from executor.report.content import content, outcome
    from executor.report.evidence import collect
    from executor.report.statements import statements

    if output == "json" and file == "-":
        raise UsageError("-o - prints the page, where --format json prints JSON; name a file")
    number, plan = _run_and_plan(run, plan)
    name = plan_name(plan) if plan and number is None else None
    target = None if file == "-" else place(file)
    with server(dsn) as where:
        evidence = collect(where, number, name)
    text = page.fill(content(evidence, statements(plan, evidence.run, evidence.steps)))
    if target is None:
        print(text, end="")
        return
    put(target, text)
    row, size = evidence.run, len(text.encode())
    ended = outcome(row)
    if output == "json":
        told = {"run": row["id"], "plan": row["plan"], "status": ended}
        print(as_json({"event": "Report", **told, "file": str(target), "bytes": size}))
        return
    table = row["subject"]
    what = f"run {row['id']} of {row['plan']}{f' on {table}' if table else ''}, {ended}"
    print(f"{file}: {what}; {formats.size(size)}", file=sys.stderr)


def _run_and_plan(run: str | None, plan: str | None) -> tuple[int | None, str | None]:
    """The number of a run and a plan, one of them alone, or neither: the newest run of all."""
    if run is None or run.isdecimal():
        return (int(run) if run else None), plan
    if plan is None:
        return None, run
    raise UsageError(f"{run!r} is not the number of a run", hint="executor report 7 PLAN")

"""`executor status` and `executor report`: what the journal says of the runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

import executor
from executor import formats
from executor.errors import UsageError

from .backups import print_entries
from .errors import Command
from .options import DSN, FORMAT, PLAN, server, together
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor import RunStatus
    from executor.journal.rows import RunRow, StepRow
    from executor.rehearsed import Forecast
    from executor.report.evidence import Row

_TO_THE_MINUTE = len("2026-01-31 12:00")


@click.command(cls=Command)
@together(PLAN, DSN)
@click.option(
    "--format",
    "output",
    envvar="EXECUTOR_FORMAT",
    type=click.Choice(["text", "json", "prometheus"]),
    default="text",
    help="Lines for people, JSON, an object a line, or node_exporter's textfile format.",
)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Show the run of this number.")
@click.option("--backups", is_flag=True, help="Show the backups and old tables, too.")
@click.option("-o", "file", metavar="FILE", help="For Prometheus: FILE is replaced in one go.")
def status(
    plan: str | None,
    dsn: str | None,
    output: str,
    run: int | None,
    backups: bool,
    file: str | None,
) -> None:
    """Show the newest run of a plan step by step, or without PLAN the newest runs.

    For Prometheus it is the newest run of each plan and table.
    """
    if file and output != "prometheus":
        raise UsageError("-o is for --format prometheus; stdout can be redirected")
    path = place(file) if file else None
    if output == "prometheus":
        text = _metrics(plan, dsn, run)
        put(path, text) if path else print(text, end="")
    elif plan is None and run is None:
        _print_runs(executor.runs(dsn=dsn), output)
    elif found := executor.status(plan, dsn=dsn, run=run):
        _print_run(found, output)
    elif output == "text":
        from executor.plan.maintain import plan_name

        print(f"{plan_name(plan)}: there is no run")
    if backups:
        with server(dsn) as target:
            print_entries(target, output)


def _metrics(plan: str | None, dsn: str | None, run: int | None) -> str:
    """The newest run of each plan and table, or those that are asked for."""
    from executor.database.session import Connector
    from executor.health import prometheus
    from executor.journal import reader
    from executor.plan.maintain import plan_name

    name = plan_name(plan) if plan else None
    newest: dict[tuple[object, object], int] = {}
    with (
        server(dsn) as target,
        reader.explained(),
        Connector(target, "executor:status").session() as session,
    ):
        for row in reader.recent_runs(session) if reader.is_installed(session) else ():
            if name in (None, row["plan"]) and run in (None, row["id"]):
                newest.setdefault((row["plan"], row["table"]), row["id"])
        asked = newest.values()
        rows = [reader.latest_run(session, None, with_rolled_back=True, run=n) for n in asked]
        found = [(row, [*reader.steps(session, row.id).values()]) for row in rows if row]
        return prometheus.of_runs(reader.read_server(session).database, found)


def _print_run(found: RunStatus, output: str) -> None:
    from .progress import how_far

    far = found.progress
    if output == "json":
        told = {**asdict(found.run), "facts_fingerprint": found.facts_fingerprint}
        told |= {"steps": list(map(asdict, found.steps)), "progress": asdict(far) if far else None}
        print(as_json(told))
        return
    for line in _about(found):
        print(line)
    if far:
        print(how_far(far.share, far.seconds_left))
    _print_steps(found.steps)


def _about(found: RunStatus) -> Iterator[str]:
    from executor.journal.rows import being_undone
    from executor.plan.variables import EXPECT

    run = found.run
    undone = run.status == "running" and being_undone(found.steps)
    owner = f"owned by {run.client}" if run.connected else "no executor is at work on it now"
    state = run.status.replace("_", " ")
    if undone:
        state, when = "being rolled back,", f"begun at {run.started_at}, {owner}"
    elif run.status == "running":
        when = f"since {run.started_at}, {owner}"
    else:
        when = f"at {run.finished_at}, begun at {run.started_at}"
    yield f"{run.plan}: run {run.id}, {state} {when}"
    if undone and not run.connected:
        number = sum(step.status == "rolled_back" for step in found.steps)
        steps = f"{number} of {len(found.steps)} steps are rolled back"
        yield f"{steps}; `executor rollback` undoes the rest"
    if run.subject:
        yield f"table: {run.subject}"
    if reviewed := run.variables.get(EXPECT):
        yield f"bound to the review {reviewed}"
    if run.error:
        yield run.error
    if run.closed:
        yield f"no way back: {run.closed}"
    if run.status in ("running", "failed"):
        yield from _in_force(run)


def _print_steps(steps: Sequence[StepRow]) -> None:
    from .progress import print_table

    print_table(
        ("step", "status", "rows", "seconds", "iterations"),
        (
            (
                step.name,
                step.status,
                f"{step.rows:,}" if step.rows else "",
                f"{step.seconds:.2f}" if step.seconds is not None else "",
                f"{step.finished}/{step.planned}" if step.planned else "",
            )
            for step in steps
        ),
    )


def _in_force(run: RunRow) -> Iterator[str]:
    """What a run was told by `pause`, `set` or --hold and still obeys."""
    if run.held_before:
        yield f"held before {run.held_before}; `executor resume` or `executor swap` lets it go on"
        yield "if its executor has ended, `executor run` goes on, and with --hold-swap holds again"
    if run.paused:
        yield "paused; `executor resume` lets it go on"
    for name, value in (("workers", run.workers), ("batch_rows", run.batch_rows)):
        if value:
            yield f"{name} set to {value}"


def _print_runs(runs: Sequence[Mapping[str, object]], output: str) -> None:
    from .progress import print_table

    if output == "json":
        for run in runs:
            print(as_json(run))
        return
    if not runs:
        print("there is no run in this database")
        return
    print_table(
        ("run", "plan", "table", "status", "started, UTC", "seconds"),
        (
            (
                str(run["id"]),
                str(run["plan"]),
                str(run["table"] or ""),
                str(run["status"]) if run["connected"] is not False else "stopped",
                str(run["started_at"])[:_TO_THE_MINUTE],
                f"{run['seconds']:.1f}" if run["seconds"] is not None else "",
            )
            for run in runs
        ),
    )
    for run in runs:  # not in the table, which would be as wide as the longest reason
        if run["error"]:
            first, _, _ = str(run["error"]).partition("\n")
            print(f"run {run['id']}: {first}")


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
@click.option(
    "--rehearsal",
    metavar="FILE.json",
    help="Say beside the time of each step what a rehearsal has foretold.",
)
def report(
    run: str | None,
    plan: str | None,
    dsn: str | None,
    output: str,
    file: str,
    rehearsal: str | None,
) -> None:
    """Write what a run has done as one HTML page: RUN is its number; left out, the newest.

    With PLAN alone it is the newest run of that plan. A file is needed where the plan is neither in
    plans/ nor in the working directory: the run's SQL is rendered anew from it.
    """
    from executor.plan.maintain import plan_name
    from executor.report import page
    from executor.report.content import content, outcome
    from executor.report.evidence import collect
    from executor.report.statements import statements

    if output == "json" and file == "-":
        raise UsageError("-o - prints the page, where --format json prints JSON; name a file")
    number, plan = _run_and_plan(run, plan)
    target = None if file == "-" else place(file)
    with server(dsn) as where:
        evidence = collect(where, number, plan_name(plan) if plan and number is None else None)
    forecast = _foretold(rehearsal, evidence.run) if rehearsal else None
    text = page.fill(content(evidence, statements(plan, evidence.run, evidence.steps), forecast))
    if target is None:
        print(text, end="")
        return
    put(target, text)
    row, size, ended = evidence.run, len(text.encode()), outcome(evidence.run)
    if output == "json":
        told = {"run": row["id"], "plan": row["plan"], "status": ended}
        print(as_json({"event": "Report", **told, "file": str(target), "bytes": size}))
        return
    table = row["subject"]
    what = f"run {row['id']} of {row['plan']}{f' on {table}' if table else ''}, {ended}"
    print(f"{file}: {what}; {formats.size(size)}", file=sys.stderr)


def _foretold(file: str, run: Row) -> Forecast:
    """What a rehearsal has foretold of a run; raises UsageError if it is one of another."""
    from executor.plan.variables import EXPECT
    from executor.rehearsed import forecast_of, read

    return forecast_of(read(file), file, run["plan"], run["variables"].get(EXPECT))


def _run_and_plan(run: str | None, plan: str | None) -> tuple[int | None, str | None]:
    """The number of a run and a plan, one of them alone, or neither: the newest run of all."""
    if run is None or run.isdecimal():
        return (int(run) if run else None), plan
    if plan is None:
        return None, run
    raise UsageError(f"{run!r} is not the number of a run", hint="executor report 7 PLAN")

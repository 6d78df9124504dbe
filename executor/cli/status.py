"""What the journal says of the runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from rich.table import Table

from executor import resources
from executor.database.session import Connector
from executor.journal import writer as journals
from executor.journal.rows import RunRow
from executor.journal.writer import Journal
from executor.templating.templates import Templates

from .output import as_json, print_table


def status(plan: str | None, dsn: str | None, output: str) -> None:
    """Print the newest run of a plan, or the newest runs of all plans."""
    templates = Templates((resources.home() / "sql",))
    connector = Connector(dsn, templates, {}, "executor:status")
    with journals.explained(), connector.session() as session:
        installed = journals.is_installed(session, templates)
        if plan is None:
            runs = journals.recent_runs(session, templates) if installed else []
            _show_runs([dict(run) for run in runs], output)
            return
        run = journals.latest_run(session, templates, plan) if installed else None
        if run is None:
            if output == "text":
                print(f"{plan}: there is no run")
            return
        steps = Journal(templates, run.id, run.epoch).steps(session)
        if output == "json":
            print(as_json({**asdict(run), "steps": list(map(asdict, steps.values()))}))
            return
        owner = f"owned by {run.client}" if run.connected else "no executor is at work on it now"
        owner = f", {owner}" if run.status == "running" else ""
        print(f"{plan}: run {run.id}, {run.status} since {run.started_at}{owner}")
        if run.subject:
            print(f"table: {run.subject}")
        if run.error:
            print(run.error)
        if run.closed:
            print(f"no way back: {run.closed}")
        for line in _told(run) if run.status in ("running", "failed") else ():
            print(line)
        table = Table("step", "status", "rows", "seconds", "iterations", box=None)
        for step in steps.values():
            table.add_row(
                step.name,
                step.status,
                f"{step.rows:,}" if step.rows else "",
                f"{step.seconds:.2f}" if step.seconds is not None else "",
                f"{step.finished}/{step.planned}" if step.planned else "",
            )
        print_table(table)


def _told(run: RunRow) -> Iterator[str]:
    """What a run is told that is still open."""
    if run.held_before:
        yield f"held before {run.held_before}; `executor resume` or `executor swap` lets it go on"
    if run.paused:
        yield "paused; `executor resume` lets it go on"
    for name, value in (("workers", run.workers), ("batch_rows", run.batch_rows)):
        if value:
            yield f"{name} set to {value}"


def _show_runs(runs: list[dict[str, object]], output: str) -> None:
    if output == "json":
        for run in runs:
            print(as_json(run))
        return
    if not runs:
        print("there is no run in this database")
        return
    table = Table("run", "plan", "table", "status", "started", "seconds", "error", box=None)
    for run in runs:
        error = str(run["error"] or "").split("\n")[0]
        seconds = f"{run['seconds']:.1f}"
        status = run["status"] if run["connected"] is not False else "stopped"
        cells = (
            run["id"],
            run["plan"],
            run["table"] or "",
            status,
            run["started_at"],
            seconds,
            error,
        )
        table.add_row(*map(str, cells))
    print_table(table)

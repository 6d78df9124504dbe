"""`executor status`: what the journal says of the runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .backups import print_entries
from .errors import Command
from .options import DSN, FORMAT, PLAN, plan_name, server, together
from .output import as_json

if TYPE_CHECKING:
    from executor.journal.rows import RunRow, StepRow
    from executor.rendering.facts import Rows


@click.command(cls=Command)
@together(PLAN, DSN, FORMAT)
@click.option("--backups", is_flag=True, help="Show the backups and old tables, too.")
def status(plan: str | None, dsn: str | None, output: str, backups: bool) -> None:
    """Show the newest run of a plan step by step, or without PLAN the newest runs."""
    from executor.database.session import Connector
    from executor.journal import reader

    name = plan_name(plan) if plan else None
    with server(dsn) as target:
        with reader.explained(), Connector(target, "executor:status").session() as session:
            installed = reader.is_installed(session)
            if name is None:
                _print_runs(reader.recent_runs(session) if installed else [], output)
            elif installed and (run := reader.latest_run(session, name)):
                steps = list(reader.steps(session, run.id).values())
                _print_run(name, run, steps, reader.known_facts(session, run.id), output)
            elif output == "text":
                print(f"{name}: there is no run")
        if backups:
            print_entries(target, output)


def _print_run(
    plan: str,
    run: RunRow,
    steps: list[StepRow],
    facts: Mapping[str, Rows] | None,
    output: str,
) -> None:
    from executor.rendering.facts import Facts

    if output == "json":
        fingerprint = Facts(facts).fingerprint if facts else None
        told = {"facts_fingerprint": fingerprint, "steps": list(map(asdict, steps))}
        print(as_json({**asdict(run), **told}))
        return
    for line in _about(plan, run):
        print(line)
    _print_steps(steps)


def _about(plan: str, run: RunRow) -> Iterator[str]:
    from executor.plan.variables import EXPECT

    owner = f"owned by {run.client}" if run.connected else "no executor is at work on it now"
    owner = f", {owner}" if run.status == "running" else ""
    yield f"{plan}: run {run.id}, {run.status} since {run.started_at}{owner}"
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


def _print_steps(steps: list[StepRow]) -> None:
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
        ("run", "plan", "table", "status", "started", "seconds", "reason"),
        (
            (
                str(run["id"]),
                str(run["plan"]),
                str(run["table"] or ""),
                str(run["status"]) if run["connected"] is not False else "stopped",
                str(run["started_at"]),
                f"{run['seconds']:.1f}",
                str(run["error"] or "").split("\n")[0],
            )
            for run in runs
        ),
    )

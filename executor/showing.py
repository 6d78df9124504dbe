"""What can be asked without changing anything: a run's status, and a dry run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from . import assertions, opening, resources
from . import journal as journals
from .database import Connector, Session
from .events import OnEvent
from .journal import Journal
from .loader import Loaded
from .model import Step
from .opening import Options
from .records import RunRow
from .render import Renderer
from .runner import ask
from .steps import is_true
from .templates import Templates
from .transactions import Work

_DONE = ("succeeded", "skipped")


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
            _print_json({**asdict(run), "steps": [asdict(step) for step in steps.values()]})
            return
        owner = f", owned by {run.client}" if run.connected and run.status == "running" else ""
        print(f"{plan}: run {run.id}, {run.status} since {run.started_at}{owner}")
        if run.error:
            print(run.error)
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
        Console().print(table)


def _told(run: RunRow) -> Iterator[str]:
    """What a run is told that is still open."""
    if run.held_before:
        yield f"held before {run.held_before}; `executor resume` or `executor swap` lets it go on"
    if run.paused:
        yield "paused; `executor resume` lets it go on"
    for name, value in (("workers", run.workers), ("batch_rows", run.batch_rows)):
        if value:
            yield f"{name} set to {value}"


def dry_run(loaded: Loaded, options: Options, on_event: OnEvent, output: str) -> None:
    """Say what `run` would do: checks the server, the run's state, and leading assertions.

    Everything is asked in read-only transactions; nothing is written, not even the journal.
    """
    plan = loaded.plan
    opening.renderer(loaded, options.variables, opening.ANY_TIMESTAMP).digests()
    with opening.connected(loaded, options, read_only=True) as (connector, session, server):
        installed = journals.is_installed(session, loaded.templates)
        row = opening.find(session, loaded, server, options) if installed else None
        if row and row.status != "succeeded":
            own, _ = opening.check_same(session, loaded, row, options)
            known = Journal(loaded.templates, row.id, row.epoch).steps(session)
            done = {name for name, step in known.items() if step.status in _DONE}
            _say(output, f"{plan.name}: would go on with run {row.id}", plan=plan.name, run=row.id)
        else:
            own = opening.renderer(loaded, options.variables, server.name_timestamp)
            reason = _finished(session, loaded, own, row, options)
            if reason:
                _say(output, f"{plan.name}: nothing to do, {reason}", plan=plan.name)
                return
            done = set()
            _say(output, f"{plan.name}: would begin a run", plan=plan.name)
        work = Work(own, connector, Journal(loaded.templates, 0, 0), on_event, unfenced=True)
        leading = True
        for number, step in enumerate(plan.steps, 1):
            leading = leading and (step.name in done or not step.sql)
            state = "done" if step.name in done else step.form
            _say(output, f"{number:3}. {step.name:<24} {state}", step=step.name, state=state)
            if leading and step.name not in done:
                _assert_now(work, session, step)


def _finished(
    session: Session, loaded: Loaded, own: Renderer, row: RunRow | None, options: Options
) -> str:
    """Why there is nothing to do; empty if there is."""
    if loaded.plan.finished_when:
        finished = ask(session, own.condition(loaded.plan.finished_when))
        return "finished_when already holds" if finished else ""
    if row:
        opening.check_same(session, loaded, row, options)
        return f"run {row.id} of {row.started_at} has done it"
    return ""


def _assert_now(work: Work, session: Session, step: Step) -> None:
    if step.when and not is_true(work, session, step, step.when):
        return
    try:
        work.transact(session, step, lambda: assertions.check(work, session, step))
    except assertions.AssertionsFailed as failed:
        raise assertions.failure(step, failed) from None


def _show_runs(runs: list[dict[str, object]], output: str) -> None:
    if output == "json":
        for run in runs:
            _print_json(run)
        return
    if not runs:
        print("there is no run in this database")
        return
    table = Table("run", "plan", "status", "started", "seconds", "error", box=None)
    for run in runs:
        error = str(run["error"] or "").split("\n")[0]
        seconds = f"{run['seconds']:.1f}"
        cells = (run["id"], run["plan"], run["status"], run["started_at"], seconds, error)
        table.add_row(*map(str, cells))
    Console().print(table)


def _say(output: str, line: str, **facts: object) -> None:
    if output == "json":
        _print_json({"event": "DryRun", **facts, "message": line.strip()})
    else:
        print(line)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))

"""What an operator tells a running run from another process, by the table of controls alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from executor import resources
from executor.database.session import Connector, Session
from executor.errors import UsageError
from executor.journal import controls
from executor.journal import writer as journals
from executor.journal.rows import RunRow
from executor.templating.templates import Templates


def pause(plan: str, dsn: str | None) -> None:
    """Let the run wait before its next iteration or step."""
    with _running(plan, dsn) as (session, templates, run):
        if not controls.pause(session, templates, run.id):
            raise _not_running(plan)
        _say(run, "paused; it waits before its next iteration or step")


def resume(plan: str, dsn: str | None, *, only_held: bool = False) -> None:
    """Lift a pause and a hold."""
    with _running(plan, dsn) as (session, templates, run):
        lifted = controls.lift(session, templates, run.id, only_held=only_held)
        if lifted is None and only_held:
            raise UsageError(f"run {run.id} of {plan} does not hold; begin it with --hold-swap")
        if lifted is None:
            raise _not_running(plan)
        if lifted.held_before:
            _say(run, f"goes on with {lifted.held_before}")
        else:
            _say(run, "goes on" if lifted.paused else "was neither paused nor held")


def change(plan: str, dsn: str | None, workers: int | None, batch_rows: int | None) -> None:
    """Give the run another number of workers, another size of batches, or both."""
    with _running(plan, dsn) as (session, templates, run):
        now = controls.change(session, templates, run.id, workers, batch_rows)
        if now is None:
            raise _not_running(plan)
        facts = {"workers": now.workers, "batch_rows": now.batch_rows}
        _say(run, ", ".join(f"{name} {value}" for name, value in facts.items() if value))


@contextmanager
def _running(plan: str, dsn: str | None) -> Iterator[tuple[Session, Templates, RunRow]]:
    """The running run of a plan; raises UsageError if there is none."""
    templates = Templates((resources.home() / "sql",))
    connector = Connector(dsn, templates, {}, "executor:control")
    with journals.explained(), connector.session() as session:
        installed = journals.is_installed(session, templates)
        run = journals.latest_run(session, templates, plan) if installed else None
        if run is None or run.status != "running":
            raise _not_running(plan)
        yield session, templates, run


def _not_running(plan: str) -> UsageError:
    return UsageError(f"no run of {plan} is running in this database")


def _say(run: RunRow, what: str) -> None:
    alone = "" if run.connected else " (no executor is at work on it now)"
    print(f"{run.named}: {what}{alone}", file=sys.stderr)

"""What an operator tells a running run from another process, by the table of controls alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from executor.database.session import Connector, Session
from executor.errors import UsageError
from executor.journal import controls, reader
from executor.journal.rows import RunRow


def pause(plan: str, dsn: str | None) -> None:
    """Let the run wait before its next iteration or step."""
    with _running(plan, dsn) as (session, run):
        if not controls.pause(session, run.id):
            raise _not_running(plan)
        _say(run, "paused; it waits before its next iteration or step")


def resume(plan: str, dsn: str | None, *, only_held: bool = False) -> None:
    """Lift a pause and a hold."""
    with _running(plan, dsn) as (session, run):
        lifted = controls.lift(session, run.id, only_held=only_held)
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
    with _running(plan, dsn) as (session, run):
        now = controls.change(session, run.id, workers, batch_rows)
        if now is None:
            raise _not_running(plan)
        facts = {"workers": now.workers, "batch_rows": now.batch_rows}
        _say(run, ", ".join(f"{name} {value}" for name, value in facts.items() if value))


@contextmanager
def _running(plan: str, dsn: str | None) -> Iterator[tuple[Session, RunRow]]:
    """The running run of a plan; raises UsageError if there is none."""
    with reader.explained(), Connector(dsn, "executor:control").session() as session:
        installed = reader.is_installed(session)
        run = reader.latest_run(session, plan) if installed else None
        if run is None or run.status != "running":
            raise _not_running(plan)
        yield session, run


def _not_running(plan: str) -> UsageError:
    return UsageError(f"no run of {plan} is running in this database")


def _say(run: RunRow, what: str) -> None:
    alone = "" if run.connected else " (no executor is at work on it now)"
    print(f"{run.named}: {what}{alone}", file=sys.stderr)

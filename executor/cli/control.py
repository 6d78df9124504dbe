"""`executor pause`, `resume`, `swap` and `set`: they tell a run of another process what to do.

They only write to the journal's table of controls, which the run reads while it goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from executor.errors import UsageError

from .errors import Command
from .options import DSN, PLAN, server, together

if TYPE_CHECKING:
    from executor.database.session import Session
    from executor.journal.rows import RunRow


@click.command(cls=Command)
@together(PLAN, DSN)
def pause(plan: str | None, dsn: str | None) -> None:
    """Let the running run of a plan wait before its next iteration or step."""
    from executor.journal import controls

    with _running(plan, dsn) as (session, run, name):
        if not controls.pause(session, run.id):
            raise _not_running(name)
        _say(run, "paused; it waits before its next iteration or step")


@click.command(cls=Command)
@together(PLAN, DSN)
def resume(plan: str | None, dsn: str | None) -> None:
    """Let a run go on that was paused, or that holds."""
    _lift(plan, dsn, only_held=False)


@click.command(cls=Command)
@together(PLAN, DSN)
def swap(plan: str | None, dsn: str | None) -> None:
    """Let a run go on that holds before its swap (run --hold-swap)."""
    _lift(plan, dsn, only_held=True)


@click.command("set", cls=Command)
@together(PLAN, DSN)
@click.option(
    "--workers",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Connections of a step that has workers in the plan.",
)
@click.option(
    "--batch-rows",
    type=click.IntRange(1, 2**31 - 1),
    metavar="N",
    help="About how many rows a batch has; what is left is planned again.",
)
def change(plan: str | None, dsn: str | None, workers: int | None, batch_rows: int | None) -> None:
    """Give the running run of a plan another number of workers, or other batches."""
    from executor.journal import controls

    if workers is None and batch_rows is None:
        raise UsageError("there is nothing to set; give --workers or --batch-rows")
    with _running(plan, dsn) as (session, run, name):
        now = controls.change(session, run.id, workers, batch_rows)
        if now is None:
            raise _not_running(name)
        facts = {"workers": now.workers, "batch_rows": now.batch_rows}
        _say(run, ", ".join(f"{key} {value}" for key, value in facts.items() if value))


def _lift(plan: str | None, dsn: str | None, *, only_held: bool) -> None:
    """Lift a pause and a hold."""
    from executor.journal import controls

    with _running(plan, dsn) as (session, run, name):
        lifted = controls.lift(session, run.id, only_held=only_held)
        if lifted is None and only_held:
            raise UsageError(f"run {run.id} of {name} does not hold; begin it with --hold-swap")
        if lifted is None:
            raise _not_running(name)
        if not run.connected:
            raise UsageError(
                f"{run.named}: no executor is at work on it, so nothing goes on by this",
                hint=f"`executor run {plan or name}` goes on with it"
                + (
                    ", and past the hold: with --hold-swap it holds again"
                    * bool(lifted.held_before)
                ),
            )
        if lifted.held_before:
            _say(run, f"goes on with {lifted.held_before}")
        else:
            _say(run, "goes on" if lifted.paused else "was neither paused nor held")


@contextmanager
def _running(plan: str | None, dsn: str | None) -> Iterator[tuple[Session, RunRow, str]]:
    """The running run of a plan, and the plan's name; raises UsageError if there is none."""
    from executor.database.session import Connector
    from executor.journal import reader
    from executor.plan.maintain import plan_name

    name = plan_name(plan)
    with (
        server(dsn) as target,
        reader.explained(),
        Connector(target, "executor:control").session() as session,
    ):
        run = reader.latest_run(session, name) if reader.is_installed(session) else None
        if run is None or run.status != "running":
            raise _not_running(name)
        yield session, run, name


def _not_running(plan: str) -> UsageError:
    return UsageError(f"no run of {plan} is running in this database")


def _say(run: RunRow, what: str) -> None:
    alone = "" if run.connected else " (no executor is at work on it now)"
    print(f"{run.named}: {what}{alone}", file=sys.stderr)

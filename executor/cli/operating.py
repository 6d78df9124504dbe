"""The commands of an operator, which need a plan's name and no plan: status and live control."""

from __future__ import annotations

from executor import resources
from executor.errors import UsageError

from . import backups as backed_up
from . import control as controlling
from . import status as showing
from .target import server


def status(plan: str | None, dsn: str | None, output: str, backups: bool) -> None:
    """Show the newest run of a plan, or the newest runs, and the backups."""
    with server(dsn) as target:
        showing.status(_name(plan) if plan else None, target, output)
        if backups:
            backed_up.show(target, output)


def pause(plan: str | None, dsn: str | None) -> None:
    """Let the running run of a plan wait."""
    with server(dsn) as target:
        controlling.pause(_name(plan), target)


def resume(plan: str | None, dsn: str | None) -> None:
    """Lift the pause and the hold of the running run of a plan."""
    with server(dsn) as target:
        controlling.resume(_name(plan), target)


def swap(plan: str | None, dsn: str | None) -> None:
    """Let the running run of a plan go on that holds."""
    with server(dsn) as target:
        controlling.resume(_name(plan), target, only_held=True)


def change(plan: str | None, dsn: str | None, workers: int | None, batch_rows: int | None) -> None:
    """Give the running run of a plan other workers or batches."""
    if workers is None and batch_rows is None:
        raise UsageError("there is nothing to set; give --workers or --batch-rows")
    with server(dsn) as target:
        controlling.change(_name(plan), target, workers, batch_rows)


def _name(plan: str | None) -> str:
    return resources.find_plan(plan).stem

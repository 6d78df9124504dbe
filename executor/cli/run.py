"""`executor run`, `rollback`, `verify` and `maintain`: what works with a plan and a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

import executor
from executor.errors import UsageError

from .errors import Command
from .options import (
    AGAIN,
    DSN,
    FORMAT,
    OVERRIDES,
    PLAN,
    TAKE_OVER,
    VALUES,
    VAR,
    VERBOSE,
    configuration,
    environment,
    options_as_one,
    together,
    values,
)
from .output import shown

if TYPE_CHECKING:
    from executor import Options
    from executor.events import OnEvent


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT, VERBOSE, *OVERRIDES, AGAIN)
@click.option("--until", metavar="STEP", help="Stop after this step; run again to go on.")
@click.option(
    "--hold",
    metavar="STEP",
    help="Wait before this step until `executor resume`, and keep preparing it meanwhile.",
)
@click.option("--hold-swap", is_flag=True, help="Short for --hold swap.")
@click.option("--rollback-on-failure", is_flag=True, help="Undo everything if a step fails.")
@click.option(
    "--dry-run", is_flag=True, help="Render everything and ask the server what can be asked."
)
@click.option(
    "--expect",
    metavar="DIGEST|FILE",
    help="Run only what was reviewed: the digest of a review, or the review as JSON.",
)
@options_as_one
def run(
    plan: str | None,
    var: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    verbose: bool,
    hold_swap: bool,
    options: Options,
) -> None:
    """Run a plan, or resume it where it stopped."""
    if hold_swap:
        if options.hold not in (None, "swap"):
            raise UsageError("--hold and --hold-swap name two steps; a run holds before one")
        options = replace(options, hold="swap")
    given = values(var, create=create)
    with _told(output, verbose=verbose, asks=options.dry_run) as on_event:
        executor.run(plan, dsn=dsn, variables=given, options=options, on_event=on_event)


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE, *OVERRIDES)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Undo the run of this number.")
@click.option(
    "--accept",
    multiple=True,
    metavar="NAME",
    help="Go back without what somebody has dropped, as the refusal names it.",
)
@options_as_one
def rollback(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    options: Options,
) -> None:
    """Undo the newest run of a plan, or the newest with the values of --var, last step first.

    It says which run that is before it begins. What is rolled back already is not passed over: a
    run before that is only undone by name.
    """
    given = values(var)
    with _told(output, verbose=verbose) as on_event:
        executor.rollback(plan, dsn=dsn, variables=given, options=options, on_event=on_event)


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Verify the run of this number.")
@options_as_one
def verify(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    options: Options,
) -> None:
    """Prove, at any time after a run (--var chooses one), what its plan claims of the result.

    Whether what was written since could go back is not asked: rollback finds that out, and stops
    before anything is lost.
    """
    given = values(var)
    with _told(output, verbose=verbose, asks=True) as on_event:
        executor.verify(plan, dsn=dsn, variables=given, options=options, on_event=on_event)


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE, TAKE_OVER)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@options_as_one
def maintain(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    options: Options,
) -> None:
    """Make partitions ahead, empty the default partition, take old partitions away.

    What is to be done `maintain` of the plan says. Meant to be run again and again, from cron: it
    asks the catalog what is missing, and does that. `executor status "PLAN maintain"` shows the
    newest run.

    \b
    Exit codes: 0 all is done, or nothing was to do; 4 another executor is at it; 6 something needs
    a person, and the rest was done; the others as in `executor --help`.
    """
    given = values(var)
    asks = options.dry_run
    with _told(output, verbose=verbose or asks, asks=asks) as on_event:
        executor.maintain(plan, dsn=dsn, variables=given, options=options, on_event=on_event)


@contextmanager
def _told(output: str, *, verbose: bool, asks: bool = False) -> Iterator[OnEvent]:
    """Where the events of a run go: they are shown, and hooks and collectors are told.

    Of what only ``asks`` nobody else is told.
    """
    from executor.notify.listen import listeners, listening

    ctx = click.get_current_context()
    those = () if asks else listeners(configuration(ctx), environment(ctx)[0], _say)
    with shown(output, verbose=verbose) as show, listening(show, those) as tell:
        yield tell


def _say(line: str) -> None:
    click.echo(line, err=True)

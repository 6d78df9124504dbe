"""`executor run`, `rollback`, `verify` and `maintain`: what works with a plan and a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from executor.errors import (
    AssertionFailedError,
    ExecutorError,
    SqlError,
    StepError,
    UsageError,
)

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
    server,
    together,
)
from .output import print_event

if TYPE_CHECKING:
    from executor.engine.connect import Options
    from executor.events import Event, OnEvent
    from executor.plan.loader import Loaded
    from executor.review.bound import Expected

_OF_STEPS = (StepError, AssertionFailedError)


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
def run(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    verbose: bool,
    take_over: bool,
    accept_changed_plan: bool,
    accept_changed_server: bool,
    again: bool,
    until: str | None,
    hold: str | None,
    hold_swap: bool,
    rollback_on_failure: bool,
    dry_run: bool,
    expect: str | None,
) -> None:
    """Run a plan, or resume it where it stopped."""
    from executor.engine.connect import Options
    from executor.engine.read_only import dry_run as say_what_would_happen
    from executor.plan.variables import from_command_line

    with _loaded(plan, output, verbose, begins=True) as (loaded, sink), server(dsn) as target:
        options = Options(
            dsn=target,
            variables=from_command_line(loaded.plan, var, accept, create=create),
            until=until,
            hold=_held_before(hold, swap=hold_swap),
            take_over=take_over,
            accept_changed_plan=accept_changed_plan,
            accept_changed_server=accept_changed_server,
            again=again,
            expect=_expected(expect),
        )
        if dry_run:
            say_what_would_happen(loaded, options, sink)
        else:
            _run(loaded, options, sink, rollback_on_failure=rollback_on_failure)


def _expected(text: str | None) -> Expected | None:
    from executor.review.bound import expected

    return expected(text) if text is not None else None


def _held_before(step: str | None, *, swap: bool) -> str | None:
    if swap and step not in (None, "swap"):
        raise UsageError("--hold and --hold-swap name two steps; a run holds before one")
    return "swap" if swap else step


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE, *OVERRIDES)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Undo the run of this number.")
@click.option(
    "--accept",
    multiple=True,
    metavar="NAME",
    help="Go back without what somebody has dropped, as the refusal names it.",
)
def rollback(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    take_over: bool,
    accept_changed_plan: bool,
    accept_changed_server: bool,
    run: int | None,
) -> None:
    """Undo the newest run of a plan, or the newest with the values of --var, last step first.

    It says which run that is before it begins. What is rolled back already is not passed over: a
    run before that is only undone by name.
    """
    from executor.engine.connect import Options
    from executor.engine.run import rollback as roll_back
    from executor.plan.variables import from_command_line

    with _loaded(plan, output, verbose) as (loaded, sink), server(dsn) as target:
        options = Options(
            dsn=target,
            variables=from_command_line(loaded.plan, var),
            take_over=take_over,
            accept_changed_plan=accept_changed_plan,
            accept_changed_server=accept_changed_server,
            run=run,
            given_up=accept,
        )
        roll_back(loaded, options, sink)


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Verify the run of this number.")
def verify(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    run: int | None,
) -> None:
    """Prove, at any time after a run (--var chooses one), what its plan claims of the result."""
    from executor.engine.connect import Options
    from executor.engine.read_only import verify as prove
    from executor.plan.variables import from_command_line

    with _loaded(plan, output, verbose) as (loaded, sink), server(dsn) as target:
        options = Options(dsn=target, variables=from_command_line(loaded.plan, var), run=run)
        prove(loaded, options, sink)


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT, VERBOSE, TAKE_OVER)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def maintain(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    take_over: bool,
    dry_run: bool,
) -> None:
    """Make partitions ahead, empty the default partition, take old partitions away.

    What is to be done `maintain` of the plan says. Meant to be run again and again, from cron: it
    asks the catalog what is missing, and does that. `executor status "PLAN maintain"` shows the
    newest run.

    \b
    Exit codes: 0 all is done, or nothing was to do; 4 another executor is at it; 6 something needs
    a person, and the rest was done; the others as in `executor --help`.
    """
    from executor.engine.connect import Options
    from executor.engine.read_only import dry_run as say_what_would_happen
    from executor.engine.run import run as run_plan
    from executor.plan.maintain import maintenance
    from executor.plan.variables import parse_assignments

    with _loaded(plan, output, verbose or dry_run) as (given, sink), server(dsn) as target:
        loaded, values = maintenance(given, parse_assignments(var))
        options = Options(dsn=target, variables=values, take_over=take_over, afresh=True)
        if dry_run:
            say_what_would_happen(loaded, options, sink)
        else:
            try:
                run_plan(loaded, options, sink)
            except (SqlError, AssertionFailedError) as error:
                hint = "What was committed is kept; the next `executor maintain` does the rest."
                if sink.begun:
                    error.hint = " ".join(filter(None, [error.hint, hint]))
                raise
        if sink.warned:
            raise AssertionFailedError(_listed(sink.warned), step="check")


def _listed(findings: list[str]) -> str:
    return "\n  ".join(["this needs a person:", *findings])


class _Sink:
    """Shows events, and knows which run has begun, and which steps may have left something."""

    def __init__(self, show: OnEvent) -> None:
        self._show = show
        self.run: int | None = None
        self.resumed = False
        self.begun: set[str] = set()
        self.warned: list[str] = []  # findings that did not pass and did not stop the run

    def __call__(self, event: Event) -> None:
        from executor.events import AssertionChecked, IterationFinished, RunStarted, StepFinished

        match event:
            case RunStarted():
                self.run, self.resumed = event.run, event.resumed
            case AssertionChecked(stops=False):
                found = (str(finding) for finding in event.findings if not finding.passed)
                self.warned += (line for line in found if line not in self.warned)
            case IterationFinished():
                self.begun.add(event.step)
            case StepFinished() if event.status == "succeeded":
                self.begun.add(event.step)
        self._show(event)


@contextmanager
def _loaded(
    plan: str | None, output: str, verbose: bool, *, begins: bool = False
) -> Iterator[tuple[Loaded, _Sink]]:
    """The plan, and where its events go: to stderr for people, to stdout as JSON.

    What ``begins`` needs right values for what maintains the table afterwards, too.
    """
    from executor.plan.loader import load
    from executor.plan.maintain import check_values
    from executor.resources import find_plan

    from .progress import TextSink, console

    loaded = load(find_plan(plan))
    if begins:
        check_values(loaded)
    text = None if output == "json" else TextSink(console(stderr=True), verbose=verbose)
    sink = _Sink(text or print_event)
    try:
        yield loaded, sink
    except ExecutorError as error:
        error.facts = {"plan": loaded.plan.name, "run": sink.run}
        raise
    finally:
        if text:
            text.close()


def _run(loaded: Loaded, options: Options, sink: _Sink, *, rollback_on_failure: bool) -> None:
    from executor.engine import run as engine
    from executor.plan.variables import as_options
    from executor.resources import spelled

    try:
        engine.run(loaded, options, sink)
    except (SqlError, AssertionFailedError) as error:
        if not sink.run:
            raise
        if rollback_on_failure:
            own = replace(options, run=sink.run, variables={})
            try:
                engine.rollback(loaded, own, sink)
            except ExecutorError as second:
                second.add_note(f"It was to undo this: {error.message}")
                raise second from error
            error.add_note("Everything was rolled back, as --rollback-on-failure says.")
        else:
            name = spelled(loaded.plan.path)
            failed = error.step if isinstance(error, _OF_STEPS) else ""
            command = f"executor run {name}{as_options(options.variables)}"
            if options.again and failed and not loaded.plan.step(failed).sql:
                command += " --again"  # a run that only checked is begun anew
            ways_on = f"Nothing was changed; `{command}` tries again."
            if _left_something(loaded, sink, failed):
                ways_on = (
                    f"What was committed is kept: `executor run {name}` goes on,"
                    f" `executor rollback {name}` undoes."
                )
            error.hint = " ".join(filter(None, [error.hint, ways_on]))
        raise


def _left_something(loaded: Loaded, sink: _Sink, failed: str) -> bool:
    """Whether a run may have committed anything of its plan."""
    if sink.resumed or not failed:
        return True
    steps = loaded.plan.step
    return not steps(failed).transaction or any(steps(name).sql for name in sink.begun)

"""`executor run`, `rollback` and `verify`: what works with a plan and a server."""

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
from .options import DSN, FORMAT, OVERRIDES, PLAN, VALUES, VAR, VERBOSE, server, together
from .output import print_event

if TYPE_CHECKING:
    from executor.engine.connect import Options
    from executor.events import Event, OnEvent
    from executor.plan.loader import Loaded
    from executor.review.bound import Expected

_OF_STEPS = (StepError, AssertionFailedError)


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT, VERBOSE, *OVERRIDES)
@click.option("--again", is_flag=True, help="Begin a new run of a plan that has come to its end.")
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

    with _loaded(plan, output, verbose) as (loaded, sink), server(dsn) as target:
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
            say_what_would_happen(loaded, options, sink, output)
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


class _Sink:
    """Shows events, and knows which run has begun, and which steps may have left something."""

    def __init__(self, show: OnEvent) -> None:
        self._show = show
        self.run: int | None = None
        self.resumed = False
        self.begun: set[str] = set()

    def __call__(self, event: Event) -> None:
        from executor.events import IterationFinished, RunStarted, StepFinished

        match event:
            case RunStarted():
                self.run, self.resumed = event.run, event.resumed
            case IterationFinished():
                self.begun.add(event.step)
            case StepFinished() if event.status == "succeeded":
                self.begun.add(event.step)
        self._show(event)


@contextmanager
def _loaded(plan: str | None, output: str, verbose: bool) -> Iterator[tuple[Loaded, _Sink]]:
    """The plan, and where its events go: to stderr for people, to stdout as JSON."""
    from executor.plan.loader import load
    from executor.resources import find_plan

    from .progress import TextSink, console

    loaded = load(find_plan(plan))
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
            ways_on = f"Nothing was changed; `executor run {name}` tries again."
            if _left_something(loaded, sink, error.step if isinstance(error, _OF_STEPS) else ""):
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

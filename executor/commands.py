"""What each command does, as plain functions; the product goes to stdout, the talk to stderr."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from . import controlling, embedded, opening, resources, runner, script, showing, verifying
from . import demo as demonstration
from .console import JsonSink, TextSink
from .errors import (
    AssertionFailedError,
    ExecutorError,
    StepError,
    UsageError,
)
from .events import OnEvent
from .loader import Loaded, load
from .opening import Options
from .variables import parse_assignments


def render(
    plan: str | None,
    var: tuple[str, ...],
    print_sql: bool,
    rollback: bool,
    timestamp: str | None,
) -> None:
    """Print a plan's outline, its script or its rollback."""
    stamp = timestamp or datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    if not re.fullmatch(r"\d{8}_\d{6}", stamp):
        raise UsageError(f"--timestamp {timestamp!r} is not YYYYMMDD_HHMMSS")
    own = opening.renderer(_load(plan), parse_assignments(var), stamp)
    own.digests()
    if rollback:
        lines = script.rollback(own)
    else:
        lines = script.forward(own) if print_sql else script.outline(own)
    for line in lines:
        print(line)


def validate(plan: str | None, var: tuple[str, ...]) -> None:
    """Check a plan and render everything in it."""
    loaded = _load(plan)
    own = opening.renderer(loaded, parse_assignments(var), opening.ANY_TIMESTAMP)
    own.digests()
    print(f"{loaded.plan.path}: valid, {len(loaded.plan.steps)} steps", file=sys.stderr)


def run(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    rollback_on_failure: bool,
    dry_run: bool,
    hold: str | None,
    hold_swap: bool,
    **options: Any,
) -> None:
    """Run or resume a plan."""
    if hold_swap and hold not in (None, "swap"):
        raise UsageError("--hold and --hold-swap name two steps; a run holds before one")
    hold = "swap" if hold_swap else hold
    loaded = _load(plan)
    with _sink(output, verbose) as sink, _server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), hold=hold, **options)
        if dry_run:
            showing.dry_run(loaded, chosen, sink, output)
            return
        try:
            runner.run(loaded, chosen, sink)
        except (StepError, AssertionFailedError) as error:
            if rollback_on_failure:
                _roll_back_after(error, loaded, chosen, sink)
            else:
                error.hint = " ".join(filter(None, [error.hint, _ways_on(loaded)]))
            raise


def rollback(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    **options: Any,
) -> None:
    """Undo the newest run of a plan."""
    loaded = _load(plan)
    with _sink(output, verbose) as sink, _server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), **options)
        runner.rollback(loaded, chosen, sink)


def verify(plan: str | None, dsn: str | None, output: str, verbose: bool) -> None:
    """Evaluate what a plan claims of its finished run."""
    with _sink(output, verbose) as sink, _server(dsn) as target:
        verifying.verify(_load(plan), Options(dsn=target), sink)


def status(plan: str | None, dsn: str | None, output: str) -> None:
    """Show the newest run of a plan, or the newest runs."""
    with _server(dsn) as target:
        showing.status(_name(plan) if plan else None, target, output)


def pause(plan: str | None, dsn: str | None) -> None:
    """Let the running run of a plan wait."""
    with _server(dsn) as target:
        controlling.pause(_name(plan), target)


def resume(plan: str | None, dsn: str | None) -> None:
    """Lift the pause and the hold of the running run of a plan."""
    with _server(dsn) as target:
        controlling.resume(_name(plan), target)


def swap(plan: str | None, dsn: str | None) -> None:
    """Let the running run of a plan go on that holds."""
    with _server(dsn) as target:
        controlling.resume(_name(plan), target, only_held=True)


def change(plan: str | None, dsn: str | None, workers: int | None, batch_rows: int | None) -> None:
    """Give the running run of a plan other workers or batches."""
    if workers is None and batch_rows is None:
        raise UsageError("there is nothing to set; give --workers or --batch-rows")
    with _server(dsn) as target:
        controlling.change(_name(plan), target, workers, batch_rows)


def demo(rows: int, keep: str | None, stop: str | None) -> None:
    """Run the flagship plan on generated data, or stop the server of an earlier demo."""
    if stop is not None:
        embedded.stop(stop)
    else:
        demonstration.run_demo(rows, keep, Console())


def _name(plan: str | None) -> str:
    return resources.find_plan(plan).stem


def _load(plan: str | None) -> Loaded:
    return load(resources.find_plan(plan))


@contextmanager
def _server(dsn: str | None) -> Iterator[str | None]:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: cancel, journal, stop
    if dsn and dsn.startswith("embedded:"):
        with embedded.kept_server(dsn.removeprefix("embedded:")) as kept:
            yield kept
    else:
        yield dsn


@contextmanager
def _sink(output: str, verbose: bool) -> Iterator[OnEvent]:
    if output == "json":
        yield JsonSink(sys.stdout)
        return
    sink = TextSink(Console(stderr=True), verbose=verbose)
    try:
        yield sink
    finally:
        sink.close()


def _ways_on(loaded: Loaded) -> str:
    name = loaded.plan.name
    return (
        f"What was committed is kept: `executor run {name}` goes on,"
        f" `executor rollback {name}` undoes."
    )


def _roll_back_after(error: ExecutorError, loaded: Loaded, options: Options, sink: OnEvent) -> None:
    try:
        runner.rollback(loaded, replace(options, variables={}), sink)
    except ExecutorError as second:
        second.add_note(f"It was to undo this: {error.message}")
        raise second from error
    error.add_note("Everything was rolled back, as --rollback-on-failure says.")

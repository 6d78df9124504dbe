"""The commands that run a plan, as plain functions; the talk goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from executor import resources
from executor.engine import dry_run as rehearsing
from executor.engine import run as runner
from executor.engine import verify as verifying
from executor.engine.connect import Options
from executor.errors import AssertionFailedError, ExecutorError, SqlError, UsageError
from executor.events import Event, OnEvent, RunStarted
from executor.plan.loader import Loaded, load
from executor.plan.variables import from_command_line, parse_assignments

from . import output as outputs
from .progress import TextSink
from .target import server


def run(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
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
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        given = from_command_line(loaded.plan, var, accept, create=create)
        chosen = Options(dsn=target, variables=given, hold=hold, **options)
        if dry_run:
            rehearsing.dry_run(loaded, chosen, sink, output)
            return
        try:
            runner.run(loaded, chosen, sink)
        except (SqlError, AssertionFailedError) as error:
            if rollback_on_failure and sink.run:
                _roll_back_after(error, loaded, replace(chosen, run=sink.run), sink)
            elif sink.run:
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
    """Undo the newest run of a plan, or the one that is named."""
    loaded = _load(plan)
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), **options)
        runner.rollback(loaded, chosen, sink)


def verify(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    verbose: bool,
    run: int | None,
) -> None:
    """Evaluate what a plan claims of its finished run."""
    loaded = _load(plan)
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), run=run)
        verifying.verify(loaded, chosen, sink)


class _Watched:
    """A sink that knows which run was begun: without one there is nothing to go back from."""

    def __init__(self, sink: OnEvent) -> None:
        self._sink = sink
        self.run: int | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.run = event.run
        self._sink(event)


def _load(plan: str | None) -> Loaded:
    return load(resources.find_plan(plan))


@contextmanager
def _sink(output: str, verbose: bool, loaded: Loaded) -> Iterator[_Watched]:
    text = None if output == "json" else TextSink(outputs.console(stderr=True), verbose=verbose)
    watched = _Watched(text or outputs.JsonSink(sys.stdout))
    try:
        yield watched
    except ExecutorError as error:
        error.facts = {"plan": loaded.plan.name, "run": watched.run}
        raise
    finally:
        if text:
            text.close()


def _ways_on(loaded: Loaded) -> str:
    plan = resources.spelled(loaded.plan.path)
    return (
        f"What was committed is kept: `executor run {plan}` goes on,"
        f" `executor rollback {plan}` undoes."
    )


def _roll_back_after(error: ExecutorError, loaded: Loaded, options: Options, sink: OnEvent) -> None:
    try:
        runner.rollback(loaded, replace(options, variables={}), sink)
    except ExecutorError as second:
        second.add_note(f"It was to undo this: {error.message}")
        raise second from error
    error.add_note("Everything was rolled back, as --rollback-on-failure says.")

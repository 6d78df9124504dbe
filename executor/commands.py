"""The commands that run a plan, as plain functions; the talk goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rich.console import Console

from . import rehearsing, resources, runner, verifying
from .console import JsonSink, TextSink
from .errors import (
    AssertionFailedError,
    ExecutorError,
    StepError,
    UsageError,
)
from .events import Event, OnEvent, RunStarted
from .loader import Loaded, load
from .opening import Options
from .target import server
from .variables import parse_assignments


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
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), hold=hold, **options)
        if dry_run:
            rehearsing.dry_run(loaded, chosen, sink, output)
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
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        chosen = Options(dsn=target, variables=parse_assignments(var), **options)
        runner.rollback(loaded, chosen, sink)


def verify(
    plan: str | None, var: tuple[str, ...], dsn: str | None, output: str, verbose: bool
) -> None:
    """Evaluate what a plan claims of its finished run."""
    loaded = _load(plan)
    with _sink(output, verbose, loaded) as sink, server(dsn) as target:
        verifying.verify(loaded, Options(dsn=target, variables=parse_assignments(var)), sink)


def _load(plan: str | None) -> Loaded:
    return load(resources.find_plan(plan))


@contextmanager
def _sink(output: str, verbose: bool, loaded: Loaded) -> Iterator[OnEvent]:
    if output == "json":
        sink = JsonSink(sys.stdout)
        facts: dict[str, object] = {"plan": loaded.plan.name, "run": None}

        def tell(event: Event) -> None:
            if isinstance(event, RunStarted):
                facts["run"] = event.run
            sink(event)

        try:
            yield tell
        except ExecutorError as error:
            error.facts = facts
            raise
        return
    text = TextSink(Console(stderr=True), verbose=verbose)
    try:
        yield text
    finally:
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

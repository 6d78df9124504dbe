"""The options that commands share, and the server that --dsn means."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

P = ParamSpec("P")
R = TypeVar("R")

_CREATE = "?create"  # after embedded:DIR, makes a server if there is none


def _plans_and_files(
    ctx: click.Context,  # noqa: ARG001 - click's
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem[str]]:
    """What a shell completes PLAN with."""
    from executor.resources import known_plans

    names = dict.fromkeys(path.stem for path in known_plans())
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [CompletionItem(incomplete, type="file"), *found]


PLAN = click.argument("plan", required=False, shell_complete=_plans_and_files)
PLANS = click.argument("plans", metavar="[PLAN]...", nargs=-1, shell_complete=_plans_and_files)
ALL = click.option("--all", "every", is_flag=True, help="Every plan in plans/, its folders too.")
VAR = click.option(
    "--var", "var", multiple=True, metavar="NAME=VALUE", help="Give a variable of the plan a value."
)
ACCEPT = click.option(
    "--accept",
    "accept",
    multiple=True,
    metavar="NAME",
    help="Give up what a check names, beside what the plan accepts; the run remembers it.",
)
CREATE = click.option(
    "--create",
    is_flag=True,
    help="Make the table that is not there, empty. Short for --var create=true.",
)
VALUES = (VAR, ACCEPT, CREATE)  # of a new run
DSN = click.option(
    "--dsn",
    envvar="DATABASE_URL",
    metavar="DSN",
    help="Where to connect: a URI, key=value pairs, or embedded:DIR for a server of our own."
    "  [default: DATABASE_URL, else libpq's PG* variables]",
)
FORMAT = click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Lines for people, or JSON on stdout, an object a line; the last one of a command that"
    " fails says so.",
)
VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Show every finding.")
TAKE_OVER = click.option(
    "--take-over", is_flag=True, help="Shut out the executor that owns the run, if it is dead."
)
CHANGED_PLAN = click.option(
    "--accept-changed-plan", is_flag=True, help="Go on although the plan was edited."
)
CHANGED_SERVER = click.option(
    "--accept-changed-server",
    is_flag=True,
    help="Go on although the server was restored or failed over.",
)
AGAIN = click.option(
    "--again", is_flag=True, help="Begin a new run of a plan that has come to its end."
)
OVERRIDES = (TAKE_OVER, CHANGED_PLAN, CHANGED_SERVER)  # of what keeps a run from being touched


def together(
    *options: Callable[[Callable[P, R]], Callable[P, R]],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Several options as one decorator."""

    def apply(function: Callable[P, R]) -> Callable[P, R]:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


def plan_name(plan: str | None) -> str:
    """The name of the plan that PLAN means, by which the journal knows its runs.

    "PLAN maintain" means those of `executor maintain`.
    """
    from executor.plan.maintain import MAINTAIN
    from executor.resources import find_plan

    given, *maintain = (plan or "").split(MAINTAIN)
    return find_plan(given or None).stem + MAINTAIN * len(maintain)


@contextmanager
def server(dsn: str | None) -> Iterator[str | None]:
    """The DSN to connect to; while it is used, SIGTERM is as Ctrl-C: cancel, journal, stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not dsn or not dsn.startswith("embedded:"):
        yield dsn
        return
    from executor.database import embedded

    directory = dsn.removeprefix("embedded:")
    create = directory.endswith(_CREATE)
    with embedded.kept_server(directory.removesuffix(_CREATE), create=create) as kept:
        yield kept

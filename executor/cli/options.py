"""The options that commands share, and how they become those of the Python API."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

P = ParamSpec("P")
R = TypeVar("R")


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


def options_as_one(  # type: ignore[explicit-any] # click calls it by names
    function: Callable[..., None],
) -> Callable[..., None]:
    """Hand what executor.Options has a field for over as one: the parameter `options`."""

    @wraps(function)
    def handing_over(**given: object) -> None:
        from dataclasses import fields

        from executor.options import Options

        own = {item.name: given.pop(item.name) for item in fields(Options) if item.name in given}
        function(**given, options=Options(**own))  # type: ignore[arg-type]

    return handing_over


def values(var: tuple[str, ...], *, create: bool = False) -> dict[str, str]:
    """The values of --var, and what --create is short for; raises UsageError."""
    from executor.plan.variables import parse_assignments

    return parse_assignments(var, create=create)


def server(dsn: str | None) -> AbstractContextManager[str | None]:
    """The DSN to connect to; of embedded:DIR that of a server, which is there meanwhile."""
    from executor.database.dsn import served

    return served(dsn)

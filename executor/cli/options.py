"""The options that commands share, and how a command is called: what it imports waits for it."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PLAN = click.argument("plan", required=False)
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


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator."""

    def apply(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


def call(module: str, function: str, **options: Any) -> None:
    """Call a function of a module that is imported only now."""
    gc.set_threshold(100_000)  # what a command makes it needs to its end; looking at it takes time
    getattr(importlib.import_module(f".{module}", __package__), function)(**options)

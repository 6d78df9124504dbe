"""The options that commands share, and the server and the plan that they mean."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from executor.errors import UsageError

if TYPE_CHECKING:
    from executor.config import Configuration

P = ParamSpec("P")
R = TypeVar("R")

_COMMON = "DATABASE_URL"  # not ours alone, so that an environment chosen for this goes before it
_OF_LIBPQ = ("PGSERVICE", "PGHOST", "PGHOSTADDR", "PGDATABASE")
_RANKS = {ParameterSource.COMMANDLINE: 3, ParameterSource.ENVIRONMENT: 2}

# what a context remembers
_CONFIGURATION = "executor.configuration"
_ENVIRONMENT = "executor.environment"
_CONNECTION = "executor.connection"


def together(
    *options: Callable[[Callable[P, R]], Callable[P, R]],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Several options as one decorator."""

    def apply(function: Callable[P, R]) -> Callable[P, R]:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


def _plans_and_files(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - click's
    incomplete: str,
) -> list[CompletionItem[str]]:
    """What a shell completes PLAN with."""
    from executor.resources import known_plans

    names: dict[str, None] = {}
    # a configuration that is wrong says so when it is used
    with suppress(UsageError), in_force(ctx):
        names = dict.fromkeys(path.stem for path in known_plans())
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [CompletionItem(incomplete, type="file"), *found]


def _environments(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - click's
    incomplete: str,
) -> list[CompletionItem[str]]:
    """What a shell completes --env with."""
    with suppress(UsageError):
        known = configuration(ctx).data.get("environments", {})
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]
    return []


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
FORMAT = click.option(
    "--format",
    "output",
    envvar="EXECUTOR_FORMAT",
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
REHEARSED = (  # where, and with which rows
    click.option(
        "--on",
        metavar="DSN",
        help="Rehearse on this server instead of one of our own: in databases that are made there,"
        " by a role that can do no more than make databases, and dropped afterwards.",
    ),
    click.option(
        "--synthetic",
        is_flag=True,
        help="Rehearse with no row of the real server: make some, by what its statistics say of the"
        " columns.",
    ),
)
OVERRIDES = (TAKE_OVER, CHANGED_PLAN, CHANGED_SERVER)  # of what keeps a run from being touched


def configuration(ctx: click.Context) -> Configuration:
    """What the project's file says; it is read once a command, and not for --help."""
    if _CONFIGURATION not in ctx.meta:
        from executor.config import read

        ctx.meta[_CONFIGURATION] = read(ctx.find_root().params.get("config"))
    found: Configuration = ctx.meta[_CONFIGURATION]
    return found


def environment(ctx: click.Context) -> tuple[str | None, ParameterSource]:
    """The environment in force, and who has said so."""
    default = configuration(ctx).data.get("environment"), ParameterSource.DEFAULT_MAP
    found: tuple[str | None, ParameterSource] = ctx.meta.get(_ENVIRONMENT, default)
    return found


def in_force(ctx: click.Context) -> AbstractContextManager[None]:
    """While a command is done, the configuration is that of every plan that it loads."""
    from executor.project import Project, in_force

    name, how = environment(ctx)
    given = f" --env {shlex.quote(str(name))}" if how is ParameterSource.COMMANDLINE else ""
    return in_force(Project(configuration(ctx), name, given))


def connection(ctx: click.Context) -> str:
    """Who has said where to connect: an option, a variable, or a line of the file."""
    told: str = ctx.meta[_CONNECTION]
    return told


def _remember(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """For --env, of which no command has to know."""
    source = ctx.get_parameter_source(str(parameter.name))
    if value is not None:
        configuration(ctx).environment(value)
        ctx.meta[_ENVIRONMENT] = (value, source)


def _where(ctx: click.Context, parameter: click.Parameter, dsn: str | None) -> str | None:
    """The DSN of whoever stands nearest to this one command."""
    name, how = environment(ctx)
    told = configuration(ctx).connects(name)
    source = ctx.get_parameter_source(str(parameter.name))
    given, rank = "libpq", -1
    if own := next(filter(os.environ.get, _OF_LIBPQ), None):  # a password may be set with it
        given, rank = f"${own}", 1
    if source is ParameterSource.COMMANDLINE:
        given, rank = "--dsn", _RANKS[source]
    elif source is ParameterSource.ENVIRONMENT:
        variable = next(name for name in parameter.envvar or () if os.environ.get(name))
        given, rank = f"${variable}", 1 if variable == _COMMON else _RANKS[source]
    if told and rank == _RANKS.get(how):
        raise UsageError(
            f"{given} and the environment {name} both say where to connect",
            hint="leave one of them out",
        )
    if told and rank < _RANKS.get(how, 0):
        dsn, place = configuration(ctx).connection(str(name))
        given = f"{place.file}:{place.line}"
    ctx.meta[_CONNECTION] = given
    return dsn


ENV = click.option(
    "--env",
    envvar="EXECUTOR_ENV",
    metavar="NAME",
    is_eager=True,
    expose_value=False,
    callback=_remember,
    shell_complete=_environments,
    help="An environment of the configuration: its connection, and its defaults of variables.",
)
DSN = together(
    click.option(
        "--dsn",
        envvar=["EXECUTOR_DSN", _COMMON],
        metavar="DSN",
        callback=_where,
        help="Where to connect: a URI, key=value pairs, or embedded:DIR for a server of our own."
        "  [default: of the environment; DATABASE_URL; else libpq's PG* variables]",
    ),
    ENV,
)


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

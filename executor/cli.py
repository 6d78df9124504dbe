"""The command line. Parses and delegates; the imports that cost time wait for a command."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import click

from . import __version__
from .errors import ExecutorError, InterruptedRunError

F = TypeVar("F", bound=Callable[..., Any])

_PLAN = click.argument("plan", required=False)
_VAR = click.option(
    "--var", "var", multiple=True, metavar="NAME=VALUE", help="Give a variable of the plan a value."
)
_DSN = click.option(
    "--dsn",
    envvar="DATABASE_URL",
    metavar="DSN",
    help="Where to connect: a URI, key=value pairs, or embedded:DIR for a server of our own."
    "  [default: DATABASE_URL, else libpq's PG* variables]",
)
_FORMAT = click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Lines for people on stderr, or JSON lines on stdout.",
)
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Show every finding.")
_TAKE_OVER = click.option(
    "--take-over", is_flag=True, help="Shut out the executor that owns the run, if it is dead."
)
_CHANGED_PLAN = click.option(
    "--accept-changed-plan", is_flag=True, help="Go on although the plan was edited."
)
_CHANGED_SERVER = click.option(
    "--accept-changed-server",
    is_flag=True,
    help="Go on although the server was restored or failed over.",
)


def _together(*options: Callable[[F], F]) -> Callable[[F], F]:
    def apply(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


class _Group(click.Group):
    """Turns our errors into one message and the exit code of their kind."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ExecutorError as error:
            click.echo(f"Error: {error.message}", err=True)
            for note in getattr(error, "__notes__", ()):
                click.echo(note, err=True)
            if error.hint:
                click.echo(f"Hint: {error.hint}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:  # before a run was claimed, or after it was let go
            click.echo("Error: interrupted", err=True)
            ctx.exit(InterruptedRunError.exit_code)


class _Later(click.Group):
    """A group whose commands are imported when one of them is wanted."""

    def _group(self) -> click.Group:
        module = importlib.import_module(f".cli_{self.name}", __package__)
        group: click.Group = getattr(module, str(self.name))
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)


def _call(module: str, function: str, **options: Any) -> None:
    gc.set_threshold(100_000)  # what a command makes it needs to its end; looking at it takes time
    getattr(importlib.import_module(f".{module}", __package__), function)(**options)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="executor")
def main() -> None:
    """Run declarative SQL plans on PostgreSQL: every statement readable beforehand, every step
    one transaction, every claim proven, everything reversible.

    PLAN is a file, or the name of one in plans/; left out, the only plan there.

    \b
    Exit codes: 0 fine, 1 bug, 2 usage, 3 plan invalid or edited, 4 can't connect or
    run owned by another executor, 5 SQL failed, 6 assertion failed, 7 rollback failed,
    8 backup missing, expired or not verified, 130 interrupted.
    """


@main.command()
@_together(_PLAN, _VAR)
@click.option("--print-sql", is_flag=True, help="Print the whole script, not only the steps.")
@click.option("--rollback", is_flag=True, help="Print the script that undoes the plan.")
@click.option(
    "--timestamp",
    metavar="YYYYMMDD_HHMMSS",
    help="The timestamp in the names of tables.  [default: now, in UTC]",
)
def render(**options: Any) -> None:
    """Print a plan as SQL for psql; needs no database."""
    _call("rendering", "render", **options)


@main.command()
@_together(_PLAN, _VAR)
def validate(**options: Any) -> None:
    """Check a plan and all its templates; needs no database."""
    _call("rendering", "validate", **options)


@main.command()
@_together(_PLAN, _VAR, _DSN, _FORMAT, _VERBOSE, _TAKE_OVER, _CHANGED_PLAN, _CHANGED_SERVER)
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
def run(**options: Any) -> None:
    """Run a plan, or resume it where it stopped."""
    _call("commands", "run", **options)


@main.command()
@_together(_PLAN, _VAR, _DSN, _FORMAT, _VERBOSE, _TAKE_OVER, _CHANGED_PLAN, _CHANGED_SERVER)
def rollback(**options: Any) -> None:
    """Undo the newest run of a plan, last step first."""
    _call("commands", "rollback", **options)


@main.command()
@_together(_PLAN, _DSN, _FORMAT, _VERBOSE)
def verify(**options: Any) -> None:
    """Prove, at any time after a run, what its plan claims of the result."""
    _call("commands", "verify", **options)


@main.command()
@_together(_PLAN, _DSN)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@click.option("--backups", is_flag=True, help="Show the backups and old tables, too.")
def status(**options: Any) -> None:
    """Show the newest run of a plan step by step, or without PLAN the newest runs."""
    _call("operating", "status", **options)


@main.command()
@_together(_PLAN, _DSN)
def pause(**options: Any) -> None:
    """Let the running run of a plan wait before its next iteration or step."""
    _call("operating", "pause", **options)


@main.command()
@_together(_PLAN, _DSN)
def resume(**options: Any) -> None:
    """Let a run go on that was paused, or that holds."""
    _call("operating", "resume", **options)


@main.command()
@_together(_PLAN, _DSN)
def swap(**options: Any) -> None:
    """Let a run go on that holds before its swap (run --hold-swap)."""
    _call("operating", "swap", **options)


@main.command("set")
@_together(_PLAN, _DSN)
@click.option(
    "--workers",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Connections of a step that has workers in the plan.",
)
@click.option(
    "--batch-rows",
    type=click.IntRange(1, 2**31 - 1),
    metavar="N",
    help="About how many rows a batch has; what is left is planned again.",
)
def change(**options: Any) -> None:
    """Give the running run of a plan another number of workers, or other batches."""
    _call("operating", "change", **options)


@main.command()
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(0, 100_000_000))
@click.option("--keep", metavar="DIR", help="Keep the server and its data in DIR afterwards.")
@click.option("--stop", metavar="DIR", help="Stop the server that was kept in DIR, and do no more.")
def demo(**options: Any) -> None:
    """Move a table of generated chunks into 100 partitions on a server of our own."""
    _call("demo", "demo", **options)


main.add_command(
    _Later("backups", help="List, verify, keep, clean up and restore backups and old tables.")
)

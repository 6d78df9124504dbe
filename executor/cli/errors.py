"""How a command begins and ends: what is given twice, and one message and exit code an error."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from executor import streams
from executor.errors import ExecutorError, InterruptedRunError

from .options import configuration, in_force
from .output import now

_OF_ALL = ("DSN", "ENV", "FORMAT", "CONFIG")  # ends of variables that are of all commands
_OF_RUNS = ("run", "rollback", "verify", "maintain")


def variable_of(option: click.Option) -> str:
    """The end of the name of the variable of an option: HOLD_SWAP of --hold-swap."""
    word = max(option.opts, key=len)
    word = word.strip("-") if word.startswith("--") else str(option.name)  # of -o FILE
    return word.replace("-", "_").upper()


class Command(click.Command):
    """A command that takes an option with one value once: the last of two would win unseen.

    Nor is one taken that is empty, as for none: a run without --hold, or on another server.

    Every option may come from a variable, EXECUTOR_COMMAND_OPTION; a line says so, as a variable
    that was set for one run and not unset is not seen.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's, after a look at what is given here and in the configuration."""
        prefix = f"{ctx.auto_envvar_prefix}_"
        known = self._name_variables(ctx)
        if not {"-h", "--help"} & set(args) and not ctx.resilient_parsing:
            ctx.default_map = {"output": configuration(ctx).data.get("format", "text")}
            for name in os.environ:
                if name.startswith("EXECUTOR_") and name not in known:
                    _refuse_misspelt(ctx, name, prefix, known)
        seen: list[click.Parameter] = []
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for given in order:
            name = max(given.opts, key=len)
            if isinstance(given, click.Option) and not (given.multiple or given.is_flag):
                if given in seen:
                    raise click.UsageError(f"{name} is given twice", ctx)
                if values[given.name] == "":  # a variable of the shell that is not set
                    raise click.UsageError(f"{name} is empty; give a value, or leave it out", ctx)
                seen.append(given)
        rest = super().parse_args(ctx, args)
        if "output" in ctx.params:
            ctx.meta["json"] = ctx.params["output"] == "json"
        return rest

    def _name_variables(self, ctx: click.Context) -> set[str]:
        """Give each option the variable of its own name; click has that of the parameter."""
        prefix, ctx.auto_envvar_prefix = ctx.auto_envvar_prefix, None
        named = set()
        for option in self.params:
            if isinstance(option, click.Option) and option.name != "var":
                own = f"{prefix}_{variable_of(option)}"
                given = option.envvar or ()
                more = [given] if isinstance(given, str) else list(given)
                option.envvar = more if own in more else [own, *more]
                named.add(own)
        return named

    def invoke(self, ctx: click.Context) -> object:
        """As click's, and before that what is not seen on the command line."""
        for option in self.params:
            own = option.envvar[0] if option.envvar else ""
            source = ctx.get_parameter_source(str(option.name))
            if source is ParameterSource.ENVIRONMENT and os.environ.get(own):
                click.echo(f"from the environment: {option.opts[0]} (${own})", err=True)
        with in_force(ctx):
            return super().invoke(ctx)


def _refuse_misspelt(ctx: click.Context, name: str, prefix: str, known: set[str]) -> None:
    """Raise UsageError for a variable that can only be meant as one of the command, or of all."""
    from difflib import get_close_matches

    from executor.config import nearest

    if name.startswith(prefix):
        value = "; EXECUTOR_VAR_NAME gives a variable of a plan a default"
        near = value if name == f"{prefix}VAR" else nearest(name, known)
        raise click.UsageError(f"${name}: there is no such option{near}", ctx)
    word = name.removeprefix("EXECUTOR_")
    if word in _OF_ALL or "_" in word:
        return
    # so near that EXECUTOR_NUMBER of Jenkins and EXECUTOR_PORT of Kubernetes are others
    if found := get_close_matches("ENV" if word == "ENVIRONMENT" else word, _OF_ALL, 1, 0.65):
        message = f"${name}: there is no such variable; did you mean EXECUTOR_{found[0]}?"
        raise click.UsageError(message, ctx)


class Commands(click.Group):
    """A group of such commands."""

    command_class = Command


class Main(Commands):
    """Turns our errors into one message and the exit code of their kind."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[explicit-any] # as click's
        """As click's; what is printed is UTF-8 in every locale, and a full disk is no bug."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        streams.guard()
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if sys.stdout is not None:  # as with >&-
                    sys.stdout.flush()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EPIPE):
                raise
            # what could not be written is still in the buffer, and Python would try again
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            if error.errno == errno.ENOSPC:
                where = error.filename or "the output"
                click.echo(f"Error: {where} can't be written: {error.strerror}", err=True)
            sys.exit(1)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's; an error that comes before the options of a command ends in JSON too."""
        for option in self.params:  # EXECUTOR_VERSION is the name of other things, too
            if isinstance(option, click.Option):
                option.allow_from_autoenv = option.name != "version"
        pairs = zip(args, [*args[1:], ""], strict=False)
        ctx.meta["json"] = os.environ.get("EXECUTOR_FORMAT") == "json" or any(
            word == "--format=json" or (word, next_) == ("--format", "json")
            for word, next_ in pairs
        )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """As click's, and then the message."""
        gc.set_threshold(100_000)  # what a verb makes it needs to its end; to look takes time
        # as Ctrl-C: cancel, journal, stop
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            return super().invoke(ctx)
        except ExecutorError as error:
            click.echo(f"Error: {error.message}", err=True)
            notes = getattr(error, "__notes__", ())
            for note in notes:
                click.echo(note, err=True)
            if error.hint:
                click.echo(f"Hint: {error.hint}", err=True)
            _tell(ctx, "\n".join([error.message, *notes]), error.exit_code, error.hint, error.facts)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:  # before a run was claimed, or after it was let go
            click.echo("Error: interrupted", err=True)
            _tell(ctx, "interrupted", InterruptedRunError.exit_code)
            ctx.exit(InterruptedRunError.exit_code)
        except click.ClickException as error:
            _tell(ctx, error.format_message(), error.exit_code)
            raise
        except (click.exceptions.Exit, OSError):
            raise
        except Exception as error:
            _tell(ctx, f"a bug: {type(error).__name__}", ExecutorError.exit_code)
            raise


def _tell(
    ctx: click.Context,
    error: str,
    exit_code: int,
    hint: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """The last line of a command that failed, for machines."""
    if not ctx.meta["json"]:
        return
    command = ctx.invoked_subcommand
    event: dict[str, object] = {"event": "CommandFailed", "at": now(), "command": command}
    event |= {"plan": None, "run": None}
    if command in _OF_RUNS:
        bug = exit_code == ExecutorError.exit_code
        event |= {"event": "RunFailed", "state": "unknown" if bug else "unchanged"}
    event |= {**(facts or {}), "status": "failed", "error": error, "hint": hint}
    event["exit_code"] = exit_code
    print(json.dumps(event, ensure_ascii=False, default=str))

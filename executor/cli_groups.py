"""How the command line ends: one message and an exit code for each kind of error."""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from typing import Any

import click

from . import streams
from .errors import ExecutorError, InterruptedRunError


class Main(click.Group):
    """Turns our errors into one message and the exit code of their kind."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
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

    def invoke(self, ctx: click.Context) -> Any:
        """As click's, and then the message."""
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


class Later(click.Group):
    """A group whose commands are imported when one of them is wanted."""

    def _group(self) -> click.Group:
        module = importlib.import_module(f".cli_{self.name}", __package__)
        group: click.Group = getattr(module, str(self.name))
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of its commands."""
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of its commands."""
        return self._group().get_command(ctx, cmd_name)

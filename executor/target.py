"""What --dsn means: a server that is there, or one of our own for as long as the command lasts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from . import embedded


@contextmanager
def server(dsn: str | None) -> Iterator[str | None]:
    """The DSN to connect to; while it is used, SIGTERM is as Ctrl-C: cancel, journal, stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if dsn and dsn.startswith("embedded:"):
        with embedded.kept_server(dsn.removeprefix("embedded:")) as kept:
            yield kept
    else:
        yield dsn

"""What --dsn and TABLE mean: a server that is there or one of our own, and a table's name."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from executor.database import embedded

_CREATE = "?create"  # after embedded:DIR, makes a server if there is none


@contextmanager
def server(dsn: str | None) -> Iterator[str | None]:
    """The DSN to connect to; while it is used, SIGTERM is as Ctrl-C: cancel, journal, stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if dsn and dsn.startswith("embedded:"):
        directory = dsn.removeprefix("embedded:")
        create = directory.endswith(_CREATE)
        with embedded.kept_server(directory.removesuffix(_CREATE), create=create) as kept:
            yield kept
    else:
        yield dsn

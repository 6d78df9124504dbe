"""A connection that breaks at COMMIT: before the server hears of it, or before it can answer."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMIT = b"COMMIT\x00"


class Proxy:
    """Passes everything on, until it is told to cut the next COMMIT."""

    def __init__(self, directory: Path, server: Path) -> None:
        self.directory = directory
        self.cut = threading.Event()
        self.armed: str = ""  # before or after the server has heard of it
        self._server = str(server / ".s.PGSQL.5432")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(directory / ".s.PGSQL.5432"))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._server)
                except OSError:
                    client.close()
                    continue
                for pair in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if from_client and self.armed and COMMIT in data:
                    when, self.armed = self.armed, ""
                    if when == "after":
                        source.shutdown(socket.SHUT_RDWR)
                        sink.sendall(data)
                    self.cut.set()
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
                end.close()


@contextmanager
def proxy(server: Path) -> Iterator[Proxy]:
    """A proxy before a server's socket."""
    with tempfile.TemporaryDirectory(prefix="executor-proxy-") as name:
        running = Proxy(Path(name), server)
        try:
            yield running
        finally:
            running.close()

"""The sign of life of the executor that owns a run, on a connection of its own."""

from __future__ import annotations

import threading
from typing import Self

from executor.database.session import Connector, DatabaseError
from executor.errors import ConnectError

from .writer import Journal

SECONDS = 5.0


class Heartbeat:
    """Beats while the context is open; cancels the run's statements once it was taken over."""

    def __init__(self, connector: Connector, journal: Journal) -> None:
        self._connector = connector
        self._journal = journal
        self.lost_run = False  # another executor took the run over
        self._ended = threading.Event()
        self._claimed = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._claimed.wait(timeout=10)  # so that a second executor finds the first from the start
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(timeout=10)

    def _beat(self) -> None:
        while not self._ended.is_set():
            try:
                self._beat_on_one_connection()
            except (DatabaseError, ConnectError):
                # the run itself notices a lost server; a lost heartbeat is only made anew
                self._ended.wait(SECONDS)

    def _beat_on_one_connection(self) -> None:
        with self._connector.session() as session:
            self._journal.claim(session)
            self._claimed.set()
            while not self._ended.wait(SECONDS):
                if not self._journal.heartbeat(session):
                    self.lost_run = True
                    self._connector.cancel_all()
                    self._ended.set()

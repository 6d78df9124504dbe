"""One command of the executor, watched while it runs."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]

LONGEST = 900.0  # seconds; a swap may be tried 100 times


class Attempt:
    """A running command: its events as they come, and what it said at its end."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: list[Event] = []
        self.said = ""
        self._came = threading.Condition()
        self._ended = False
        self._readers = [
            threading.Thread(target=self._read_events, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_events(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._came:
                self.events.append(json.loads(line))
                self._came.notify_all()
        with self._came:
            self._ended = True
            self._came.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr
        self.said = self.process.stderr.read()

    def wait_for(self, wanted: Callable[[Event], bool], seconds: float) -> bool:
        """Wait for an event; False if the command ended, or the time, before it came."""
        seen, until = 0, time.monotonic() + seconds
        with self._came:
            while True:
                if any(map(wanted, self.events[seen:])):
                    return True
                seen = len(self.events)
                if self._ended or not self._came.wait(until - time.monotonic()):
                    return False

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def end(self, quiet: float) -> int | None:
        """Wait for its end; None if it had to be killed: silent for so long, or at work for too long."""
        came, last = len(self.events), time.monotonic()
        until = last + LONGEST
        while self.running and time.monotonic() < min(last + quiet, until):
            time.sleep(0.05)
            if len(self.events) > came:
                came, last = len(self.events), time.monotonic()
        code = self.process.poll()
        if code is None:
            self.kill()
        for reader in self._readers:
            reader.join(timeout=5)
        return code

    def kill(self) -> None:
        """End it at once, stopped or not."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it where it is."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def last_step(self) -> str:
        """The step that it spoke of last."""
        return next((str(e["step"]) for e in reversed(self.events) if e.get("step")), "")

"""Running the executor as a process of its own, and what it says; a part of `make bench`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PEAK = Path(__file__).parent / "peak.py"
EXECUTOR = (sys.executable, "-c", "from executor.cli.main import main; main()")
PLAN = ROOT / "plans/chunks_100_partitions.yaml"

#: seconds that a process has to stop after SIGTERM: it cancels its statement and writes its journal
PATIENCE = 30

Event = dict[str, Any]


class FailedError(Exception):
    """A measurement can't be finished; the message is a sentence."""


@dataclass(frozen=True)
class Ran:
    """A run that ended: its events, each with its time in seconds since the epoch."""

    events: list[tuple[float, Event]]
    code: int
    late: bool  # stopped at its deadline


def say(line: str) -> None:
    """Talk, on stderr."""
    print(line, file=sys.stderr, flush=True)


def run(
    command: Sequence[str],
    *,
    deadline: float | None = None,
    told: Callable[[Event], None] | None = None,
) -> Ran:
    """Run a command that prints JSON lines; stop it after so many seconds."""
    events: list[tuple[float, Event]] = []
    late = threading.Event()
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process,
        stopped(process, deadline, late),
    ):
        assert process.stdout
        for line in process.stdout:
            events.append((time.time(), json.loads(line)))
            if told:
                told(events[-1][1])
        process.wait()
    return Ran(events, process.returncode, late.is_set())


@contextmanager
def stopped(
    process: subprocess.Popen[Any],
    deadline: float | None = None,
    late: threading.Event | None = None,
) -> Iterator[None]:
    """Whatever happens, the process has ended afterwards; `late` is set if it was its deadline."""

    def expire() -> None:
        if late:
            late.set()
        _end(process)

    timer = threading.Timer(deadline or 0, expire)
    if deadline is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _end(process)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()

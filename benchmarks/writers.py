"""An application that writes single rows at a fixed rate, each write timed."""

from __future__ import annotations

import gc
import multiprocessing
import queue
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import Any

import psycopg
from running import FailedError

#: writes a second of all writers: mixed single-row writes, about as many as a busy application
#: sends
RATE = 800
WRITERS = 4

#: seconds that a writer has to end: more than any lock that the plan holds
PATIENCE = 60

INSERT = (
    "INSERT INTO public.chunks"
    " (collection_id, document_id, chunking_config_id, chunk_index, content) VALUES"
    " (md5('collection ' || %(c)s)::uuid, md5('document ' || %(c)s * 6)::uuid, 1, %(i)s, %(t)s)"
)
UPDATE = "UPDATE public.chunks SET content = %(t)s WHERE id = %(id)s"
DELETE = "DELETE FROM public.chunks WHERE id = %(id)s"
SHARES = {INSERT: 40, UPDATE: 50, DELETE: 10}


@dataclass(frozen=True)
class Stall:
    """One write: when it began (seconds since the epoch), and how long it took."""

    at: float
    seconds: float


def write(dsn: str, rows: int, rate: float, seed: int, stop: Event, results: Any) -> None:
    """Send mixed single-row writes at a fixed rate until told to stop.

    Puts its writes, or the sentence that says why it ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it says when
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # a collection of all that is kept takes 400 ms, which would count as a write's
    stalls: list[Stall] = []
    said = "a writer died"
    try:
        _write(dsn, rows, rate, random.Random(seed), seed, stop, stalls)
        said = ""
    except psycopg.Error as error:
        said = f"a writer failed: {str(error).partition(chr(10))[0]}"
    finally:
        results.put((stalls, said))


def _write(
    dsn: str,
    rows: int,
    rate: float,
    chance: random.Random,
    seed: int,
    stop: Event,
    stalls: list[Stall],
) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        due = time.perf_counter()
        while not stop.is_set():
            values = {
                "c": chance.randrange(800),
                "i": 1_000_000 + chance.randrange(10**8) * 8 + seed,
                "t": "changed " * chance.randrange(20, 200),
                "id": chance.randrange(1, rows),
            }
            text = chance.choices(list(SHARES), list(SHARES.values()))[0]
            at, began = time.time(), time.perf_counter()
            connection.execute(text.encode(), values)
            stalls.append(Stall(at, time.perf_counter() - began))
            due += 1 / rate
            if (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)


class Writing:
    """Writers at work; `ended` stops them and has what they did."""

    def __init__(self, dsn: str, rows: int, rate: float) -> None:
        self._stop = multiprocessing.Event()
        self._results: Any = multiprocessing.Queue()
        self._writers = [
            multiprocessing.Process(
                target=write,
                args=(dsn, rows, rate / WRITERS, seed, self._stop, self._results),
                daemon=True,
            )
            for seed in range(WRITERS)
        ]
        for writer in self._writers:
            writer.start()

    def check(self) -> None:
        """Raise FailedError if a writer was killed, and so left no word."""
        if killed := [writer.exitcode for writer in self._writers if writer.exitcode]:
            raise FailedError(f"a writer ended with exit code {killed[0]}")

    def ended(self) -> list[Stall]:
        """Stop them; every write of all. Raises FailedError if one of them failed."""
        self._stop.set()
        until = time.monotonic() + PATIENCE
        stalls: list[Stall] = []
        for _ in self._writers:
            some, said = self._result(until)
            if said:
                raise FailedError(said)
            stalls += some
        return stalls

    def _result(self, until: float) -> tuple[list[Stall], str]:
        while time.monotonic() < until:
            try:
                result: tuple[list[Stall], str] = self._results.get(timeout=1)
                return result
            except queue.Empty:
                self.check()
        raise FailedError(f"a writer has not ended within {PATIENCE} s")

    def end(self) -> None:
        """Nothing of them is left."""
        self._stop.set()
        for writer in self._writers:
            writer.terminate()
            writer.join(PATIENCE)


@contextmanager
def writing(dsn: str, rows: int, rate: float) -> Iterator[Writing]:
    """Writers that write until the end of the block at the latest."""
    writers = Writing(dsn, rows, rate)
    try:
        yield writers
    finally:
        writers.end()

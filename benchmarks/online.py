"""What the migration costs the application that writes meanwhile; a part of `make bench`.

Writers send single-row statements at a fixed rate, each timed, while the flagship plan runs beside
them; before that, bulk inserts are timed without and with the capture.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from running import EXECUTOR, PLAN, Event, FailedError, Ran, run, say
from writers import Stall, writing

#: rows of the table under load, and of a bulk insert, at most; insertions of each kind
ROWS = 200_000
BULK_ROWS = 20_000
BULK_RUNS = 5

#: seconds of writing alone, before the migration and after it
BEFORE, AFTER = 3, 2

#: seconds between two lines about a run
TICK = 15

#: the steps that must keep pace with the writers
PURSUING = ("first_pass", "catch_up", "verify", "swap")

LOCKS = {
    False: "swap, lock on the table, ms",
    True: "swap, lock on the referenced tables, ms",
}


class Progress:
    """Says what a run does: each retry, and now and then the step."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._step = "start"
        self.retries = 0

    def __call__(self, event: Event) -> None:
        """Take notice of an event."""
        if event["event"] == "StepStarted":
            self._step = event["step"]
        elif event["event"] == "Retrying":
            self.retries += 1
            attempt = f"attempt {event['attempt']} of {event['attempts']}"
            self._say(f"{event['step']}, {attempt} in vain: {event['reason']}")

    def _say(self, what: str) -> None:
        say(f"  {time.monotonic() - self._began:.0f} s: {what}")

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Passes before a retry are no events: so that there is a word, all the same."""
        over = threading.Event()

        def tick() -> None:
            while not over.wait(TICK):
                self._say(f"in step {self._step}, {self.retries} retries")

        thread = threading.Thread(target=tick, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def run_plan(dsn: str, *options: str, deadline: float | None = None) -> Ran:
    """Run the flagship plan; its events with the time of each."""
    command = [*EXECUTOR, "run", str(PLAN), "--dsn", dsn, "--format", "json", *options]
    progress = Progress()
    with progress.ticking():
        return run(command, deadline=deadline, told=progress)


def bulk(dsn: str, rows: int, start: int) -> list[float]:
    """Seconds of inserting rows in one statement, of each round; they are deleted again."""
    seconds = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(BULK_RUNS + 1):
            began = time.perf_counter()
            connection.execute(
                "INSERT INTO public.chunks"
                " (collection_id, document_id, chunking_config_id, chunk_index, content)"
                " SELECT collection_id, document_id, 1, %s + id, content"
                " FROM public.chunks WHERE id <= %s",
                [start + number * 100_000, rows],
            )
            seconds.append(time.perf_counter() - began)
            connection.execute("DELETE FROM public.chunks WHERE chunk_index >= %s", [start])
    return seconds[1:]  # the first one finds nothing in memory


def measure(dsn: str, rows: int, rate: int, deadline: float) -> dict[str, Any]:
    """All figures of one migration of a filled table under load, in at most `deadline` seconds."""
    some = min(rows, BULK_ROWS)
    plain = bulk(dsn, some, 200_000_000)
    if code := run_plan(dsn, "--until", "capture").code:
        raise FailedError(f"the run until the capture failed with {code}")
    # the capture stays, so the rounds of both kinds can't take turns
    captured = bulk(dsn, some, 400_000_000)
    with writing(dsn, rows, rate) as writers:
        time.sleep(BEFORE)
        began = time.time()
        done = run_plan(dsn, deadline=deadline)
        ended = time.time()
        time.sleep(AFTER)
        stalls = writers.ended()
    return {
        "rows": rows,
        "writes asked for, per second": rate,
        "bulk insert, rows": some,
        "bulk insert, seconds": statistics.median(plain),
        "bulk insert, seconds, least and most": [min(plain), max(plain)],
        "bulk insert under capture, seconds": statistics.median(captured),
        "bulk insert under capture, seconds, least and most": [min(captured), max(captured)],
        "bulk insert under capture, ratio": statistics.median(captured) / statistics.median(plain),
        "caught up": verdict(done, rate, ended - began),
        **_writes(done.events, stalls, began, ended),
        **_steps(done.events),
    }


def verdict(done: Ran, rate: int, seconds: float) -> str:
    """Whether the run kept pace, in words; raises FailedError if it failed for another reason."""
    if not done.code:
        return "yes"
    retried = [e["step"] for _, e in done.events if e["event"] == "Retrying"]
    step = ([e["step"] for _, e in done.events if e["event"] == "StepStarted"] or ["?"])[-1]
    if not done.late and not set(retried).intersection(PURSUING):
        raise FailedError(f"the run under load failed with {done.code} in the step {step}")
    failed = "did not catch up with" if step in PURSUING else "had no time to catch up with"
    return (
        f"no: it {failed} {rate} writes/s within {seconds:.0f} s;"
        f" it ended in the step {step} after {len(retried)} retries"
    )


def _writes(
    events: list[tuple[float, Event]], stalls: list[Stall], began: float, ended: float
) -> dict[str, Any]:
    before = [stall.seconds for stall in stalls if stall.at < began]
    during = [stall for stall in stalls if began <= stall.at <= ended]
    if not before or not during:
        raise FailedError("the writers wrote nothing before the migration, or nothing during it")
    worst = max(during, key=lambda stall: stall.seconds)
    seconds = sorted(stall.seconds for stall in during)
    steps = [e["step"] for at, e in events if e["event"] == "StepStarted" and at <= worst.at]
    return {
        "migration, seconds": ended - began,
        "writes during it, per second": len(during) / (ended - began),
        "write before, median ms": 1000 * statistics.median(before),
        "write during, median ms": 1000 * statistics.median(seconds),
        "write during, 99.9 % ms": 1000 * seconds[int(len(seconds) * 0.999)],
        "worst write, ms": 1000 * worst.seconds,
        "worst write, in step": (steps or ["?"])[-1],
    }


def _steps(events: list[tuple[float, Event]]) -> dict[str, Any]:
    seconds = {e["step"]: e["seconds"] for _, e in events if e["event"] == "StepFinished"}
    keys = sum(
        e["rows"]
        for _, e in events
        if e["event"] == "IterationFinished" and e["step"] == "catch_up"
    )
    spent = seconds.get("catch_up")
    return {
        **_locks(events),
        "retries": sum(e["event"] == "Retrying" for _, e in events),
        "catch_up, keys": keys,
        "catch_up, seconds": spent,
        "catch_up, keys per second": keys / spent if keys and spent else None,
        "steps, seconds": {name: round(value, 2) for name, value in seconds.items()},
    }


def _locks(events: list[tuple[float, Event]]) -> dict[str, float]:
    """How long the swap held its locks: `held for 151 ms`, by what was locked."""
    return {
        LOCKS["references" in finding["subject"]]: float(finding["actual"].split()[-2])
        for _, event in events
        if event["event"] == "AssertionChecked" and event["step"] == "swap"
        for finding in event["findings"]
    }


def lines(load: dict[str, Any]) -> Iterator[str]:
    """The figures, one a line."""
    for name, value in load.items():
        if isinstance(value, dict):
            yield f"{name}: {', '.join(f'{step} {of}' for step, of in value.items())}"
        else:
            several = value if isinstance(value, list) else [value]
            shown = [f"{one:,.3f}" if isinstance(one, float) else str(one) for one in several]
            yield f"{name}: {' to '.join(shown)}"

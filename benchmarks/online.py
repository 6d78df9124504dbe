"""What the migration costs the application that writes meanwhile; a part of `make bench`.

Writers send single-row statements at a fixed rate, each timed, while the flagship plan runs beside
them; before that, bulk inserts are timed without and with the capture.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[1]
EXECUTOR = (sys.executable, "-c", "from executor.cli import main; main()")
PLAN = "plans/chunks_100_partitions.yaml"

INSERT = (
    "INSERT INTO public.chunks"
    " (collection_id, document_id, chunking_config_id, chunk_index, content) VALUES"
    " (md5('collection ' || %(c)s)::uuid, md5('document ' || %(c)s * 6)::uuid, 1, %(i)s, %(t)s)"
)
UPDATE = "UPDATE public.chunks SET content = %(t)s WHERE id = %(id)s"
DELETE = "DELETE FROM public.chunks WHERE id = %(id)s"


@dataclass(frozen=True)
class Stall:
    """One write: when it began (seconds since the epoch), and how long it took."""

    at: float
    seconds: float


def write(dsn: str, rows: int, rate: float, seed: int, stop: Event, results: Any) -> None:
    """Send mixed single-row writes at a fixed rate until told to stop."""
    chance = random.Random(seed)
    stalls: list[Stall] = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        due = time.perf_counter()
        while not stop.is_set():
            values = {
                "c": chance.randrange(800),
                "i": 1_000_000 + chance.randrange(10**8) * 8 + seed,
                "t": "changed " * chance.randrange(20, 200),
                "id": chance.randrange(1, rows),
            }
            text = chance.choices((INSERT, UPDATE, DELETE), (40, 50, 10))[0]
            at, began = time.time(), time.perf_counter()
            connection.execute(text, values)
            stalls.append(Stall(at, time.perf_counter() - began))
            due += 1 / rate
            if (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)
    results.put(stalls)


def run_plan(dsn: str, *options: str) -> list[tuple[float, dict[str, Any]]]:
    """Run the flagship plan; its events with the time of each."""
    command = [*EXECUTOR, "run", PLAN, "--dsn", dsn, "--format", "json", *options]
    events = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        events.extend((time.time(), json.loads(line)) for line in process.stdout)
    if process.returncode:
        sys.exit(f"the run failed with {process.returncode}")
    return events


def bulk(dsn: str, runs: int, start: int) -> float:
    """Median seconds of inserting 20,000 rows in one statement; they are deleted again."""
    seconds = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(runs):
            began = time.perf_counter()
            connection.execute(
                "INSERT INTO public.chunks"
                " (collection_id, document_id, chunking_config_id, chunk_index, content)"
                " SELECT collection_id, document_id, 1, %s + id, content"
                " FROM public.chunks WHERE id <= 20000",
                [start + number * 100_000],
            )
            seconds.append(time.perf_counter() - began)
            connection.execute("DELETE FROM public.chunks WHERE chunk_index >= %s", [start])
    return statistics.median(seconds)


def measure(dsn: str, rows: int, rate: int, runs: int) -> dict[str, Any]:
    """All figures of one migration of a filled table under load."""
    plain = bulk(dsn, runs, 200_000_000)
    run_plan(dsn, "--until", "capture")
    captured = bulk(dsn, runs, 400_000_000)
    stop, results = multiprocessing.Event(), multiprocessing.Queue()
    writers = [
        multiprocessing.Process(target=write, args=(dsn, rows, rate / 4, seed, stop, results))
        for seed in range(4)
    ]
    for writer in writers:
        writer.start()
    time.sleep(3)
    began = time.time()
    events = run_plan(dsn)
    ended = time.time()
    time.sleep(2)
    stop.set()
    stalls = [stall for _ in writers for stall in results.get()]
    return {
        "rows": rows,
        "bulk insert, seconds": plain,
        "bulk insert under capture, ratio": captured / plain,
        **figures(events, stalls, began, ended),
    }


def figures(
    events: list[tuple[float, dict[str, Any]]], stalls: list[Stall], began: float, ended: float
) -> dict[str, Any]:
    """What the events and the writers say."""
    during = [stall for stall in stalls if began <= stall.at <= ended]
    before = [stall.seconds for stall in stalls if stall.at < began]
    worst = max(during, key=lambda stall: stall.seconds)
    steps = [(at, e["step"]) for at, e in events if e["event"] == "StepStarted"]
    held = [
        finding["actual"]
        for _, event in events
        if event["event"] == "AssertionChecked" and event["step"] == "swap"
        for finding in event["findings"]
    ]
    seconds = {e["step"]: e["seconds"] for _, e in events if e["event"] == "StepFinished"}
    keys = sum(
        e["rows"]
        for _, e in events
        if e.get("step") == "catch_up" and "rows" in e and e["event"] == "IterationFinished"
    )
    return {
        "migration, seconds": ended - began,
        "writes during it, per second": len(during) / (ended - began),
        "write before, median ms": 1000 * statistics.median(before),
        "write during, median ms": 1000 * statistics.median(s.seconds for s in during),
        "write during, 99.9 % ms": 1000
        * sorted(s.seconds for s in during)[int(len(during) * 0.999)],
        "worst write, ms": 1000 * worst.seconds,
        "worst write, in step": ([name for at, name in steps if at <= worst.at] or ["?"])[-1],
        "swap": ", ".join(held),
        "retries": sum(e["event"] == "Retrying" for _, e in events),
        "catch_up, keys": keys,
        "catch_up, seconds": seconds.get("catch_up"),
        "catch_up, keys per second": keys / seconds["catch_up"] if keys else None,
        "steps, seconds": {name: round(value, 2) for name, value in seconds.items()},
    }

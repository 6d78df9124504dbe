"""What a rehearsal has found, read from FILE.json, for the review and the report of the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from . import files
from .errors import UsageError
from .formats import count, counted, listed, moment, short, size, took

_MAX_BYTES = 100_000_000
_WIDTH = 300


def read(file: str) -> Mapping[str, Any]:
    """What `executor rehearse` has written, or printed with --format json; raises UsageError."""
    try:
        lines = files.read(Path(file), _MAX_BYTES).decode().splitlines()
        found = [item for line in lines if (item := json.loads(line))["event"] == "Rehearsed"]
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _none(file) from error
    if not found:
        raise _none(file)
    return dict(found[-1])


def _none(file: str) -> UsageError:
    return UsageError(
        f"{file} is no rehearsal as JSON", hint="executor rehearse PLAN -o rehearsal.json writes it"
    )


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a run was said to take, in seconds, and when."""

    at: str
    best: float
    least: float
    most: float
    steps: Mapping[str, float]


def forecast_of(found: Mapping[str, Any], file: str, plan: str, digest: str | None) -> Forecast:
    """The forecast for a run of a plan, which is bound to a digest or not; raises UsageError."""
    try:
        guess, steps = found["forecast"], found["forecast_steps"]
        if found["plan"] != plan or digest not in (None, found["digest"]):
            raise UsageError(
                f"{file} is a rehearsal of something else than this run",
                hint="the run is one of another plan, or was bound by --expect to something else",
            )
        if not guess:
            raise UsageError(f"{file} has no forecast: {found['message']}")
        return Forecast(_moment(found), **guess["seconds"], steps=dict(steps))
    except (KeyError, TypeError, ValueError) as error:
        raise _none(file) from error


def in_words(found: Mapping[str, Any], file: str, digest: str) -> tuple[tuple[str, str], ...]:
    """Names and sentences, the most important first; of a review with another digest only that."""
    try:
        if found["digest"] == digest:
            return tuple(_in_words(found))
        why = "is about other statements, values or definitions; rehearse again"
        return (("Rehearsed", f"not this: {file}, of {_moment(found)}, {why}"),)
    except (KeyError, TypeError, ValueError) as error:
        raise _none(file) from error


def _moment(found: Mapping[str, Any]) -> str:
    return f"{moment(datetime.fromisoformat(found['at']))} UTC"


def _in_words(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    made = " made like those" if found["synthetic"] else ""
    rows = count(found["drawn"][found["table"]]) + made
    where = f"on PostgreSQL {found['rehearsed_on']} {found['server']}, {_moment(found)}"
    message = short(found["message"], _WIDTH)
    yield "Rehearsed", f"{message}; with {rows} of {count(found['rows'])} rows, {where}"
    runs = found["runs"]
    written = max((run["writes"] for run in runs), key=lambda one: float(one["longest"]))
    if written["number"]:
        step = f" in {written['longest_in']}" if written["longest_in"] else ""
        failed = sum(sum(run["writes"]["failed"].values()) for run in runs)
        lost = f"; {counted(failed, 'write')} failed" if failed else ""
        yield "Longest write beside it", f"{took(written['longest'])}{step}{lost}"
    if strong := [lock for lock in runs[0]["locks"] if lock["makes_writers_wait"]]:
        lock = max(strong, key=lambda one: float(one["seconds"]))
        yield (
            "Longest lock that writers wait for",
            f"{took(lock['seconds'])}: {lock['step']}, {lock['mode']} on {lock['table']}",
        )
    if guess := found["forecast"]:
        time = guess["seconds"]
        between = f"between {took(time['least'])} and {took(time['most'])}"
        room = f"WAL {size(guess['wal'])}, disk {size(guess['disk'])} more"
        yield "Forecast", f"about {took(time['best'])}, {between}; {room}"
    if missing := found["not_rebuilt"]:
        yield "Not rebuilt there", listed([short(what, _WIDTH) for what in missing], "; ")

"""What a rehearsal has found, as lines for people, which are Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from executor.formats import count, short, size, took
from executor.queries import told as of_queries

from . import forecast
from .beside import Written
from .locks import Lock
from .other_size import OtherSize
from .server import Server
from .trial import Rehearsal, Trial

_MOST = 20  # of what could not be rebuilt, and of findings
_WIDTH = 200
_FAR = 20  # times as many rows as were rehearsed: see docs/rehearse.md
_APART = 1.5  # so much longer takes a run that says something of what rows take
_NAMES = {"run": "Run", "rollback": "Rollback", "run again": "Run again"}
_NAMES |= {"run on more rows": "Run on more rows", "run on a part": "Run on a part of the rows"}


def summary(found: Rehearsal) -> str:
    """One sentence."""
    stopped = found.stopped
    if stopped is None:
        works = "works: it ran, went back, and ran again"
        if found.queries and found.queries.of("fails", "differs", "slower"):
            return f"{works}; but of the application: {of_queries.summary(found.queries)}"
        return works
    where = f" in the step {stopped.step}" if stopped.step else ""
    why = str(stopped.error).removeprefix(f"step {stopped.step}: ").splitlines()
    return f"{stopped.what} stops{where}: {why[0] if len(why) == 1 else '; '.join(why[:2])}"


def lines(found: Rehearsal) -> Iterator[str]:
    """The page."""
    real = found.real
    yield f"# Rehearsal of {found.plan} on {real.table.name}"
    yield ""
    yield f"**{summary(found)}**"
    yield ""
    yield (
        f"- the real server: {real.where}, PostgreSQL {real.database['version']};"
        f" {count(real.table.rows)} rows, {size(real.table.bytes)}; it was only read"
    )
    drawn = ", ".join(f"{name} {count(rows)}" for name, rows in real.drawn.items())
    rows = "rows made like those of" if found.synthetic else "rows of"
    yield f"- rehearsed on PostgreSQL {found.version} {found.where}, with {rows} {drawn}"
    yield from _not_rebuilt(found)
    for trial in found.trials:
        yield from _trial(trial, found)
    yield from _forecast(found)
    yield from _queries(found)


def _not_rebuilt(found: Rehearsal) -> Iterator[str]:
    missing = found.real.not_rebuilt
    yield ""
    if not missing:
        yield "All definitions of the database were rebuilt."
        return
    yield f"## Not rebuilt: {len(missing)}"
    yield ""
    yield from (f"- {short(what, _WIDTH)}" for what in missing[:_MOST])
    if len(missing) > _MOST:
        yield f"- and {len(missing) - _MOST} more; --format json has all"


def _trial(trial: Trial, found: Rehearsal) -> Iterator[str]:
    yield ""
    how = "stopped" if trial.error else f"took {took(trial.seconds)}"
    yield f"## {_NAMES[trial.what]}: {count(trial.rows)} rows, {how}"
    yield ""
    if found.other and trial.what == found.other.what:
        yield from _of_other(found.other)
    if trial.error:
        yield f"- {trial.step or 'before its first step'}:"
        yield from (f"  {line}" for line in str(trial.error).splitlines())
    if trial.what == "rollback":
        if found.same_after_rollback is not None and not trial.error:
            yield "- afterwards the table had every row as before, with all that was written to it"
        elif not trial.error:
            yield "- the rows before and after were not compared: the columns are not the same"
    else:
        yield from _written(trial.written)
    grown = size(max(trial.bytes, 0))
    yield f"- disk {grown} more, WAL {size(trial.wal)}, with that of the writers"
    if trial.what == "run" and trial.findings:
        yield f"- {len(trial.findings)} findings that warn"
        yield from (f"  - {short(line, _WIDTH)}" for line in trial.findings[:_MOST])
    if trial.what in ("run", "rollback"):
        yield from _locks(trial.locks)


def _of_other(other: OtherSize) -> Iterator[str]:
    if other.why_less:
        yield f"- for the forecast; more rows can't be made of the sample: {other.why_less}"
    else:
        yield "- for the forecast: those of the sample several times over, with other keys"


def _written(written: Written) -> Iterator[str]:
    if written.number:
        longest = took(written.longest)
        yield f"- {count(written.number)} writes beside it, the longest {longest}" + (
            f" in {written.longest_in}" if written.longest_in else ""
        )
    else:
        yield "- nobody wrote beside it"
    yield from (f"  - left out: {what}" for what in written.left_out)
    for what, number in written.failed.most_common(_MOST):
        yield f"  - FAILED {number} times: {what}"


def _locks(locks: Sequence[Lock]) -> Iterator[str]:
    strong = [lock for lock in locks if lock.makes_writers_wait]
    if strong:
        yield "- locks that writers wait for, by the plan's statements, and how long each was seen:"
    for lock in strong:
        waited = f", waited for {took(lock.waited)}" if lock.waited else ""
        held = took(lock.seconds) if lock.seconds else "under 10 ms"
        yield f"  - {lock.step}: {lock.mode} on {lock.table}, {held}{waited}"


def _forecast(found: Rehearsal) -> Iterator[str]:
    guess = forecast.seconds(found)
    if guess is None:
        return
    yield ""
    table = found.real.table
    real = f"{count(table.rows)} rows, {size(table.bytes)}"
    machine = "this one" if found.where == Server.where else "that server's"
    yield f"## Forecast for {real}, by PostgreSQL {found.version} on a machine like {machine}"
    yield ""
    yield (
        f"- time: about {took(guess.best)}, between {took(guess.least)} and {took(guess.most)},"
        " if that is as busy as this one was"
    )
    yield from _made_of(found)
    yield f"- WAL {size(forecast.wal(found) or 0)}, disk {size(forecast.disk(found) or 0)} more"
    for step, seconds in _longest(found):
        yield f"  - {step}: {took(seconds)}"


def _made_of(found: Rehearsal) -> Iterator[str]:
    """What the forecast rests on, and when that is little."""
    fewer, more = forecast.points(found)
    rows = found.real.table.rows
    if fewer is more:
        yield "- that is what a run of all rows took here"
        return
    yield (
        f"- by what each step took of {count(fewer.rows)} rows ({took(fewer.seconds)} in all) and"
        f" of {count(more.rows)} ({took(more.seconds)})"
    )
    times = rows / more.rows
    if times > _FAR:
        yield (
            f"- the table has {times:,.0f} times as many rows, which makes every error as much"
            " larger: --rows or --percent takes more of them"
        )
    if more.seconds < fewer.seconds * _APART:
        yield "- the rows are hardly seen in these times: with more of them, it would be surer"


def _longest(found: Rehearsal) -> list[tuple[str, float]]:
    return sorted(forecast.steps(found).items(), key=lambda item: -item[1])[:8]


def _queries(found: Rehearsal) -> Iterator[str]:
    yield ""
    yield "## Statements of the application"
    yield ""
    if found.queries is None:
        why = found.no_queries or "the run did not get as far"
        yield f"None was looked at: {why}."
        return
    for line in of_queries.lines(found.queries):
        yield f"    {line}" if line else ""


def record(found: Rehearsal) -> dict[str, Any]:
    """The same for machines."""
    real = found.real
    guess = forecast.seconds(found)
    return {
        "event": "Rehearsed",
        "plan": found.plan,
        "at": found.at,
        "digest": found.digest,
        "table": str(real.table.name),
        "works": found.stopped is None,
        "message": summary(found),
        "rows": real.table.rows,
        "version": real.database["version"],
        "rehearsed_on": found.version,
        "server": found.where,
        "synthetic": found.synthetic,
        "drawn": dict(real.drawn),
        "not_more_rows": found.other.why_less if found.other else "",
        "not_rebuilt": list(real.not_rebuilt),
        "runs": [_record(trial) for trial in found.trials],
        "same_after_rollback": found.same_after_rollback,
        "forecast": guess
        and {"seconds": asdict(guess), "wal": forecast.wal(found), "disk": forecast.disk(found)},
        "forecast_steps": forecast.steps(found),
        "queries": found.queries and of_queries.record(found.queries),
    }


def _record(trial: Trial) -> dict[str, Any]:
    return {
        "what": trial.what,
        "rows": trial.rows,
        "seconds": trial.seconds,
        "steps": trial.steps,
        "bytes": trial.bytes,
        "wal": trial.wal,
        "findings": trial.findings,
        "locks": [
            {**asdict(lock), "makes_writers_wait": lock.makes_writers_wait} for lock in trial.locks
        ],
        "writes": {**asdict(trial.written), "failed": dict(trial.written.failed)},
        "step": trial.step,
        "error": str(trial.error) if trial.error else None,
    }

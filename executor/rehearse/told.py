"""What a rehearsal has found, as lines for people, which are Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from executor.formats import count, short, size, took
from executor.queries import told as of_queries

from .beside import HARMLESS, Lock, Written
from .trial import Guess, Rehearsal, Trial, forecast

_MOST = 20  # of what could not be rebuilt, and of findings
_WIDTH = 200
_FAR = 100  # times as many rows as were rehearsed: see docs/rehearse.md
_APART = 1.5  # so much longer takes a run that says something of what rows take
_NAMES = {"run on a part": "Run on a part of the rows", "run": "Run", "rollback": "Rollback"}
_NAMES |= {"run again": "Run again"}


def summary(found: Rehearsal) -> str:
    """One sentence."""
    stopped = found.stopped
    if stopped is None:
        return "works: it ran, went back, and ran again"
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
    yield f"- rehearsed on PostgreSQL {found.version} of our own, with rows of {drawn}"
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
    strong = [lock for lock in locks if lock.mode not in HARMLESS]
    if strong:
        yield "- locks that writers wait for, as seen every 10 ms; `executor review` lists all:"
    for lock in strong:
        waited = f", waited for {took(lock.waited)}" if lock.waited else ""
        mode, step = lock.mode.removesuffix("Lock"), lock.step or "rollback"
        held = took(lock.seconds) if lock.seconds else "under 10 ms"
        yield f"  - {step}: {mode} on {lock.table}, {held}{waited}"


def _forecast(found: Rehearsal) -> Iterator[str]:
    guess = forecast(found, lambda trial: trial.seconds)
    if guess is None:
        return
    wal, disk = _of_wal(found), _of_disk(found)
    yield ""
    yield f"## Forecast for {count(found.real.table.rows)} rows, on a machine like this one"
    yield ""
    yield f"- time: about {took(guess.best)}; {took(guess.watched)} by the run that was watched"
    small, whole = found.trials[0], found.trials[-1]
    times = found.real.table.rows / max(whole.rows, 1)
    if times > _FAR or (times > 1 and whole.seconds < small.seconds * _APART):
        yield (
            f"- this can be several times off: that is {times:.0f} times what was rehearsed, and a"
            f" tenth of it took {took(small.seconds)} of {took(whole.seconds)}; take more rows"
        )
    if wal and disk:
        yield f"- WAL {size(wal.best)}, disk {size(disk.best)} more"
    for step, seconds in _steps(found):
        yield f"  - {step}: {took(seconds)}"


def _of_wal(found: Rehearsal) -> Guess | None:
    return forecast(found, lambda trial: float(trial.wal))


def _of_disk(found: Rehearsal) -> Guess | None:
    # what was dropped by a rollback is no measure of what a run takes
    found_once = [trial for trial in found.trials if trial.what != "run again"]
    return forecast(_with(found, found_once), lambda trial: float(max(trial.bytes, 0)))


def _with(found: Rehearsal, trials: list[Trial]) -> Rehearsal:
    return Rehearsal(found.plan, found.real, found.version, trials)


def _steps(found: Rehearsal) -> list[tuple[str, float]]:
    """Those that take longest; the steps alone add up to more than all, for none gets faster."""
    names = dict.fromkeys(name for trial in found.trials for name in trial.steps)
    guesses = ((name, forecast(found, _of_step(name))) for name in names)
    told = [(name, guess.best) for name, guess in guesses if guess]
    return sorted(told, key=lambda item: -item[1])[:8]


def _of_step(name: str) -> Callable[[Trial], float]:
    return lambda trial: trial.steps.get(name, 0.0)


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
    guesses = {"seconds": forecast(found, lambda trial: trial.seconds), "wal": _of_wal(found)}
    return {
        "event": "Rehearsed",
        "plan": found.plan,
        "table": str(real.table.name),
        "works": found.stopped is None,
        "message": summary(found),
        "rows": real.table.rows,
        "version": real.database["version"],
        "rehearsed_on": found.version,
        "drawn": dict(real.drawn),
        "not_rebuilt": list(real.not_rebuilt),
        "runs": [_record(trial) for trial in found.trials],
        "same_after_rollback": found.same_after_rollback,
        "forecast": {name: guess and asdict(guess) for name, guess in guesses.items()},
        "forecast_steps": dict(_steps(found)),
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
        "locks": [asdict(lock) for lock in trial.locks],
        "writes": {**asdict(trial.written), "failed": dict(trial.written.failed)},
        "step": trial.step,
        "error": str(trial.error) if trial.error else None,
    }

"""What the page of a report says, put together from what was read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from executor import __version__
from executor.rehearsed import Forecast

from . import charts
from .assertions import ORDER, Evaluation, evaluations
from .evidence import Evidence, Row
from .statements import StepStatements, Taken
from .timeline import Span, spans


def content(
    evidence: Evidence,
    statements: Mapping[str, StepStatements],
    forecast: Forecast | None = None,
) -> dict[str, object]:
    """The values of report.html; ``forecast`` is that of a rehearsal."""
    run, steps = evidence.run, evidence.steps
    lived = spans(evidence.spans, steps)
    descriptions = {name: known.descriptions for name, known in statements.items()}
    checked = evaluations(evidence.findings, descriptions)
    done = ("rolled_back",) if run["status"] == "rolled_back" else ("succeeded", "skipped")
    return {
        "run": run,
        "where": evidence.where,
        "version": __version__,
        "outcome": outcome(run),
        "seconds": (_ended(run, steps) - run["started_at"]).total_seconds(),
        "main": _main(steps),
        "finished": sum(step["status"] in done for step in steps),
        "steps": steps,
        "timeline": charts.timeline(steps, lived),
        "throughputs": list(charts.throughputs(evidence.throughput)),
        "forgotten": [step["name"] for step in steps if _forgotten(step)],
        "different": _different(steps, checked),
        "locks": evidence.locks,
        "taken": list(_taken(steps, statements, lived)),
        "stalls": _stalls(lived),
        "assertions": checked,
        "verdicts": _verdicts(checked),
        "statements": statements,
        "doubts": sum(bool(known.doubt) for known in statements.values()),
        "distributions": list(charts.distributions(evidence.partitions)),
        "backups": evidence.backups,
        "left_alone": evidence.left_alone,
        "forecast": forecast,
    }


def outcome(run: Row) -> str:
    """How a run ended, in a word or two."""
    if run["status"] != "running":
        return str(run["status"]).replace("_", " ")
    if run["at_work"]:
        return "running"
    return "stopped" if run["error"] else "broken off"


def _ended(run: Row, steps: Sequence[Row]) -> datetime:
    """When the run ended: now, if it runs; of one that was killed, its last trace."""
    traces = [step[key] for step in steps for key in ("started_at", "finished_at", "last_at")]
    last: datetime = max([run["started_at"], *filter(None, traces)])
    ended: datetime | None = run["asked_at"] if run["at_work"] else run["finished_at"]
    return ended or last


def _main(steps: Sequence[Row]) -> Row | None:
    """The step that moved most rows: of those that work in batches, if there are any."""
    batches = [step for step in steps if step["form"] == "batches" and step["rows"]]
    moved = batches or [step for step in steps if step["rows"]]
    return max(moved, key=lambda step: step["rows"], default=None)


def _forgotten(step: Row) -> bool:
    """Whether it has worked in iterations that the journal has not, since it was undone."""
    return step["form"] in ("batches", "repeat") and step["status"] == "rolled_back"


def _different(steps: Sequence[Row], checked: Sequence[Evaluation]) -> list[Row]:
    """What the checks have found that a run begins with, and did not stop it: the worst first."""
    leading = [step["name"] for step in itertools.takewhile(lambda s: s["form"] == "check", steps)]
    return [
        {**finding, "verdict": "not known" if finding["passed"] is None else evaluation.verdict}
        for evaluation in checked
        if evaluation.step in leading and evaluation.verdict in ("failed", "warned", "not known")
        for finding in evaluation.shown
        if finding["passed"] is not True
    ]


def _taken(
    steps: Sequence[Row], statements: Mapping[str, StepStatements], lived: Sequence[Span]
) -> Iterator[tuple[Row, Taken, float | None]]:
    """The locks of each step that anybody waits for, and how long one was held at most."""
    stalls = _stalls(lived)
    for step in steps:
        begin, end = step["started_at"], step["finished_at"]
        seconds = None if step["form"] == "once" else step["longest"]
        if step["form"] == "once" and begin and end:
            # what was waited for, and tried in vain, was over before
            past = [span.end for span in stalls if span.step == step["name"]]
            began = max([begin, *(moment for moment in past if moment <= end)])
            seconds = (end - began).total_seconds()
        for lock in statements[step["name"]].locks if begin else ():
            yield step, lock, seconds


def _stalls(lived: Sequence[Span]) -> list[Span]:
    """Waits and attempts in vain, the longest first."""
    found = [span for span in lived if span.kind in ("retry", "wait")]
    return sorted(found, key=lambda span: -span.seconds)


def _verdicts(checked: Sequence[Evaluation]) -> dict[str, int]:
    return {kind: sum(evaluation.verdict == kind for evaluation in checked) for kind in ORDER}

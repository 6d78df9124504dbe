"""What the page of a report says, put together from what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from executor import __version__

from . import pictures
from .assertions import ORDER, Claim, claims
from .evidence import Evidence, Row
from .statements import Reprint
from .timeline import Span, spans


def content(evidence: Evidence, reprints: Mapping[str, Reprint]) -> dict[str, object]:
    """The values of report.html."""
    run, steps = evidence.run, evidence.steps
    lived = spans(evidence.spans, steps)
    said = {name: reprint.claims for name, reprint in reprints.items()}
    checked = claims(evidence.findings, said)
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
        "timeline": pictures.timeline(steps, lived),
        "throughputs": list(pictures.throughputs(evidence.throughput)),
        "forgotten": [step["name"] for step in steps if _forgotten(step)],
        "locks": evidence.locks,
        "stalls": _stalls(lived),
        "claims": checked,
        "verdicts": _verdicts(checked),
        "reprints": reprints,
        "doubts": sum(bool(reprint.doubt) for reprint in reprints.values()),
        "distributions": list(pictures.distributions(evidence.partitions)),
        "backups": evidence.backups,
        "left_alone": evidence.left_alone,
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


def _stalls(lived: Sequence[Span]) -> list[Span]:
    """Waits and attempts in vain, the longest first."""
    found = [span for span in lived if span.kind in ("retry", "wait")]
    return sorted(found, key=lambda span: -span.seconds)


def _verdicts(checked: Sequence[Claim]) -> dict[str, int]:
    return {kind: sum(claim.verdict == kind for claim in checked) for kind in ORDER}

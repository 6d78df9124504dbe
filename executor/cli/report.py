"""The command report: one page that says what a run has done, for people who were not there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from executor import __version__, formats, resources
from executor.errors import UsageError
from executor.report import page, pictures
from executor.report.assertions import ORDER, Claim, claims
from executor.report.evidence import Evidence, Row, collect
from executor.report.statements import Reprint, reprint
from executor.report.timeline import Span, spans
from executor.templating.templates import Templates

from . import output as outputs
from .target import server


def report(run: str | None, plan: str | None, dsn: str | None, file: str, output: str) -> None:
    """Write the report of a run to a file, or to stdout for `-`."""
    if output == "json" and file == "-":
        raise UsageError("-o - prints the page, where --format json prints JSON; name a file")
    number, plan = _meant(run, plan)
    # without a number it is the newest run, of the plan if one is given
    name = resources.find_plan(plan).stem if plan and number is None else None
    target = None if file == "-" else outputs.place(file)
    templates = Templates((resources.home() / "sql",))
    with server(dsn) as where:
        evidence = collect(where, templates, number, name)
    text = page.fill(_values(evidence, reprint(plan, evidence.run, evidence.steps)))
    if target is None:
        print(text, end="")
        return
    outputs.put(target, text)
    row = evidence.run
    size = len(text.encode())
    if output == "json":
        told = {"run": row["id"], "plan": row["plan"], "status": _outcome(row)}
        print(outputs.as_json({"event": "Report", **told, "file": str(target), "bytes": size}))
        return
    table = row["subject"]
    what = f"run {row['id']} of {row['plan']}{f' on {table}' if table else ''}, {_outcome(row)}"
    print(f"{file}: {what}; {formats.size(size)}", file=sys.stderr)


def _meant(run: str | None, plan: str | None) -> tuple[int | None, str | None]:
    """The number of a run and a plan, one of them alone, or neither."""
    if run is None or run.isdecimal():
        return (int(run) if run else None), plan
    if plan is None:
        return None, run
    raise UsageError(f"{run!r} is not the number of a run", hint="executor report 7 PLAN")


def _values(evidence: Evidence, reprints: dict[str, Reprint]) -> dict[str, Any]:
    run, steps = evidence.run, evidence.steps
    lived = spans(evidence.spans, steps)
    said = {name: reprint.claims for name, reprint in reprints.items()}
    checked = claims(evidence.findings, said)
    done = ("rolled_back",) if run["status"] == "rolled_back" else ("succeeded", "skipped")
    return {
        "run": run,
        "where": evidence.where,
        "version": __version__,
        "outcome": _outcome(run),
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


def _outcome(run: Row) -> str:
    """How a run ended, in a word or two."""
    if run["status"] != "running":
        return str(run["status"]).replace("_", " ")
    if run["at_work"]:
        return "running"
    return "stopped" if run["error"] else "broken off"


def _ended(run: Row, steps: Sequence[Row]) -> datetime:
    """When the run ended: now, if it runs; of one that was killed, its last trace."""
    if run["at_work"]:
        return run["asked_at"]  # type: ignore[no-any-return]
    if run["finished_at"]:
        return run["finished_at"]  # type: ignore[no-any-return]
    traces = [step[key] for step in steps for key in ("started_at", "finished_at", "last_at")]
    return max([run["started_at"], *filter(None, traces)])  # type: ignore[no-any-return]


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

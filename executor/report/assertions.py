"""The findings of a run, put together to the assertions that made them, the failed first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SHOWN = 500  # findings of one evaluation; the journal has all


@dataclass(slots=True)
class Evaluation:
    """One evaluation of an assertion."""

    step: str
    number: int  # its place in the step, from 1
    kind: str
    severity: str
    description: str
    checked_at: Any
    findings: list[Mapping[str, Any]] = field(default_factory=list)
    later: bool = False  # whether it was evaluated again

    @property
    def failed(self) -> int:
        """How many findings did not pass."""
        return sum(finding["passed"] is False for finding in self.findings)

    @property
    def unknown(self) -> int:
        """Of how many findings nobody knows whether they hold."""
        return sum(finding["passed"] is None for finding in self.findings)

    @property
    def verdict(self) -> str:
        """How it counts: held, failed, warned, not known, or superseded by a later evaluation."""
        if not self.failed and not self.unknown:
            return "held"
        if self.later:
            return "superseded"
        if not self.failed:
            return "not known"
        return "failed" if self.severity == "error" else "warned"

    @property
    def shown(self) -> list[Mapping[str, Any]]:
        """The findings, those first that did not pass."""
        place = (False, None, True).index
        return sorted(self.findings, key=lambda finding: place(finding["passed"]))[:SHOWN]


ORDER = ("failed", "warned", "not known", "superseded", "held")


def evaluations(
    findings: Iterable[Mapping[str, Any]], descriptions: Mapping[str, Sequence[str]]
) -> list[Evaluation]:
    """Every evaluation, in order of how much it matters, then of time.

    ``descriptions`` are those of the assertions of each step whose plan is known.
    """
    found: dict[tuple[str, int, str], Evaluation] = {}
    last: dict[tuple[str, int], Evaluation] = {}
    for row in findings:
        step, number = row["step"], row["assertion"]
        key = (step, number, row["evaluation"])
        if key not in found:
            known = descriptions.get(step, ())
            text = known[number - 1] if number <= len(known) else ""
            evaluation = Evaluation(
                step, number, row["kind"], row["severity"], text, row["checked_at"]
            )
            if earlier := last.get((step, number)):
                earlier.later = True
            found[key] = last[step, number] = evaluation
        found[key].findings.append(row)
        if row["severity"] != "open":
            found[key].severity = row["severity"]
    return sorted(found.values(), key=lambda evaluation: ORDER.index(evaluation.verdict))

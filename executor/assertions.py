"""Evaluates assertions: a claim holds if there is a finding and every one passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .database import Session
from .errors import AssertionFailedError, PlanError, Problem
from .events import AssertionChecked, Finding
from .model import Assertion, Step
from .transactions import Work

_COLUMNS = ("subject", "expected", "actual", "passed")
_SHOWN = 10  # findings in an error message; the journal has all


@dataclass(frozen=True, slots=True)
class Checked:
    """An evaluated assertion."""

    number: int  # its place in the step, from 1
    assertion: Assertion
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the claim holds; never without a finding."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)


class AssertionsFailed(Exception):  # noqa: N818 - internal; it carries the evidence to the journal
    """At least one assertion of severity error does not hold."""

    def __init__(self, checked: list[Checked]) -> None:
        super().__init__("assertions failed")
        self.checked = checked


def check(work: Work, session: Session, step: Step) -> list[Checked]:
    """Evaluate all assertions of a step; raises AssertionsFailed if an error is among them."""
    results = []
    for number, assertion in enumerate(step.assertions, 1):
        checked = Checked(number, assertion, _findings(work, session, assertion))
        results.append(checked)
        work.emit_after(
            AssertionChecked(
                step.name,
                assertion.kind,
                assertion.severity,
                checked.passed,
                assertion.description,
                checked.findings,
            )
        )
    if any(not item.passed and item.assertion.severity == "error" for item in results):
        raise AssertionsFailed(results)
    return results


def record(work: Work, session: Session, step: Step, checked: list[Checked]) -> None:
    """Write the evidence to the journal."""
    for item in checked:
        work.journal.findings(session, step.name, item.number, item.assertion, item.findings)


def failure(step: Step, failed: AssertionsFailed) -> AssertionFailedError:
    """The error that says which findings did not pass."""
    lines = []
    for item in failed.checked:
        if item.passed or item.assertion.severity != "error":
            continue
        wrong = [finding for finding in item.findings if not finding.passed]
        title = item.assertion.description or item.assertion.kind
        lines.append(f"{title}: {'does not hold' if wrong else 'no finding was returned'}")
        lines += [f"  {finding}" for finding in wrong[:_SHOWN]]
        if len(wrong) > _SHOWN:
            lines.append(f"  and {len(wrong) - _SHOWN} more")
    return AssertionFailedError(
        f"step {step.name}: an assertion failed\n" + "\n".join(lines), step=step.name
    )


def _findings(work: Work, session: Session, assertion: Assertion) -> tuple[Finding, ...]:
    rendered = work.renderer.assertion(assertion)
    template = f"assertions/{assertion.kind}.sql"
    if rendered.prepare:
        work.execute(session, template, rendered.prepare)
    rows = work.execute(session, template, rendered.query).rows
    return tuple(_finding(work, assertion, row) for row in rows)


def _finding(work: Work, assertion: Assertion, row: Mapping[str, Any]) -> Finding:
    if tuple(row) != _COLUMNS:
        message = f"{assertion.kind} returns ({', '.join(row)}), not ({', '.join(_COLUMNS)})"
        raise PlanError([Problem(str(work.renderer.plan.path), assertion.line, "", message)])
    subject, expected, actual = (str(row[column]) for column in _COLUMNS[:3])
    return Finding(subject, expected, actual, row["passed"] is True)

"""Evaluates assertions: a claim holds if there is a finding and every one passed.

A finding whose `passed` is null is open: nobody knows. It has neither passed nor failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from executor.database.queries import Queries
from executor.errors import AssertionFailedError, PlanError, Problem, StepError, UsageError
from executor.events import AssertionChecked, Finding
from executor.plan.model import Assertion, Step
from executor.plan.variables import judged
from executor.queries import told

from .step_run import StepCheck, StepRun

_COLUMNS = ("subject", "expected", "actual", "passed")
_SHOWN = 50  # findings in an error message; the journal has all


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

    @property
    def stops(self) -> bool:
        """Whether it ends the run: by what failed, or by what is not known."""
        error = self.assertion.severity == "error"
        failed = not self.findings or any(finding.passed is False for finding in self.findings)
        unknown = any(finding.passed is None for finding in self.findings)
        return (failed and error) or (unknown and self.assertion.unknown_stops)


class AssertionsFailed(Exception):  # noqa: N818 - internal; it carries the evidence to the journal
    """At least one assertion that stops the run does not hold."""

    def __init__(self, checked: list[Checked]) -> None:
        super().__init__("assertions failed")
        self.checked = checked


def check(step_check: StepCheck) -> list[Checked]:
    """Evaluate all assertions of a step; raises AssertionsFailed if one of them stops it."""
    results = []
    renderer = step_check.renderer
    for number, given in enumerate(step_check.step.assertions, 1):
        assertion = judged(given, renderer.templates, renderer.values)
        checked = Checked(number, assertion, _findings(step_check, assertion))
        results.append(checked)
        step_check.emit_after(
            AssertionChecked(
                step_check.step.name,
                assertion.kind,
                assertion.severity,
                checked.passed,
                assertion.description,
                checked.findings,
                checked.stops,
            )
        )
    if any(item.stops for item in results):
        raise AssertionsFailed(results)
    return results


def check_alone(step_check: StepCheck) -> None:
    """Evaluate all assertions of a step in a transaction; raises AssertionFailedError."""
    try:
        step_check.transact(lambda: check(step_check))
    except AssertionsFailed as failed:
        raise failure(step_check.step, failed) from None


def record(step_run: StepRun, checked: list[Checked]) -> None:
    """Write the evidence to the journal."""
    journal, session, step = step_run.work.journal, step_run.session, step_run.step.name
    for item in checked:
        journal.findings(session, step, item.number, item.assertion, item.findings)


def failure(step: Step, failed: AssertionsFailed) -> AssertionFailedError:
    """The error that says which findings did not pass."""
    lines = []
    for item in failed.checked:
        if not item.stops:
            continue
        wrong = [finding for finding in item.findings if not finding.passed]
        title = (item.assertion.description or item.assertion.kind).rstrip(".")
        lines.append(f"{title}: {'does not hold' if wrong else 'no finding was returned'}")
        told = [line for finding in wrong if (line := f"  {finding}") not in lines]
        lines += told[:_SHOWN]
        if len(told) > _SHOWN:
            lines.append(f"  and {len(told) - _SHOWN} more")
    return AssertionFailedError(
        f"step {step.name}: an assertion failed\n" + "\n".join(lines), step=step.name
    )


def _findings(step_check: StepCheck, assertion: Assertion) -> tuple[Finding, ...]:
    if assertion.kind == told.KIND:
        queries = Queries(step_check.session)
        try:
            return tuple(told.findings(queries, step_check.renderer, assertion))
        except UsageError as error:  # one of the tables is gone since the step before
            step = step_check.step.name
            raise StepError(f"step {step}: {error.message}", step=step) from error
    rendered = step_check.renderer.assertion(assertion)
    template = f"assertions/{assertion.kind}.sql"
    if rendered.prepare:
        step_check.execute(template, rendered.prepare)
    rows = step_check.execute(template, rendered.query).rows
    return tuple(_finding(assertion, row) for row in rows)


def _finding(assertion: Assertion, row: Mapping[str, object]) -> Finding:
    if tuple(row) != _COLUMNS:
        message = f"{assertion.kind} returns ({', '.join(row)}), not ({', '.join(_COLUMNS)})"
        raise PlanError([Problem(*assertion.place, "", message)])
    subject, expected, actual = (str(row[column]) for column in _COLUMNS[:3])
    passed = None if row["passed"] is None else row["passed"] is True
    return Finding(subject, expected, actual, passed)

"""What nobody knows has not passed: it is shown, counted apart, and stops where the plan says so."""

from __future__ import annotations

import json

import pytest

from tests.helpers.command import Connection, refused
from tests.helpers.plans import Project, call

LOOK = """
- name: look
  assertions:
    - findings: {{sql: look.sql, description: The application is ready.{0}}}
  rollback: nothing
"""
FINDINGS = """
SELECT 'writers' AS subject, 'none' AS expected, 'none' AS actual, true AS passed
UNION ALL SELECT 'readers', 'none', 'they can''t be seen', NULL
"""


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", 6),
        (", severity: warn", 0),
        (", unknown: show", 0),
        (", severity: warn, unknown: stop", 6),
    ],
)
def test_what_nobody_knows_is_shown_and_stops_where_the_plan_says_so(
    said: str, code: int, project: Project, database: str, connection: Connection, psql
) -> None:
    project.write(LOOK.format(said), look=FINDINGS)
    done = project.call("run", "--dsn", database)
    sentence = "readers: expected none, not known: they can't be seen"
    if code:
        refused(done, code, "The application is ready: does not hold", f"  {sentence}")
    else:
        assert done.returncode == 0, done.stderr
        assert (
            f"      ? not known: The application is ready.\n          {sentence}\n" in done.stderr
        )
        assert "2 findings of 1 assertion, 1 not known" in done.stderr
    assert "writers" not in done.stderr
    kept = connection.execute("SELECT subject, severity, passed FROM executor.findings ORDER BY id")
    severity = "warn" if "warn" in said else "error"
    assert kept.fetchall() == [("writers", severity, True), ("readers", "open", False)]

    page = call("report", "--dsn", database, "-o", "-")
    assert page.returncode == 0, page.stderr
    assert "<td>not known</td>" in page.stdout
    assert "0 failed" not in page.stdout
    assert "1 not known" in page.stdout

    printed = psql(database, project.call("render", "--print-sql").stdout)
    assert (printed.returncode != 0) is bool(code)
    assert sentence in printed.stderr


def test_a_program_reads_null(project: Project, database: str) -> None:
    project.write(LOOK.format(", severity: warn"), look=FINDINGS)
    done = project.call("run", "--dsn", database, "--format", "json")
    (checked,) = (
        event
        for event in map(json.loads, done.stdout.splitlines())
        if event["event"] == "AssertionChecked"
    )
    assert [finding["passed"] for finding in checked["findings"]] == [True, None]
    assert (checked["passed"], checked["stops"]) == (False, False)


def test_what_is_not_known_hides_no_failure(project: Project, database: str) -> None:
    findings = FINDINGS.replace("true AS passed", "false AS passed")
    project.write(LOOK.format(", unknown: show"), look=findings)
    refused(project.call("run", "--dsn", database), 6, "writers: expected none, found none")

"""Where a remark stands, how a plan explains it, and the forms in which it is told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from executor.lint import squawk
from tests.helpers.plans import ROOT, Project, call

STEPS = """
# a comment above
- name: first
  sql: first.sql
  rollback: nothing
- name: second
  sql: |
    SELECT 1;
    ALTER TABLE public.old DROP COLUMN b
  rollback: nothing
"""
FIRST = """\
-- what it does
{% for name in ['a', 'c'] %}

-- each
ALTER TABLE public.old DROP COLUMN {{ name | ident }};
{% endfor %}
ALTER TABLE public.old
  ADD CONSTRAINT c CHECK (id > 0);
"""
HEAD = "settings: {lock_timeout: 1s, idle_in_transaction_session_timeout: 10s}"


@pytest.fixture
def linted(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A plan of which there is something to say, and which is in the working directory."""
    monkeypatch.chdir(project.directory)
    return project.write(STEPS, HEAD, first=FIRST)


def lint(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    return call("lint", "plans/work.yaml", *options, cwd=project.directory)


def told(project: Project, *options: str) -> list[tuple[str, str]]:
    lines = lint(project, "--format", "json", *options).stdout.splitlines()
    found = [json.loads(line) for line in lines[:-1]]
    return [(f"{item['file']}:{item['line']}", item["rule"]) for item in found]


def test_a_remark_has_the_line_of_the_template_or_of_the_plan(linted):
    assert told(linted, "--no-squawk") == [
        ("sql/first.sql:5", "rows-under-lock"),
        ("sql/first.sql:5", "loses-data"),
        ("plans/work.yaml:5", "nothing-proven"),
        ("plans/work.yaml:11", "loses-data"),
    ]


def test_squawk_is_asked_of_what_was_there_before(linted):
    assert ("sql/first.sql:7", "constraint-missing-not-valid") in told(linted)
    linted.templates(first=f"CREATE TABLE public.old (id bigint, a int, b int, c int);\n{FIRST}")
    assert [rule for _, rule in told(linted)] == []


def test_without_squawk_the_error_names_what_installs_it(linted, monkeypatch):
    monkeypatch.setattr(squawk.shutil, "which", lambda name: None)
    monkeypatch.setattr(squawk.sysconfig, "get_path", lambda name: "/nowhere")
    done = lint(linted)
    assert done.returncode == 2
    assert "sql-plan-executor[lint]" in done.stderr


@pytest.mark.parametrize(
    ("before", "comment", "left"),
    [
        ("- name: first", "# lint: allow loses-data: nobody reads it\n  ", 1),
        ("  sql: first.sql", "# lint: allow cascade, loses-data: nobody reads it\n  ", 1),
        ("description", "# lint: allow loses-data: nobody reads them\n", 0),
        ("- name: first", "# lint: allow loses-data\n  ", 2),
        ("- name: first", "# lint: allow cascade: another rule\n  ", 2),
    ],
)
def test_a_comment_explains_what_is_said_of_its_step_or_plan(linted, before, comment, left):
    text = linted.plan.read_text()
    linted.plan.write_text(text.replace(before, f"{comment}{before}", 1))
    done = lint(linted, "--no-squawk")
    assert done.stdout.count("loses-data") == left
    assert ("explained" in done.stdout) == (left < 2)
    assert "nobody reads" not in done.stdout
    assert ("nobody reads" in lint(linted, "--no-squawk", "-v").stdout) == (left < 2)


def test_a_comment_in_a_template_explains_what_that_says(linted):
    linted.templates(first=f"{FIRST}-- lint: allow loses-data: nobody reads it\n")
    assert lint(linted, "--no-squawk").stdout.count("loses-data") == 1


def test_sarif_says_what_is_explained_and_why(linted):
    linted.templates(first=f"-- lint: allow loses-data: nobody reads it\n{FIRST}")
    [run] = json.loads(lint(linted, "--no-squawk", "--format", "sarif").stdout)["runs"]
    of_rules = {item["ruleId"]: item for item in run["results"][:-1]}
    result = of_rules["loses-data"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "loses-data"
    assert result["suppressions"] == [{"kind": "inSource", "justification": "nobody reads it"}]
    [place] = result["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 6}
    assert "suppressions" not in of_rules["nothing-proven"]


def test_no_name_in_a_plan_gives_a_command_to_github(project, monkeypatch):
    project.write('- {name: work, sql: "DROP TABLE {{ t | ident }}", rollback: nothing}', "")
    text = project.plan.read_text()
    evil = 'variables: {t: {type: table, default: "\\"a\\n::error::x,b%0A\\".\\"c::d\\""}}\n'
    project.plan.write_text(evil + text)
    done = call("lint", str(project.plan), "--no-squawk", "--format", "github")
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert "b%250A" in done.stdout


def test_a_plan_that_is_not_valid_is_told_in_the_same_form(linted):
    linted.templates(first="SELECT {{ nothing | ident }};")
    done = lint(linted, "--no-squawk", "--format", "github")
    assert done.returncode == 3
    assert done.stdout.startswith("::error file=sql/first.sql,line=1,title=invalid (work)::")


def test_a_plan_that_extends_ours_is_told_where_it_says_so(project, monkeypatch):
    """A reader can do nothing about a line of what pip has installed."""
    project.plan.parent.mkdir()
    given = "description: a test\n\nextends: chunks_100_partitions.yaml\n"
    given += "settings: {lock_timeout: 0}\nvariables: {partition_count: 2}\n"
    project.plan.write_text(given)
    monkeypatch.chdir(project.directory)
    found = told(project, "--no-squawk")
    assert {place for place, _ in found} == {"plans/work.yaml:3"}
    assert ("plans/work.yaml:3", "lock-without-bound") in found


@pytest.mark.parametrize(
    "name",
    [
        "chunks_100_partitions",
        "adopt",
        "maintain_partitions",
        *sorted(path.stem for path in (ROOT / "plans/examples").glob("*.yaml")),
    ],
)
def test_of_our_own_plans_everything_is_explained(name):
    done = call("lint", name)
    assert done.returncode == 0, done.stdout


def test_every_plan_is_meant(tmp_path: Path) -> None:
    for name in ("a", "deep/b"):
        path = tmp_path / "plans" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("description: a\nsteps: [{name: a, sql: SELECT 1, rollback: nothing}]\n")
    done = call("lint", "--all", "--no-squawk", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 plans: 0 remarks\n")
    assert call("validate", "--all", cwd=tmp_path).stderr.count("valid, 1 step") == 2
    (tmp_path / "plans/a.yaml").write_text("description: a\n")
    done = call("validate", "plans/a.yaml", "plans/deep/b.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("valid, 1 step")) == (3, 1)

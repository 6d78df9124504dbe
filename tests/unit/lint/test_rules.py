"""Each rule for plans hits what it is about, and nothing else."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import pytest

from executor.lint.rules import RULES
from tests.helpers.plans import ROOT, Project

LOCKS = "settings: {lock_timeout: 1s, idle_in_transaction_session_timeout: 10s}"
NEW = "CREATE TABLE public.made (id bigint);"
DROP = "DROP TABLE public.made;"


class Case(NamedTuple):
    hits: dict[str, str]
    misses: dict[str, str]
    steps: str
    head: str = LOCKS
    head_missing: str = LOCKS


def once(more: str = "rollback: nothing") -> str:
    return f"- {{name: work, sql: work.sql, {more}}}"


CASES = {
    "lock-without-bound": Case(
        {"work": "ALTER TABLE public.old ADD COLUMN a int;"},
        {"work": "ALTER TABLE public.old ADD COLUMN a int;"},
        once(),
        head="settings: {idle_in_transaction_session_timeout: 10s}",
    ),
    "rows-under-lock": Case(
        {"work": "ALTER TABLE public.old ADD COLUMN a int; UPDATE public.old SET a = 1;"},
        {"work": "ALTER TABLE public.old ADD COLUMN a int; COMMENT ON TABLE public.old IS 'a';"},
        once(),
    ),
    "idle-without-bound": Case(
        {"work": "ALTER TABLE public.old ADD COLUMN a int;"},
        {"work": "ALTER TABLE public.old ADD COLUMN a int;"},
        once(),
        head="settings: {lock_timeout: 1s}",
    ),
    "write-without-throttle": Case(
        {"work": "DELETE FROM public.old WHERE {{ batch.first_block | literal }} = 1;"},
        {"work": "SELECT 1 FROM public.old WHERE {{ batch.first_block | literal }} = 1;"},
        once("batches: {table: public.old, rows: 10}, rollback: nothing"),
    ),
    "loses-data": Case(
        {"work": "ALTER TABLE public.old DROP COLUMN a;"},
        {"work": f"{NEW} DROP TABLE public.made;"},
        once(),
    ),
    "cascade": Case(
        {"work": f"{NEW}", "back": "DROP TABLE public.made CASCADE;"},
        {"work": f"{NEW}", "back": "DROP TABLE public.made;"},
        once("rollback: back.sql"),
    ),
    "irreversible-not-last": Case(
        {"work": "SELECT 1;", "back": DROP, "last": NEW},
        {"work": "SELECT 1;", "back": "", "last": NEW},
        once("irreversible: it is so")
        + '\n- {name: last, sql: last.sql, rollback: "{{ROLLBACK}}"}',
    ),
    "not-idempotent": Case(
        {"work": "CREATE INDEX CONCURRENTLY old_a ON public.old (a);"},
        {
            "work": "DROP INDEX CONCURRENTLY IF EXISTS public.old_a;"
            " CREATE INDEX CONCURRENTLY old_a ON public.old (a);"
        },
        once("transaction: false, rollback: nothing"),
    ),
    "nothing-proven": Case(
        {"work": "COMMENT ON TABLE public.old IS 'a';"},
        {"work": f"{NEW} COMMENT ON TABLE public.made IS 'a';"},
        once(),
    ),
}


def rules(project: Project, *options: str) -> list[str]:
    """The names of the rules that have a remark, each once."""
    done = project.call("lint", "--no-squawk", "--format", "json", *options)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    found = [item["rule"] for item in told if item["event"] == "Remark"]
    assert done.returncode == (6 if found else 0), (done.stdout, done.stderr)
    assert told[-1]["remarks"] == len(found)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_hits(rule, project):
    case = CASES[rule]
    steps = case.steps.replace("{{ROLLBACK}}", "back.sql")
    assert rule in rules(project.write(steps, case.head, **case.hits))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_misses_what_is_as_it_asks(rule, project):
    case = CASES[rule]
    steps = case.steps.replace('"{{ROLLBACK}}"', "nothing")
    assert rule not in rules(project.write(steps, case.head_missing, **case.misses))


@pytest.mark.parametrize(
    ("head", "step"),
    [("throttle: [SELECT true]", ""), ("", "pause: 10ms, ")],
)
def test_a_throttle_or_a_pause_is_enough(head, step, project):
    case = CASES["write-without-throttle"]
    steps = case.steps.replace("rollback", f"{step}rollback")
    project.write(steps, f"{LOCKS}\n{head}", **case.hits)
    assert "write-without-throttle" not in rules(project)


def test_an_irreversible_step_may_lose_data_and_an_assertion_proves(project):
    project.write(
        '- {name: work, sql: "TRUNCATE public.old", irreversible: so, assertions: ['
        "{no_rows: {sql: SELECT 1 FROM public.old}}]}",
        LOCKS,
    )
    assert rules(project) == []


def test_what_is_given_another_name_is_as_much_in_use(project):
    project.write(
        once(),
        LOCKS,
        work="ALTER TABLE public.old RENAME TO other; ALTER TABLE public.other DROP COLUMN a;",
    )
    assert rules(project) == ["loses-data", "nothing-proven"]


def test_the_page_has_a_section_for_every_rule():
    page = (ROOT / "docs/lint.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### `([a-z-]+)`$", page, flags=re.MULTILINE)) == set(RULES)

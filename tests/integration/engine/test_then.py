"""What a later step does for an item is done right after the item, and at the step's turn what is left."""

from __future__ import annotations

import pytest

from tests.helpers.command import one, refused

STEPS = """
- {name: make, for_each: "range(4)", workers: WORKERS, then: tidy, sql: make.sql, rollback: nothing}
- {name: between, sql: between.sql, rollback: nothing}
- name: tidy
  for_each: range(4)
  skip: tidied.sql
  transaction: false
  sql: tidy.sql
  rollback: nothing
"""
TEMPLATES = {
    "make": "INSERT INTO public.done (what) VALUES ('make {{ item }}');",
    "between": "INSERT INTO public.done (what) VALUES ('between');",
    # a VACUUM takes no transaction around it
    "tidy": "VACUUM public.done; INSERT INTO public.done (what) SELECT 'tidy {{ item }}' WHERE 1 / (public.bad() - {{ item }}) IS NOT NULL",
    "tidied": "SELECT 3 UNION SELECT right(what, 1)::integer FROM public.done WHERE what LIKE 'tidy%'",
}
DONE = "SELECT array_agg(what ORDER BY number) FROM public.done"


@pytest.fixture
def done(connection):
    connection.execute(
        "CREATE TABLE public.done (number bigint GENERATED ALWAYS AS IDENTITY, what text);"
        "CREATE FUNCTION public.bad() RETURNS integer LANGUAGE sql AS 'SELECT 9'"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_later_step_follows_each_item_that_needs_it(project, database, connection, done, workers):
    plan = project.write(STEPS.replace("WORKERS", str(workers)), **TEMPLATES)
    assert plan.call("run", "--dsn", database).returncode == 0
    found = one(connection, DONE)
    assert found.index("between") == len(found) - 1  # nothing was left for the step itself
    assert sorted(found) == ["between", *(f"make {n}" for n in range(4)), *(f"tidy {n}" for n in range(3))]  # fmt: skip
    for number in range(3):
        assert found.index(f"make {number}") < found.index(f"tidy {number}")
    if workers == 1:
        assert found[:3] == ["make 0", "tidy 0", "make 1"]


def test_what_was_not_done_then_is_done_when_its_turn_comes(project, database, connection, done):
    plan = project.write(STEPS.replace("WORKERS", "1"), **TEMPLATES)
    connection.execute("CREATE OR REPLACE FUNCTION public.bad() RETURNS integer LANGUAGE sql AS 'SELECT 1'")  # fmt: skip
    refused(plan.call("run", "--dsn", database), 5, "step tidy", "division by zero")
    assert one(connection, DONE) == ["make 0", "tidy 0", "make 1"]
    connection.execute("CREATE OR REPLACE FUNCTION public.bad() RETURNS integer LANGUAGE sql AS 'SELECT 9'")  # fmt: skip
    assert plan.call("run", "--dsn", database).returncode == 0
    assert one(connection, DONE)[3:] == ["make 2", "tidy 2", "make 3", "between", "tidy 1"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("then: tidy", "then: tdy", "'tdy' is not a later step"),
        ("then: tidy", "then: make", "'make' is not a later step"),
        ('"range(4)", workers', '"range(3)", workers', "'tidy' needs the same `for_each`"),
        ("  transaction: false\n", "", "`transaction: false`"),
        ("  skip: tidied.sql\n", "", "`skip` for what is left to it"),
        ("workers: 1", "together: {at_most: 2}", "one transaction each"),
    ],
)
def test_a_step_that_can_not_follow_is_refused(project, was, becomes, said):
    steps = STEPS.replace("WORKERS", "1")
    assert was in steps
    plan = project.write(steps.replace(was, becomes), **TEMPLATES)
    refused(plan.call("validate"), 3, said)

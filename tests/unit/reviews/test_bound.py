"""What a run is bound to: the same for the same plan, values and facts, whenever it begins."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from executor.errors import DriftError, UsageError
from executor.plan.loader import load
from executor.rendering.facts import Facts
from executor.rendering.renderer import Renderer
from executor.reviews.bound import Bound, Expected, bind, compared, expected, neutral, refuse_other
from tests.helpers.plans import Project

HEAD = """
variables:
  t: {type: table, default: public.t}
  size: {type: integer, default: 3}
  hands: {type: integer, default: 2, ask: hands.sql}
names: {made: "{{ t | suffix('_' ~ timestamp) }}"}
facts: {indexes: indexes.sql}
"""
STEPS = "- {name: make, sql: make.sql, isolation: read committed, rollback: nothing}"
TEMPLATES = {
    "hands": "SELECT 2",
    "indexes": "SELECT indexname AS name FROM pg_indexes",
    "make": "CREATE TABLE {{ made | ident }} (n integer);\n"
    "{% for index in facts.indexes %}\n"
    "CREATE INDEX {{ index.name | ident }} ON {{ made | ident }} (n);\n"
    "{% endfor %}\n",
}
FACTS = {"indexes": [{"name": "one"}]}


@pytest.fixture
def plan(project: Project) -> Path:
    project.write(STEPS, HEAD, **TEMPLATES)
    return project.plan


def bound(
    plan: Path, facts: object = None, timestamp: str = "20250101_000000", **values: object
) -> Bound:
    return bind(neutral(Renderer.of(load(plan), values, timestamp, Facts(facts or FACTS))))  # type: ignore[arg-type]


def test_the_moment_and_what_is_asked_for_are_no_part_of_it(plan):
    assert bound(plan).digest == bound(plan, timestamp="20260101_000000", hands=7).digest


def test_a_value_a_fact_and_a_template_are(plan, project):
    before = bound(plan)
    assert list(compared(before, bound(plan, size=4))) == ["  value size: was 3, is 4"]
    index = list(compared(before, bound(plan, {"indexes": [{"name": "one"}, {"name": "two"}]})))
    assert index[:2] == ["  indexes: two was added", "  steps that are others: make"]
    assert '+CREATE INDEX "two" ON "public"."t_YYYYMMDD_HHMMSS" (n);' in "\n".join(index)
    project.templates(make=TEMPLATES["make"].replace("n integer", "n bigint"))
    edited = list(compared(before, bound(plan)))
    assert edited[0] == "  steps that are others: make"
    assert any("bigint" in line for line in edited)


def test_what_a_step_does_without_sql_is(plan, project):
    before = bound(plan)
    project.write(
        STEPS.replace("isolation: read committed", "retry: {attempts: 9}"), HEAD, **TEMPLATES
    )
    assert list(compared(before, bound(plan))) == ["  steps that are others: make"]
    project.write(
        STEPS.replace("isolation: read committed", "description: Make it."), HEAD, **TEMPLATES
    )
    assert bound(plan).digest == before.digest


def written(path: Path, document: object) -> str:
    path.write_text(json.dumps(document))
    return str(path)


def test_a_review_is_read_back_and_refuses_another(plan, tmp_path):
    known = bound(plan)
    document = {"digest": known.digest, "bound": asdict(known), "given": {}}
    read = expected(written(tmp_path / "review.json", document))
    assert read == Expected(known.digest, known, {})
    refuse_other(read, Renderer.of(load(plan), {}, "20250101_000000", Facts(FACTS)))
    with pytest.raises(DriftError, match=r"value size: was 3, is 5"):
        refuse_other(read, Renderer.of(load(plan), {"size": 5}, "20250101_000000", Facts(FACTS)))


def test_a_digest_alone_says_that_there_is_a_difference(plan):
    with pytest.raises(DriftError, match="is expected"):
        refuse_other(
            expected("0" * 64), Renderer.of(load(plan), {}, "20250101_000000", Facts(FACTS))
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [("abc123", "64 digits"), ("missing.json", "can't be read"), ("{}", "nor a review")],
)
def test_what_is_no_review_is_refused(text, said, tmp_path):
    given = written(tmp_path / "x.json", {}) if text == "{}" else text
    with pytest.raises(UsageError, match=said):
        expected(given)


def test_a_review_that_was_edited_is_refused(plan, tmp_path):
    known = bound(plan)
    document = {"digest": known.digest, "bound": {**asdict(known), "values": {}}, "given": {}}
    with pytest.raises(UsageError, match="was edited"):
        expected(written(tmp_path / "review.json", document))

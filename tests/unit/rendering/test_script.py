"""A printed script is SQL that psql runs, and the same for the same values."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path

import pytest

from executor.errors import PlanError
from executor.plan.loader import load
from executor.plan.variables import resolve
from executor.rendering import script
from executor.rendering.facts import NO_FACTS
from executor.rendering.facts_file import example
from executor.rendering.renderer import Renderer
from executor.templating.statements import split

PLANS = sorted((Path(__file__).parents[3] / "plans").rglob("*.yaml"))
TIMESTAMP = "20250811_120000"


loaded = cache(load)


def renderer(path: Path, **given: object) -> Renderer:
    """Renders a plan."""
    plan, templates = own = loaded(path)
    known = {variable.name for variable in plan.variables}
    chosen = {name: value for name, value in given.items() if name in known}
    facts = example(plan) or NO_FACTS
    return Renderer(own, resolve(plan, templates, chosen, TIMESTAMP), facts)


def kinds(text: str) -> list[str]:
    """The kinds of statement in a script, without what is psql's own."""
    text = re.sub(r" \\gset$", ";", text, flags=re.MULTILINE)
    text = re.sub(r"^\\(set|if|else|endif)\b.*$", "", text, flags=re.MULTILINE)
    return [statement.kind for statement in split(text, "script")]


@pytest.fixture
def printed(project):
    """The scripts of a plan made on the spot, there and back."""

    def printed(steps: str, head: str = "") -> tuple[str, str]:
        project.write(
            steps, head, work="INSERT INTO t VALUES (1);", undo="DELETE FROM t;", no="SELECT false"
        )
        project.templates(item="INSERT INTO t VALUES ({{ item }});", vacuum="VACUUM t;")
        own = renderer(project.plan)
        return "\n".join(script.forward(own)), "\n".join(script.rollback(own))

    return printed


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_script_of_every_plan_is_sql_and_always_the_same(path):
    text, again = ("\n".join(script.forward(renderer(path, partition_count=2))) for _ in "ab")
    assert text == again
    for part in (text, "\n".join(script.rollback(renderer(path, partition_count=2)))):
        found = kinds(part)
        assert found[0] == "variable_set_stmt"
        assert found.count("transaction_stmt") % 2 == 0
    words = re.findall(r"^\\\w+", text, flags=re.MULTILINE)
    assert words[0] == "\\set"
    assert words.count("\\if") == words.count("\\else") == words.count("\\endif")


def test_a_step_is_one_transaction(printed):
    text, back = printed("- {name: a, sql: work.sql, rollback: undo.sql, isolation: serializable}")
    lines = text.splitlines()
    begin = lines.index("BEGIN ISOLATION LEVEL SERIALIZABLE;")
    assert lines[begin + 1 : begin + 3] == ["INSERT INTO t VALUES (1);", "COMMIT;"]
    assert "DELETE FROM t;\nCOMMIT;" in back
    assert "-- DELETE FROM t;\n-- COMMIT;" in text


def test_assertions_are_in_the_transaction_of_the_step(printed):
    steps = "- {name: a, sql: work.sql, assertions: [no_rows: {sql: no.sql}], rollback: undo.sql}"
    text, _ = printed(steps)
    assert kinds(text)[-4:] == ["transaction_stmt", "insert_stmt", "do_stmt", "transaction_stmt"]
    assert text.index("INSERT INTO") < text.index("RAISE EXCEPTION") < text.index("\nCOMMIT;")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1;", "sql/look.sql:1: must be one SELECT without a semicolon"),
        ("SELECT 1\nFORM t", 'sql/look.sql:2: syntax error at or near "t"'),
    ],
)
def test_what_is_wrong_in_the_sql_of_an_assertion_is_told_of_its_own_file(project, text, message):
    project.write(
        "- {name: a, assertions: [no_rows: {sql: look.sql}], rollback: nothing}", look=text
    )
    with pytest.raises(PlanError) as caught:
        renderer(project.plan).digests()
    assert str(caught.value).startswith(message)


def test_a_warning_does_not_stop_the_script(printed):
    text, _ = printed(
        "- {name: a, sql: work.sql, assertions: [no_rows: {sql: no.sql, severity: warn}], rollback: undo.sql}"
    )
    assert "RAISE WARNING" in text
    assert "RAISE EXCEPTION" not in text


def test_when_becomes_a_condition_of_psql(printed):
    text, _ = printed("- {name: a, when: no.sql, sql: work.sql, rollback: undo.sql}")
    head, _, rest = text.partition(
        "SELECT NOT coalesce((\nSELECT false\n), false) AS executor_skip \\gset\n"
    )
    assert "INSERT" not in head
    assert rest.startswith(
        "\\if :executor_skip\n\\else\nBEGIN ISOLATION LEVEL READ COMMITTED;\nINSERT"
    )
    assert "COMMIT;\n\\endif\n" in rest


def test_finished_when_leaves_out_every_step_but_those_of_always(printed):
    text, _ = printed(
        """
        - {name: a, sql: work.sql, rollback: undo.sql}
        - {name: b, sql: work.sql, rollback: undo.sql, always: true}
        """,
        "finished_when: no.sql",
    )
    assert "SELECT coalesce((\nSELECT false\n), false) AS executor_finished \\gset" in text
    _, a, b = re.split(
        r"^-- Step \d.*\n.*\n", text.partition("\n-- Rollback")[0], flags=re.MULTILINE
    )
    assert a.startswith("\\if :executor_finished\n\\else\nBEGIN")
    assert b.startswith("BEGIN")


def test_each_item_is_a_transaction_and_is_undone_in_reverse(printed):
    text, back = printed("- {name: a, for_each: range(3), sql: item.sql, rollback: item.sql}")
    assert re.findall(r"^INSERT INTO t VALUES \((\d)\)", text, flags=re.MULTILINE) == [
        "0",
        "1",
        "2",
    ]
    assert re.findall(r"VALUES \((\d)\)", back) == ["2", "1", "0"]
    assert back.count("BEGIN ISOLATION") == back.count("COMMIT;") == 3


def test_no_items_are_no_transaction(printed):
    text, back = printed("- {name: a, for_each: '[]', sql: item.sql, rollback: item.sql}")
    assert "BEGIN" not in text + back


def test_without_a_transaction_there_is_no_begin(printed):
    text, _ = printed("- {name: a, transaction: false, sql: vacuum.sql, rollback: nothing}")
    assert "VACUUM t;" in text
    assert "BEGIN" not in text


def test_passes_are_a_loop_that_ends(printed):
    steps = "- {name: a, repeat: {until: no.sql, at_most: 7}, sql: work.sql, rollback: nothing}"
    text, _ = printed(steps)
    assert "FOR pass IN 1 .. 7 LOOP" in text
    assert kinds(text)[-1] == "do_stmt"


def test_an_irreversible_step_stops_the_rollback_and_says_why(printed):
    _, back = printed('- {name: a, sql: work.sql, irreversible: "it\'s $executor$; DROP TABLE t"}')
    assert kinds(back)[-1] == "do_stmt"
    assert r"E'the step a can''t be undone: it''s \x24executor\x24; DROP TABLE t'" in back


def test_nothing_to_roll_back_prints_nothing(printed):
    _, back = printed("- {name: a, sql: work.sql, rollback: nothing}")
    assert "Undo" not in back


def test_descriptions_stay_comments(printed, project):
    printed(
        """
        - name: a
          description: "one\\nDROP TABLE t;\\r DROP TABLE u;"
          sql: work.sql
          assertions: [no_rows: {sql: no.sql, description: "two\\nDROP TABLE t;"}]
          rollback: nothing
        """
    )
    text = project.plan.read_text().replace("a test", '"a\\nDROP TABLE t;\\r DROP TABLE t;"', 1)
    project.plan.write_text(text)
    assert "drop_stmt" not in kinds("\n".join(script.forward(renderer(project.plan))))


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("{lock_timeout: 2s}", "SET lock_timeout = '2s';"),
        ("{work_mem: 64}", 'SET search_path = "pg_catalog", "pg_temp";'),
        ("{enable_seqscan: false}", "SET enable_seqscan = 'off';"),
    ],
)
def test_settings_of_the_plan_are_set(printed, given, line):
    text, _ = printed("- {name: a, sql: work.sql, rollback: nothing}", f"settings: {given}")
    assert line in text.splitlines()
    assert kinds(text)[0] == "variable_set_stmt"


def test_the_outline_is_one_comment_a_step(printed, project):
    printed(
        textwrap.dedent("""
        - {name: a, description: First., sql: work.sql, rollback: nothing}
        - {name: b, for_each: range(2), sql: item.sql, rollback: nothing}
        """)
    )
    assert list(script.outline(renderer(project.plan))) == [
        "-- work: a test",
        "--   1. a: First.",
        "--   2. b [for_each]",
    ]

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
    text = re.sub(r" \\gset( |$)", r";\1", text, flags=re.MULTILINE)
    text = re.sub(r":('\w+')", r"\1", text)
    text = re.sub(r"\\(set|if|else|endif)\b.*$", "", text, flags=re.MULTILINE)
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
        assert found.count("transaction_stmt") % 2 == part.count("COMMIT AND CHAIN;") % 2
    words = re.findall(r"\\\w+", text)
    assert words[0] == "\\set"
    assert words.count("\\if") == words.count("\\endif")


def test_a_step_is_one_transaction(printed):
    text, back = printed("- {name: a, sql: work.sql, rollback: undo.sql, isolation: serializable}")
    assert "DELETE" not in text
    lines = text.splitlines()
    begin = lines.index("BEGIN ISOLATION LEVEL SERIALIZABLE;")
    assert lines[begin + 1 : begin + 3] == ["INSERT INTO t VALUES (1);", "COMMIT;"]
    assert "DELETE FROM t;\nCOMMIT;" in back


def test_assertions_are_in_the_transaction_of_the_step(printed):
    steps = "- {name: a, sql: work.sql, assertions: [no_rows: {sql: no.sql}], rollback: undo.sql}"
    text, _ = printed(steps)
    assert kinds(text)[-4:] == [
        "transaction_stmt",
        "insert_stmt",
        "select_stmt",
        "transaction_stmt",
    ]
    _, _, judged = text.partition(
        "SELECT pg_temp.executor_assert('step a: no_rows', json_agg(finding)) FROM (\n"
    )
    assert "SELECT false\n" in judged
    assert judged.endswith(") AS finding;\nCOMMIT;")


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
    assert "json_agg(finding), failed_stops => false, unknown_stops => false) FROM" in text


def test_when_becomes_a_condition_of_psql(printed):
    text, _ = printed("- {name: a, when: no.sql, sql: work.sql, rollback: undo.sql}")
    head, _, rest = text.partition(
        "SELECT coalesce((\nSELECT false\n), false) AS executor_due \\gset\n"
    )
    assert "INSERT" not in head
    assert rest.startswith("\\if :executor_due\nBEGIN ISOLATION LEVEL READ COMMITTED;\nINSERT")
    assert rest.endswith("COMMIT;\n\\endif")


def test_finished_when_leaves_out_every_step_but_those_of_always(printed):
    text, _ = printed(
        """
        - {name: a, sql: work.sql, rollback: undo.sql}
        - {name: b, sql: work.sql, rollback: undo.sql, always: true}
        """,
        "finished_when: no.sql",
    )
    assert "SELECT coalesce((\nSELECT false\n), false) AS executor_finished \\gset" in text
    _, a, b = re.split(r"^-- Step \d.*\n", text, flags=re.MULTILINE)
    assert a.startswith("BEGIN")
    assert "\n\\if :executor_finished\n\\else\n\n-- Step 1" in text
    assert "\n\\endif\n\n-- Step 2" in text
    assert b.startswith("BEGIN")


def test_each_item_is_a_transaction_and_is_undone_in_reverse(printed):
    text, back = printed("- {name: a, for_each: range(3), sql: item.sql, rollback: item.sql}")
    assert re.findall(r"INSERT INTO t VALUES \((\d)\)", text) == ["0", "1", "2"]
    assert re.findall(r"VALUES \((\d)\)", back) == ["2", "1", "0"]
    lines = [f"COMMIT AND CHAIN; INSERT INTO t VALUES ({item});" for item in (1, 0)]
    assert back.splitlines()[-4:] == ["INSERT INTO t VALUES (2);", *lines, "COMMIT;"]


@pytest.mark.parametrize(("small", "chained"), [("", 2), (", small: no.sql", 4)])
def test_items_share_a_transaction_where_a_run_lets_all_of_them(printed, small, chained):
    together = f"together: {{at_most: 2{small}}}"
    text, back = printed(
        f"- {{name: a, for_each: range(5), {together}, sql: item.sql, rollback: item.sql}}"
    )
    assert [text.count("BEGIN ISO"), text.count("CHAIN"), back.count("CHAIN")] == [1, chained, 4]


def test_items_that_need_not_be_done_are_left_out_by_psql(printed):
    text, _ = printed(
        "- {name: a, for_each: range(2), skip: no.sql, sql: item.sql, rollback: item.sql}"
    )
    for item in "01":
        assert (
            f"SELECT '{item}' <> ALL (:'executor_skipped'::text[]) AS executor_due \\gset \\if :executor_due\n"
            f"BEGIN ISOLATION LEVEL READ COMMITTED;\nINSERT INTO t VALUES ({item});\nCOMMIT; \\endif"
        ) in text


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
    assert "CALL pg_temp.executor_repeat('a', at_most => 7, until => $executor_" in text
    assert kinds(text)[-1] == "call_stmt"


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


def folded(project, direction=script.forward):
    return list(direction(renderer(project.plan), folded=True))


def test_the_comment_of_a_template_is_printed_with_the_first_iteration(printed, project):
    project.templates(said="-- Why.\n-- Lock: none.\n\nSELECT {{ item }}; -- one")
    text, _ = printed("- {name: a, for_each: range(2), sql: said.sql, rollback: nothing}")
    assert text.count("-- Why.\n-- Lock: none.") == 1
    assert text.count("SELECT 0; -- one") == text.count("SELECT 1; -- one") == 1


@pytest.mark.parametrize(
    ("items", "more"),
    [
        ("range(100)", "99 more like this: 1 to 99"),
        ("[7]", None),
        ('["a", "b\\nc"]', "1 more like this: b c"),
        ("[1, 3, 2]", "2 more like this: 3, 2"),
        ('[{"name": "a"}, {"name": "b"}]', "1 more like this: b"),
        ("range(0, 20, 2)", "9 more like this: 2, 4, 6, 8, 10 …"),
    ],
)
def test_a_folded_script_has_the_first_iteration_and_says_how_many_more(project, items, more):
    project.write(
        f"- {{name: a, for_each: '{items}', sql: item.sql, rollback: nothing}}", item="SELECT 1;"
    )
    lines = folded(project)
    assert lines.count("SELECT 1;") == 1
    assert [line for line in lines if " more like this: " in line] == (
        [f"-- … and {more}"] if more else []
    )


def test_in_a_folded_script_lines_with_the_next_number_are_one(project):
    """One line or a few, each time with the next number; others stay, though they look alike."""
    project.templates(
        many="{% for i in range(9) %}SELECT {{ i }};\n{% endfor %}"
        "{% for i in range(7) %}SELECT 1, {{ i }};\nSELECT 2, {{ i }};\n{% endfor %}"
        "{% for i in range(0, 20, 2) %}SELECT 3, {{ i }};\n{% endfor %}{% for i in range(4) %}SELECT 4, {{ i }};\n{% endfor %}"
    )
    project.write("- {name: a, sql: many.sql, rollback: nothing}")
    lines = folded(project)
    lines = lines[lines.index("SELECT 0;") :]
    assert lines[:2] == ["SELECT 0;", "-- … and 8 more like this"]
    assert lines[2:5] == ["SELECT 1, 0;", "SELECT 2, 0;", "-- … and 6 more like these"]
    assert lines[5:15] == [f"SELECT 3, {i};" for i in range(0, 20, 2)]
    assert lines[15:] == [f"SELECT 4, {i};" for i in range(4)]


def test_a_folded_rollback_begins_with_the_last_item(printed, project):
    printed("- {name: a, for_each: range(5), sql: item.sql, rollback: item.sql}")
    lines = folded(project, script.rollback)
    assert "INSERT INTO t VALUES (4);" in lines
    assert "-- … and 4 more like this: 3 to 0" in lines


def test_of_a_long_statement_a_folded_script_has_the_first_lines(printed, project):
    columns = "".join(f",\n  {number} AS c{number}" for number in range(20))
    project.templates(long=f"SELECT 1;\nSELECT 2{columns};\n-- Why.\nSELECT 3;")
    printed("- {name: a, sql: long.sql, rollback: long.sql}")
    for direction in (script.forward, script.rollback):
        text = "\n".join(folded(project, direction))
        first = "SELECT 1;\nSELECT 2,\n  0 AS c0,\n"
        assert f"{first}-- … and 19 more lines of this statement\n-- Why.\nSELECT 3;" in text


def test_a_folded_script_says_so_first_and_refuses_to_be_run(printed, project):
    printed("- {name: a, sql: work.sql, rollback: undo.sql}")
    for direction in (script.forward, script.rollback):
        lines = folded(project, direction)
        assert lines[0] == "-- Folded, to be read and not to be run: without --fold it is whole."
        assert kinds("\n".join(lines))[0] == "do_stmt"


def test_folded_assertions_are_their_kind_their_file_and_what_they_claim(printed, project):
    printed(
        """
        - name: a
          sql: work.sql
          assertions: [no_rows: {sql: no.sql, description: None is left.}, row_count_equal: {left: a, right: b}]
          rollback: undo.sql
        """
    )
    text = "\n".join(folded(project))
    assert "-- assertion no_rows (sql/no.sql): None is left.\n" in text
    assert text.endswith("-- assertion row_count_equal (sql/assertions/row_count_equal.sql)")
    assert "SELECT" not in text


def test_folded_functions_of_the_session_are_what_they_do_and_their_names(printed, project):
    project.templates(
        session="-- Adds. And more\n-- of it.\nCREATE FUNCTION pg_temp.add(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';"
        "\nSET LOCAL work_mem = 64;"
    )
    printed("- {name: a, sql: work.sql, rollback: undo.sql}", "session: session.sql")
    assert (
        "BEGIN;\n-- FUNCTION pg_temp.add(a, b): Adds\nSET LOCAL work_mem = 64;\nCOMMIT;"
        in "\n".join(folded(project))
    )


def test_every_iteration_is_looked_at(project):
    project.write(
        "- {name: a, for_each: range(5), sql: item.sql, rollback: nothing}",
        item="SELECT {{ item }};{% if item == 3 %} COMMIT;{% endif %}",
    )
    with pytest.raises(PlanError, match="leave transaction control out"):
        renderer(project.plan).digests()


def test_each_item_of_a_list_is_checked(project):
    """Numbers that are many differ in nothing else; what somebody lists may be wrong in the middle."""
    items = "{{ ['a', none, 'b'] }}"
    project.write(f'- {{name: a, sql: item.sql, rollback: nothing, for_each: "{items}"}}')
    project.templates(item="CREATE TABLE {{ item | ident }} ();")
    with pytest.raises(PlanError, match=r"item\.sql:1"):
        renderer(project.plan).check()

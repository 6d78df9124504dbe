"""SQL is taken apart by PostgreSQL's parser, and what would escape a transaction is refused."""

from __future__ import annotations

import pytest

from executor.errors import PlanError
from executor.templating.statements import check_step, single_select, split


def parts(text: str) -> list[str]:
    """The texts of the statements."""
    return [statement.text for statement in split(text, "sql/work.sql")]


def refused(text: str, *, transaction: bool = True) -> list[str]:
    """Why a step's SQL is refused."""
    with pytest.raises(PlanError) as caught:
        check_step(split(text, "sql/work.sql"), "sql/work.sql", transaction=transaction)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT ';'",
        "SELECT 'it''s; fine'",
        r"SELECT E'\';\\'",
        "SELECT $$;$$, $a$ $$;$$ ; $a$",
        'SELECT 1 AS ";"',
        "SELECT U&'\\003B;'",
        "SELECT 1 /* ; /* nested; */ ; */ + 1",
        "SELECT 1 -- ;\n + 1",
        "SELECT 'ä名🐘;'",
        "DO $executor$BEGIN PERFORM 1; PERFORM ';'; END$executor$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)",
        "SELECT '{\"a\": 1}'::jsonb #>> '{a}'",
    ],
)
def test_a_semicolon_inside_a_statement_does_not_end_it(statement):
    """Semicolons in texts, bodies and comments end no statement for PostgreSQL's own parser."""
    assert parts(f"{statement};\n\n{statement} ;SELECT 2") == [statement, statement, "SELECT 2"]


@pytest.mark.parametrize("text", ["", ";", " ;;\n; ", "-- only talk\n", "/* ; */"])
def test_no_statement_is_no_mistake(text):
    assert parts(text) == []


def test_statements_know_their_line():
    statements = split("SELECT 'ä\n\n';\n\n  SELECT 2;\nSELECT\n 3", "sql/work.sql")
    assert [statement.line for statement in statements] == [1, 5, 6]
    assert [statement.kind for statement in statements] == ["select_stmt"] * 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1;\nSELEC 2;", 'sql/work.sql:2: syntax error at or near "SELEC"'),
        ("SELECT 'äöü🐘';\n\nSELECT (;", 'sql/work.sql:3: syntax error at or near ";"'),
        ("SELECT '", "sql/work.sql:1: unterminated quoted string"),
        ("SELECT $a$", "sql/work.sql:1: unterminated dollar-quoted string"),
        ("SELECT 1;\n/* ", "sql/work.sql:2: unterminated /* comment"),
        ("SELECT 1;\nSELECT '\0'", "sql/work.sql:2: a NUL character would end the SQL"),
        ("\\echo hello", "sql/work.sql:1: syntax error"),
    ],
)
def test_what_is_no_sql_is_told_with_its_line(text, message):
    with pytest.raises(PlanError) as caught:
        split(text, "sql/work.sql")
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("(line of the rendered SQL)")


@pytest.mark.parametrize("transaction", [True, False])
@pytest.mark.parametrize(
    "control",
    ["BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT a",
     "RELEASE a", "ROLLBACK TO a", "COMMIT AND CHAIN", "PREPARE TRANSACTION 'a'", "COMMIT PREPARED 'a'"],
)  # fmt: skip
def test_transaction_control_is_refused(control, transaction):
    """SQL of a step that ends the transaction would commit half a step; only the executor does."""
    (problem,) = refused(f"SELECT 1;\n{control};", transaction=transaction)
    assert problem.startswith("sql/work.sql:2: the executor begins and ends transactions; ")


@pytest.mark.parametrize(
    "setting", ["SET work_mem = '1GB'", "SET SESSION work_mem = 1", "RESET work_mem", "RESET ALL"]
)
def test_a_setting_that_outlives_the_step_is_refused(setting):
    assert "SET would outlive the step; write SET LOCAL" in refused(setting)[0]


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("VACUUM t", "VACUUM"),
        ("CREATE INDEX CONCURRENTLY ON t (a)", "CREATE INDEX CONCURRENTLY"),
        ("DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY"),
        ("REINDEX (VERBOSE) TABLE CONCURRENTLY t", "REINDEX CONCURRENTLY"),
        ("CREATE DATABASE d", "CREATE DATABASE"),
        ("ALTER SYSTEM SET work_mem = 1", "ALTER SYSTEM"),
    ],
)
def test_what_needs_to_be_alone_needs_transaction_false(statement, name):
    (problem,) = refused(statement)
    assert f"{name} can't run in a transaction; give the step transaction: false" in problem
    check_step(split(statement, "sql/work.sql"), "sql/work.sql", transaction=False)


@pytest.mark.parametrize(
    "statement",
    ["ANALYZE t", "SET LOCAL work_mem = 1", "SET CONSTRAINTS ALL IMMEDIATE", "LOCK TABLE t",
     "CREATE INDEX ON t (a)", "REINDEX TABLE t", "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
     "SELECT 'COMMIT; BEGIN'", "DO $$BEGIN END$$", "SHOW work_mem"],
)  # fmt: skip
def test_what_may_run_in_a_transaction_is_let_through(statement):
    statements = split(statement, "sql/work.sql")
    check_step(statements, "sql/work.sql", transaction=True)
    assert len(statements) == 1


def test_every_objection_is_told_at_once():
    assert len(refused("BEGIN;\nSET a.b = 1;\nVACUUM t;\nSELECT 1;\nCOMMIT")) == 4


def test_a_condition_is_one_select():
    assert single_select("-- asks\nSELECT true;\n", "sql/a.sql") == "SELECT true"
    assert single_select("WITH a AS (SELECT 1) TABLE a", "sql/a.sql")


@pytest.mark.parametrize("text", ["", "SELECT true; SELECT true", "DELETE FROM t RETURNING true"])
def test_anything_else_is_no_condition(text):
    with pytest.raises(PlanError, match=r"^sql/a\.sql:1: must be one SELECT$"):
        single_select(text, "sql/a.sql")

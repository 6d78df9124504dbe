"""The interpreter on a real server: forms, transactions, retries, assertions, skipping."""

from __future__ import annotations

import os
import time

import psycopg
import pytest

from executor.errors import (
    AssertionFailedError,
    DriftError,
    PlanError,
    RollbackError,
    StepError,
    UsageError,
)
from executor.events import AssertionChecked, IterationFinished, Notice, Retrying, StepFinished
from tests.helpers.plans import Project

TABLE = "CREATE TABLE public.t (n integer);"
DROP = "DROP TABLE public.t;"


def values(connection, query="SELECT n FROM public.t ORDER BY n"):
    return [row[0] for row in connection.execute(query).fetchall()]


def step_status(connection):
    rows = connection.execute(
        "SELECT name, status FROM executor.steps ORDER BY position"
    ).fetchall()
    return dict(rows)


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


@pytest.fixture
def made(project: Project) -> Project:
    return project.templates(make=TABLE, drop=DROP)


MAKE = "- {name: make, sql: make.sql, rollback: drop.sql}"


def test_a_step_its_assertions_and_its_journal_row_commit_together(made, database, connection):
    """A crash between the work and its entry in the journal leaves both or neither."""
    made.write(
        MAKE
        + """
- name: fill
  sql: fill.sql
  rollback: nothing
  assertions:
    - query: {sql: count.sql, equals: 3}
""",
        fill="INSERT INTO public.t SELECT generate_series(1, 2);",
        count="SELECT count(*) FROM public.t",
    )
    with pytest.raises(AssertionFailedError, match=r"step fill.*\n.*does not hold\n.*found 2"):
        made.run(database)
    assert values(connection) == []
    assert step_status(connection) == {"make": "succeeded", "fill": "failed"}
    findings = connection.execute(
        "SELECT expected, actual, passed FROM executor.findings"
    ).fetchall()
    assert findings == [("3", "2", False)]

    made.templates(fill="INSERT INTO public.t SELECT generate_series(1, 3);")
    assert made.run(database, accept_changed_plan=True).status == "succeeded"
    assert values(connection) == [1, 2, 3]


def test_a_warning_is_reported_and_the_run_goes_on(made, database):
    made.write(
        MAKE
        + """
- name: look
  assertions:
    - no_rows: {sql: one.sql, severity: warn}
  rollback: nothing
""",
        one="SELECT 1",
    )
    events: list = []
    assert made.run(database, events).status == "succeeded"
    (checked,) = of(events, AssertionChecked)
    assert (checked.severity, checked.passed) == ("warn", False)


class _Status(list):
    """Notes the status of the step, as others see it, when it is told of an assertion."""

    def __init__(self, connection, step):
        super().__init__()
        self.connection, self.step, self.seen = connection, step, []

    def append(self, event):
        super().append(event)
        if isinstance(event, AssertionChecked):
            self.seen.append(step_status(self.connection)[self.step])


def test_a_sink_that_blocks_holds_no_lock(made, database, connection):
    """What an assertion has found is told when the transaction has ended."""
    text = """
- name: look
  assertions:
    - no_rows: {sql: rows.sql}
  rollback: nothing
"""
    made.write(MAKE + text, rows="SELECT 1 WHERE false")
    events = _Status(connection, "look")
    made.run(database, events)
    assert events.seen == ["succeeded"]
    made.rollback(database)
    made.templates(rows="SELECT 1")
    events = _Status(connection, "look")
    with pytest.raises(AssertionFailedError):
        made.run(database, events)
    assert [event.passed for event in of(events, AssertionChecked)] == [False]


def test_a_refused_statement_says_file_line_and_state_but_no_row(made, database, connection):
    made.write(
        MAKE + "\n- {name: bad, sql: bad.sql, rollback: nothing}",
        bad="-- first\nINSERT INTO public.t VALUES (1);\nSELECT nothing_there\nFROM public.t;",
    )
    with pytest.raises(StepError) as caught:
        made.run(database)
    assert "sql/bad.sql (line 3 as rendered)" in caught.value.message
    assert caught.value.sqlstate == "42703"
    assert values(connection) == []


def test_detail_with_the_contents_of_rows_is_not_shown(project, database):
    """Messages of the server quote rows; they may be personal data."""
    project.write(
        "- {name: bad, sql: bad.sql, rollback: nothing}",
        bad="CREATE TABLE public.t (n integer CHECK (n > 0), s text);"
        "INSERT INTO public.t VALUES (-1, 'canary row');",
    )
    with pytest.raises(StepError) as caught:
        project.run(database)
    assert "canary row" not in str(caught.value) + caught.value.hint
    assert "canary row" not in project.call("run", "--dsn", database).stderr


def test_rows_are_what_the_last_statement_wrote_or_what_a_block_reports(made, database, connection):
    made.write(
        MAKE
        + """
- {name: plain, sql: plain.sql, rollback: nothing}
- {name: block, sql: block.sql, rollback: nothing}
""",
        plain="SELECT 1; INSERT INTO public.t SELECT generate_series(1, 5);",
        block="DO $$ BEGIN PERFORM set_config('executor.rows', '77', true); END $$;",
    )
    events: list = []
    made.run(database, events)
    assert [event.rows for event in of(events, StepFinished)] == [0, 5, 77]


def test_for_each_runs_every_item_in_a_transaction_of_its_own(made, database, connection):
    made.write(
        MAKE
        + """
- {name: each, for_each: "range(1, 6)", sql: each.sql, rollback: uneach.sql}
""",
        each="INSERT INTO public.t VALUES ({{ item }}); SELECT 1 / ({{ item }} - 4);",
        uneach="DELETE FROM public.t WHERE n = {{ item }};",
    )
    with pytest.raises(StepError, match="division by zero"):
        made.run(database)
    assert values(connection) == [1, 2, 3]
    made.templates(each="INSERT INTO public.t VALUES ({{ item }});")
    made.run(database, accept_changed_plan=True)
    assert values(connection) == [1, 2, 3, 4, 5]
    made.rollback(database)
    assert connection.execute("SELECT to_regclass('public.t')").fetchone() == (None,)


def test_rollback_takes_items_in_reverse(project, database, connection):
    connection.execute("CREATE TABLE public.log (id serial, what text)")
    project.write(
        '- {name: each, for_each: "range(3)", sql: do.sql, rollback: undo.sql}\n'
        "- {name: last, sql: do_last.sql, rollback: undo_last.sql}",
        do="INSERT INTO public.log (what) VALUES ('do {{ item }}');",
        undo="INSERT INTO public.log (what) VALUES ('undo {{ item }}');",
        do_last="INSERT INTO public.log (what) VALUES ('do last');",
        undo_last="INSERT INTO public.log (what) VALUES ('undo last');",
    )
    project.run(database)
    project.rollback(database)
    done = values(connection, "SELECT what FROM public.log ORDER BY id")
    assert done == ["do 0", "do 1", "do 2", "do last", "undo last", "undo 2", "undo 1", "undo 0"]


@pytest.mark.parametrize("workers", [1, 4])
def test_batches_touch_every_row_of_every_leaf_once(project, database, connection, workers):
    connection.execute(
        "CREATE TABLE public.p (k integer, n integer DEFAULT 0, pad text) PARTITION BY LIST (k);"
        "CREATE TABLE public.p0 PARTITION OF public.p FOR VALUES IN (0);"
        "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);"
        "CREATE TABLE public.p2 PARTITION OF public.p FOR VALUES IN (2);"
        "INSERT INTO public.p (k, pad) SELECT n % 2, repeat('x', 100) FROM generate_series(1, 9000) n"
    )
    connection.execute("ANALYZE public.p")
    project.write(
        f"""
- name: touch
  batches: {{table: public.p, rows: 500}}
  workers: {workers}
  sql: touch.sql
  rollback: nothing
""",
        touch="""
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT ctid AS place FROM ONLY {{ batch.table | ident }}
WHERE {% if batch.whole %} true {% else %} ctid >= '({{ batch.first_block }},0)'::tid
{% if batch.end_block is not none %} AND ctid < '({{ batch.end_block }},0)'::tid {% endif %}
{% endif %};
UPDATE {{ batch.table | ident }} SET n = n + 1 WHERE n = 0 AND ctid IN (SELECT place FROM touched);
""",
    )
    events: list = []
    project.run(database, events)
    assert values(connection, "SELECT DISTINCT n FROM public.p") == [1]
    assert len(of(events, IterationFinished)) > 10
    assert sum(event.rows for event in of(events, IterationFinished)) == 9000


def test_a_worker_that_fails_stops_the_others_after_their_iteration(made, database, connection):
    made.write(
        MAKE
        + """
- {name: each, for_each: "range(40)", workers: 3, sql: each.sql, rollback: nothing}
""",
        each="INSERT INTO public.t VALUES ({{ item }}); SELECT 1 / ({{ item }} - 7);",
    )
    with pytest.raises(StepError, match="division by zero"):
        made.run(database)
    assert 7 not in values(connection)
    assert len(values(connection)) < 40
    made.templates(each="INSERT INTO public.t VALUES ({{ item }});")
    made.run(database, accept_changed_plan=True)
    assert values(connection) == list(range(40))


def test_repeat_ends_when_its_query_is_true(made, database, connection):
    made.write(
        MAKE
        + """
- {name: passes, repeat: {until: done.sql}, sql: pass.sql, rollback: nothing}
""",
        done="SELECT count(*) >= 4 FROM public.t",
        **{"pass": "INSERT INTO public.t VALUES ({{ pass }});"},
    )
    made.run(database)
    assert values(connection) == [1, 2, 3, 4]


def test_repeat_gives_up_after_its_passes_and_goes_on_when_run_again(made, database, connection):
    made.write(
        MAKE
        + """
- {name: passes, repeat: {until: done.sql, at_most: 3}, sql: pass.sql, rollback: nothing}
""",
        done="SELECT count(*) >= 5 FROM public.t",
        **{"pass": "INSERT INTO public.t VALUES ({{ pass }});"},
    )
    with pytest.raises(StepError, match="not done after 3 passes"):
        made.run(database)
    assert made.run(database).status == "succeeded"
    assert values(connection) == [1, 2, 3, 4, 5]


def test_repeat_says_that_its_passes_do_not_get_smaller(made, database, connection, monkeypatch):
    monkeypatch.setattr("executor.engine.iterations.FIRST_JUDGED", 4)
    made.write(
        """
- {name: passes, repeat: {until: done.sql, at_most: 9}, sql: pass.sql, rollback: nothing}
""",
        done="SELECT count(*) = 0 FROM public.t",
        # as much comes in as is worked off
        **{
            "pass": "WITH gone AS (DELETE FROM public.t RETURNING n) INSERT INTO public.t SELECT n FROM gone;"
        },
    )
    connection.execute("CREATE TABLE public.t AS SELECT n FROM generate_series(1, 7) AS n")
    events = []
    with pytest.raises(StepError, match=r"which do not get smaller: about [\d,]+ rows/s come in"):
        made.run(database, events)
    notices = [event.message for event in of(events, Notice)]
    assert len(notices) == 2, notices  # after 4 and 8 passes
    assert all(notice.startswith("the passes do not get smaller: ") for notice in notices)


def test_repeat_says_nothing_of_passes_that_get_smaller(made, database, connection, monkeypatch):
    monkeypatch.setattr("executor.engine.iterations.FIRST_JUDGED", 4)
    made.write(
        "- {name: passes, repeat: {until: done.sql}, sql: pass.sql, rollback: nothing}",
        done="SELECT count(*) = 0 FROM public.t",
        **{"pass": "DELETE FROM public.t WHERE n > (SELECT max(n) / 2 FROM public.t);"},
    )
    connection.execute("CREATE TABLE public.t AS SELECT n FROM generate_series(1, 1000) AS n")
    events = []
    made.run(database, events)
    assert not of(events, Notice)


def test_when_skips_and_a_skipped_step_is_not_rolled_back(made, database, connection):
    made.write(
        MAKE
        + """
- {name: never, when: never.sql, sql: bad.sql, rollback: bad.sql}
""",
        never="SELECT NULL::boolean",
        bad="SELECT 1 / 0;",
    )
    made.run(database)
    assert step_status(connection) == {"make": "succeeded", "never": "skipped"}
    assert made.rollback(database).status == "rolled_back"


def test_finished_when_and_always(made, database, connection):
    made.write(
        MAKE + "\n- {name: ensure, always: true, sql: ensure.sql, rollback: nothing}",
        head="finished_when: finished.sql",
        finished="SELECT to_regclass('public.t') IS NOT NULL",
        ensure="CREATE TABLE IF NOT EXISTS public.ensured (n integer);",
    )
    connection.execute(TABLE)
    assert made.run(database).status == "nothing_to_do"
    assert connection.execute("SELECT to_regclass('public.ensured')").fetchone() != (None,)
    assert step_status(connection) == {"make": "skipped", "ensure": "succeeded"}
    assert made.run(database).status == "nothing_to_do"


def test_isolation_settings_and_session_are_as_promised(project, database, connection):
    """Row level security would hide rows; a time zone or search_path would change what is compared."""
    connection.execute(
        "CREATE TABLE public.seen (name text, setting text);"
        "ALTER ROLE CURRENT_USER SET timezone = 'Asia/Tokyo'"
    )
    names = "'search_path', 'TimeZone', 'row_security', 'lock_timeout', 'transaction_isolation'"
    project.write(
        "- {name: look, isolation: repeatable read, sql: look.sql, rollback: nothing}",
        head="settings: {lock_timeout: 1234ms}",
        look="INSERT INTO public.seen SELECT name, current_setting(name)"
        f" FROM unnest(ARRAY[{names}]) AS name;",
    )
    try:
        project.run(database)
    finally:
        connection.execute("ALTER ROLE CURRENT_USER RESET timezone")
    seen = dict(connection.execute("SELECT name, setting FROM public.seen").fetchall())
    assert seen == {
        "search_path": "pg_catalog, pg_temp",
        "TimeZone": "UTC",
        "row_security": "off",
        "lock_timeout": "1234ms",
        "transaction_isolation": "repeatable read",
    }


def test_hostile_settings_of_the_role_do_no_harm(made, database, connection):
    """What is set for a role: isolation, timeouts, search_path."""
    hostile = (
        "default_transaction_isolation = 'serializable'",
        "statement_timeout = '400ms'",
        "search_path = 'nowhere'",
        "standard_conforming_strings = off",
        "DateStyle = 'SQL, DMY'",
        "idle_session_timeout = '400ms'",
        "client_encoding = 'LATIN1'",
    )
    connection.execute("CREATE ROLE hostile SUPERUSER LOGIN")
    try:
        for setting in hostile:
            connection.execute(f"ALTER ROLE hostile SET {setting}")
        made.write(
            MAKE + "\n- {name: fill, sql: fill.sql, rollback: nothing}",
            head=r"variables: {text: {type: string, default: 'a\b'''}}"
            "\nfacts: {found: found.sql}",
            found=r"SELECT regexp_replace('7', '\d', 'x') AS digit",
            fill="SELECT pg_sleep(0.5); INSERT INTO public.t SELECT length({{ text | literal }})"
            " WHERE current_setting('idle_session_timeout') = '0' AND {{ facts.found[0].digit | literal }} = 'x';",
        )
        assert (
            made.run(psycopg.conninfo.make_conninfo(database, user="hostile")).status == "succeeded"
        )
        assert values(connection) == [4]
    finally:
        connection.execute("REASSIGN OWNED BY hostile TO CURRENT_USER; DROP OWNED BY hostile")
        connection.execute("DROP ROLE hostile")


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_may_have_another_encoding(project, server_dsn, encoding):
    """Names and values are UTF-8, whatever the database is."""
    project.write(
        "- {name: make, for_each: \"['gr\u00f6\u00dfe']\", sql: make.sql, rollback: drop.sql,"
        " assertions: [{no_rows: {sql: look.sql}}]}",
        make="CREATE TABLE public.{{ item | ident }} AS SELECT {{ item | literal }}::text AS name;",
        drop="DROP TABLE public.{{ item | ident }};",
        look='SELECT name FROM public."gr\u00f6\u00dfe" WHERE octet_length(name) <> '
        + ("5" if encoding == "LATIN1" else "7"),
    )
    name = f"executor_test_{encoding.lower()}_{os.getpid()}"
    with psycopg.connect(server_dsn, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0"
            " LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        try:
            dsn = psycopg.conninfo.make_conninfo(server_dsn, dbname=name)
            assert project.run(dsn).status == "succeeded"
            assert project.rollback(dsn).status == "rolled_back"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_lock_timeout_is_tried_again_until_the_lock_is_free(made, database, connection):
    made.write(
        MAKE
        + """
- name: change
  retry: {on: [lock_timeout], attempts: 50, backoff: 50ms..100ms}
  sql: change.sql
  rollback: nothing
""",
        head="settings: {lock_timeout: 50ms}",
        change="ALTER TABLE public.t ADD COLUMN m integer;",
    )
    made.run(database, until="make")

    class Events(list):
        def append(self, event):
            super().append(event)
            if len(of(self, Retrying)) == 2:
                other.rollback()  # which ends its lock

    events = Events()
    with psycopg.connect(database) as other:
        other.execute("SELECT * FROM public.t")
        made.run(database, events)
    assert len(of(events, Retrying)) == 2
    assert of(events, Retrying)[0].reason == "lock timeout"


def test_a_step_that_is_prepared_has_a_last_pass_of_the_earlier_one(made, database, connection):
    """`retry: prepare` does the passes that are left, and one that takes whatever there is."""
    made.write(
        MAKE
        + """
- {name: passes, repeat: {until: done.sql}, sql: pass.sql, rollback: nothing}
- {name: more, sql: more.sql, rollback: nothing}
- {name: end, retry: {prepare: passes}, sql: end.sql, rollback: nothing}
""",
        done="SELECT count(*) >= wanted FROM public.t, public.w GROUP BY wanted",
        more="UPDATE public.w SET wanted = 4;",
        end="SELECT 1;",
        **{
            "pass": "INSERT INTO public.t VALUES ({% if last_pass %}100{% else %}{{ pass }}{% endif %});"
        },
    )
    connection.execute("CREATE TABLE public.w AS SELECT 2::bigint AS wanted")
    made.run(database)
    assert values(connection) == [1, 1, 2, 2, 100]


def test_a_lock_timeout_gives_up_after_its_attempts(made, database, connection):
    """A retry has a limit."""
    made.write(
        MAKE
        + """
- name: change
  retry: {on: [lock_timeout], attempts: 2, backoff: 10ms..20ms}
  sql: change.sql
  rollback: nothing
""",
        head="settings: {lock_timeout: 50ms}",
        change="ALTER TABLE public.t ADD COLUMN m integer;",
    )
    made.run(database, until="make")
    with psycopg.connect(database) as other:
        other.execute("SELECT * FROM public.t")
        with pytest.raises(StepError, match=r"after 2 attempts.*lock timeout"):
            made.run(database)
    assert made.run(database).status == "succeeded"


@pytest.mark.parametrize("code", ["22012", "23505", "40001", "53100"])
def test_what_a_step_does_not_name_is_not_tried_again(code, project, database):
    """An error that comes again, a full disk, and a kind of error that is not in the list."""
    project.write(
        "- {name: fail, retry: {on: [lock_timeout], backoff: 10ms..20ms}, sql: fail.sql, rollback: nothing}",
        fail=f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$;",
    )
    events: list = []
    with pytest.raises(StepError, match=rf"no \[{code}\]"):
        project.run(database, events)
    assert of(events, Retrying) == []


def test_without_a_transaction_each_statement_stands_alone(made, database, connection):
    made.write(
        MAKE
        + """
- name: index
  transaction: false
  sql: index.sql
  rollback: unindex.sql
""",
        index="DROP INDEX CONCURRENTLY IF EXISTS public.i;"
        "CREATE INDEX CONCURRENTLY i ON public.t (n); VACUUM public.t;",
        unindex="DROP INDEX CONCURRENTLY IF EXISTS public.i;",
    )
    assert made.run(database).status == "succeeded"
    assert connection.execute("SELECT to_regclass('public.i')").fetchone() != (None,)
    assert made.rollback(database).status == "rolled_back"


def test_warnings_of_the_server_are_shown(made, database):
    made.write(
        MAKE + "\n- {name: warn, sql: warn.sql, rollback: nothing}",
        warn="DO $$ BEGIN RAISE WARNING 'look here'; RAISE NOTICE 'not here'; END $$;",
    )
    events: list = []
    made.run(database, events)
    assert [event.message for event in of(events, Notice)] == ["look here"]


def test_an_assertion_with_other_columns_is_a_mistake_of_the_plan(project, database):
    project.write(
        "- name: look\n  rollback: nothing\n  assertions: [{findings: {sql: look.sql}}]",
        look="SELECT 1 AS subject",
    )
    with pytest.raises(PlanError, match="findings returns \\(subject\\)"):
        project.run(database)


def test_until_names_a_step_of_the_plan(made, database):
    made.write(MAKE)
    with pytest.raises(UsageError, match="has no step 'nope'"):
        made.run(database, until="nope")


def test_a_thousand_iterations_cost_little(made, database, connection):
    made.write(
        MAKE + '\n- {name: each, for_each: "range(1000)", sql: each.sql, rollback: nothing}',
        each="INSERT INTO public.t VALUES ({{ item }});",
    )
    began = time.monotonic()
    made.run(database)
    assert len(values(connection)) == 1000
    print(f"{(time.monotonic() - began) * 1000:.0f} us an iteration")


def test_a_step_is_undone_and_its_journal_row_commits_together(made, database, connection):
    made.write(MAKE)
    made.run(database)
    connection.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'the journal is out of order'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON executor.steps FOR EACH ROW"
        " WHEN (NEW.status = 'rolled_back') EXECUTE FUNCTION refuse()"
    )
    with pytest.raises(RollbackError, match="out of order"):
        made.rollback(database)
    assert values(connection) == []  # the table is still there
    connection.execute("DROP TRIGGER refuse ON executor.steps")
    assert made.rollback(database).status == "rolled_back"


def test_items_are_begun_in_the_order_that_is_asked(project, database, connection):
    """Items that it does not name come last, as they stand; the rollback goes back from the last."""
    note = "INSERT INTO public.seen (what) VALUES ({{ (%s ~ item) | literal }});"
    connection.execute("CREATE TABLE public.seen (id serial, what text)")
    project.write(
        "- {name: each, for_each: 'range(4)', order: order.sql, sql: note.sql, rollback: undo.sql}",
        note=note % "''",
        undo=note % "'-'",
        order="SELECT n FROM (VALUES (2), (0)) AS wanted (n) ORDER BY n DESC",
    )
    project.run(database)
    project.rollback(database)
    seen = connection.execute("SELECT string_agg(what, ' ' ORDER BY id) FROM public.seen")
    assert seen.fetchone() == ("2 0 1 3 -3 -1 -0 -2",)


def test_items_that_are_there_already_are_left_out(project, database, connection):
    """Asked when the step begins, and anew when it begins anew; an item of a fact is known by its name."""
    connection.execute("CREATE TABLE public.seen (id serial, what text)")
    names = "SELECT 'a b' AS name, 1 AS n UNION ALL SELECT 'c', 2"
    project.write(
        "- {name: each, for_each: facts.names, skip: seen.sql, sql: note.sql, rollback: nothing}\n"
        "- {name: fail, sql: fail.sql, rollback: nothing}",
        "facts: {names: names.sql}\n",
        names=names,
        note="INSERT INTO public.seen (what) VALUES ({{ item.name | literal }});",
        seen="SELECT what FROM public.seen",
        fail="SELECT 1 / (SELECT count(*) - 2 FROM public.seen);",
    )
    connection.execute("INSERT INTO public.seen (what) VALUES ('a b')")
    with pytest.raises(StepError):
        project.run(database)
    seen = "SELECT string_agg(what, ' ' ORDER BY id) FROM public.seen"
    assert connection.execute(seen).fetchone() == ("a b c",)
    project.rollback(database)
    connection.execute("DELETE FROM public.seen WHERE what = 'c'")
    connection.execute("INSERT INTO public.seen (what) VALUES ('more')")
    project.run(database)
    assert connection.execute(seen).fetchone() == ("a b more c",)


def test_items_stay_left_out_when_a_run_goes_forward_after_a_rollback_in_vain(
    project, database, connection
):
    """The journal knows their iterations already, but what they have made is there still."""
    connection.execute("CREATE TABLE public.seen (what text UNIQUE)")
    project.write(
        "- {name: base, sql: one.sql, rollback: fail.sql}\n"
        "- {name: each, for_each: 'range(3)', skip: seen.sql, sql: note.sql, rollback: nothing}",
        one="SELECT 1",
        note="INSERT INTO public.seen VALUES ({{ (item ~ '') | literal }});",
        seen="SELECT what FROM public.seen",
        fail="SELECT 1 / (SELECT count(*) - 3 FROM public.seen);",
    )
    project.run(database)
    with pytest.raises(RollbackError):
        project.rollback(database)
    connection.execute("DELETE FROM public.seen WHERE what = '1'")
    assert project.run(database).status == "succeeded"
    assert values_of(connection) == ["0", "1", "2"]


def values_of(connection):
    rows = connection.execute("SELECT what FROM public.seen ORDER BY what").fetchall()
    return [row[0] for row in rows]


def test_a_failure_of_others_with_our_sqlstate_is_no_take_over(made, database, connection):
    """EX001 is the fence's alone where a transaction begins."""
    made.write(
        MAKE + "\n- {name: fail, sql: fail.sql, rollback: nothing}",
        fail="DO $$ BEGIN RAISE SQLSTATE 'EX001'; END $$;",
    )
    with pytest.raises(StepError, match=r"step fail failed.*EX001"):
        made.run(database)
    assert step_status(connection) == {"make": "succeeded", "fail": "failed"}


def test_a_rollback_lets_no_step_in_that_was_added_since(made, database, connection):
    later = "\n- {name: later, sql: later.sql, rollback: nothing}"
    made.write(MAKE + later, later="SELECT 1 / 0;")
    with pytest.raises(StepError):
        made.run(database)
    added = "\n- {name: added, sql: added.sql, rollback: nothing}"
    made.write(MAKE + added + later, added="SELECT 1;")
    connection.execute("CREATE VIEW in_the_way AS SELECT * FROM public.t")
    with pytest.raises(RollbackError, match=r"in_the_way|depend"):
        made.rollback(database)
    assert "added" not in step_status(connection)
    with pytest.raises(DriftError, match="added: added"):
        made.run(database)
    connection.execute("DROP VIEW in_the_way")
    assert made.rollback(database).status == "rolled_back"

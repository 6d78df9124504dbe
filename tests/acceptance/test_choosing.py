"""One plan for several tables: which run a command means."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from executor.errors import AssertionFailedError
from executor.events import Event, RunStarted
from tests.helpers.command import Connection, one, refused
from tests.helpers.plans import Project, call

HEAD = """
variables:
  source: {type: table, default: public.chunks}
names:
  made: "{{ source | suffix('_made') }}"
subject: source
finished_when: there.sql
verify: [{query: {sql: count.sql, equals: 1}}]
"""
TABLES = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '_made$'"


@pytest.fixture
def several(project: Project) -> Project:
    return project.write(
        "- {name: make, sql: make.sql, rollback: drop.sql}",
        head=HEAD,
        make="CREATE TABLE {{ made | ident }} AS SELECT 1 AS n;",
        drop="DROP TABLE {{ made | ident }};",
        there="SELECT to_regclass({{ made | literal }}) IS NOT NULL",
        count="SELECT count(*) FROM {{ made | ident }}",
    )


def test_without_values_the_tables_of_the_run_before_are_meant(
    several: Project, database: str, connection: Connection
) -> None:
    assert several.call("run", "--dsn", database, "--var", "source=public.pieces").returncode == 0
    again = several.call("run", "--dsn", database)
    assert (again.returncode, one(connection, TABLES)) == (0, "pieces_made"), again.stderr
    assert "nothing to do" in again.stderr
    dry = several.call("run", "--dry-run", "--dsn", database)
    assert "nothing to do" in dry.stdout, dry.stdout + dry.stderr

    assert several.call("rollback", "--dsn", database).returncode == 0
    for more in ((), ("--dry-run",)):
        words = ("was with source=public.pieces", "one with source=public.chunks", "--var source=…")
        refused(several.call("run", "--dsn", database, *more), 2, *words)
    assert one(connection, TABLES) is None
    chosen = several.call("run", "--dsn", database, "--var", "source=public.chunks")
    assert (chosen.returncode, one(connection, TABLES)) == (0, "chunks_made"), chosen.stderr


def test_values_choose_an_older_run(
    several: Project, database: str, connection: Connection
) -> None:
    first, second = ("--var", "source=public.a"), ("--var", "source=public.b")
    for chosen in (first, second, first):  # the third finds the first
        done = several.call("run", "--dsn", database, *chosen)
        assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stderr
    assert one(connection, "SELECT count(*) FROM executor.runs") == 2
    connection.execute("INSERT INTO a_made VALUES (2)")
    assert several.call("verify", "--dsn", database).returncode == 0
    assert several.call("verify", "--dsn", database, *first).returncode == 6

    undone = several.call("rollback", "--dsn", database, *first)
    assert (undone.returncode, one(connection, TABLES)) == (0, "b_made"), undone.stderr
    assert f"rolling back run 1 of {several.plan.stem}: source=public.a, " in undone.stderr
    nothing = several.call("rollback", "--dsn", database, *first)
    assert nothing.returncode == 0
    assert "run 1 (source=public.a) is rolled back already" in nothing.stderr
    assert one(connection, TABLES) == "b_made"
    status = several.call("status", "--dsn", database)
    assert "table: public.b" in status.stdout


def test_a_rollback_given_twice_leaves_the_other_table_alone(
    several: Project, database: str, connection: Connection
) -> None:
    for table in ("a", "b"):
        several.run(database, variables={"source": f"public.{table}"})
    newest = several.call("rollback", "--dsn", database)
    named = f"rolling back run 2 of {several.plan.stem}: source=public.b, "
    assert (newest.returncode, newest.stderr.index(named)) == (0, 0), newest.stderr

    words = "run 2 (source=public.b) is rolled back already", "run 1 (source=public.a), is only"
    for command in ("rollback", "verify"):
        twice = several.call(command, "--dsn", database)
        hint = f"executor {command} {several.plan} --var source=public.a"
        refused(twice, 2, *words, hint)
    assert one(connection, TABLES) == "a_made"
    same = several.call("rollback", "--dsn", database, "--var", "source=public.b")
    assert (same.returncode, one(connection, TABLES)) == (0, "a_made"), same.stderr
    unknown = several.call("rollback", "--dsn", database, "--var", "source=public.bb")
    refused(unknown, 2, "there is no run with these values", "run 2 (source=public.b)")
    refused(several.call("rollback", "--dsn", database, "--run", "9"), 2, "there is no run 9")

    older = several.call(
        "rollback", "--dsn", database, "--var", "source=public.a", "--format", "json"
    )
    assert (older.returncode, one(connection, TABLES)) == (0, None), older.stderr
    started = json.loads(older.stdout.splitlines()[0])
    assert (started["run"], started["tables"]) == (1, {"source": "public.a"})
    nothing = several.call("rollback", "--dsn", database)
    assert (nothing.returncode, "run 2 " in nothing.stderr) == (0, True), nothing.stderr


def test_a_command_that_is_advised_can_be_given_as_it_stands(
    several: Project, database: str
) -> None:
    for table in ('"A b"', "b"):
        several.run(database, variables={"source": f"public.{table}"})
    several.rollback(database)
    twice = several.call("rollback", "--dsn", database)
    refused(twice, 2, f"""executor rollback {several.plan} --var 'source=public."A b"'""")


MONTHLY = "INSERT INTO public.sums SELECT 1;"


@pytest.fixture
def monthly(project: Project, connection: Connection) -> Project:
    """A plan without `finished_when`, whose runs can't be told apart by values."""
    connection.execute("CREATE TABLE public.sums (n integer)")
    step = "- {name: add, sql: add.sql, rollback: take.sql}"
    take = "DELETE FROM sums WHERE ctid = (SELECT max(ctid) FROM sums);"
    return project.write(step, add=MONTHLY, take=take.replace("sums", "public.sums"))


def test_what_has_come_to_its_end_is_done_again_only_if_asked_for(
    monthly: Project, database: str, connection: Connection
) -> None:
    """In silence neither again nor not at all; and a step that was added is not said to have run."""
    on = ("--dsn", database)
    monthly.run(database)
    for more in ((), ("--dry-run",)):
        done = monthly.call("run", *on, *more)
        refused(
            done,
            3,
            "nothing was done: the plan work has run already: run 1 of 2",
            f"run {monthly.plan} --again",
        )
    assert one(connection, "SELECT count(*) FROM sums") == 1
    again = monthly.call("run", *on, "--again")
    assert (again.returncode, one(connection, "SELECT count(*) FROM sums")) == (0, 2)

    more = "- {name: more, sql: add.sql, rollback: take.sql}"
    monthly.write(f"- {{name: add, sql: add.sql, rollback: take.sql}}\n{more}")
    done = monthly.call("run", *on, "--accept-changed-plan")
    refused(done, 3, "run 2 of 2", "was not run: added: more", "--again")
    assert one(connection, "SELECT count(*) FROM sums") == 2
    monthly.run(database, again=True)
    assert one(connection, "SELECT count(*) FROM sums") == 4

    refused(monthly.call("rollback", *on, "--run", "2"), 2, "run 2 can't be undone before run 3")
    monthly.rollback(database)
    refused(monthly.call("rollback", *on), 2, "run 3 is rolled back already", "--run 2")
    assert one(connection, "SELECT count(*) FROM sums") == 2
    undone = monthly.call("rollback", *on, "--run", "2", "--accept-changed-plan")
    assert (undone.returncode, one(connection, "SELECT count(*) FROM sums")) == (0, 1)


def test_finished_when_and_a_step_that_was_added(
    several: Project, database: str, connection: Connection
) -> None:
    """What the plan calls finished stays so, but a new step is not passed over in silence."""
    on = ("--dsn", database)
    several.run(database)
    assert several.run(database).status == "nothing_to_do"
    text = several.plan.read_text()
    several.plan.write_text(text + "  - {name: more, sql: make.sql, rollback: drop.sql}\n")
    for option in ("--accept-changed-plan", "--dry-run"):
        refused(several.call("run", *on, option), 3, "added to the plan", "not run: more")
    # nor is one that was changed said to be done
    several.plan.write_text(text)
    several.templates(make=(several.directory / "sql/make.sql").read_text() + "-- otherwise\n")
    done = several.call("run", *on, "--accept-changed-plan")
    refused(done, 3, "has run already", "this was not run: changed: make", "roll that run back")
    assert one(connection, "SELECT count(*) FROM executor.runs") == 1


GROWN = """
variables:
  source: {type: table, default: public.chunks}
  least: {type: integer, default: 2}
  workers: {type: integer, default: 1}
subject: source
finished_when: there.sql
"""


def test_what_a_run_has_moved_is_moved_again_only_if_asked_for(
    project: Project, database: str, connection: Connection
) -> None:
    """Also where it is as the plan wants it, or where by now something is missing."""
    on, a = ("--dsn", database), ("--var", "source=public.a")
    connection.execute(
        "CREATE TABLE public.pieces (made text, n integer); CREATE TABLE public.a ()"
    )
    made = "SELECT count(*) FROM pieces WHERE made = 'a'"
    project.write(
        """
        - {name: check, assertions: [{query: {sql: ok.sql, equals: true}}], rollback: nothing}
        - {name: make, sql: make.sql, rollback: drop.sql}
        """,
        head=GROWN,
        ok="SELECT to_regclass('public.bad') IS NULL",
        make="INSERT INTO public.pieces SELECT {{ source.name | literal }}, generate_series(1, {{ least }});",
        drop="DELETE FROM public.pieces WHERE made = {{ source.name | literal }};",
        there="SELECT count(*) >= {{ least }} FROM public.pieces WHERE made = {{ source.name | literal }}",
    )
    for again, rows in ((), 2), (("--again",), 4):
        done = project.call("run", *on, *a, *again)
        assert (done.returncode, one(connection, made)) == (0, rows), done.stderr
        assert "nothing to do" in project.call("run", *on, *a).stderr

    connection.execute("DELETE FROM pieces")
    words = "run 2 (source=public.a) of 2", "by now not all is there that it would make"
    same = f"executor run {project.plan} --var source=public.a --again`"
    more = f"executor run {project.plan} --var source=public.a --var workers=2 --again`"
    for given, hint in ((a, same), ((), same), ((*a, "--var", "workers=2"), more)):
        for option in ((), ("--dry-run",)):
            refused(project.call("run", *on, *given, *option), 3, *words, hint)
    refused(project.call("review", *on, *a, "-o", "-"), 3, *words, same)
    reviewed = project.call("review", *on, "--again", "-o", "-")
    assert (reviewed.returncode, one(connection, made)) == (0, 0), reviewed.stderr

    # a run that only checked is in nobody's way
    connection.execute("CREATE TABLE bad ()")
    for _ in range(2):
        refused(project.call("run", *on, "--again"), 6, "check")
    connection.execute("DROP TABLE bad")
    refused(project.call("run", *on), 3, *words)
    done = project.call("run", *on, "--again")
    assert (done.returncode, one(connection, made)) == (0, 2), done.stderr

    # another purpose, or another table, needs no option
    project.plan.write_text(project.plan.read_text().replace("default: 2", "default: 3"))
    for given, rows in (a, 5), ((*a, "--var", "least=6"), 11), (("--var", "source=public.b"), 11):
        done = project.call("run", *on, *given)
        assert (done.returncode, one(connection, made)) == (0, rows), done.stderr


def test_a_dry_run_says_what_a_run_does(
    several: Project, database: str, connection: Connection
) -> None:
    """In each state the two come from one decision."""
    several.plan.write_text(
        several.plan.read_text()
        + "  - {name: fail, sql: fail.sql, rollback: nothing}\n"
        + "  - {name: tell, always: true, sql: tell.sql, rollback: nothing}\n"
    )
    fail = "SELECT 1 / CASE WHEN to_regclass('public.well') IS NULL THEN 0 ELSE 1 END;"
    several.templates(fail=fail, tell="INSERT INTO public.told SELECT 1;")
    connection.execute("CREATE TABLE public.told (n integer)")

    def both() -> tuple[str, subprocess.CompletedProcess[str]]:
        dry = several.call("run", "--dry-run", "--dsn", database, "--format", "json")
        assert dry.returncode == 0, dry.stderr
        lines = [json.loads(line) for line in dry.stdout.splitlines()]
        return lines[0]["action"], several.call("run", "--dsn", database)

    action, done = both()
    assert (action, done.returncode) == ("begin", 5), done.stderr
    connection.execute("DROP TABLE public.chunks_made; CREATE TABLE public.well ()")
    action, done = both()
    assert (action, done.returncode, "resuming" in done.stderr) == ("go on", 0, True), done.stderr
    # it was there while nothing had to be done but this
    connection.execute("CREATE TABLE public.chunks_made (n integer)")
    action, done = both()
    assert (action, done.returncode, "nothing to do" in done.stderr) == ("always", 0, True)
    assert one(connection, "SELECT count(*) FROM told") == 2
    assert one(connection, "SELECT count(*) FROM executor.runs") == 1


def test_a_run_that_has_only_checked_begins_anew(
    several: Project, database: str, connection: Connection
) -> None:
    """The plan is edited, or another value is given: nothing stands in the way, on or back."""
    on = ("--dsn", database)
    plan = several.plan.read_text()
    check = "- {name: check, assertions: [{query: {sql: ok.sql, equals: %d}}], rollback: nothing}"
    make = "- {name: make, sql: make.sql, rollback: drop.sql}"

    def edited(number: int) -> None:
        several.plan.write_text(plan.replace(make, f"{check % number}\n  {make}"))

    several.templates(ok="SELECT count(*) FROM pg_class WHERE relname = 'wanted'")
    edited(1)
    with pytest.raises(AssertionFailedError):
        several.run(database, variables={"source": "public.a"})
    other = several.call("run", *on, "--var", "source=public.b")
    assert other.returncode == 6
    assert "run 1 had only checked; it begins anew as run 2" in other.stderr
    events: list[Event] = []
    with pytest.raises(AssertionFailedError):
        several.run(database, events, variables={"source": "public.b"})
    assert [(e.run, e.resumed) for e in events if isinstance(e, RunStarted)] == [(2, True)]

    # it binds nobody: the plan's own table is meant where none is given
    edited(0)
    dry = several.call("run", *on, "--dry-run")
    assert "in the place of run 2 (source=public.b), which had only checked" in dry.stdout
    done = several.call("run", *on)
    assert (done.returncode, one(connection, TABLES)) == (0, "chunks_made"), done.stderr
    assert "run 2 had only checked; it begins anew as run 3" in done.stderr
    states = "SELECT string_agg(status, ' ' ORDER BY id) FROM executor.runs"
    assert one(connection, states) == "rolled_back rolled_back succeeded"

    several.rollback(database)
    edited(2)
    with pytest.raises(AssertionFailedError):
        several.run(database, variables={"source": "public.b"})
    failed = several.call("run", *on, "--var", "source=public.b", "--accept", "a b")
    tries = "--var source=public.b --accept 'a b'` tries again"
    assert (failed.returncode, tries in failed.stderr) == (6, True), failed.stderr
    edited(3)
    back = several.call("rollback", *on)
    assert (back.returncode, "run 5 (source=public.b) had only checked" in back.stderr) == (0, True)
    # with work done, the edited plan is refused as ever
    edited(0)
    several.run(database, until="make")
    edited(4)
    refused(several.call("run", *on), 3, "the plan was edited since run 6 began; changed: check")


def test_a_run_that_has_only_checked_hides_none_that_has_come_to_its_end(
    several: Project, database: str, connection: Connection
) -> None:
    """Nor is it in the way of the steps that are done always."""
    on = ("--dsn", database)
    check = "- {name: check, assertions: [{query: {sql: ok.sql, equals: 1}}], rollback: nothing}"
    always = "- {name: tell, sql: told.sql, always: true, rollback: nothing}"
    make = "- {name: make, sql: make.sql, rollback: drop.sql}"
    several.plan.write_text(
        several.plan.read_text().replace(make, f"{check}\n  {make}\n  {always}")
    )
    ok = "SELECT count(*) FROM pg_class WHERE relname = 'pg_class' AND {{ source.name | literal }} = 'chunks'"
    several.templates(ok=ok, told="SELECT 1")
    assert several.call("run", *on).returncode == 0
    refused(several.call("run", *on, "--var", "source=public.a"), 6, "check")
    done = several.call("run", *on)
    assert (done.returncode, "nothing to do" in done.stderr) == (0, True), done.stderr
    assert "has run already (run 1)" in done.stderr
    states = "SELECT string_agg(status, ' ' ORDER BY id) FROM executor.runs"
    assert one(connection, states) == "succeeded rolled_back"


def test_a_rollback_that_can_not_come_to_its_end_does_not_begin(
    project: Project, database: str, connection: Connection
) -> None:
    project.write(
        """
        - {name: make, sql: make.sql, rollback: drop.sql}
        - {name: pay, sql: pay.sql, irreversible: the money is gone}
        - {name: note, sql: note.sql, rollback: forget.sql}
        """,
        make="CREATE TABLE public.t (n integer);",
        drop="DROP TABLE public.t;",
        pay="INSERT INTO public.t VALUES (1);",
        note="COMMENT ON TABLE public.t IS 'paid';",
        forget="COMMENT ON TABLE public.t IS NULL;",
    )
    on = ("--dsn", database)
    project.run(database)
    words = "run 1 can't be rolled back: the step pay can't be undone: the money is gone"
    left = "nothing was undone; left as they are: note, pay, make"
    refused(project.call("rollback", *on), 7, words, left)
    states = "SELECT string_agg(status, ' ') FROM (SELECT status FROM executor.runs UNION SELECT status FROM executor.steps) AS s"
    assert one(connection, states) == "succeeded"
    assert one(connection, "SELECT obj_description('public.t'::regclass)") == "paid"


def test_a_failure_before_a_run_undoes_none(
    several: Project, database: str, connection: Connection
) -> None:
    several.run(database)
    several.templates(there="SELECT 1 / 0 = 1")
    failed = several.call("run", "--dsn", database, "--rollback-on-failure")
    refused(failed, 5, "finished_when failed")
    assert one(connection, TABLES) == "chunks_made"


def test_commands_name_the_run_that_they_mean(
    several: Project, database: str, tmp_path: Path
) -> None:
    several.run(database, until="make")
    paused = several.call("pause", "--dsn", database)
    assert paused.stderr.startswith("run 1 (public.chunks): paused"), paused.stderr
    page = str(tmp_path / "report.html")
    report = call("report", "1", str(several.plan), "--dsn", database, "-o", page)
    assert "run 1 of work on public.chunks, stopped" in report.stderr
    back = several.call("rollback", "--dsn", database)
    assert back.stderr.startswith("rolling back run 1 of work: source=public.chunks, "), back.stderr
    verify = several.call("verify", "--dsn", database)
    refused(verify, 2, "run 1 (source=public.chunks) is rolled back")


def test_a_run_of_another_plan_of_the_same_name_is_not_touched(
    several: Project, database: str, connection: Connection, tmp_path: Path
) -> None:
    other = Project(tmp_path / "elsewhere").write(
        "- {name: other, sql: other.sql, rollback: nothing}",
        head="verify: [{no_rows: {sql: none.sql}}]",
        other="CREATE TABLE other ();",
        none="SELECT 1 LIMIT 0",
    )
    several.templates(make="CREATE TABLE {{ made | ident }} AS SELECT 1 AS n; SELECT 1 / 0;")
    assert several.call("run", "--dsn", database).returncode == 5
    words = (
        "run 1 is one of another plan that is named work, too: of its steps (make)",
        "has none",
    )
    for command in (
        ("run",),
        ("run", "--accept-changed-plan"),
        ("rollback",),
        ("run", "--dry-run"),
    ):
        refused(other.call(*command, "--dsn", database), 2, *words, str(other.plan))
    assert one(connection, "SELECT status FROM executor.runs") == "failed"
    assert one(connection, "SELECT to_regclass('public.other')") is None

    several.templates(make="CREATE TABLE {{ made | ident }} AS SELECT 1 AS n;")
    done = several.call("run", "--dsn", database, "--accept-changed-plan")
    assert done.returncode == 0, done.stderr
    for command in ("rollback", "verify"):
        refused(other.call(command, "--dsn", database), 2, *words)
    assert one(connection, TABLES) == "chunks_made"


def test_a_plan_that_names_no_subject_shows_no_table(
    several: Project, database: str, connection: Connection
) -> None:
    several.plan.write_text(several.plan.read_text().replace("subject: source\n", ""))
    for table in ("public.a", "public.b"):
        assert several.call("run", "--dsn", database, "--var", f"source={table}").returncode == 0
    assert "table: " not in several.call("status", "--dsn", database).stdout
    assert several.call("rollback", "--dsn", database).returncode == 0
    # its tables still say which run is meant
    refused(
        several.call("rollback", "--dsn", database), 2, "run 2 (source=public.b) is rolled back"
    )
    assert one(connection, TABLES) == "a_made"


def test_the_table_of_a_run_of_an_older_version_is_known(
    several: Project, database: str, connection: Connection
) -> None:
    """Its journal has the plan's names among the variables, and no subject."""
    assert several.call("run", "--dsn", database, "--var", "source=public.a").returncode == 0
    connection.execute(
        "UPDATE executor.runs SET variables = variables - '--subject' || '{\"made\": \"public.b_made\"}'"
    )
    connection.execute("ALTER TABLE a_made RENAME TO b_made")
    assert "table: public.a" in several.call("status", "--dsn", database).stdout
    assert "public.a" in call("status", "--dsn", database).stdout
    report = several.call("report", "--dsn", database, "-o", "-")
    assert "Run 1 on public.a in" in report.stdout, report.stderr
    assert several.call("verify", "--dsn", database).returncode == 0
    undone = several.call("rollback", "--dsn", database)
    assert (undone.returncode, one(connection, TABLES)) == (3, "b_made"), undone.stderr
    undone = several.call("rollback", "--dsn", database, "--accept-changed-plan")
    assert (undone.returncode, one(connection, TABLES)) == (0, None), undone.stderr

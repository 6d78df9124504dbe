"""The Python API: the examples of docs/python.md, and what a program can rely on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import executor
from executor import Options, errors, events
from tests.helpers.command import Connection, one
from tests.helpers.plans import Project

PAGE = (Path(__file__).parents[2] / "docs/python.md").read_text(encoding="utf-8")
VERIFIED = """
verify:
  - no_rows: {sql: less.sql}
variables: {least: 0}
"""
MAKE = "- {name: make, sql: make.sql, rollback: drop.sql}"


@pytest.fixture
def work(tmp_path: Path) -> Project:
    templates = {
        "make": "CREATE TABLE public.t AS SELECT {{ least }} AS n;",
        "drop": "DROP TABLE public.t;",
        "less": "SELECT n FROM public.t WHERE n < {{ least }}",
    }
    return Project(tmp_path).write(MAKE, VERIFIED, **templates)


def test_the_examples_of_the_page_work(
    database: str, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    text, replaced = re.subn(
        r'^DSN = ".*"$', f"DSN = {database!r}", "\n".join(blocks), flags=re.MULTILINE
    )
    assert replaced == 1
    exec(compile(text, "docs/python.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "succeeded 1" in shown
    assert "fill_column: succeeded, " in shown
    assert "# 05_batches: review" in shown
    assert "the plan 05_batches has no variable 'tabel'; it has: table" in shown
    assert one(connection, "SELECT to_regnamespace('example_05')") is None
    assert one(connection, "SELECT count(*) FROM executor.runs WHERE status <> 'rolled_back'") == 0


def test_a_run_there_and_back_with_values_of_python(
    database: str, connection: Connection, work: Project
) -> None:
    seen: list[events.Event] = []
    done = executor.run(work.plan, dsn=database, variables={"least": 7}, on_event=seen.append)
    assert (done.status, done.run) == ("succeeded", 1)
    assert [event.step for event in seen if isinstance(event, events.StepFinished)] == ["make"]
    assert one(connection, "SELECT n FROM public.t") == 7
    executor.verify(work.plan, dsn=database)
    connection.execute("UPDATE public.t SET n = 6")
    with pytest.raises(errors.AssertionFailedError) as caught:
        executor.verify(work.plan, dsn=database, options=Options(run=1))
    assert (caught.value.step, caught.value.facts["run"]) == ("verify", 1)
    found = executor.status(work.plan, dsn=database)
    assert found
    assert [step.name for step in found.steps] == ["make"]
    with pytest.raises(errors.DoneError):
        executor.run(work.plan, dsn=database)
    work.templates(drop="DROP TABLE public.t; SELECT 1;", make="CREATE TABLE public.t (n int);")
    with pytest.raises(errors.DriftError, match="changed: make") as edited:
        executor.run(work.plan, dsn=database)
    assert type(edited.value) is errors.DriftError
    options = Options(accept_changed_plan=True)
    assert executor.rollback(work.plan, dsn=database, options=options).status == "rolled_back"
    assert one(connection, "SELECT to_regclass('public.t')") is None


def test_a_run_that_fails_says_the_ways_on_or_goes_back(
    database: str, connection: Connection, work: Project
) -> None:
    fails = MAKE + "\n- {name: fail, sql: fail.sql, rollback: nothing}"
    work.write(fails, VERIFIED, fail="SELECT 1 / 0;")
    with pytest.raises(errors.StepError) as caught:
        executor.run(work.plan, dsn=database)
    assert caught.value.step == "fail"
    assert "`executor rollback" in caught.value.hint
    assert one(connection, "SELECT count(*) FROM public.t") == 1
    with pytest.raises(errors.StepError) as caught:
        executor.run(work.plan, dsn=database, options=Options(rollback_on_failure=True))
    assert caught.value.__notes__ == ["Everything was rolled back, as --rollback-on-failure says."]
    assert one(connection, "SELECT to_regclass('public.t')") is None


def test_what_a_listener_raises_leaves_a_run_that_can_go_on(
    database: str, connection: Connection, work: Project
) -> None:
    work.write(
        MAKE + "\n- {name: look, sql: look.sql, rollback: nothing}", VERIFIED, look="SELECT 1;"
    )

    def stop(event: events.Event) -> None:
        if isinstance(event, events.StepStarted) and event.step == "look":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        executor.run(work.plan, dsn=database, on_event=stop)
    assert one(connection, "SELECT count(*) FROM public.t") == 1
    assert executor.run(work.plan, dsn=database).run == 1


def test_an_option_that_means_nothing_to_a_function_is_refused(work: Project) -> None:
    with pytest.raises(errors.UsageError, match=r"executor\.rollback has no option 'until'"):
        executor.rollback(work.plan, dsn="host=/nowhere", options=Options(until="make"))
    with pytest.raises(errors.UsageError, match="has no variable '--accept'"):
        executor.render(work.plan, variables={"--accept": ["x"]})

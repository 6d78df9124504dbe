"""A project with a configuration: what a run takes from it, and what a run keeps that has begun."""

from __future__ import annotations

import json
import os

import pytest

from tests.helpers.command import CANARY, DROP, TABLE, one, refused
from tests.helpers.plans import Project, call

#: the words of it that stand for this test alone: the plans' directory and the server
HEAD = "plans = 'plans'\n[environments.production]\ndsn_variable = 'PRODUCTION_URL'\n"


@pytest.fixture
def made(project: Project, database: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in os.environ:
        if name == "DATABASE_URL" or name.startswith("EXECUTOR_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PRODUCTION_URL", f"{database} password={CANARY}")
    monkeypatch.setenv("DATABASE_URL", "host=127.0.0.1 port=1")
    (project.directory / ".git").mkdir()
    (project.directory / "below").mkdir()
    return project.write(
        "- {name: make, sql: make.sql, rollback: drop.sql}\n"
        "- {name: fill, sql: fill.sql, rollback: nothing}",
        "variables: {rows: 1}",
        make=TABLE,
        drop=DROP,
        fill="INSERT INTO public.t SELECT generate_series(1, {{ rows }});",
    )


def test_a_run_takes_its_server_and_its_values_from_it(made, connection, tmp_path):
    def with_rows(number: int) -> None:
        text = f"{HEAD}variables = {{rows = {number}}}\n"
        (made.directory / "executor.toml").write_text(text)

    def does(*arguments: str):
        return call(*arguments, cwd=made.directory / "below")

    with_rows(3)
    assert does("run", "work", "--until", "make").returncode == 4  # $DATABASE_URL
    begun = does("run", "work", "--env", "production", "--until", "make")
    assert begun.returncode == 0, begun.stderr
    assert "rows=3" in begun.stderr  # not as the plan says
    with_rows(4)  # what has begun keeps its values
    assert does("run", "work", "--env", "production").returncode == 0
    assert one(connection, "SELECT count(*) FROM public.t") == 3
    assert does("status", "work", "--env", "production").stdout.startswith("work: run 1, succeeded")
    assert does("rollback", "work", "--env", "production").returncode == 0

    review = str(tmp_path / "review.json")
    done = does("review", "work", "--env", "production", "-o", review)
    assert done.returncode == 0, done.stderr
    signed = ("--env", "production", "--expect", review)
    with_rows(5)
    done = does("run", "work", *signed)
    refused(done, 3, "rows")
    with_rows(4)
    assert does("run", "work", *signed).returncode == 0
    assert one(connection, "SELECT count(*) FROM public.t") == 4


def test_what_names_a_way_on_names_the_environment(made, database, monkeypatch):
    monkeypatch.setenv("EXECUTOR_FORMAT", "json")
    (made.directory / "executor.toml").write_text(HEAD)
    made.templates(fill="SELECT 1/0;")
    done = call("run", "work", "--env", "production", cwd=made.directory)
    event = json.loads(done.stdout.splitlines()[-1])
    assert (event["event"], event["state"]) == ("RunFailed", "kept")
    assert "`executor run work --env production` goes on" in event["hint"]
    assert CANARY not in done.stdout + done.stderr

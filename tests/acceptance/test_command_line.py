"""The command line: formats, ways to name a plan and a server, the dry run, status, the demo."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families
from psycopg.conninfo import conninfo_to_dict

from executor.cli.main import main
from tests.helpers.command import (
    DROP,
    MAKE,
    SLEEP,
    SLEEPING,
    TABLE,
    eventually,
    one,
    refused,
    started,
    untouched,
)
from tests.helpers.plans import COMMAND, ROOT, Project, call

#: a device that is always full
FULL = Path("/dev/full")

#: an environment that says nothing of a server
CLEAN = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith("PG")}


@pytest.fixture
def made(project: Project) -> Project:
    return project.write(
        MAKE + "- {name: fill, sql: fill.sql, rollback: nothing,"
        " assertions: [{query: {sql: count.sql, equals: 3}}]}",
        make=TABLE,
        drop=DROP,
        fill="INSERT INTO public.t SELECT generate_series(1, 3);",
        count="SELECT count(*) FROM public.t",
    )


#: what a line of `run`, `rollback` and `verify` may be
EVENTS = Draft202012Validator(json.loads((ROOT / "docs/events.schema.json").read_text()))


def objects(text):
    """One JSON object a line; an event is one of the schema."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(item, dict) for item in found)
    for item in found:
        if "at" in item:
            EVENTS.validate(item)
    return found


def test_json_is_one_object_a_line(made, database, connection):
    asked = ("--format", "json", "--dsn", database)
    assert objects(call("status", *asked).stdout) == []
    dry = objects(made.call("run", "--dry-run", *asked).stdout)
    assert [item.get("step") for item in dry] == [None, "make", "fill"]
    assert dry[0]["message"] == "work: would begin a run"
    assert untouched(connection)

    done = made.call("run", *asked)
    assert done.stderr == ""
    events = objects(done.stdout)
    assert all(datetime.fromisoformat(event["at"]).utcoffset() == timedelta(0) for event in events)
    assert [event["event"] for event in events] == [
        *("RunStarted", "StepStarted", "StepFinished"),
        *("StepStarted", "AssertionChecked", "StepFinished", "RunFinished"),
    ]
    assert events[-1]["status"] == "succeeded"
    (status,) = objects(made.call("status", *asked).stdout)
    assert status["status"] == "succeeded"
    assert [(step["name"], step["rows"]) for step in status["steps"]] == [("make", 0), ("fill", 3)]

    events = objects(made.call("rollback", *asked).stdout)
    assert events[0]["direction"] == "rollback"
    assert [event["step"] for event in events if event["event"] == "StepFinished"] == [
        "fill",
        "make",
    ]
    (status,) = objects(call("status", *asked).stdout)
    assert (status["plan"], status["status"]) == ("work", "rolled_back")


def test_a_run_whose_steps_have_weights_says_how_far_it_is(project, database, connection):
    weighed = project.write(
        "- {name: make, weight: 1, sql: make.sql, rollback: drop.sql}\n"
        "- {name: never, weight: 9, when: never.sql, sql: make.sql, rollback: nothing}\n"
        "- {name: fill, weight: '{{ 1 + 2 }}', sql: fill.sql, rollback: nothing}\n",
        make=TABLE,
        drop=DROP,
        never="SELECT false",
        fill="INSERT INTO public.t SELECT generate_series(1, 3);",
    )
    asked = ("--dsn", database, "--format", "json")
    weighed.call("run", "--until", "never", *asked)
    connection.execute("UPDATE executor.steps SET started_at = finished_at - interval '10 s' WHERE name = 'make'")  # fmt: skip
    (status,) = objects(weighed.call("status", *asked).stdout)
    assert status["progress"]["share"] == 0.25
    metrics = weighed.call("status", "--dsn", database, "--format", "prometheus").stdout
    (left,) = re.findall(r"\nexecutor_run_left_seconds{[^}]*} (.+)", metrics)
    assert 29 < float(left) < 31 and re.search(r"\nexecutor_run_done_ratio{.*} 0.25\n", metrics)
    assert "25% of the run, about 30 s left" in weighed.call("status", "--dsn", database).stdout
    started, finished, _ = objects(weighed.call("run", *asked).stdout)[1:]
    assert (started["step"], started["seconds"] > 0) == ("fill", True)
    assert (finished["share"], finished["seconds_left"]) == (None, None)  # nothing is left
    (status,) = objects(weighed.call("status", *asked).stdout)
    assert status["progress"] is None


def test_a_run_says_before_it_begins_about_how_long_it_will_take(project, database, connection):
    steps = (
        "- {name: make, weight: 2, sql: make.sql, rollback: drop.sql}\n"
        "- {name: fill, weight: 1, sql: fill.sql, rollback: nothing}\n"
    )
    fill = "INSERT INTO public.t SELECT generate_series(1, 3);"

    def plan(pace: str) -> Project:
        head = "pace: pace.sql\n"
        return project.write(steps, head=head, make=TABLE, drop=DROP, fill=fill, pace=pace)

    weighed, asked = plan("SELECT 20"), ("--dsn", database)
    told = weighed.call("run", "--dry-run", *asked).stdout
    assert "would begin a run, of about 60 s" in told
    (first, *_) = objects(weighed.call("run", "--dry-run", *asked, "--format", "json").stdout)
    assert first["seconds"] == 60
    stopped = weighed.call("run", "--until", "make", *asked)
    assert "about 60 s, by a first look at this server" in stopped.stderr
    (status,) = objects(weighed.call("status", *asked, "--format", "json").stdout)
    # one step is done, in no time; what was asked counts as if a tenth had been done at its pace
    assert 0 < status["progress"]["seconds_left"] < 20
    events = objects(weighed.call("run", *asked, "--format", "json").stdout)
    assert 0 < events[0]["seconds"] < 20

    assert "of about" not in plan("SELECT NULL").call("run", "--again", "--dry-run", *asked).stdout
    for wrong, why in (("SELECT 'soon'", "pace: 'soon' is not a number"), ("SELECT 1/0", "pace failed: division by zero")):  # fmt: skip
        refused = plan(wrong).call("run", "--again", *asked)
        assert (refused.returncode, why in refused.stderr) == (5, True)


def test_prometheus_reads_how_runs_are(made, database, connection, tmp_path):
    asked, file = ("--format", "prometheus", "--dsn", database), tmp_path / "runs.prom"

    def samples() -> dict[str, float]:
        assert call("status", *asked, "-o", str(file)).returncode == 0
        families = text_string_to_metric_families(file.read_text())
        return {
            sample.name.removeprefix("executor_run_"): sample.value
            for family in families
            for sample in family.samples
            if sample.labels["plan"] == "work"
        }

    assert samples() == {}
    made.call("run", "--until", "make", "--dsn", database)
    found = samples()
    assert (found["status"], found["number"], found["steps"], found["steps_ended"]) == (2, 1, 2, 1)
    assert (found["waits_for_somebody"], found["rows"]) == (0, 0)
    made.call("run", "--dsn", database)
    found = samples()
    assert (found["status"], found["steps_ended"], found["rows"]) == (0, 2, 3)
    began = one(connection, "SELECT extract(epoch FROM started_at)::int FROM executor.runs")
    assert abs(found["started_timestamp_seconds"] - began) <= 1
    made.call("rollback", "--dsn", database)
    assert samples()["status"] == 4
    refused(call("status", "--dsn", database, "-o", str(file)), 2, "-o is for --format prometheus")


def test_json_of_what_fails_ends_with_an_object_that_says_so(made, database, connection):
    """Whatever fails: the command line, the plan, the connection, a statement, a backup."""

    def last(code: int, *arguments: str) -> dict[str, Any]:
        done = call(*arguments, "--format", "json")
        refused(done, code)
        event = objects(done.stdout)[-1]
        assert (event["status"], event["exit_code"]) == ("failed", code)
        assert "at" in event
        assert f"Error: {event['error']}\n" in done.stderr
        return event

    plan, server = str(made.plan), ("--dsn", database)
    nowhere = ("--dsn", "host=127.0.0.1 port=1 user=nobody")
    assert last(2, "run", plan, "--nonsense")["event"] == "RunFailed"
    assert "twice" in last(2, "backups", "list", *server, *server)["error"]
    event = last(4, "run", plan, *nowhere)
    assert (event["plan"], event["state"]) == ("work", "unchanged")
    assert last(4, "backups", "list", *nowhere)["event"] == "CommandFailed"
    assert last(8, "backups", "verify", "none", *server)["command"] == "backups"
    made.templates(fill="SELECT 1/0;", drop="SELECT 1/0;")
    event = last(5, "run", plan, *server)
    assert event["event"] == "RunFailed"
    assert (event["plan"], event["run"], event["state"]) == ("work", 1, "kept")
    assert "division by zero" in event["error"] and "executor rollback" in event["hint"]
    event = last(7, "rollback", plan, *server, "--accept-changed-plan")
    assert (event["command"], event["run"], event["state"]) == ("rollback", 1, "half_undone")
    made.templates(drop=DROP)
    assert call("rollback", plan, *server, "--accept-changed-plan").returncode == 0
    event = last(5, "run", plan, *server, "--rollback-on-failure")
    assert (event["run"], event["state"]) == (2, "rolled_back")
    made.templates(make="SELECT 1/0;")
    assert last(5, "run", plan, *server)["state"] == "unchanged"
    made.templates(fill="SELEC;")
    for command in (("run", plan, "--dry-run", *server), ("run", plan, *server)):
        assert last(3, *command)["error"].count("SELEC") == 1


def test_json_of_a_plan_and_of_a_page(made, database, tmp_path):
    plan = str(made.plan)
    (found,) = objects(call("validate", plan, "--format", "json").stdout)
    assert (found["plan"], found["valid"], found["steps"]) == ("work", True, 2)
    steps = objects(call("render", plan, "--format", "json").stdout)
    assert [step.get("step") for step in steps] == ["make", "fill", None]
    assert "script" not in steps[0] and steps[-1]["event"] == "Rendered"
    steps = objects(call("render", plan, "--print-sql", "--format", "json").stdout)
    assert TABLE in steps[0]["script"] and "executor_assert(" in steps[1]["script"]
    steps = objects(call("render", plan, "--print-sql", "--fold", "--format", "json").stdout)
    assert "-- assertion " in steps[1]["script"] and "executor_assert(" not in steps[1]["script"]
    steps = objects(call("render", plan, "--rollback", "--format", "json").stdout)
    assert [step.get("step") for step in steps] == ["fill", "make", None]
    assert DROP in steps[1]["script"]

    assert call("run", plan, "--dsn", database).returncode == 0
    page = tmp_path / "page.html"
    done = call("report", "--dsn", database, "-o", str(page), "--format", "json")
    (found,) = objects(done.stdout)
    assert (found["event"], found["run"], found["plan"]) == ("Report", 1, "work")
    assert (found["file"], found["bytes"]) == (str(page), page.stat().st_size)
    refused(call("report", "--dsn", database, "-o", "-", "--format", "json"), 2, "name a file")

    made.templates(fill="SELEC;", count="SELECT 1; SELECT 2")
    done = call("validate", plan, "--format", "json")
    *problems, end = objects(done.stdout)
    assert done.returncode == end["exit_code"] == 3 and end["valid"] is False
    assert [set(p) for p in problems] == [{"event", "file", "line", "path", "message"}]
    assert problems[0]["line"] == 1


def test_times_for_machines_are_iso_8601(made, database):
    zoned = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
    assert call("run", str(made.plan), "--dsn", database).returncode == 0
    assert call("backups", "create", "public.t", "--dsn", database).returncode == 0
    asked = ("--format", "json", "--dsn", database)
    (run,) = objects(call("status", *asked).stdout)
    (one_run,) = objects(call("status", str(made.plan), *asked).stdout)
    (backup,) = objects(call("backups", "list", *asked).stdout)
    extended = objects(call("backups", "extend", backup["name"], "--days", "3", *asked).stdout)
    times = [run["started_at"], one_run["started_at"], one_run["claimed_at"]]
    times += [backup["created_at"], backup["retention_until"], extended[0]["retention_until"]]
    assert [time for time in times if not zoned.fullmatch(time)] == []
    assert " UTC" in call("status", "--dsn", database).stdout


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("--dsn", ("status", "--dsn", "a", "--dsn=b")),
        ("--until", ("run", "--until", "a", "--until", "b")),
        ("--format", ("validate", "--format", "text", "--format", "text")),
        ("--output", ("report", "-o", "a", "--output", "b")),
        ("--days", ("backups", "extend", "b", "--days", "1", "--days", "2")),
    ],
)
def test_an_option_with_one_value_is_given_once(option, arguments):
    refused(call(*arguments), 2, f"Error: {option} is given twice")


def test_options_that_may_be_given_again():
    again = ("validate", "02_variables", "--var", "schema=a", "--var", "schema=b")
    refused(call(*again), 2, "--var schema is given twice")
    assert call("run", "-v", "-v", "nosuch").returncode == 2


def test_a_dry_run_reports_and_changes_nothing(made, database, connection):
    done = made.call("run", "--dry-run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()[1:]]
    assert "would begin a run" in done.stdout
    assert lines == [["1.", "make", "once"], ["2.", "fill", "once"]]
    assert untouched(connection)

    assert made.call("run", "--until", "make", "--dsn", database).returncode == 0
    done = made.call("run", "--dry-run", "--dsn", database)
    assert "would go on with run 1" in done.stdout
    assert "make                     done" in done.stdout
    assert one(connection, "SELECT count(*) FROM public.t") == 0
    assert one(connection, "SELECT status FROM executor.steps WHERE name = 'fill'") == "pending"


def test_a_dry_run_says_what_it_can_not_ask(project, database, connection):
    connection.execute("CREATE TABLE public.a (n integer); CREATE TABLE public.b (n integer)")
    project.write(
        """
- name: same
  assertions: [{checksum_equal: {left: public.a, right: public.b}}]
  rollback: nothing
"""
    )
    done = project.call("run", "--dry-run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert "not asked: it needs what the sessions of a run have" in done.stdout


def test_a_dry_run_asks_the_checks_of_the_flagship_plan(database, connection):
    """A dry run that does not look at the server says what is not so."""
    connection.execute("CREATE TABLE chunks (id bigint, collection_id numeric)")
    done = call("run", "--dry-run", "--dsn", database)
    assert done.returncode == 6, done.stderr
    assert "none that is valid and whole" in done.stderr
    assert "numeric, of which equal values may differ as text" in done.stderr
    assert one(connection, "SELECT to_regnamespace('executor')") is None


def test_status_with_and_without_a_plan(made, database):
    done = call("status", "--dsn", database)
    assert (done.returncode, done.stdout) == (0, "there is no run in this database\n")
    done = made.call("status", "--dsn", database)
    assert (done.returncode, done.stdout) == (0, "work: there is no run\n")
    assert made.call("run", "--until", "make", "--dsn", database).returncode == 0
    done = call("status", "--dsn", database)
    assert re.search(
        r"^\s*1\s+work\s+stopped\s+20[-0-9]{8} \d\d:\d\d\s", done.stdout, flags=re.MULTILINE
    )
    assert "run 1: stopped after make, as asked" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    done = made.call("status", "--dsn", database)
    assert "running since" in done.stdout and "no executor is at work on it now\n" in done.stdout
    assert re.search(r"^\s*make\s+succeeded", done.stdout, flags=re.MULTILINE)
    assert re.search(r"^\s*fill\s+pending", done.stdout, flags=re.MULTILINE)
    assert made.call("rollback", "--dsn", database).returncode == 0
    for words in ((), ("--run", "1")):
        done = made.call("status", *words, "--dsn", database)
        assert re.search(
            "^work: run 1, rolled back at .* UTC, begun at .* UTC$", done.stdout, re.MULTILINE
        )
    refused(call("status", "--run", "2", "--dsn", database), 2, "there is no run 2 in this")


def test_a_rollback_that_was_killed_is_no_run_that_goes_on(project, database, connection):
    project.write(
        "- {name: make, weight: 9, sql: make.sql, rollback: sleep.sql}\n"
        "- {name: more, weight: 1, sql: more.sql, rollback: nothing}\n"
        "- {name: last, weight: 1, sql: more.sql, rollback: nothing}",
        make=TABLE,
        sleep=SLEEP + DROP,
        more="SELECT 1",
    )
    assert project.run(database, until="more").status == "stopped"
    connection.execute("CREATE TABLE public.slow ()")
    with started(project, "rollback", "--dsn", database) as process:
        eventually(connection, SLEEPING, 1)
        process.kill()
        connection.execute("DROP TABLE public.slow")
        process.wait()
    gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    eventually(connection, gone, 0)
    told = project.call("status", "--dsn", database).stdout
    assert "run 1, being rolled back, begun at" in told
    assert "1 of 3 steps are rolled back; `executor rollback` undoes the rest" in told
    assert "of the run" not in told
    forward = project.call("run", "--dsn", database)
    assert forward.returncode == 0, forward.stderr
    first, *_ = forward.stderr.splitlines()
    assert "resuming, run 1, which was being rolled back and is to go forward again" in first


def test_a_plan_is_named_by_its_path_its_name_or_not_at_all(made):
    assert "chunks_100_partitions.yaml: valid" in call("validate").stderr
    assert "examples/04_for_each.yaml: valid" in call("validate", "04_for_each").stderr
    assert "plans/work.yaml: valid" in made.call("validate").stderr
    own = {"cwd": made.directory, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    assert "plans/work.yaml: valid" in call("validate", **own).stderr
    assert (
        "/chunks_100_partitions.yaml: valid"
        in call("validate", "chunks_100_partitions", **own).stderr
    )
    (made.directory / "plans" / "other.yaml").touch()
    done = call("validate", **own)
    assert done.returncode == 2
    assert "say which plan" in done.stderr and "more than one: other, work" in done.stderr


@pytest.mark.parametrize("suffix", ["", ".yaml"])
def test_a_name_that_no_file_system_takes(suffix):
    done = call("validate", "a" * 300 + suffix)
    assert done.returncode == (3 if suffix else 2)
    assert done.stderr.startswith("Error: ") and "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_working_directory_that_may_not_be_looked_at(tmp_path):
    """As with sudo, from the directory of another user."""
    command = ["sh", "-c", 'cd "$0" && chmod 0 . && exec "$@"', str(tmp_path), *COMMAND, "validate"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    tmp_path.chmod(0o700)
    assert (done.returncode, done.stderr.count("valid, ")) == (0, 1), done.stderr


def test_a_name_is_no_pattern():
    done = call("validate", "*")
    assert (done.returncode, done.stderr.partition("\n")[0]) == (2, "Error: there is no plan '*'")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["render", "01_hello"]])
def test_an_output_that_is_full_is_no_bug(arguments):
    with FULL.open("w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        )
    message = "Error: the output can't be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_a_reader_that_goes_away_is_no_bug():
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, "render", "01_hello"]
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_script_is_utf_8_in_every_locale():
    arguments = ("render", "--print-sql", "--var", 'source="gr\u00f6\u00dfe\u20ac"')
    done = call(*arguments, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0, done.stderr
    assert '"gr\u00f6\u00dfe\u20ac"' in done.stdout


def test_the_package_is_a_command_too():
    command = [sys.executable, "-m", "executor", "--version"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).stdout.startswith(b"executor, ")


@pytest.mark.parametrize("command", [None, *main.commands])
def test_help(command):
    done = call(*filter(None, [command]), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ")
    if command is None:
        assert all(name in done.stdout for name in main.commands)
    else:
        assert str(main.commands[command].help).splitlines()[0][:40] in done.stdout


# -- Ways to the server ---------------------------------------------------------------------------


def parameters(database):
    """The parts of a DSN, as strings."""
    return {key: str(value) for key, value in conninfo_to_dict(database).items()}


def uri(database, scheme):
    """A DSN as SQLAlchemy writes it."""
    given = parameters(database)
    user = quote(given.pop("user"), safe="")
    name = quote(given.pop("dbname"), safe="")
    rest = "&".join(f"{key}={quote(value, safe='')}" for key, value in given.items())
    return f"{scheme}://{user}@/{name}?{rest}"


NAMES = {"dbname": "PGDATABASE"}


@pytest.mark.parametrize("way", ["key=value", "uri", "sqlalchemy", "variables", "service"])
def test_the_server_is_found_as_by_other_clients(way, database, connection, tmp_path):
    given = parameters(database)
    environment = dict(CLEAN)
    if way == "variables":
        environment |= {NAMES.get(k, f"PG{k.upper()}"): v for k, v in given.items()}
        environment.setdefault("PGPORT", str(connection.info.port))
    elif way == "service":
        lines = "\n".join(f"{key}={value}" for key, value in given.items())
        (tmp_path / "services").write_text(f"[mine]\n{lines}\n")
        environment |= {"PGSERVICEFILE": str(tmp_path / "services"), "PGSERVICE": "mine"}
    elif way == "key=value":
        environment["DATABASE_URL"] = database
    else:
        scheme = {"uri": "postgres", "sqlalchemy": "postgresql+psycopg"}[way]
        environment["DATABASE_URL"] = uri(database, scheme)
    done = call("run", "01_hello", env=environment)
    assert done.returncode == 0, done.stderr
    assert connection.info.dbname in done.stderr
    assert one(connection, "SELECT plan FROM executor.runs") == "01_hello"


def test_an_option_outranks_the_environment(database, connection):
    environment = {**CLEAN, "DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"}
    done = call("status", "--dsn", database, env=environment)
    assert done.returncode == 0, done.stderr


# -- The demo -------------------------------------------------------------------------------------


def test_the_demo_shows_its_partitions_and_can_be_kept_and_stopped(roomy):
    directory = str(roomy / "kept" / "data")
    try:
        done = call("demo", "--rows", "2000", "--keep", directory)
        assert done.returncode == 0, done.stderr
        assert "public.chunks in postgres: healthy" in done.stdout
        page = done.stdout.partition("Rows of each partition")[2].partition("Check")[0]
        shown = re.findall(r"\b(\d\d) [█▏▎▍▌▋▊▉]* +[\d,]+\b", page)
        assert sorted(shown) == [f"{number:02}" for number in range(100)]
        assert re.search(r"Check total record count\s+rows\s+[1-9],\d{3}\s", done.stdout)
        assert re.search(r"an application wrote to the table [\d,]+ times", done.stdout)
        assert f"executor demo --stop {directory}" in done.stdout
        again = call("demo", "--rows", "2000", "--keep", directory)
        assert (again.returncode, "holds a demo already" in again.stderr) == (2, True)
        status = call("status", "chunks_100_partitions", "--dsn", f"embedded:{directory}")
        assert "succeeded" in status.stdout, status.stderr
    finally:
        stopped = call("demo", "--stop", directory)
    assert stopped.returncode == 0, stopped.stderr
    again = call("demo", "--stop", directory)
    assert (again.returncode, "no server is running" in again.stderr) == (4, True)

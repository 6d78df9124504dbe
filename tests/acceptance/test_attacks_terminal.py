"""What a name, a notice or an error of the server says is shown, and never obeyed by a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from psycopg.conninfo import make_conninfo

from tests.helpers.plans import call

EVIL = "\x1b]0;owned\x1bc\x9b\u202e\x7f"
SHOWN = r"\x1b]0;owned\x1bc\u009b\u202e\u007f"
IN_SQL = r"E'\x1b]0;owned\x1bc\u009b\u202e\x7f'"
STEERS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

SPEAK = f"""DO $executor$BEGIN
  RAISE WARNING USING MESSAGE = 'notice of ' || {IN_SQL};
  PERFORM set_config('executor.rows', '1', true);
END$executor$;"""
FAIL = f"""DO $executor$BEGIN
  RAISE EXCEPTION USING MESSAGE = 'error of ' || {IN_SQL}, HINT = 'hint of ' || {IN_SQL};
END$executor$;"""


@pytest.fixture
def failed(project):
    steps = """
    - {name: speak, sql: speak.sql, rollback: nothing, assertions: [findings: {sql: found.sql}]}
    - {name: fail, sql: fail.sql, rollback: nothing}
    """
    found = f"SELECT 'finding of ' || {IN_SQL} AS subject, '1' AS expected, '1' AS actual, true AS passed"
    project.write(steps, speak=SPEAK, fail=FAIL, found=found)
    return project


def test_a_run_and_what_is_told_of_it_steers_no_terminal(failed, database):
    as_json = failed.call("run", "--format", "json", "--dsn", database)
    assert any(EVIL in json.loads(line).get("message", "") for line in as_json.stdout.splitlines())
    done = failed.call("run", "--dsn", database)
    assert done.returncode == 5
    for what in ("error", "hint"):
        assert f"{what} of {SHOWN}" in done.stderr
    status = failed.call("status", "--dsn", database)
    assert f"error of {SHOWN}" in status.stdout
    runs = call("status", "--dsn", database)
    assert "error of \\x1b" in runs.stdout
    kept = failed.call("status", "--format", "json", "--dsn", database)
    assert EVIL in json.loads(kept.stdout)["error"]
    for told in (done, status, runs, as_json, kept):
        assert not STEERS.search(told.stdout + told.stderr)


def test_on_a_terminal_only_rich_itself_sends_escapes(failed, database):
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "300"}
    done = call("run", str(failed.plan), "-v", "--dsn", database, env=environment)
    for what in ("notice", "finding", "error"):
        assert f"{what} of {SHOWN}" in done.stderr
    assert "\x1b[33m" in done.stderr
    rest = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", done.stderr).replace("\r", "")
    assert not STEERS.search(rest)


def test_names_of_files_tables_and_sessions_steer_no_terminal(project, database, connection):
    project.write("- {name: work, sql: none.sql, rollback: nothing}")
    plan = project.plan.rename(project.plan.with_name("a\x1b[2J\u202e.yaml"))
    told = [call("validate", str(plan)), call("render", "x\x1b[2J")]
    name = 'public."a\x1b[2J\x9bb"'
    connection.execute(f"CREATE TABLE {name} (id int) PARTITION BY LIST (id)")
    told += [
        call("health", 'public."\x1b[2J"', "--dsn", database),
        *(call("health", name, "--dsn", database, "--format", f) for f in ("text", "json")),
        call("backups", "verify", "no\x1b[2J", "--dsn", database),
        call("run", "--var", "x\x9b=1", "--dsn", database),
        call("status", "--nope\x1b[2J"),
        call("status", "--dsn", make_conninfo(database, user="no\x1b[2J")),
    ]
    for done in told:
        assert not STEERS.search(done.stdout + done.stderr), done
        assert "Traceback" not in done.stderr
    assert [done.returncode for done in told[:2]] == [3, 2]


def test_a_traceback_steers_no_terminal_either():
    code = "from executor import streams; streams.guard(); raise RuntimeError('\\x1b[2J')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "RuntimeError: \\x1b[2J" in done.stderr

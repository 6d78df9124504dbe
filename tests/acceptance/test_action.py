"""The GitHub Action, its steps run as a runner runs them, with a server that plays GitHub."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.helpers.plans import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
MARK = "<!-- executor: plans of this pull request -->"
BOT = "github-actions[bot]"
PLAN = """
description: Add a column, said by @somebody.
variables: {a: b}
settings: {lock_timeout: 1s, idle_in_transaction_session_timeout: 10s}
steps:
  - name: add
    sql: ALTER TABLE public.orders ADD COLUMN note text
    rollback: ALTER TABLE public.orders DROP COLUMN note
"""


class GitHub(BaseHTTPRequestHandler):
    """The comments of one pull request; the server of it holds them."""

    server: Any

    def _answer(self, given: object, code: int = 200) -> None:
        body = json.dumps(given).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> str:
        assert self.headers["Authorization"] == "Bearer the-token"
        size = int(self.headers["Content-Length"])
        return json.loads(self.rfile.read(size))["body"]

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        assert where.path == "/repos/us/shop/issues/7/comments"
        asked = parse_qs(where.query)
        size, page = int(asked["per_page"][0]), int(asked["page"][0])
        self._answer(self.server.comments[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        comment = {
            "id": len(self.server.comments) + 1,
            "user": {"login": BOT},
            "body": self._body(),
        }
        self.server.comments.append(comment)
        self._answer(comment, 201)

    def do_PATCH(self) -> None:
        number = int(self.path.removeprefix("/repos/us/shop/issues/comments/"))
        self.server.comments[number - 1]["body"] = self._body()
        self.server.patched += 1
        self._answer({})

    def log_message(self, *given: object) -> None:
        """Not to stderr."""


@pytest.fixture
def github() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    server.comments, server.patched = [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@dataclass
class Runner:
    """Runs the steps of action.yml in a checkout, as the runner of GitHub does."""

    checkout: Path
    api: str = ""
    repository_of_head: str | None = "us/shop"
    event: str = "pull_request"
    env: Mapping[str, str] = field(default_factory=dict)
    log: str = ""

    def run(self, **inputs: str) -> int:
        """The exit code of the first step that failed."""
        temp = self.checkout.parent / "temp"
        temp.mkdir(exist_ok=True)
        given = {name: str(said["default"]) for name, said in ACTION["inputs"].items()}
        known = {f"inputs.{name}": value for name, value in given.items()}
        known |= {f"inputs.{name}": value for name, value in inputs.items()}
        known |= {"github.token": "the-token"}
        known["inputs.token"] = known["inputs.token"].replace("${{ github.token }}", "the-token")
        (temp / "event").write_text(json.dumps(self._event()))
        failed = 0
        for step in ACTION["runs"]["steps"]:
            if self._due(step.get("if", ""), known, failed):
                code = self._step(step, known, temp)
                failed = failed or code
        return failed

    def _event(self) -> dict[str, object]:
        if self.event == "push":
            return {"ref": "refs/heads/main"}
        head = {"repo": {"full_name": self.repository_of_head} if self.repository_of_head else None}
        return {"pull_request": {"number": 7, "head": head}}

    def _due(self, condition: str, known: Mapping[str, str], failed: int) -> bool:
        text = re.sub(
            r"(inputs|steps)[\w.-]+", lambda name: repr(known.get(name[0], "")), condition
        )
        text = text.replace("always()", "True").replace("&&", "and")
        due = bool(eval(text)) if text else True
        return due and (not failed or "always()" in condition)

    def _step(self, step: dict[str, Any], known: dict[str, str], temp: Path) -> int:
        own = {
            name: re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda key: known.get(key[1], ""), str(value))
            for name, value in step.get("env", {}).items()
        }
        assert "${{" not in step["run"], "a value in a text of the shell could be a command"
        script, output = temp / "script.sh", temp / "output"
        script.write_text(step["run"])
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.checkout,
            env=self._environment(temp, output) | own,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step.get('id')}.outputs.{name}"] = value
        return done.returncode

    def _environment(self, temp: Path, output: Path) -> dict[str, str]:
        usual = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {
            **usual,
            "PYTHONPATH": str(ROOT),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": self.api,
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(temp / "event"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "us/shop",
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
            "RUNNER_TEMP": str(temp),
            **self.env,
        }

    @property
    def summary(self) -> str:
        """What the page of the workflow's run shows."""
        return (self.checkout.parent / "temp/summary").read_text(encoding="utf-8")


@pytest.fixture
def runner(tmp_path: Path, github: Any) -> Runner:
    plans = tmp_path / "checkout" / "plans"
    plans.mkdir(parents=True)
    (plans / "add.yaml").write_text(PLAN)
    return Runner(tmp_path / "checkout", f"http://127.0.0.1:{github.server_port}")


COMMAND = {"command": f"{sys.executable} -m executor"}


def test_a_pull_request_has_one_comment_that_is_written_anew(runner, github, database, connection):
    connection.execute("CREATE TABLE public.orders (id bigint)")
    others = [{"id": n, "user": {"login": "mallory"}, "body": MARK} for n in range(1, 151)]
    github.comments = others
    runner.env = {"DATABASE_URL": database}
    assert runner.run(**COMMAND) == 6
    assert "::warning file=plans/add.yaml,line=" in runner.log
    (own,) = (one for one in github.comments if one["user"]["login"] == BOT)
    first = own["body"]
    assert first.startswith(MARK)
    assert "| plans/add.yaml | yes | 1 |" in first
    assert "review of the real table" in first
    assert "ALTER TABLE public.orders ADD COLUMN note text" in first
    assert "@somebody" not in first.partition("```sql")[0]  # in code it calls nobody
    text = PLAN.replace(
        "rollback", "# lint: allow nothing-proven: a note proves nothing\n    rollback"
    )
    (runner.checkout / "plans/add.yaml").write_text(text)
    assert runner.run(**COMMAND) == 0
    assert (len(github.comments), github.patched) == (151, 1)
    assert "| plans/add.yaml | yes | 0 (1 explained) |" in own["body"]
    assert all(one["body"] == MARK for one in github.comments[:150])
    assert own["body"] in runner.summary


def test_a_fork_reaches_no_database_and_writes_no_comment(runner, github):
    runner.repository_of_head = "mallory/shop"
    nowhere = "postgresql://127.0.0.1:1/none"
    runner.env = {"DATABASE_URL": nowhere, "PGHOST": "127.0.0.1", "EXECUTOR_LINT_DSN": nowhere}
    runner.env |= {"EXECUTOR_ENV": "ours", "EXECUTOR_VAR_A": "c"}
    text = PLAN.replace("steps:", "facts: {t: 'SELECT 1 AS n'}\nsteps:")
    (runner.checkout / "plans/add.yaml").write_text(text)
    (runner.checkout / "plans/add.facts.json").write_text(
        '{"plan": "add", "subject": null, "facts": {"t": [{"n": 1}]}}'
    )
    (runner.checkout / "executor.toml").write_text(
        f"environment = 'theirs'\n[environments.theirs]\ndsn = '{nowhere}'\n"
    )
    assert runner.run(**COMMAND, squawk="false") == 6, runner.log
    assert "| plans/add.yaml | yes | 1 | – |" in runner.summary
    assert "nothing was asked of a database" in runner.summary
    assert github.comments == []


@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment"])
def test_no_secrets_are_given_to_a_fork_by_another_event(runner, github, event):
    runner.event = event
    assert runner.run(**COMMAND) == 2
    assert f"::error title=executor::not on {event}" in runner.log
    assert github.comments == []


def test_what_a_plan_and_an_input_say_is_no_command(runner, github):
    name = "$(touch pwned);`touch pwned`\n::error::x.yaml"
    evil = PLAN.replace("public.orders", '"::error::a`</details>"').replace("@", "::error::@")
    (runner.checkout / "plans" / name).write_text(evil)
    (runner.checkout / "plans/add.yaml").write_text("description: [::error::b\n")
    runner.env = {"PGDATA": "/nowhere"}  # which names no server
    assert runner.run(**COMMAND, squawk="false", variables="a=$(touch pwned);`touch pwned`") == 3
    assert "failed, exit code" not in github.comments[0]["body"]
    assert not list(runner.checkout.parent.rglob("pwned"))
    assert "**no**" in github.comments[0]["body"]
    shown, stopped = [], ""
    for line in runner.log.splitlines():
        if line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif stopped and line == f"::{stopped}::":
            stopped = ""
        elif not stopped:
            shown.append(line)
    commands = [line for line in shown if line.startswith("::")]
    assert commands
    assert all(
        re.match(r"::(error|warning) file=plans/[^,:]+,line=\d+,", line) for line in commands
    )


def test_a_comment_is_never_too_long_for_github(tmp_path, monkeypatch):
    event = tmp_path / "event"
    event.write_text("{}")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    for number in range(1, 40):
        own = tmp_path / "out" / str(number)
        own.mkdir(parents=True)
        (own / "plan").write_text(f"plans/{number}.yaml")
        (own / "lint.code").write_text("0")
        (own / "remarks.json").write_text('{"event": "Linted", "remarks": 0, "explained": 0}\n')
        (own / "folded.sql").write_text("SELECT '```';\n" * 2000)
    given = [sys.executable, str(ROOT / "action/page.py"), "compose", str(tmp_path / "out")]
    page = subprocess.run(given, capture_output=True, text=True, check=True).stdout
    assert 60_000 < len(page) <= 65_000
    assert page.count("<details>") == page.count("</details>") > 1
    assert page.count("\n````sql\n") == page.count("\n````\n")
    assert re.search(r"\n-- … and 1?\d{3} more lines\n````\n", page)
    assert page.endswith(" more parts found no room here.\n")

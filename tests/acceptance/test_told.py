"""Who is told of a run: commands, addresses, collectors of spans; and that none of them touches it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.helpers.command import CANARY, DROP, MAKE, TABLE, ended, eventually, started
from tests.helpers.plans import ROOT, Project, call

#: writes what it is told into the file `told`, and what it can see of passwords
HOOK = """\
#!/bin/sh
cat >> told
env | grep -e ^EXECUTOR_EVENT_MESSAGE -e {} >> seen
true
"""
LATE = "[[hooks]]\non = ['started']\ntimeout = '100ms'\ncommand = ['sh', '-c', 'sleep 600; true']\n"
EVERY = "on = ['started', 'holding', 'failed', 'succeeded', 'rolled_back']"


@pytest.fixture
def made(project: Project) -> Project:
    (project.directory / ".git").mkdir()
    hook = project.directory / "hook.sh"
    hook.write_text(HOOK.format(CANARY))
    hook.chmod(0o755)
    return project.write(
        MAKE + "- {name: fill, sql: fill.sql, rollback: nothing}",
        make=TABLE,
        drop=DROP,
        fill="INSERT INTO public.t VALUES (1);",
    )


def configured(made: Project, text: str) -> None:
    (made.directory / "executor.toml").write_text(text)


def told(made: Project) -> list[dict[str, object]]:
    """What the hook was told since it was last asked."""
    file = made.directory / "told"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [json.loads(line) for line in lines]


@contextmanager
def listener() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """A server that keeps what is posted to it: its port, and the paths and bodies."""
    posted: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """No line on stderr for each."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, posted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_command_is_told_what_happens_and_never_a_password(made, database, monkeypatch):
    secret = ("PGPASSWORD", "EXECUTOR_STATUS_DSN", "EXECUTOR_REHEARSE_ON", "OTHER_URL")
    for name in secret:
        monkeypatch.setenv(name, f"password={CANARY}")
    monkeypatch.setenv("DATABASE_URL", f"{database} password={CANARY}")
    configured(
        made,
        f"environment = 'test'\n[environments.test]\n[environments.other]\ndsn_variable = 'OTHER_URL'\n"
        f"[[hooks]]\n{EVERY}\ncommand = ['./hook.sh']\n"
        f"[[hooks]]\n{EVERY}\ncommand = ['./hook.sh']\nenvironments = ['other']\n",
    )
    plan = str(made.plan)

    def does(code: int, *arguments: str) -> list[dict[str, object]]:
        done = call(*arguments, cwd=made.directory)
        assert done.returncode == code, done.stderr
        assert CANARY not in done.stdout + done.stderr
        return told(made)

    assert does(0, "run", plan, "--dry-run") == []
    begun, succeeded = does(0, "run", plan)
    assert (begun["event"], succeeded["event"]) == ("started", "succeeded")
    assert {k: begun[k] for k in ("plan", "run", "direction", "environment", "resumed")} == {
        "plan": "work", "run": 1, "direction": "run", "environment": "test", "resumed": False,
    }  # fmt: skip
    assert does(3, "verify", plan) == []  # it claims nothing; and only asks
    assert [fact["event"] for fact in does(0, "rollback", plan)] == ["started", "rolled_back"]
    made.templates(fill="SELECT 1/0;")
    _, failed = does(5, "run", plan)
    assert (failed["event"], failed["run"], failed["step"], failed["exit_code"]) == (
        "failed",
        2,
        "fill",
        5,
    )
    assert does(2, "run", plan, "--until", "nowhere") == []
    (nowhere,) = does(4, "run", plan, "--dsn", "host=127.0.0.1 port=1 user=nobody")
    assert (nowhere["event"], nowhere["plan"], nowhere["exit_code"]) == ("failed", "work", 4)
    seen = (made.directory / "seen").read_text()
    assert "EXECUTOR_EVENT_MESSAGE=step fill" in seen
    assert CANARY not in seen


def test_what_hooks_do_wrong_is_a_line_and_no_more(made, database):
    (made.directory / "open.sh").write_text("touch opened")
    (made.directory / "open.sh").chmod(0o777)
    configured(
        made,
        "[[hooks]]\non = ['succeeded']\ncommand = ['./open.sh']\n"
        + LATE
        + "[[hooks]]\non = ['started', 'succeeded']\ncommand = ['./nowhere']\n"
        "[[hooks]]\non = ['succeeded']\ncommand = ['false']\n"
        "[[hooks]]\non = ['succeeded']\nurl_variable = 'ADDRESS'\n"
        "[[hooks]]\non = ['succeeded']\nurl_variable = 'NOWHERE'\n",
    )
    env = {**os.environ, "ADDRESS": f"nonsense://{CANARY}"}
    done = call("run", str(made.plan), "--dsn", database, cwd=made.directory, env=env)
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stderr
    assert not (made.directory / "opened").exists()
    assert "./open.sh, told of succeeded, can't be run: other users can write to" in done.stderr
    for line in (
        "the hook sh, told of started, was not done after 0.1 s, and was killed",
        "the hook ./nowhere, told of started, can't be run: No such file or directory",
        "the hook ./nowhere, told of succeeded, can't be run: No such file or directory",
        "the hook false, told of succeeded, ended with 1",
        "the hook $ADDRESS, told of succeeded, has an address that apprise does not know",
        "the hook $NOWHERE, told of succeeded, has no address: the variable is not set, or is empty",
    ):
        assert done.stderr.splitlines().count(line) == 1, done.stderr


def test_a_run_that_holds_goes_on_beside_a_hook_that_hangs(made, database, connection):
    """The hook hangs from the start: the run is told to go on, and ends, while it does."""
    late = "command = ['sh', '-c', 'sleep 1; ./hook.sh; touch late']"  # when nobody else is at work
    configured(
        made,
        "[[hooks]]\non = ['started']\ntimeout = '60s'\ncommand = ['sleep', '600']\n"
        f"[[hooks]]\non = ['holding']\ncommand = ['./hook.sh']\n"
        f"[[hooks]]\non = ['succeeded']\n{late}\n",
    )
    env = {**os.environ, "EXECUTOR_CONFIG": str(made.directory / "executor.toml")}
    with started(made, "run", "--hold", "fill", "--dsn", database, env=env) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, "SELECT max(held_before) FROM executor.controls", "fill")
        assert call("resume", str(made.plan), "--dsn", database, cwd=made.directory).returncode == 0
        while not (made.directory / "late").exists():
            assert process.poll() is None  # it gives the hooks their time
            time.sleep(0.05)
        process.terminate()  # which ends that, and is no failure of the run
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert "the hook sleep is not done, and is not waited for any longer" in done.stderr
    assert [fact["event"] for fact in told(made)] == ["holding", "succeeded"]


def test_a_hook_is_told_of_an_end_that_is_no_error_of_the_plan(made, database, connection):
    """Nobody reads any longer what the run prints."""
    made.templates(fill="SELECT pg_sleep(0.5);")
    configured(made, f"[[hooks]]\n{EVERY}\ncommand = ['./hook.sh']\n")
    env = {**os.environ, "EXECUTOR_CONFIG": str(made.directory / "executor.toml")}
    with started(made, "run", "--format", "json", "--dsn", database, env=env) as process:
        assert process.stdout
        assert "RunStarted" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(20) != 0
    begun, failed = told(made)
    assert (begun["event"], failed["event"], failed["run"]) == ("started", "failed", 1)
    assert failed["message"] == "stopped by BrokenPipeError"


def test_an_address_is_told_by_apprise_and_what_a_server_says_is_no_markup(made, database):
    made.templates(fill="DO $$ BEGIN RAISE EXCEPTION E'<b>\\nrun: 7'; END $$;")
    with listener() as (port, posted):
        address = f"json://me:{CANARY}@127.0.0.1:{port}/told?format=html"
        configured(made, "[[hooks]]\non = ['failed']\nurl_variable = 'ADDRESS'\n")
        # a process of its own: warnings are no errors there
        env = {**os.environ, "ADDRESS": address}
        done = call("run", str(made.plan), "--dsn", database, cwd=made.directory, env=env)
    assert done.returncode == 5, done.stderr
    ((path, body),) = posted
    message = json.loads(body)
    assert (path, message["title"]) == ("/told", "executor: work failed")
    text = message["message"].replace("&nbsp;", " ")
    assert "<br/>run: 1<br/>" in text
    assert "fill.sql: &lt;b&gt;<br/>  run: 7" in text


def test_a_run_is_a_trace(made, database, monkeypatch):
    made.write(
        MAKE + "- {name: fill, sql: fill.sql, rollback: nothing, for_each: '{{ [1, 2] }}'}\n"
        "- {name: fail, sql: 'SELECT 1/0', rollback: nothing}",
        fill="INSERT INTO public.t VALUES ({{ item }});",
    )
    with listener() as (port, posted):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console,otlp")
        monkeypatch.setenv("TRACEPARENT", f"00-{'ab' * 16}-{'cd' * 8}-01")
        done = call("run", str(made.plan), "--dsn", database, cwd=made.directory)
    assert done.returncode == 5, done.stderr
    spans = {}
    for path, body in posted:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            spans |= {span.name: span for scope in resource.scope_spans for span in scope.spans}
    parents = {span.span_id: name for name, span in spans.items()}
    assert {name: parents.get(span.parent_span_id) for name, span in spans.items()} == {
        "run work": None, "make": "run work", "fill": "run work", "fail": "run work",
        "fill 1": "fill", "fill 2": "fill",
    }  # fmt: skip
    assert spans["run work"].trace_id == b"\xab" * 16
    assert spans["run work"].parent_span_id == b"\xcd" * 8
    codes = {name: span.status.code for name, span in spans.items() if span.status.code}
    assert codes == {"fail": 2, "run work": 2}
    assert "division by zero" in spans["fail"].status.message


def test_a_collector_that_is_not_there_costs_a_line(made, database, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization {CANARY}")  # without its =
    done = call("run", str(made.plan), "--dsn", database, cwd=made.directory)
    assert done.returncode == 0
    assert done.stderr.count("spans: ") == 1
    assert CANARY not in done.stderr
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    done = call("rollback", str(made.plan), "--dsn", database, cwd=made.directory)
    assert done.returncode == 0
    assert "spans: " not in done.stderr


def test_what_is_not_installed_is_named_with_its_extra(made, database, tmp_path):
    for name in ("apprise", "opentelemetry"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r})")
    configured(made, "[[hooks]]\non = ['succeeded']\nurl_variable = 'ADDRESS'\n")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "ADDRESS": "json://127.0.0.1"}
    env["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1"
    done = call("run", str(made.plan), "--dsn", database, cwd=made.directory, env=env)
    assert done.returncode == 0, done.stderr
    assert "needs the extra `notify`: pip install 'sql-plan-executor[notify]'" in done.stderr
    assert "spans need the extra `otel`: pip install 'sql-plan-executor[otel]'" in done.stderr

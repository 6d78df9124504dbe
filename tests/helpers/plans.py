"""Small plans made on the spot: a step is a few words of YAML, a template is its text."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from executor.cli.main import main
from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.engine.run import RunResult
from executor.events import Event
from executor.plan.loader import load

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from executor.cli.main import main; main()")


@dataclass
class Project:
    """A directory with a plan and its templates."""

    directory: Path

    @property
    def plan(self) -> Path:
        return self.directory / "plans" / "work.yaml"

    def write(self, steps: str, head: str = "", **templates: str) -> Project:
        """Write the plan, and a template for each keyword."""
        self.plan.parent.mkdir(parents=True, exist_ok=True)
        body = textwrap.indent(textwrap.dedent(steps).strip(), "  ")
        text = f"description: a test\n{textwrap.dedent(head).strip()}\nsteps:\n{body}\n"
        self.plan.write_text(text, encoding="utf-8")
        return self.templates(**templates)

    def templates(self, **templates: str) -> Project:
        """Write templates."""
        sql = self.directory / "sql"
        sql.mkdir(parents=True, exist_ok=True)
        for name, text in templates.items():
            (sql / f"{name}.sql").write_text(text, encoding="utf-8")
        return self

    def run(self, dsn: str, events: list[Event] | None = None, **options: object) -> RunResult:
        """Run the plan in this process."""
        sink = events.append if events is not None else (lambda event: None)
        return runner.run(load(self.plan), RunOptions(dsn=dsn, **options), sink)  # type: ignore[arg-type]

    def rollback(self, dsn: str, **options: object) -> RunResult:
        """Undo the plan in this process."""
        chosen = RunOptions(dsn=dsn, **options)  # type: ignore[arg-type]
        return runner.rollback(load(self.plan), chosen, lambda event: None)

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start the command line on the plan, and do not wait for it."""
        verb, *rest = arguments
        return subprocess.Popen(
            [*COMMAND, verb, str(self.plan), *rest],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the plan."""
        verb, *rest = arguments
        return call(verb, str(self.plan), *rest)


def call(
    *arguments: str, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the command line, where it can be in this process: to start one takes longer than most commands."""
    if env is None and threading.current_thread() is threading.main_thread():
        return _in_this_process(arguments, cwd)
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
        env=env,
        timeout=300,
    )


def _in_this_process(arguments: tuple[str, ...], cwd: Path) -> subprocess.CompletedProcess[str]:
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.chdir(cwd):
            done = CliRunner().invoke(main, arguments)
    finally:
        signal.signal(signal.SIGTERM, handler)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

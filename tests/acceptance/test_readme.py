"""The README's commands, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: what can't be run here: it builds an environment, or is tested by other means
SETUP = ("make demo", "make test", "pip install", "pipx install", "uvx --from", "export ")


def commands() -> list[str]:
    """The lines of the README's shell blocks, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture
def shell(database, tmp_path):
    """Runs a line in a shell that has `executor`, away from the checkout."""
    program = tmp_path / "bin" / "executor"
    program.parent.mkdir()
    call = "from executor.cli.main import main; main(prog_name='executor')"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{call}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    return run


def test_every_command_is_run_or_known_as_setup():
    assert all(line.startswith(("executor ", *SETUP)) for line in commands()), commands()


def test_the_five_minutes_work(connection, shell):
    connection.execute(
        "CREATE TABLE pieces (id bigint PRIMARY KEY, customer_id varchar NOT NULL, text text);"
        "INSERT INTO pieces SELECT n, 'c-' || n % 50, 'x' FROM generate_series(1, 1000) AS n"
    )
    kinds = []
    for line in commands():
        if not line.startswith("executor "):
            continue
        done = shell(line)
        # 50 customers leave some of the 32 partitions empty: health says so
        assert done.returncode == (1 if line.startswith("executor health") else 0), (
            line,
            done.stderr,
        )
        kind = connection.execute(
            "SELECT relkind FROM pg_class WHERE relname = 'pieces'"
        ).fetchone()
        kinds.append((line.split()[1], kind[0] if kind else None))
    assert kinds == [
        ("init", "r"),
        ("init", "r"),
        ("run", "r"),  # the dry run
        ("review", "r"),
        ("render", "r"),
        ("run", "p"),
        ("status", "p"),
        ("health", "p"),
        ("report", "p"),
        ("rollback", "r"),
        ("backups", "r"),
        ("backups", "r"),
        ("backups", "r"),
    ]

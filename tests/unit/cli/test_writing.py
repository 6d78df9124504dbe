"""What helps to write a plan: the list of those there are, the schema, and the shell's completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.helpers.plans import ROOT, call

# as a shell does that completes the last word of its arguments
COMPLETE = """
eval "$(executor completion bash)"
compopt() { :; }
COMP_WORDS=("$@") COMP_CWORD=$(( $# - 1 ))
_executor_completion executor
echo "${COMPREPLY[*]}"
"""


def test_plans_are_listed_under_what_a_command_takes_for_them(tmp_path: Path) -> None:
    own = tmp_path / "plans" / "deep"
    own.mkdir(parents=True)
    (own / "plain.yaml").write_text("description: Not the one that\n  executor has.\nsteps: []\n")
    (own / "a b.yaml").write_text("steps: [")
    done = call("plans", "--format", "json", cwd=tmp_path)
    found = {item["spelled"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert found["plain"]["file"] == "plans/deep/plain.yaml"
    assert found["plain"]["description"] == "Not the one that executor has."
    assert found["a b"]["description"].startswith("not YAML")
    assert found[str(ROOT / "plans/alternatives/plain.yaml")]["extends"].startswith("../chunks")
    assert {"chunks_100_partitions", "01_hello"} <= set(found)
    lines = call("plans", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines][1] == "plain"


def test_the_schema_is_the_one_that_plans_are_checked_by_and_that_schemastore_gets(
    tmp_path: Path,
) -> None:
    schema = json.loads(call("schema").stdout)
    Draft202012Validator.check_schema(schema)
    entry = json.loads((ROOT / "docs/schemastore.json").read_text(encoding="utf-8"))
    assert schema["$id"] == entry["url"]
    assert call("schema", "-o", str(tmp_path / "schema.json")).returncode == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == schema


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that has the command, and a home of its own."""
    command = tmp_path / "bin" / "executor"
    command.parent.mkdir()
    code = "from executor.cli.main import main; main(prog_name='executor')"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("rep", "report"),
        ("run --ta", "--take-over"),
        ("validate chunks_100_h", "chunks_100_hash_partitions"),
    ],
)
def test_bash_completes_commands_options_and_plans(shell, words, completed):
    given = ["bash", "-c", COMPLETE, "bash", "executor", *words.split()]
    done = subprocess.run(given, env=shell, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"{completed}\n", "")


def test_a_completion_is_installed_where_its_shell_looks(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for shell, file in [
        ("zsh", ".local/share/zsh/site-functions/_executor"),
        ("fish", "config/fish/completions/executor.fish"),
    ]:
        printed = call("completion", shell).stdout
        assert call("completion", shell, "--install").returncode == 0
        assert (tmp_path / file).read_text() == printed
    assert printed.startswith("function _executor_completion")

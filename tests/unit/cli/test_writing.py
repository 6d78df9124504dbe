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
eval "$(cd / && executor completion bash)"
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
    assert _completed(shell, ROOT, *words.split()) == (completed, "")


def test_bash_completes_what_the_configuration_names(shell, tmp_path):
    """Its environments, and the plans where it says that they are; a wrong one breaks no line."""
    project = tmp_path / "project"
    (project / "mine").mkdir(parents=True)
    (project / "mine" / "ours_alone.yaml").write_text("steps: []")
    file = project / "executor.toml"
    file.write_text("plans = 'mine'\n[environments.staging]\n[environments.production]\n")
    for words, completed in [
        (("run", "ours_a"), "ours_alone"),
        (("run", "--env", "staging", "ours_a"), "ours_alone"),
        (("run", "--env", "st"), "staging"),
        (("status", "--env", ""), "staging production"),
        (("--config", str(file), "run", "--env", "p"), "production"),
    ]:
        assert _completed(shell, project, *words) == (completed, "")
    file.write_text("plans = 'nowhere'")
    assert _completed(shell, project, "run", "--env", "") == ("", "")


def _completed(shell: dict[str, str], folder: Path, *words: str) -> tuple[str, str]:
    given = ["bash", "-c", COMPLETE, "bash", "executor", *words]
    done = subprocess.run(given, env=shell, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n"), done.stderr


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

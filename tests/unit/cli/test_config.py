"""The configuration: what is found, what is refused where it stands, and who goes before whom."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path

import pytest

from executor import config
from executor.cli.main import main
from executor.errors import UsageError
from tests.helpers.command import CANARY
from tests.helpers.plans import call
from tests.unit.cli.test_verbs import commands

TOML = """\
environment = "dev"
plans = "db"

[variables]
rows = 5

[environments.dev]
dsn = "postgresql://me@localhost/dev"

[environments.production]
dsn_variable = "PRODUCTION_URL"
variables = {rows = 7}
"""
PLAN = """\
description: a test
variables: {rows: 1, more: 2}
steps:
  - {name: make, sql: "SELECT {{ rows }}, {{ more }};", rollback: nothing}
"""


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name == "DATABASE_URL" or name.startswith(("PG", "EXECUTOR_")):
            monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "db").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "db" / "work.yaml").write_text(PLAN)
    (tmp_path / "executor.toml").write_text(TOML)
    return tmp_path


def settings(cwd: Path, *arguments: str) -> dict[str, tuple[object, str]]:
    """What `executor config` says: the value of each setting, and who has said it."""
    done = call("config", "--format", "json", *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    lines = map(json.loads, done.stdout.splitlines())
    return {line["setting"]: (line["value"], line["from"]) for line in lines}


def refusal(cwd: Path, *arguments: str) -> str:
    done = call(*(arguments or ("config",)), cwd=cwd)
    assert done.returncode == 2, done.stdout
    assert CANARY not in done.stdout + done.stderr
    return done.stderr


def test_it_is_found_upward_to_the_root_of_the_repository(project):
    assert settings(project / "deep/er")["file"] == (f"{project}/executor.toml", "found upward")
    (project / "deep" / ".git").touch()  # of a repository within
    assert settings(project / "deep/er")["file"] == ("none", "")
    named = settings(project / "deep/er")
    assert named["environment"] == ("none", "")
    done = call("--config", "../executor.toml", "config", cwd=project / "deep")
    assert "--config" in done.stdout and "dev" in done.stdout
    assert "dev" not in call("--config", os.devnull, "config", cwd=project).stdout


def test_pyproject_may_hold_it_and_only_one_of_both(project):
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.executors]\n")
    assert settings(project)["environment"][0] == "dev"
    head, *tables = TOML.replace("[", "[tool.executor.").split("\n\n")
    text = "\n\n".join([f"[tool.executor]\n{head}", *tables])
    (project / "pyproject.toml").write_text(text)
    assert "keep one of them" in refusal(project)
    (project / "executor.toml").unlink()
    found = settings(project)
    assert found["variable rows"] == (5, f"{project}/pyproject.toml:6")
    assert found["dsn"] == ("user=me dbname=dev host=localhost", f"{project}/pyproject.toml:9")
    (project / "pyproject.toml").write_bytes(b"[project.scripts]\r\nexecutor = 'x:y'\r\n")
    assert settings(project)["file"][0] == "none"
    assert "has no table [tool.executor]" in refusal(
        project, "--config", "pyproject.toml", "config"
    )
    for text in ("tool = 5\n[executor]\n", "[tool]\nexecutor = 5\n"):
        (project / "pyproject.toml").write_text(text)
        assert "has no table [tool.executor]" in refusal(
            project, "--config", "pyproject.toml", "config"
        )


@pytest.mark.parametrize(
    "text", ["[[tool.executor.hooks]]", "[ tool . 'executor' ]", "[tool]\nexecutor.format = 'json'"]
)
def test_pyproject_may_write_its_table_in_any_way_of_toml(project, text):
    (project / "executor.toml").unlink()
    hook = "\non = ['failed']\ncommand = ['x']\n" if "hooks" in text else "\n"
    (project / "pyproject.toml").write_text(text + hook)
    assert "pyproject.toml" in call("config", cwd=project).stdout


def test_a_file_of_windows_is_read(project):
    text = TOML.replace("\n", "\r\n").encode()
    (project / "executor.toml").write_bytes(b"\xef\xbb\xbf" + text)
    assert settings(project)["variable rows"] == (5, f"{project}/executor.toml:5")


def test_what_is_empty_is_not_given(project, monkeypatch):
    for option in ("--until", "--hold", "--expect", "--dsn", "--env"):
        assert f"{option} is empty" in refusal(project, "run", "work", option, "")
    assert "is not read" in refusal(project, "--config", "", "config")
    monkeypatch.setenv("EXECUTOR_VAR_ROWS", "")
    monkeypatch.setenv("EXECUTOR_DSN", "")
    assert settings(project)["variable rows"] == (5, f"{project}/executor.toml:5")
    assert settings(project)["dsn"][1] == f"{project}/executor.toml:8"


def test_who_stands_nearer_to_the_command_goes_before(project, monkeypatch):
    def dsn(*arguments: str) -> tuple[object, str]:
        return settings(project, *arguments)["dsn"]

    monkeypatch.setenv("PRODUCTION_URL", f"postgresql://me:{CANARY}@db/production")
    dev = ("user=me dbname=dev host=localhost", f"{project}/executor.toml:8")
    production = ("user=me dbname=production host=db", f"{project}/executor.toml:11")
    assert dsn() == dev
    assert dsn("--env", "production") == production
    monkeypatch.setenv("PGHOST", "mine")
    assert dsn() == ("", "$PGHOST")
    assert dsn("--env", "production") == production
    monkeypatch.setenv("DATABASE_URL", f"dbname=other password={CANARY}")
    assert dsn() == ("dbname=other", "$DATABASE_URL")
    assert dsn("--env", "production") == production  # chosen for this command
    monkeypatch.setenv("EXECUTOR_ENV", "production")
    assert dsn() == production
    assert settings(project)["variable rows"] == (7, f"{project}/executor.toml:12")
    assert dsn("--dsn", "dbname=own") == ("dbname=own", "--dsn")
    monkeypatch.setenv("EXECUTOR_VAR_ROWS", "9")
    assert settings(project)["variable rows"] == ("9", "$EXECUTOR_VAR_ROWS")
    monkeypatch.setenv("EXECUTOR_DSN", "dbname=theirs")
    assert dsn("--env", "dev") == dev
    assert "$EXECUTOR_DSN and the environment production both" in refusal(project)
    assert "--dsn and the environment dev both" in refusal(
        project, "config", "--env", "dev", "--dsn", "dbname=own"
    )
    monkeypatch.delenv("EXECUTOR_DSN")
    monkeypatch.delenv("PRODUCTION_URL")
    assert "executor.toml:11: the variable PRODUCTION_URL is not set" in refusal(project)
    assert dsn("--dsn", "dbname=own") == ("dbname=own", "--dsn")


def test_a_plan_takes_its_defaults_and_the_command_line_goes_before_them(project, monkeypatch):
    def selected(*arguments: str) -> str:
        done = call("render", "work", "--print-sql", *arguments, cwd=project)
        assert done.returncode == 0, done.stderr
        return next(line for line in done.stdout.splitlines() if line.startswith("SELECT "))

    assert selected() == "SELECT 5, 2;"
    assert selected("--var", "rows=8") == "SELECT 8, 2;"
    monkeypatch.setenv("EXECUTOR_VAR_MORE", "3")
    assert selected("--env", "dev") == "SELECT 5, 3;"
    text = PLAN.replace("SELECT {{ rows }}", "ALTER TABLE public.t ADD COLUMN n int; SELECT 1")
    (project / "db" / "alter.yaml").write_text(text)
    linted = call("lint", "alter", "--no-squawk", cwd=project)
    assert (linted.returncode, "nothing-proven" in linted.stdout) == (6, True)
    monkeypatch.setenv("EXECUTOR_VAR_MORE", "lots")
    told = call("validate", "work", cwd=project).stderr
    assert "$EXECUTOR_VAR_MORE: $.variables.more: 'lots' is not a whole number" in told
    (project / "executor.toml").write_text("plans = 'db'\n\n[variables]\nrows = 'many'\n")
    done = call("validate", "work", cwd=project)
    assert done.returncode == 3
    assert (
        f"{project}/executor.toml:4: $.variables.rows: 'many' is not a whole number" in done.stderr
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("enviroment = 'dev'", "1: unknown key 'enviroment'; did you mean environment?"),
        ("again = true", "1: unknown key 'again' (there are: environment, plans, "),
        ("\n[environments.dev]\nservce = 'x'", "3: unknown key 'servce'; did you mean service?"),
        (f"[environments.dev]\npassword = '{CANARY}'", "2: password: a configuration holds no"),
        (f"[environments.dev]\ndsn = 'x://me:{CANARY}@h/d'", "2: dsn holds a password"),
        (f"[environments.dev]\ndsn = 'x://h/d?%70assword={CANARY}'", "2: dsn holds a password"),
        (f"[environments.dev]\ndsn = 'host=h password = {CANARY}'", "2: dsn holds a password"),
        (f"[environments.dev]\ndsn = 'oauth_client_secret={CANARY}'", "2: dsn holds a password"),
        ("[environments.dev]\ndsn = 'x'\nservice = 'y'", "1: an environment has one of service"),
        ("environment = 'prd'\n[environments.prod]", "1: there is no environment 'prd'; did you"),
        ("environments = {dev = {variables = 3}}", "1: variables has to be a table"),
        ("[variables]\na = 1\ncreate = true", "3: create: --create is said for one run"),
        ("[variables]\na = '{{ 1 }}'", "a default that is given from outside a plan is no template"),
        ("[variables]\na = 2020-01-01", "a variable is a text, a number, true or false, or a list"),
        ("format = 'jsno'", "1: format is 'jsno'; did you mean json?, and has to be"),
        ("plans = 'nowhere'", "1: plans: there is no directory"),
        ("[[hooks]]\non = ['fialed']\ncommand = ['x']", "2: on: there is no 'fialed'; did you mean"),
        ("[[hooks]]\non = ['step_finished']\ncommand = ['x']", "'step_finished' (there are: started, holding, "),
        ("[[hooks]]\non = ['failed']\ncommand = 'x'", "3: command has to be a list"),
        ("[[hooks]]\non = ['failed']", "1: a hook has `on`, and either `command` or"),
        ("[[hooks]]\non = []\ncommand = ['x']\n[[hooks]]\nto = 1", "5: unknown key 'to'"),
        ("environments = 5\nenvironment = 'x'", "1: environments has to be a table"),
        ("[[hooks]]\non = ['failed']\ncommand = ['x']\nenvironments = [[1]]", "4: there is no environment [1]"),
        ("[[hooks]]\non = ['failed']\ncommand = ['']", "3: command has to be a list of texts"),
        ("[environments.dev]\nservice = ''", "2: service is empty"),
        ("a = ", "executor.toml is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(project, text, says):
    (project / "executor.toml").write_text(text)
    told = refusal(project)
    assert says in told
    assert call("run", "--help", cwd=project).returncode == 0


def test_what_another_user_may_write_is_not_read(project):
    file = project / "executor.toml"
    file.chmod(0o666)
    assert f"other users can write to {file}; chmod go-w {file}" in refusal(project)
    file.chmod(0o644)
    project.chmod(0o777)
    assert f"other users can write to {project}" in refusal(project)
    project.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(file, 65534, 65534)
        assert "belongs to nobody" in refusal(project)
        file.rename(project / "own.toml")
        os.chown(project / "own.toml", 0, 0)
        file.symlink_to(project / "own.toml")
        assert settings(project)["environment"][0] == "dev"
        os.chown(file, 65534, 65534, follow_symlinks=False)
        assert "belongs to nobody" in refusal(project)
        file.unlink()
    (project / "open").mkdir()
    (project / "open" / "executor.toml").write_text(TOML)
    (project / "open").chmod(0o777)
    file.unlink(missing_ok=True)
    file.symlink_to(project / "open" / "executor.toml")  # another file of mine could be put there
    assert f"other users can write to {project}/open" in refusal(project)


def test_every_option_has_a_variable_and_an_unknown_one_is_refused(project, monkeypatch):
    monkeypatch.setenv("EXECUTOR_RENDER_PRINT_SQL", "1")
    monkeypatch.setenv("EXECUTOR_RENDER_FORMAT", "json")
    done = call("render", "work", cwd=project)
    assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == ["Step", "Rendered"]
    assert "from the environment: --print-sql ($EXECUTOR_RENDER_PRINT_SQL)" in done.stderr
    assert settings(project)["executor render --print-sql"] == ("1", "$EXECUTOR_RENDER_PRINT_SQL")
    monkeypatch.setenv("EXECUTOR_VERSION", "1.2")
    monkeypatch.setenv("EXECUTOR_TEST_DSN", "dbname=tests")
    monkeypatch.setenv("EXECUTOR_RUN_HODL", "swap")
    assert call("validate", "work", cwd=project).returncode == 0
    told = refusal(project, "run", "work")
    monkeypatch.setenv("EXECUTOR_VERIFY_VAR", "a=b")
    assert "EXECUTOR_VAR_NAME gives a variable" in refusal(project, "verify", "work")
    assert "$EXECUTOR_RUN_HODL: there is no such option; did you mean EXECUTOR_RUN_HOLD?" in told


def test_a_variable_of_all_commands_that_is_misspelt_is_refused(project, monkeypatch):
    for name in (
        "EVENT",
        "NUMBER",
        "PORT",
        "LINT_FORMAT",
        "HOME",
        "VERSION",
    ):  # of others, or not of this
        monkeypatch.setenv(f"EXECUTOR_{name}", "json")
    assert call("validate", "work", cwd=project).returncode == 0
    for wrong, meant in (("DNS", "DSN"), ("ENVIRONMENT", "ENV"), ("FROMAT", "FORMAT")):
        monkeypatch.setenv(f"EXECUTOR_{wrong}", "x")
        assert (
            f"EXECUTOR_{wrong}: there is no such variable; did you mean EXECUTOR_{meant}?"
            in refusal(project)
        )
        monkeypatch.delenv(f"EXECUTOR_{wrong}")


def test_no_secret_of_a_dsn_is_shown(project, monkeypatch):
    monkeypatch.setenv("EXECUTOR_REHEARSE_ON", f"postgresql://me:{CANARY}@h/d")
    dsn = f"host=h oauth_client_secret={CANARY} scram_client_key={CANARY}"
    done = call("config", "--dsn", dsn, cwd=project)
    assert "user=me dbname=d host=h" in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_no_command_has_a_name_with_which_tests_begin_their_variables():
    assert not {name.split()[0] for name, _ in commands(main)} & {"test", "update", "event", "var"}


def test_what_there_is_no_file_for_is_said(tmp_path):
    (tmp_path / ".git").mkdir()
    assert "there is no executor.toml here or above" in refusal(tmp_path, "config", "--env", "dev")
    with pytest.raises(UsageError, match="is not read: No such file"):
        config.read(str(tmp_path / "executor.toml"))


def test_a_format_may_come_from_it(project):
    text = textwrap.dedent(TOML)
    (project / "executor.toml").write_text(f'format = "json"\n{text}')
    assert json.loads(call("validate", "work", cwd=project).stdout)["valid"] is True
    failed = call("validate", "nowhere", cwd=project)
    assert json.loads(failed.stdout)["exit_code"] == failed.returncode == 2
    assert "valid" not in call("validate", "work", "--format", "text", cwd=project).stdout.split()

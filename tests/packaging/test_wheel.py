"""The wheel alone is enough: sql/, plans/ and schema.json are in it."""

from __future__ import annotations

import posixpath
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "--no-deps", "--wheel-dir", str(directory), str(ROOT)], check=True)
    return next(directory.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that has the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = (str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check")
    subprocess.run([*pip, "--quiet", str(wheel)], check=True)
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
    pages = ("executor/pages.css", "executor/report/report.html", "executor/review/review.html")
    assert {*pages, "executor/review/review.md"} <= packed


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

"""Compiled templates are kept where only we can write, and used only if they are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from executor.templating.cache import Compiled


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "executor"


@pytest.fixture
def sql(tmp_path) -> Path:
    directory = tmp_path / "sql"
    directory.mkdir()
    (directory / "a.sql").write_text("SELECT {{ n }}")
    return directory


def render(sql: Path, kept: Path | None = None, *made_by: Path) -> tuple[str, int]:
    """The text of a.sql, and how many templates had to be compiled for it."""
    count = 0

    class Counting(Environment):
        def compile(self, *args, **options):
            nonlocal count
            count += 1
            return super().compile(*args, **options)

    loader = FileSystemLoader(str(sql))
    environment = Counting(loader=loader, bytecode_cache=Compiled(kept or sql, *made_by))
    return environment.get_template("a.sql").render(n=1), count


def test_a_template_is_compiled_once(sql, cache):
    assert render(sql) == ("SELECT 1", 1)
    assert render(sql) == ("SELECT 1", 0)
    assert cache.stat().st_mode & 0o777 == 0o700
    (file,) = cache.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_template_that_was_edited_is_compiled_again(sql, cache):
    render(sql)
    (sql / "a.sql").write_text("SELECT {{ n }} + 1")
    assert render(sql) == ("SELECT 1 + 1", 1)
    assert render(sql) == ("SELECT 1 + 1", 0)
    assert len(list(cache.iterdir())) == 1


def test_another_compiler_compiles_again(sql, cache, tmp_path):
    compiler = tmp_path / "compiler.py"
    for text in ("one", "two"):
        compiler.write_text(text)
        assert render(sql, None, compiler)[1] == 1
        assert render(sql, None, compiler)[1] == 0


@pytest.mark.parametrize("damage", [b"", b"x", b"half", b"flipped"])
def test_what_is_damaged_is_not_used(sql, cache, damage):
    render(sql)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    damaged = {b"half": whole[: len(whole) // 2], b"flipped": whole[:-1] + bytes([whole[-1] ^ 1])}
    file.write_bytes(damaged.get(damage, damage))
    assert render(sql) == ("SELECT 1", 1)
    assert file.read_bytes() == whole


def test_only_our_own_templates_are_kept(sql, cache, tmp_path):
    for _ in range(2):
        assert render(sql, tmp_path / "ours") == ("SELECT 1", 1)
    assert list(cache.iterdir()) == []


def test_a_directory_that_others_can_write_to_is_not_used(sql, cache):
    cache.mkdir(parents=True)
    cache.chmod(0o770)
    for _ in range(2):
        assert render(sql) == ("SELECT 1", 1)
    assert list(cache.iterdir()) == []


def test_a_link_is_not_followed(sql, cache, tmp_path):
    cache.parent.mkdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    cache.symlink_to(tmp_path / "elsewhere")
    for _ in range(2):
        assert render(sql) == ("SELECT 1", 1)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("place", ["/dev/null", "/proc/none", "/nowhere/at/all"])
def test_without_a_directory_nothing_is_kept_and_nothing_said(sql, monkeypatch, capfd, place):
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    for _ in range(2):
        assert render(sql) == ("SELECT 1", 1)
    assert capfd.readouterr() == ("", "")


def test_a_user_without_a_home_has_none(sql, monkeypatch):
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    for _ in range(2):
        assert render(sql) == ("SELECT 1", 1)


def test_a_full_disk_leaves_nothing_behind(sql, cache, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("executor.templating.cache.os.replace", full)
    assert render(sql) == ("SELECT 1", 1)
    assert list(cache.iterdir()) == []

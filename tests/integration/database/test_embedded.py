"""The server of our own: temporary, kept, and refused in words."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from executor.cli.options import server
from executor.database import embedded, wheel
from executor.errors import ConnectError


def test_a_temporary_server_answers_and_leaves_nothing():
    with embedded.temporary_server() as dsn:
        with psycopg.connect(dsn) as connection:
            directory = Path(connection.info.host)
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not directory.exists()


def test_a_kept_server_keeps_its_data(roomy):
    with embedded.kept_server(roomy / "data") as dsn, psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    assert not embedded.is_running(roomy / "data")
    with embedded.kept_server(roomy / "data") as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_a_server_left_running_goes_on_running_until_it_is_stopped(roomy):
    with embedded.kept_server(roomy / "data", leave_running=True) as dsn:
        pass
    try:
        with embedded.kept_server(roomy / "data") as again:
            assert again == dsn
        assert embedded.is_running(roomy / "data")
    finally:
        embedded.stop(roomy / "data")
    assert not embedded.is_running(roomy / "data")


def test_only_the_servers_user_can_enter_the_directory_of_its_socket(roomy):
    """Where a socket's name would be too long, it has another directory, which goes with it."""
    data = roomy / ("long" * 30) / "data"
    data.parent.mkdir()
    modes = {path: path.stat().st_mode for path in data.parents}
    with embedded.kept_server(data) as dsn, psycopg.connect(dsn) as connection:
        socket = Path(connection.info.host)
        assert not socket.is_relative_to(data)
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            entered = subprocess.run(
                ["ls", socket], user="nobody", check=False, capture_output=True
            )
            assert entered.returncode != 0
    assert not socket.parent.exists()
    assert {path: path.stat().st_mode for path in data.parents} == modes
    with embedded.kept_server(roomy / "data") as dsn, psycopg.connect(dsn) as connection:
        socket = Path(connection.info.host)
        assert (socket, stat.S_IMODE(socket.stat().st_mode)) == (roomy / "data", 0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for a server")
def test_for_root_no_directory_is_opened(roomy):
    closed = roomy / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ConnectError, match=f"{closed} is closed to the user") as caught:
        with embedded.kept_server(closed / "deeper" / "data"):
            pass
    assert caught.value.hint
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert list(closed.iterdir()) == []


def test_programs_that_the_servers_user_cant_reach_are_copied(roomy, monkeypatch):
    monkeypatch.setattr(wheel, "_CACHE", roomy / "cache")
    monkeypatch.setattr(wheel, "can_enter", lambda path: False)
    monkeypatch.setattr(wheel.library()._commands, "POSTGRES_BIN_PATH", None)
    programs = wheel._programs.__wrapped__() / "bin"
    assert programs.is_relative_to(roomy / "cache")
    assert programs == wheel.library()._commands.POSTGRES_BIN_PATH
    done = subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True)
    assert b"PostgreSQL" in done.stdout
    assert wheel._programs.__wrapped__() / "bin" == programs


def test_a_mistyped_directory_makes_no_server(roomy):
    (roomy / "empty").mkdir()
    for name in ("nowhere", "empty"):
        with pytest.raises(ConnectError, match="there is no server's data in") as caught:
            with server(f"embedded:{roomy / name}"):
                pass
        assert "?create" in caught.value.hint
    assert [path.name for path in roomy.rglob("*")] == ["empty"]
    for given in ("new?create", "new?create", "new"):
        with server(f"embedded:{roomy / given}") as dsn, psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_directory_of_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ConnectError, match="is not a PostgreSQL data directory"):
        with embedded.kept_server(tmp_path):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_data_of_another_version_is_refused(tmp_path):
    (tmp_path / "PG_VERSION").write_text("13\n")
    with pytest.raises(ConnectError, match="holds data of PostgreSQL 13"):
        with embedded.kept_server(tmp_path):
            pass


@pytest.mark.parametrize("directory", ["", "~nobody-of-that-name/data"])
def test_a_directory_that_nobody_can_mean_is_refused(directory):
    with (
        pytest.raises(ConnectError, match=r"which directory|no home directory"),
        embedded.kept_server(directory),
    ):
        pass


def test_stopping_what_does_not_run_is_said(tmp_path):
    with pytest.raises(ConnectError, match="no server is running"):
        embedded.stop(tmp_path)

"""The server of our own: temporary, kept, and refused in words."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from executor import embedded
from executor.errors import ConnectError


def test_a_temporary_server_answers_and_leaves_nothing():
    with embedded.temporary_server() as dsn:
        with psycopg.connect(dsn) as connection:
            directory = Path(connection.info.host)
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not directory.exists()


def test_a_kept_server_keeps_its_data(tmp_path):
    with embedded.kept_server(tmp_path / "data") as dsn, psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    assert not embedded.is_running(tmp_path / "data")
    with embedded.kept_server(tmp_path / "data") as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_a_server_left_running_goes_on_running_until_it_is_stopped(tmp_path):
    with embedded.kept_server(tmp_path / "data", leave_running=True) as dsn:
        pass
    try:
        with embedded.kept_server(tmp_path / "data") as again:
            assert again == dsn
        assert embedded.is_running(tmp_path / "data")
    finally:
        embedded.stop(tmp_path / "data")
    assert not embedded.is_running(tmp_path / "data")


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

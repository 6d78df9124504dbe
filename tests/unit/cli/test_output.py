"""Files that are replaced at once, and sizes for people."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from executor import formats
from executor.cli import output as outputs
from executor.errors import UsageError
from executor.streams import visible


def test_a_file_is_replaced_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / ("ü" * 120), tmp_path / "link"
    real.write_text("before")
    link.symlink_to(real)
    # by a process of that number that was killed
    (tmp_path / f".executor.{os.getpid()}").write_text("half")
    outputs.put(outputs.place(str(link)), "after")
    assert (link.is_symlink(), real.read_text()) == (True, "after")
    assert {path.name for path in tmp_path.iterdir()} == {real.name, "link"}


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    for given in (tmp_path, "/dev/null", tmp_path / "none" / "file"):
        with pytest.raises(UsageError, match="can't be written"):
            outputs.place(str(given))
    with pytest.raises(UsageError, match="can't be written"):
        outputs.put(tmp_path / "none" / "file", "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another user")
def test_a_link_that_another_user_has_made_is_not_written_through(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("mine")
    link.symlink_to(real)
    os.chown(link, 65534, 65534, follow_symlinks=False)
    with pytest.raises(UsageError, match="belongs to nobody"):
        outputs.place(str(link))


def test_control_characters_are_shown_and_lines_stay_lines():
    assert visible("a\tb\n\x1b[2J\r\x07\x7f\x9b\u202e\u2066é") == (
        "a\tb\n\\x1b[2J\\x0d\\x07\\u007f\\u009b\\u202e\\u2066é"
    )


def test_json_is_the_same_value_when_its_control_characters_are_shown():
    value = {"\x1b\x7f\x9b": ['\u202e\n\t\\x1b"', "\x00\x1f\u2028"]}
    text = visible(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert text.isprintable()


def test_a_file_holds_no_control_characters(tmp_path):
    outputs.put(tmp_path / "file", "a\x1b[2J\n")
    assert (tmp_path / "file").read_text() == "a\\x1b[2J\n"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (8192, "8.0 kB"),
        (16384, "16 kB"),
        (2**52, "4,096 TB"),
    ],
)
def test_sizes(number: int, text: str) -> None:
    assert formats.size(number) == text

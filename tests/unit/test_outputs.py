"""Files that are replaced at once, and sizes for people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from executor import outputs
from executor.errors import UsageError


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
    assert outputs.size(number) == text

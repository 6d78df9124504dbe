"""What a rehearsal has found is told of the same plan and table alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executor.errors import UsageError
from executor.rehearsed import forecast_of, read

FOUND: dict[str, Any] = {
    "event": "Rehearsed",
    "plan": "p",
    "digest": "abc",
    "at": "2026-01-31T10:00:00+00:00",
    "message": "works",
    "forecast": {"seconds": {"best": 2.0, "least": 1.0, "most": 3.0}, "wal": 1.0, "disk": 1.0},
    "forecast_steps": {"copy": 1.5},
}


def test_it_is_read_as_it_was_written_or_printed(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(f'{json.dumps(FOUND)}\n{{"event": "CommandFailed"}}\n', encoding="utf-8")
    assert read(str(file)) == FOUND


@pytest.mark.parametrize("text", ["", "[]", "no", '{"event": "Review"}', '"Rehearsed"'])
def test_another_file_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="is no rehearsal as JSON"):
        read(str(file))


def test_a_forecast_is_one_of_the_run() -> None:
    found = forecast_of(FOUND, "r.json", "p", None)
    assert (found.steps, found.at) == ({"copy": 1.5}, "2026-01-31 10:00:00 UTC")
    assert forecast_of(FOUND, "r.json", "p", "abc").best == 2.0
    for plan, digest in (("q", None), ("p", "abd")):
        with pytest.raises(UsageError, match="something else than this run"):
            forecast_of(FOUND, "r.json", plan, digest)
    with pytest.raises(UsageError, match="has no forecast: works"):
        forecast_of({**FOUND, "forecast": None}, "r.json", "p", None)
    with pytest.raises(UsageError, match="is no rehearsal as JSON"):
        forecast_of({**FOUND, "forecast": {"seconds": 7}}, "r.json", "p", None)

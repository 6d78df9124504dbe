"""Puts the commit that a wheel or an sdist is built from into it, for `executor --version`."""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Commit(BuildHookInterface[Any]):
    """An sdist hands the file on to the wheel that is built from it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file, unless the commit is not known, or the checkout itself is installed."""
        root = Path(self.root)
        known = runpy.run_path(str(root / "executor" / "commit.py"))["of_checkout"](root)
        if known and version != "editable":
            self._directory = tempfile.TemporaryDirectory()
            file = Path(self._directory.name) / "commit.txt"
            file.write_text(f"{known}\n", encoding="ascii")
            build_data["force_include"][str(file)] = "executor/commit.txt"

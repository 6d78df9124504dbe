"""A copy of the executor, its plans and its SQL: what changes beside a long run does not change it.

A mutant is a copy with a planted fault; the harness has to find it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.plans import ROOT

#: by name, the texts to be replaced: file under sql, what is there, what comes instead
MUTANTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "skip_discard": (
        ("repartition/log/discard_touched.sql", "AS k\nWHERE", "AS k\nWHERE false AND"),
    ),
    "lose_log_row": (
        (
            "repartition/log/create.sql",
            "SELECT {% include 'repartition/log/key.sql' %} FROM old_rows UNION ",
            "",
        ),
    ),
    "lose_deletes": (("repartition/log/create.sql", "FROM old_rows;", "FROM old_rows LIMIT 1;"),),
    "no_drain": (
        ("repartition/swap/drain.sql", "PERFORM {{ sync | ident }}();", ""),
        (
            "repartition/swap/drain.sql",
            "IF EXISTS (SELECT FROM {{ keys | ident }}) THEN",
            "IF false THEN",
        ),
    ),
    "no_reverse": (
        (
            "repartition/log/capture_target.sql",
            "{% include 'repartition/log/create_triggers.sql' %}",
            "",
        ),
        (
            "repartition/log/capture_partition.sql",
            "{% include 'repartition/log/create_triggers.sql' %}",
            "",
        ),
    ),
}


class Product:
    """The command line of the copy."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command; its events come on stdout, and what it says of errors on stderr."""
        return subprocess.Popen(
            [sys.executable, "-c", "from executor.cli.main import main; main()", *arguments],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(self.directory)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def copied(mutant: str | None = None) -> Iterator[Product]:
    """A copy of what is in the checkout now."""
    with tempfile.TemporaryDirectory(prefix="executor-product-") as name:
        directory = Path(name)
        for part in ("executor", "plans", "sql"):
            shutil.copytree(ROOT / part, directory / part, ignore=shutil.ignore_patterns("*.pyc"))
        shutil.copy(ROOT / "schema.json", directory)
        for plan in (directory / "plans").rglob("chunks_100_*.yaml"):
            # what is tried again is tried again soon: a seed shall take seconds
            text = plan.read_text(encoding="utf-8")
            text = re.sub(r"backoff: \S+?s\.\.\S+?s\b", "backoff: 100ms..1s", text)
            plan.write_text(text, encoding="utf-8")
        for file, old, new in MUTANTS[mutant] if mutant else ():
            path = directory / "sql" / file
            text = path.read_text(encoding="utf-8")
            if old not in text:
                raise ValueError(f"the mutant {mutant} does not find its place in {file}")
            path.write_text(text.replace(old, new), encoding="utf-8")
        yield Product(directory)

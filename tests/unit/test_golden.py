"""What the flagship plans print for three partitions, to the letter: one whole, the others as differences from it.

EXECUTOR_UPDATE_GOLDEN=1 writes the files anew; what that changes is for the reviewer.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from executor.plan.loader import load
from executor.plan.variables import resolve
from executor.rendering import script
from executor.rendering.facts_file import example
from executor.rendering.renderer import Renderer
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, ROOT, Layout

GOLDEN = ROOT / "tests" / "golden"
WHOLE = GOLDEN / "chunks_3_partitions_expression.sql"


def printed(layout: Layout, partitions: int = 3, *, folded: bool = False) -> str:
    """The script of a plan, without the version."""
    loaded = load(ROOT / layout.plan)
    given = {"partition_count": partitions, **dict(text.split("=") for text in layout.variables)}
    values = resolve(loaded.plan, loaded.templates, given, "20250811_120000")
    facts = example(loaded.plan)
    assert facts is not None
    text = "\n".join(script.forward(Renderer(loaded, values, facts), folded=folded)) + "\n"
    return re.sub(r"Rendered by executor \S+", "Rendered by executor", text)


def steps(text: str) -> dict[str, list[str]]:
    """The lines of each step, by its name; what comes before them bears the name "head"."""
    head, *rest = re.split(r"^-- Step \d+ of \d+: (\w+)\n", text, flags=re.MULTILINE)
    return {"head": head.split("\n")} | {
        name: lines.split("\n") for name, lines in zip(rest[::2], rest[1::2], strict=True)
    }


def difference(whole: str, text: str) -> str:
    """How a script differs from the whole one, step by step: a line above does not move what is below."""
    before, after = steps(whole), steps(text)
    lines = [f"steps: {' '.join(after)}"]
    for name in dict.fromkeys((*before, *after)):
        both = before.get(name, []), after.get(name, [])
        lines += difflib.unified_diff(*both, name, name, lineterm="", n=1)
    return "\n".join(lines) + "\n"


def agrees(text: str, golden: Path) -> None:
    if os.environ.get("EXECUTOR_UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_printed_script_is_the_golden_one() -> None:
    agrees(printed(EXPRESSION), WHOLE)


@pytest.mark.parametrize("layout", [COLUMN, HASH], ids=str)
def test_the_printed_script_differs_by_its_layout_alone(layout: Layout) -> None:
    differs = difference(printed(EXPRESSION), printed(layout))
    agrees(differs, GOLDEN / f"chunks_3_partitions_{layout}.diff")


def test_folded_it_is_short_enough_to_be_read() -> None:
    assert printed(EXPRESSION, 100, folded=True).count("\n") <= 700

"""What the flagship plans print for three partitions, to the letter.

EXECUTOR_UPDATE_GOLDEN=1 writes the files anew; their difference is for the reviewer.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from executor.plan.loader import load
from executor.plan.variables import resolve
from executor.rendering import script
from executor.rendering.renderer import Renderer

ROOT = Path(__file__).parents[2]
LIST_PLAN = "plans/chunks_100_partitions.yaml"
HASH_PLAN = "plans/alternatives/chunks_100_hash_partitions.yaml"
PRINTED = {
    "expression": (LIST_PLAN, {}),
    "column": (LIST_PLAN, {"routing": "column"}),
    "hash": (HASH_PLAN, {}),
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_script(name: str) -> None:
    plan, variables = PRINTED[name]
    loaded = load(ROOT / plan)
    given = {"partition_count": 3, **variables}
    values = resolve(loaded.plan, loaded.templates, given, "20250811_120000")
    text = "\n".join(script.forward(Renderer(loaded, values))) + "\n"
    text = re.sub(r"Rendered by executor \S+", "Rendered by executor", text)
    text = text.partition("\n-- Rollback\n")[0]  # the rollback in comments would double it

    golden = ROOT / "tests" / "golden" / f"chunks_3_partitions_{name}.sql"
    if os.environ.get("EXECUTOR_UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()

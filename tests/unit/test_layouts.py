"""A layout is known in its folder, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SQL = ROOT / "sql"
LAYOUTS = sorted(folder.name for folder in (SQL / "layout").iterdir() if folder.is_dir())
TEMPLATES = sorted(file for file in SQL.rglob("*.sql") if SQL / "layout" not in file.parents)
ROOMS = sorted({file.relative_to(SQL).parts[0] for file in TEMPLATES})

#: what would be a word of one: a condition on it, a file of its folder, its name where that is no word of SQL as well, a
#: variable of its own, and what it gives a table besides
CONDITION = r"\blayout (?:==|!=|in|not in) ['\"(\[]"
NAMES = "|".join(name for name in LAYOUTS if "_" in name)
WORDS = re.compile(
    rf"{CONDITION}|'layout/(?:{'|'.join(LAYOUTS)})/|\b(?:{NAMES}|routing|partition_count|sub_count|min_share|"
    r"(?:zz_)?partition_key(?:_check)?)\b"
)

#: and why these may say it
ALLOWED = {
    "adopt": {"'layout/range/"},  # has later rows in the same intervals
    "demo": {"partition_key"},  # shows the table of the guide, which has that column
    "maintain": {"'layout/range/"},  # makes partitions of the same intervals and names
}


def words(room: str) -> set[tuple[str, str]]:
    files = [file for file in TEMPLATES if file.relative_to(SQL).parts[0] == room]
    texts = {str(file.relative_to(SQL)): file.read_text(encoding="utf-8") for file in files}
    return {(name, word) for name, text in texts.items() for word in WORDS.findall(text)}


@pytest.mark.parametrize("room", ROOMS)
def test_no_template_elsewhere_has_a_word_of_a_layout(room: str) -> None:
    said = words(room)
    assert {(name, word) for name, word in said if word not in ALLOWED.get(room, ())} == set()
    assert {word for _, word in said} == ALLOWED.get(room, set()), "what nobody says is not allowed"


def test_plans_ask_for_the_layout_where_no_template_can() -> None:
    """The values of a plan are expressions, which include no template."""
    conditions = {
        (file.name, line.split(":")[0].strip())
        for file in (ROOT / "plans").rglob("*.yaml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(CONDITION, line)
    }
    assert conditions == {
        ("chunks_100_partitions.yaml", key) for key in ("own_columns", "maintain")
    }


def test_all_layouts_have_the_files_that_the_map_has() -> None:
    readme = (SQL / "layout" / "README.md").read_text("utf-8")
    cells = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    told = set(re.findall(r"`(\w+\.sql)`", " ".join(cells)))
    for name in set(LAYOUTS) - {"adopt"}:  # which is a plan of its own
        files = {file.name for file in (SQL / "layout" / name).iterdir()}
        assert (told - {"lookup_besides.sql"}) | {"offer.sql"} <= files, name

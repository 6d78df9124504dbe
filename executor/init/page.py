"""What was found, as a page for people, and a plan as YAML; their sentences stand beside this."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from executor import formats, pages
from executor.templating.names import short_name

from .ask import Survey

_HERE = Path(__file__).parent
_WIDTH = 110
_LABEL = 19  # "  not list_by_hash "
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_. ]*(?<! )")  # YAML reads it as this text
_WORDS = ("null", "true", "false")
_JINJA = re.compile(r"[{}#%]")


def as_page(found: Survey) -> str:
    """All layouts, and the one that was chosen or is recommended."""
    text = pages.fill_text(_HERE / "page.txt", {"found": found}, _FILTERS)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def as_plan(found: Survey, file: Path | None) -> str:
    """The plan for the layout that was chosen."""
    values = {
        "found": found,
        "offer": found.chosen,
        "file": file.name if file else "FILE",
        "revision": short_name(file.stem if file else found.table.name.name),
    }
    return pages.fill_text(_HERE / "plan.yaml.txt", values, _FILTERS)


def _line(text: object, label: str = "") -> str:
    """A text as a paragraph with its line ends, behind its label."""
    margin = " " * (_LABEL if label.strip() else len(label))
    first = f"  {label}".ljust(_LABEL) if label.strip() else label
    words = " ".join(str(text).split())
    lines = textwrap.wrap(
        words, _WIDTH, initial_indent=first, subsequent_indent=margin, break_on_hyphens=False
    )
    return "".join(f"{line}\n" for line in lines)


def _yaml(value: object) -> str:
    """A value in a plan; of text nothing is read as YAML, or as an expression of the plan."""
    if isinstance(value, int):
        return json.dumps(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if _JINJA.search(text):
        text = "{{ " + _quoted(text) + " }}"
    return _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes, with the escapes that JSON, YAML and Jinja read alike."""
    return '"' + _comment(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _comment(text: object) -> str:
    """On one line, with nothing in it that steers a terminal or that YAML does not take."""
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in str(text))


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


_FILTERS: dict[str, Callable[..., Any]] = {
    "line": _line,
    "yaml": _yaml,
    "comment": _comment,
    "count": formats.count,
    "size": formats.size,
    "took": formats.took,
    "listed": formats.listed,
}

"""What --layout and --column say: `range:created_at:month/hash:tenant_id:8`, `id:bigint`. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from executor.errors import UsageError

_PART = re.compile(r'"((?:[^"]|"")+)"|([^:/"]+)')
_MEASURE = re.compile(r"\d+|(\d+ ?)?(hour|day|week|month|year)s?", re.IGNORECASE)
_TYPE = re.compile(r'[\w". ]+(\(\d+(, ?\d+)?\))?[\w ]*(\[\])*')
_FORM = "NAME, NAME:COLUMN or NAME:COLUMN:HOW_MUCH, such as hash:32 or range:created_at:month"


@dataclass(frozen=True, slots=True)
class Choice:
    """A layout that was chosen, and what was said of it; None is for the server to find."""

    layout: str | None = None
    column: str | None = None
    measure: str | None = None
    sub_column: str | None = None
    sub_measure: str | None = None


def parse(text: str, layouts: Collection[str], columns: Collection[str]) -> Choice:
    """The layout that is meant, of a table with these columns; raises UsageError."""
    levels = [_level(level, text, columns) for level in _split(text, "/")]
    layout = "_".join(name for name, _, _ in levels)
    if layout not in layouts:
        raise UsageError(
            f"--layout {text}: there is no layout {'/'.join(name for name, _, _ in levels)!r}",
            hint=f"there are {', '.join(layouts)}; two levels are written range:…/hash:…",
        )
    (_, column, measure), *below = levels
    _, sub_column, sub_measure = below[0] if below else ("", None, None)
    return Choice(layout, column, measure, sub_column, sub_measure)


def parse_columns(given: Sequence[str], columns: Collection[str]) -> list[dict[str, str]]:
    """The columns that get another type: `name:type` each; raises UsageError."""
    result: dict[str, str] = {}
    for text in given:
        parts = _split(text, ":", most=1)
        if len(parts) != 2 or not _TYPE.fullmatch(parts[1].strip()):
            raise UsageError(f"--column {text!r} is not name:type, such as id:bigint")
        name = _known(_bare(parts[0]), f"--column {text}", columns)
        if name in result:
            raise UsageError(f"--column {name} is given twice")
        result[name] = parts[1].strip()
    return [{"name": name, "type": type_} for name, type_ in result.items()]


def _level(text: str, whole: str, columns: Collection[str]) -> tuple[str, str | None, str | None]:
    """The name of a layout, its column and how much."""
    name, *rest = _split(text, ":")
    bad = UsageError(f"--layout {whole!r} can't be read", hint=f"write {_FORM}")
    if not name.strip() or len(rest) > 2 or not all(rest):
        raise bad
    column = rest[0] if rest else None
    measure = rest[1] if len(rest) > 1 else None
    if len(rest) == 1 and _bare(rest[0]) not in columns and _MEASURE.fullmatch(rest[0]):
        column, measure = None, rest[0]
    if column is not None:
        column = _known(_bare(column), f"--layout {whole}", columns)
    return name.strip(), column, measure


def _known(name: str, where: str, columns: Collection[str]) -> str:
    if name in columns:
        return name
    alike = get_close_matches(name, columns, n=3)
    guess = f"did you mean {' or '.join(alike)}? " if alike else ""
    raise UsageError(
        f"{where}: the table has no column {name!r}", hint=f"{guess}It has {', '.join(columns)}"
    )


def _split(text: str, by: str, most: int = -1) -> list[str]:
    """The parts of a text between characters that do not stand in double quotes."""
    parts, quoted = [""], False
    for sign in text:
        quoted ^= sign == '"'
        if sign == by and not quoted and most != len(parts) - 1:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _bare(text: str) -> str:
    """A name without its double quotes."""
    match = _PART.fullmatch(text)
    return match[1].replace('""', '"') if match and match[1] else text

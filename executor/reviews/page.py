"""A review as HTML, Markdown and JSON: what content.py says, written down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from executor import pages
from executor.formats import short

from .content import Line, Review
from .kinds import MODES, WAITS
from .statements import LOCK

_HERE = Path(__file__).parent
_MARKUP = re.compile(r"([\\`*{}\[\]<>#|~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z]))")


def as_html(review: Review) -> str:
    """The page for a browser, and for paper."""
    return pages.fill(_HERE / "review.html", _values(review), _FILTERS)


def as_markdown(review: Review) -> str:
    """The text for a pull request."""
    text = pages.fill_text(_HERE / "review.md", _values(review), _FILTERS)
    return re.sub(r"\n{3,}", "\n\n", text)


def as_json(review: Review) -> str:
    """All of it, for machines and for `--expect`; one line."""
    told = {"event": "Review", **asdict(review)}
    return json.dumps(told, ensure_ascii=False, default=str) + "\n"


def _values(review: Review) -> dict[str, Any]:
    return {**{f.name: getattr(review, f.name) for f in fields(review)}, "waits": WAITS}


def _kinds(lines: Iterable[Line]) -> str:
    """How many statements of which kind."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.kind] = counts.get(line.kind, 0) + line.times
    return ", ".join(f"{kind} ×{many}" if many > 1 else kind for kind, many in counts.items())


def _by_step(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    return [(step, list(own)) for step, own in groupby(lines, key=lambda line: line.step)]


def _alike(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that follow each other in one step, as long as they lock nothing anew.

    A reason that stands for several lines of a step stands at the first, without what it says of
    locks, which stand beside it.
    """
    found: list[list[Line]] = []
    said: set[tuple[str, str]] = set()
    for own in lines:
        why = own.why if own.unread else own.why.partition(LOCK)[0].strip()
        line = replace(own, why="" if (own.step, own.why) in said else why)
        said.add((own.step, own.why))
        before = found[-1] if found else []
        if before and before[0].number == line.number and not _anew(line, before[0]):
            before.append(line)
        else:
            found.append([line])
    return found


def _anew(line: Line, first: Line) -> bool:
    """Whether a line locks what the one before it in the same row has not."""
    return not all(lock.held for lock in line.locks) and line.locks != first.locks


def _legend(lines: Iterable[Line]) -> str:
    """Who waits for the locks of some lines, the strongest first."""
    modes = {lock.mode for line in lines for lock in line.locks if not lock.held}
    used = [mode for mode in reversed(MODES) if mode in modes]
    return "; ".join(f"{mode}: {WAITS[mode]}" for mode in used)


def _sql(line: Line, most: int) -> str:
    """A statement in Markdown; of a longer one its beginning, and where the whole of it stands."""
    rest = len(short(line.sql, len(line.sql))) - most
    if rest > 0 and line.kind == "a block":
        return f"block{_where(line.place)}: {_plain(line.why or 'it has no comment.')}"
    left = f" … {rest:,} more characters, whole{_where(line.place)}" if rest > 0 else ""
    return _code(line.sql, most) + left


def _where(place: int) -> str:
    """Where the whole of a statement stands."""
    return f" in line {place} of the script" if place else " in the script of the rollback"


def _plain(text: object) -> str:
    """Text that means itself in Markdown, in a table too."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def _code(text: str, most: int) -> str:
    """SQL on one line in Markdown, in a table too: its quotes are more than those in it."""
    line = short(text.replace("|", "\\|"), most)
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{ticks} {line} {ticks}" if len(ticks) > 1 else f"`{line}`"


_FILTERS: dict[str, Callable[..., Any]] = {
    "md": _plain,
    "code": _code,
    "kinds": _kinds,
    "groupby_step": _by_step,
}
_FILTERS |= {"alike": _alike, "sql": _sql, "legend": _legend, "where": _where}

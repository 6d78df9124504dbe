"""Numbers, sizes, times and lists as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

_LISTED = 5  # names in a sentence
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def short(text: str, most: int) -> str:
    """A text on one line, of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def listed(names: Sequence[str], apart: str = ", ") -> str:
    """The first five of many, and how many more; as tables/listed.sql does it."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return apart.join(names[:_LISTED]) + more


def count(number: float) -> str:
    """A number with its thousands apart."""
    return f"{number:,.0f}"


def counted(number: int, thing: str) -> str:
    """So many of a thing, whose name as one it is."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def took(seconds: float) -> str:
    """A duration in the two units that matter."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    for unit, name, smaller, rest in ((86400, "d", 3600, "h"), (3600, "h", 60, "min")):
        if whole >= unit:
            return f"{whole // unit} {name} {whole % unit // smaller} {rest}"
    return f"{whole // 60} min {whole % 60} s"


def roughly(seconds: float) -> str:
    """A duration that is only guessed, in one unit; from 90 minutes on in hours and minutes."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else took(seconds)


def moment(at: datetime) -> str:
    """A date and a time of day."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def clock(at: datetime, exact: bool = False) -> str:
    """A time of day, or an exact one to the millisecond."""
    text = f"{at.astimezone(UTC):%H:%M:%S.%f}"
    return text[:-3] if exact else text[:-7]


def size(number: float) -> str:
    """A number of bytes, as PostgreSQL counts them in units."""
    value, unit = float(number), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    digits = 1 if unit and value < 10 else 0
    return f"{value:,.{digits}f} {_UNITS[unit]}"

"""Charts as SVG without text, colour or script: words stand around them, colours in the page. Pure.

They are stretched to the width there is, so every length is a share of a fixed box. What a mark
means is its <title>, which a browser shows as a tip; everything is in a table, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import svg
from markupsafe import Markup, escape

_WIDTH = 1000
_HEIGHT = 100
_LANE = 10
_LEAST = 3  # of _WIDTH: what is shorter would not be seen


class Mark(NamedTuple):
    """A bar of a lane, from 0 to 1; its class in the page, and its tip."""

    begin: float
    end: float
    style: str
    tip: str


class Column(NamedTuple):
    """A column of a chart, its class in the page, and its tip."""

    value: float
    style: str
    tip: str


def lane(marks: Sequence[Mark]) -> Markup:
    """One line of a timeline."""
    bars: list[svg.Element] = []
    for mark in marks:
        width = max((mark.end - mark.begin) * _WIDTH, _LEAST)
        left = min(mark.begin * _WIDTH, _WIDTH - width)
        bars.append(_box(left, 0, width, _LANE, mark.style, mark.tip))
    return _picture(bars, "lane", _LANE)


def columns(values: Sequence[Column], top: float, lines: Sequence[float] = ()) -> Markup:
    """Columns side by side, up to ``top``; a dashed line across at each of ``lines``."""
    width = _WIDTH / max(len(values), 1)
    drawn: list[svg.Element] = [_line(_HEIGHT / 2, "grid"), _line(0, "grid")]
    for number, column in enumerate(values):
        height = column.value / top * _HEIGHT if top else 0
        gap = width * 0.12
        drawn.append(
            _box(
                *(number * width + gap / 2, _HEIGHT - height, width - gap, height),
                *(column.style, column.tip),
            )
        )
    drawn += [_line(_HEIGHT - value / top * _HEIGHT, "mean") for value in lines if top]
    return _picture(drawn, "columns", _HEIGHT)


def rounded_up(value: float) -> float:
    """The next number of the form 1, 2, 2.5, 4, 5, 6, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    steps = (n * power for n in (1, 2, 2.5, 4, 5, 6, 8, 10))
    return next(step for step in steps if step >= value * 0.9999)


def _box(x: float, y: float, width: float, height: float, style: str, tip: str) -> svg.Element:
    places = {"x": x, "y": y, "width": width, "height": height}
    numbers = {name: round(number, 2) for name, number in places.items()}
    # the library writes text as it is given
    title = svg.Title(text=str(escape(tip)))
    return svg.Rect(**numbers, class_=[style], elements=[title])  # type: ignore[arg-type]


def _line(y: float, style: str) -> svg.Element:
    return svg.Line(x1=0, y1=round(y, 2), x2=_WIDTH, y2=round(y, 2), class_=[style])


def _picture(elements: list[svg.Element], style: str, height: int) -> Markup:
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, _WIDTH, height),
        preserveAspectRatio="none",  # type: ignore[arg-type]
        class_=[style],
        elements=elements,
        extra={"aria-hidden": "true"},
        xmlns=None,
    )
    return Markup(picture.as_str())  # noqa: S704 - numbers, classes of ours, and tips escaped above

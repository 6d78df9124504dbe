"""The page of a report: report.html filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from executor import pages
from executor.formats import clock, count, moment, size, took

_PAGE = Path(__file__).with_name("report.html")
_FILTERS: pages.Filters = {
    "count": count,
    "took": took,
    "moment": moment,
    "clock": clock,
    "size": size,
}


def fill(values: Mapping[str, Any]) -> str:
    """The whole page."""
    return pages.fill(_PAGE, values, _FILTERS)

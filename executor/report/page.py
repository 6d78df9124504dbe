"""The page of a report: page/report.html filled in, every value escaped, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from executor.cli import output as outputs

_PAGE = Path(__file__).parent


def count(number: float) -> str:
    """A number with its thousands apart."""
    return f"{number:,.0f}"


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


def moment(at: datetime) -> str:
    """A date and a time of day."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def clock(at: datetime, exact: bool = False) -> str:
    """A time of day, or an exact one to the millisecond."""
    text = f"{at.astimezone(UTC):%H:%M:%S.%f}"
    return text[:-3] if exact else text[:-7]


def fill(values: Mapping[str, Any]) -> str:
    """The whole page. Its policy allows one style sheet, by its digest, and nothing else."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(_PAGE),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        count=count, took=took, moment=moment, clock=clock, size=outputs.size
    )
    style = (_PAGE / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        **values,
        style=Markup(style),  # noqa: S704 - a file of ours
        style_digest=f"sha256-{digest}",
    )

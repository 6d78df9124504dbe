"""The page of a report: report.html filled in, every value escaped, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from executor.formats import clock, count, moment, size, took

_PAGE = Path(__file__).parent


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
    environment.filters.update(count=count, took=took, moment=moment, clock=clock, size=size)
    style = (_PAGE / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        **values,
        style=Markup(style),  # noqa: S704 - a file of ours
        style_digest=f"sha256-{digest}",
    )

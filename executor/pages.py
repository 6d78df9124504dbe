"""HTML pages: a template filled in, every value escaped, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

Filters = Mapping[str, Callable[..., Any]]

_COMMON = Path(__file__).with_suffix(".css")


def fill(page: Path, values: Mapping[str, Any], filters: Filters) -> str:
    """The whole page; its style sheet stands beside it and comes after the common one.

    The page's policy, in pages.html, allows that one style sheet, by its digest, and nothing else.
    """
    style = "".join(
        sheet.read_text(encoding="utf-8") for sheet in (_COMMON, page.with_suffix(".css"))
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment(page, filters, autoescape=True).render(
        **values,
        style=Markup(style),  # noqa: S704 - files of ours
        style_digest=f"sha256-{digest}",
    )


def fill_text(page: Path, values: Mapping[str, Any], filters: Filters) -> str:
    """A template of something else than HTML; its filters say how it is quoted there."""
    return _environment(page, filters, autoescape=False).render(**values)


def _environment(page: Path, filters: Filters, *, autoescape: bool) -> Template:
    environment = Environment(
        autoescape=autoescape,  # noqa: S701 - what is no HTML has rules of its own
        undefined=StrictUndefined,
        loader=FileSystemLoader([page.parent, _COMMON.parent]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment.get_template(page.name)

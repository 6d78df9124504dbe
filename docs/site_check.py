"""Looks at a built site: every link leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: what a browser loads by itself, and the attribute that says what
_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The anchors, the links and what is loaded of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADED and given.get("rel") != "canonical" and _LOADED[tag] in given:
            self.loaded.append(given[_LOADED[tag]])


@cache
def _page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def problems(site: Path) -> Iterator[str]:
    """What is wrong with the pages below a directory, a sentence each."""
    if not (site / "index.html").exists():
        yield f"{site} has no index.html"
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        page = _page(path)
        yield from (f"{name}: loads {url}" for url in page.loaded if urlsplit(url).netloc)
        for link in [*page.links, *page.loaded]:
            if (
                not urlsplit(link).scheme
                and not urlsplit(link).netloc
                and not _leads(site, path, link)
            ):
                yield f"{name}: {link} leads nowhere"
    for path in sorted(site.rglob("*.css")):
        for url in re.findall(
            r"url\([\"']?(\w+://[^)\"']+)|@import", path.read_text(encoding="utf-8")
        ):
            yield f"{path.relative_to(site)}: loads {url or 'by @import'}"


def _leads(site: Path, path: Path, link: str) -> bool:
    """Whether a link of a page leads to a page of the site, and to an anchor that it has."""
    parts = urlsplit(link)
    given = unquote(parts.path)
    target = (
        path if not given else site / given[1:] if given.startswith("/") else path.parent / given
    )
    target = target.resolve()
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site.resolve()) or not target.exists():
        return False
    return (
        not parts.fragment
        or target.suffix != ".html"
        or unquote(parts.fragment) in _page(target).anchors
    )

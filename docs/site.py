"""Builds the documentation as a site in build/site, strictly, and looks at every link of it.

python -m docs.site

The pages are those of docs/ and of the files that they link to, such as plans and SQL: the site stands by itself.
Needs zensical (requirements-docs.txt) and nothing of executor; `make docs` has both.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.site_check import problems

ROOT = Path(__file__).resolve().parent.parent
DOCS, STAGED, SITE = ROOT / "docs", ROOT / "build/docs", ROOT / "build/site"
CONFIG = ROOT / "zensical.toml"

_FENCES = re.compile(r"^```.*?^```\n?", flags=re.MULTILINE | re.DOTALL)
_LINK = re.compile(
    r"\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)|^(\[[\w.-]+\]:) (?!\w+:)(\S+)$", flags=re.MULTILINE
)
_LEXERS = {".sql": "sql", ".yaml": "yaml", ".json": "json", ".py": "python", ".toml": "toml"}
_HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"
#: pages whose tables need the room of the contents beside them
_WIDE = {
    DOCS / name: "---\nhide: [toc]\n---\n\n" for name in ("compared.md", "plan.md", "facts.md")
}


def staged_path(source: Path) -> Path:
    """Where a file of the checkout stands among the pages, relative to their root."""
    if source.is_relative_to(DOCS) and source.suffix != ".py":
        return source.relative_to(DOCS)
    path = Path("files") / source.relative_to(ROOT)
    if source.suffix == ".md":  # a page called README would be that of its folder
        return path.with_name(path.name.replace("README", "about"))
    return path.with_name(f"{path.name}.md")


def page(source: Path, found: list[Path]) -> str:
    """The page of a file; what it links to is added to `found`."""
    if source.is_dir():
        parts = sorted(part for part in source.iterdir() if part.is_file())
        rows = "".join(f"- [{part.name}]({source.name}/{part.name})\n" for part in parts)
        return _HIDDEN + f"# {source.relative_to(ROOT)}\n\n" + linked(rows, source, found)
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".md":
        return _WIDE.get(source, "") + linked(text, source, found)
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall(r"`+", text)), 3)
    head = f'{fence}{{.{_LEXERS.get(source.suffix, "text")} linenums="1"}}'
    return _HIDDEN + f"# {source.relative_to(ROOT)}\n\n{head}\n{text.rstrip()}\n{fence}\n"


def linked(text: str, source: Path, found: list[Path]) -> str:
    """A text in Markdown with its links as they are among the pages; code stays as it is."""

    def rewritten(match: re.Match[str]) -> str:
        given, anchor = match[1] or match[4], match[2] or ""
        target = (source.parent / given).resolve()
        if not target.exists() or not target.is_relative_to(ROOT):
            return match[0]  # the check says so
        found.append(target)
        path = os.path.relpath(staged_path(target), staged_path(source).parent)
        if line := re.fullmatch(r"#L(\d+)", anchor):
            anchor = f"#__codelineno-0-{line[1]}"
        return f"{match[3]} {path}" if match[3] else f"]({path}{anchor})"

    parts, end = [], 0
    for fence in _FENCES.finditer(text):
        parts += [_LINK.sub(rewritten, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, _LINK.sub(rewritten, text[end:])])


def stage() -> None:
    """Writes all pages, and copies what is no page."""
    shutil.rmtree(STAGED, ignore_errors=True)
    waiting = [*sorted(DOCS.rglob("*.md")), ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
    waiting += sorted(DOCS.glob("stylesheets/*")) + sorted(DOCS.glob("images/*"))
    done: set[Path] = set()
    while waiting:
        source = waiting.pop()
        if source in done:
            continue
        done.add(source)
        target = STAGED / staged_path(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".md":
            target.write_text(page(source, waiting), encoding="utf-8")
        else:
            shutil.copyfile(source, target)


def navigation(entries: list[Any]) -> Iterator[tuple[str, str]]:
    """Each page of the navigation with its title, in order; a section has an empty path."""
    for entry in entries:
        ((title, inner),) = entry.items()
        if isinstance(inner, str):
            yield title, inner
        else:
            yield title, ""
            yield from navigation(inner)


def for_assistants(project: dict[str, Any]) -> str:
    """llms.txt: what an assistant has to know, and where each page stands as Markdown."""
    rules = (STAGED / "assistants.md").read_text(encoding="utf-8").partition("\n")[2].strip()
    parts = [f"# {project['site_name']}\n\n> {project['site_description']}.\n\n{rules}\n\n"]
    for title, path in navigation(project["nav"]):
        parts.append(
            f"- [{title}]({path}): {_first_sentence(path)}\n" if path else f"\n## {title}\n\n"
        )
    return re.sub(r"\n\n## [^\n]*\n\n(?=\n## )", "\n", "".join(parts))


def _first_sentence(path: str) -> str:
    text = re.sub(
        r"<!--.*?-->|\A---.*?\n---\n",
        "",
        (STAGED / path).read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    paragraphs = [
        part for part in _FENCES.sub("", text).split("\n\n") if re.match(r"\s*[\w`*\[]", part)
    ]
    first = (
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraphs[0].split()))
        if paragraphs
        else ""
    )
    return re.split(r"(?<=[.:]) ", first, maxsplit=1)[0].rstrip(":")


def build() -> list[str]:
    """Builds the site; what is wrong with it, in sentences."""
    project = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]
    pages = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    missing = sorted(pages - {path for _, path in navigation(project["nav"])})
    if missing:
        return [f"docs/{path} is not in the navigation of zensical.toml" for path in missing]
    stage()
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(CONFIG)]
    plain = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=plain, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        return [re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr.partition("Traceback")[0])]
    for path in STAGED.rglob("*.md"):
        text = re.sub(r"\A---\n.*?\n---\n\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        (SITE / path.relative_to(STAGED)).write_text(text, encoding="utf-8")
    (SITE / "llms.txt").write_text(for_assistants(project), encoding="utf-8")
    return [*problems(SITE)]


if __name__ == "__main__":
    wrong = build()
    print("\n".join(wrong) or f"The site is in {SITE.relative_to(ROOT)}.")
    sys.exit(bool(wrong))

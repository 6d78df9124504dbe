"""`executor review` and `executor diff`: what would be done to a real table, for who signs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from executor.errors import DriftError, UsageError

from .errors import Command
from .options import DSN, FORMAT, PLAN, VALUES, server, together
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor.review.content import Review

_SUFFIXES = (".html", ".md", ".json")


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT)
@click.option(
    "-o",
    "--output",
    "files",
    metavar="FILE",
    multiple=True,
    help="Where to write it: FILE.html, FILE.md or FILE.json; - prints it as Markdown. May be"
    " given several times.  [default: review.html; with --format json, JSON on stdout]",
)
def review(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    files: tuple[str, ...],
) -> None:
    """Write down what a plan would do to the real table, on two pages: for the change ticket.

    Reads only. Its digest binds a run to it: executor run --expect.
    """
    from executor.engine.connect import Options
    from executor.engine.read_only import reviewed
    from executor.plan.loader import load
    from executor.plan.variables import from_command_line
    from executor.resources import find_plan

    targets = _targets(files, output)
    loaded = load(find_plan(plan))
    given = from_command_line(loaded.plan, var, accept, create=create)
    with server(dsn) as connection:
        found = reviewed(loaded, Options(dsn=connection, variables=given))
    for name, path in targets:
        text = _written(found, name)
        if path is None:
            print(text, end="")
            continue
        put(path, text)
        _tell(found, path, output)


def _targets(files: tuple[str, ...], output: str) -> list[tuple[str, Path | None]]:
    """What is written, by its suffix, and where to; None: to stdout."""
    if not files:
        return [(".json", None)] if output == "json" else [(".html", place("review.html"))]
    found: list[tuple[str, Path | None]] = []
    for file in files:
        suffix = Path(file).suffix.lower()
        if file == "-":
            found.append((".json" if output == "json" else ".md", None))
        elif suffix in _SUFFIXES:
            found.append((suffix, place(file)))
        else:
            raise UsageError(
                f"-o {file}: a review is written as {', '.join(_SUFFIXES)}",
                hint="the name of the file says which",
            )
    return found


def _written(found: Review, suffix: str) -> str:
    from executor.review import page

    writers = {".html": page.as_html, ".md": page.as_markdown, ".json": page.as_json}
    return writers[suffix](found)


def _tell(found: Review, path: Path, output: str) -> None:
    errors = sum(finding.verdict == "error" for finding in found.checked.findings)
    if output == "json":
        told = {"plan": found.plan, "subject": found.subject, "digest": found.digest}
        print(as_json({"event": "Reviewed", **told, "errors": errors, "file": str(path)}))
        return
    about = f"{found.plan} on {found.subject}" if found.subject else found.plan
    stops = f", {errors} errors that would stop it" if errors else ""
    print(f"{path.name}: {about}{stops}; digest {found.digest}", file=sys.stderr)


@click.command(cls=Command)
@click.argument("review", metavar="REVIEW")
@together(PLAN, DSN, FORMAT)
def diff(review: str, plan: str | None, dsn: str | None, output: str) -> None:
    """Say what has changed since a review, and change nothing; exit code 3 if anything has.

    REVIEW is a file that `executor review -o FILE.json` has written.
    """
    from executor.engine.connect import Options
    from executor.engine.read_only import with_facts_now
    from executor.plan.loader import load
    from executor.rendering.renderer import ANY_TIMESTAMP
    from executor.resources import find_plan
    from executor.review.bound import bind, compared, expected, neutral

    known = expected(review)
    if known.reviewed is None:
        raise UsageError("a digest can't be compared: give the review as JSON")
    loaded = load(find_plan(plan or known.reviewed.plan))
    with server(dsn) as connection:
        options = Options(dsn=connection, variables=known.given or {})
        now = bind(neutral(with_facts_now(loaded, options, ANY_TIMESTAMP)))
    same = now.digest == known.digest
    lines = [] if same else list(compared(known.reviewed, now, most=1000))
    if output == "json":
        told = {"event": "Compared", "same": same, "digest": now.digest, "expected": known.digest}
        print(as_json({**told, "differences": [line.strip() for line in lines]}))
    elif same:
        print(f"{review}: nothing has changed; digest {now.digest}")
    if not same:
        text = "" if output == "json" else ":\n" + "\n".join(lines)
        raise DriftError(
            f"this is not what was reviewed{text}", hint="executor review makes it anew"
        )

"""`executor review` and `executor diff`: what would be done to a real table, for who signs it.

And `executor queries`: what it will do to the application's statements; and `executor rehearse`:
what it does to some of the table's rows on a server of our own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import executor
from executor.errors import AssertionFailedError, DriftError, UsageError
from executor.formats import counted, listed

from .errors import Command
from .options import (
    ACCEPT,
    AGAIN,
    DSN,
    FORMAT,
    PLAN,
    REHEARSED,
    VALUES,
    VAR,
    options_as_one,
    server,
    together,
    values,
)
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor import Options, Review
    from executor.reviews.content import Form

_SUFFIXES: dict[str, Form] = {".html": "html", ".md": "markdown", ".json": "json"}


@click.command(cls=Command)
@together(PLAN, *VALUES, DSN, FORMAT, AGAIN)
@click.option(
    "-o",
    "--output",
    "files",
    metavar="FILE",
    multiple=True,
    help="Where to write it: FILE.html, FILE.md or FILE.json; - prints it as Markdown. May be"
    " given several times.  [default: review.html; with --format json, JSON on stdout]",
)
@click.option(
    "--rehearsal",
    metavar="FILE.json",
    help="Say what a rehearsal of it has found: executor rehearse -o FILE.json.",
)
@options_as_one
def review(
    plan: str | None,
    var: tuple[str, ...],
    create: bool,
    dsn: str | None,
    output: str,
    files: tuple[str, ...],
    rehearsal: str | None,
    options: Options,
) -> None:
    """Write down what a plan would do to the real table, on two pages: for the ticket.

    Reads only. Its digest binds a run to it: executor run --expect.
    """
    targets = _targets(files, output)
    found = executor.review(
        plan,
        dsn=dsn,
        variables=values(var, create=create),
        options=options,
        rehearsal=rehearsal,
    )
    for form, path in targets:
        text = found.written(form)
        if path is None:
            print(text, end="")
            continue
        put(path, text)
        _tell(found, path, output)


def _targets(files: tuple[str, ...], output: str) -> list[tuple[Form, Path | None]]:
    """In which forms it is written, and where to; None: to stdout."""
    if not files:
        return [("json", None)] if output == "json" else [("html", place("review.html"))]
    found: list[tuple[Form, Path | None]] = []
    for file in files:
        suffix = Path(file).suffix.lower()
        if file == "-":
            found.append(("json" if output == "json" else "markdown", None))
        elif suffix in _SUFFIXES:
            found.append((_SUFFIXES[suffix], place(file)))
        else:
            raise UsageError(
                f"-o {file}: a review is written as {', '.join(_SUFFIXES)}",
                hint="the name of the file says which",
            )
    return found


def _tell(found: Review, path: Path, output: str) -> None:
    errors = sum(finding.verdict == "error" for finding in found.checked.findings)
    if output == "json":
        told = {"plan": found.plan, "subject": found.subject, "digest": found.digest}
        print(as_json({"event": "Reviewed", **told, "errors": errors, "file": str(path)}))
        return
    about = f"{found.plan} on {found.subject}" if found.subject else found.plan
    stops = f", {counted(errors, 'error')} that would stop it" if errors else ""
    print(f"{path.name}: {about}{stops}; digest {found.digest}", file=sys.stderr)


@click.command(cls=Command)
@click.argument("review", metavar="REVIEW")
@together(PLAN, DSN, FORMAT)
def diff(review: str, plan: str | None, dsn: str | None, output: str) -> None:
    """Say what has changed since a review, and change nothing; exit code 3 if anything has.

    REVIEW is a file that `executor review -o FILE.json` has written; it knows where PLAN is.
    """
    from executor.engine.connect import RunOptions
    from executor.engine.read_only import with_facts_now
    from executor.project import load_plan
    from executor.rendering.renderer import ANY_TIMESTAMP
    from executor.resources import plan_of
    from executor.reviews.bound import bind, compared, expected, neutral

    known = expected(review)
    if known.reviewed is None:
        raise UsageError("a digest can't be compared: give the review as JSON")
    loaded = load_plan(plan or plan_of(known.reviewed.plan, known.file))
    with server(dsn) as connection:
        options = RunOptions(dsn=connection, variables=known.given or {})
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


@click.command(cls=Command)
@together(PLAN, VAR, DSN, FORMAT)
@click.option(
    "--queries",
    "file",
    metavar="FILE",
    help="Take the statements from a file of SQL. Lines before one may say the values of its"
    " parameters, -- values: 'a', 1, and -- calls: 1000.  [default: pg_stat_statements]",
)
@click.option(
    "--analyze",
    is_flag=True,
    help="Run the SELECTs of FILE, too, and say how long they take; what calls a volatile function"
    " is not run.",
)
@click.option("--strict", is_flag=True, help="Exit code 6 if a statement will be slower, or fail.")
def queries(
    plan: str | None,
    var: tuple[str, ...],
    dsn: str | None,
    output: str,
    file: str | None,
    analyze: bool,
    strict: bool,
) -> None:
    """Say which statements will be slower with the new table, or fail, while it stands beside the
    old one: after `executor run --until verify`, or while a run holds before the swap.

    Each is explained with both tables, in a read-only transaction.
    """
    from executor.engine.connect import RunOptions
    from executor.engine.read_only import compare_queries
    from executor.plan.variables import from_command_line
    from executor.project import load_plan
    from executor.queries import told

    if analyze and file is None:
        raise UsageError(
            "--analyze runs statements, and so needs --queries FILE",
            hint="those of pg_stat_statements are written by others, and only explained",
        )
    with server(dsn) as target:
        loaded = load_plan(plan or _under_way(target))
        given = from_command_line(loaded.plan, var)
        options = RunOptions(dsn=target, variables=given)
        found = compare_queries(loaded, options, file=file, analyze=analyze)
    if output == "json":
        print(as_json(told.record(found)))
    else:
        for line in told.lines(found):
            print(line)
    if strict and found.of("fails", "differs", "slower"):
        sys.exit(AssertionFailedError.exit_code)
    _refuse_unreadable(found.unreadable)


def _refuse_unreadable(bad: Sequence[str]) -> None:
    if bad:
        raise UsageError(
            f"{counted(len(bad), 'statement')} can't be read: {listed(bad, '; ')}",
            hint="mend it, or take it out of the file; the others were asked",
        )


def _under_way(dsn: str | None) -> Path:
    """The plan of the only run that has not come to its end; raises UsageError if unknown."""
    from executor.database.session import Connector
    from executor.journal import reader
    from executor.resources import find_plan

    with reader.explained(), Connector(dsn, "executor:queries").session() as session:
        runs = reader.recent_runs(session) if reader.is_installed(session) else []
    names = [str(run["plan"]) for run in runs if run["status"] in ("running", "failed")]
    if len(names) != 1:
        why = (
            f"runs of {listed(names)} have not come to their end"
            if names
            else "no run is under way"
        )
        raise UsageError(f"say which plan: {why}", hint="executor queries PLAN")
    return find_plan(names[0])


@click.command(cls=Command)
@together(PLAN, VAR, ACCEPT, DSN, FORMAT)
@click.option(
    "--rows", type=click.IntRange(1), help="About how many rows are taken.  [default: 20000]"
)
@click.option(
    "--percent", type=click.FloatRange(0, 100, min_open=True), help="Or which part of all."
)
@together(*REHEARSED)
@click.option(
    "--writes-per-second",
    "writes",
    default=20.0,
    show_default=True,
    type=click.FloatRange(0, 1000),
    help="How often somebody writes to the table meanwhile; 0 for nobody.",
)
@click.option(
    "--queries",
    "file",
    metavar="FILE",
    help="Look at the statements of a file of SQL.  [default: pg_stat_statements of the server]",
)
@click.option(
    "-o",
    "--output",
    "files",
    metavar="FILE",
    multiple=True,
    help="Write the page to FILE.md, too, or all that was found to FILE.json, for executor review"
    " --rehearsal. May be given several times.",
)
def rehearse(
    plan: str | None,
    var: tuple[str, ...],
    accept: tuple[str, ...],
    dsn: str | None,
    output: str,
    rows: int | None,
    percent: float | None,
    on: str | None,
    synthetic: bool,
    writes: float,
    file: str | None,
    files: tuple[str, ...],
) -> None:
    """Run a plan on a server of our own first: on the real definitions and some of the real rows,
    or rows like them, there, back and there again, with writers beside it.

    The real server is only read. The exit code is that of the run that stops, or 0.
    """
    from executor.plan.variables import from_command_line
    from executor.project import load_plan
    from executor.rehearse import told, trial

    if rows is not None and percent is not None:
        raise UsageError("--rows and --percent both say how many rows: give one of them")
    paths = [_of_rehearsal(name) for name in files]
    loaded = load_plan(plan)
    given = from_command_line(loaded.plan, var, accept)
    with server(dsn) as target:
        wish = trial.Wish(target, given, rows, percent, writes, file, on=on, synthetic=synthetic)
        found = trial.rehearse(loaded, wish, lambda line: print(f"{line} ...", file=sys.stderr))
    texts = {".md": "\n".join(told.lines(found)), ".json": as_json(told.record(found))}
    for path in paths:
        put(path, texts[path.suffix.lower()] + "\n")
    print(texts[".json" if output == "json" else ".md"])
    if found.error:
        found.error.hint = "this was a rehearsal: nothing of the real server was changed"
        raise found.error


def _of_rehearsal(file: str) -> Path:
    if Path(file).suffix.lower() not in (".md", ".json"):
        raise UsageError(f"-o {file}: a rehearsal is written as FILE.md or FILE.json")
    return place(file)

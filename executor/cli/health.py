"""`executor health`: looks at a table once, or again and again."""

from __future__ import annotations

import io
import json
import math
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from executor.errors import UsageError

from .errors import Command
from .options import DSN, server
from .output import place, put

if TYPE_CHECKING:
    from pathlib import Path

    from executor.health.checks import Health

_WIDTH = 100  # of a page in a file


@click.command(cls=Command)
@click.argument("table", required=False)
@DSN
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "prometheus"]),
    default="text",
    help="A page, one JSON object, or node_exporter's textfile format, on stdout.",
)
@click.option(
    "--warning", default=0.3, show_default=True, metavar="SKEW", help="Skew that is a warning."
)
@click.option(
    "--critical", default=0.5, show_default=True, metavar="SKEW", help="Skew that is critical."
)
@click.option("--deep", is_flag=True, help="Read every row for its place, not a sample.")
@click.option("-v", "--verbose", is_flag=True, help="Add a line for each partition.")
@click.option("-o", "file", metavar="FILE", help="Write to FILE, which is replaced in one go.")
@click.option(
    "--watch",
    type=click.FloatRange(0.1, 86400),
    is_flag=False,
    flag_value=5.0,
    metavar="[SECONDS]",
    help="Look again every 5 or so many seconds, until Ctrl-C, which ends it with 0.",
)
def health(
    table: str | None,
    dsn: str | None,
    output: str,
    warning: float,
    critical: float,
    deep: bool,
    verbose: bool,
    file: str | None,
    watch: float | None,
) -> None:
    """Show how the partitions of TABLE are; left out, the one that a run has partitioned.

    Needs SELECT on the table, to look for rows in the wrong place; all else is from the catalogs
    and the server's counters. A skew of 0.3 is 30 % more or less than an equal share.

    \b
    Exit codes: 0 healthy, 1 not healthy (a warning, critical, or a check that could
    not be asked); the others as in `executor --help`.
    """
    if not 0 < warning <= critical < math.inf:
        raise UsageError(
            f"--warning {warning:g} and --critical {critical:g} can't be meant",
            hint="both are above 0, and a warning comes first",
        )
    path = None if file is None else place(file)
    with server(dsn) as target:
        try:
            while True:
                found = _look(target, table, warning=warning, critical=critical, deep=deep)
                _give(found, output, path, verbose=verbose, again=watch is not None)
                if watch is None:
                    sys.exit(0 if found.status == "ok" else 1)
                time.sleep(watch)
        except KeyboardInterrupt:
            if watch is None:
                raise
            # to end a watch is how it is meant to end


def _look(
    dsn: str | None, table: str | None, *, warning: float, critical: float, deep: bool
) -> Health:
    from executor.database.session import Connector
    from executor.health.checks import Clinic

    with Connector(dsn, "executor:health", read_only=True).session() as session:
        clinic = Clinic(session)
        return clinic.look(clinic.table(table), warning=warning, critical=critical, deep=deep)


def _give(found: Health, output: str, file: Path | None, *, verbose: bool, again: bool) -> None:
    """Write to the file, or show on stdout: a page on a terminal is replaced by the next."""
    from executor.health import page

    from .progress import console

    if file is not None:
        put(file, _text(found, output, verbose=verbose))
        return
    if output != "text":
        sys.stdout.write(_text(found, output, verbose=verbose))
        sys.stdout.flush()
        return
    out = console()
    with out.capture() as shown:
        page.show(found, out, verbose=verbose)
    lines = shown.get().splitlines()
    if again:
        lines.insert(0, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    if again and out.is_terminal:
        out.clear()
        lines = lines[: out.height - 1]  # the checks come first, and stay on the screen
    out.file.write("\n".join(lines) + "\n" * (1 if out.is_terminal or not again else 2))
    out.file.flush()


def _text(found: Health, output: str, *, verbose: bool) -> str:
    """The look as text; JSON is one line."""
    from executor.health import page, prometheus

    from .progress import console

    if output == "prometheus":
        return prometheus.exposition(found)
    if output == "json":
        record = {"status": found.status, **asdict(found)}
        return json.dumps(record, ensure_ascii=False, default=_iso) + "\n"
    text = io.StringIO()
    page.show(found, console(file=text, width=_WIDTH, no_color=True), verbose=verbose)
    return text.getvalue()


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

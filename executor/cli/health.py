"""The command `health`: looks at a table once, or again and again."""

from __future__ import annotations

import io
import json
import math
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from executor.database.session import Connector
from executor.errors import UsageError
from executor.health import page as health_page
from executor.health import prometheus as metrics
from executor.health.checks import Clinic, Health

from . import output as outputs
from .target import server

_WIDTH = 100  # of a page in a file


def health(
    table: str | None,
    dsn: str | None,
    output: str,
    verbose: bool,
    warning: float,
    critical: float,
    deep: bool,
    watch: float | None,
    file: str | None,
) -> None:
    """Show the health of a table; exits with 1 if there is something to look after."""
    if not 0 < warning <= critical < math.inf:
        raise UsageError(
            f"--warning {warning:g} and --critical {critical:g} can't be meant",
            hint="both are above 0, and a warning comes first",
        )
    place = None if file is None else outputs.place(file)
    with server(dsn) as target:
        connector = Connector(target, "executor:health", read_only=True)
        try:
            while True:
                with connector.session() as session:
                    clinic = Clinic(session)
                    found = clinic.look(
                        clinic.table(table), warning=warning, critical=critical, deep=deep
                    )
                _give(found, output, place, verbose=verbose, again=watch is not None)
                if watch is None:
                    sys.exit(0 if found.status == "ok" else 1)
                time.sleep(watch)
        except KeyboardInterrupt:
            if watch is None:
                raise
            # to end a watch is how it is meant to end


def _give(found: Health, output: str, file: Path | None, *, verbose: bool, again: bool) -> None:
    if file is not None:
        outputs.put(file, _text(found, output, verbose=verbose))
        return
    if output != "text":
        sys.stdout.write(_text(found, output, verbose=verbose))
        sys.stdout.flush()
        return
    console = outputs.console()
    with console.capture() as page:
        health_page.show(found, console, verbose=verbose)
    lines = page.get().splitlines()
    if again:
        lines.insert(0, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    if again and console.is_terminal:
        console.clear()
        lines = lines[: console.height - 1]  # the checks come first, and stay on the screen
    console.file.write("\n".join(lines) + "\n" * (1 if console.is_terminal or not again else 2))
    console.file.flush()


def _text(found: Health, output: str, *, verbose: bool) -> str:
    """The look as text; JSON is one line."""
    if output == "prometheus":
        return metrics.exposition(found)
    if output == "json":
        record = {"status": found.status, **asdict(found)}
        return json.dumps(record, ensure_ascii=False, default=_iso) + "\n"
    page = io.StringIO()
    health_page.show(
        found, outputs.console(file=page, width=_WIDTH, no_color=True), verbose=verbose
    )
    return page.getvalue()


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

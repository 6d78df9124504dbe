"""The demo: a server of our own, a realistic table, the flagship plan, and a look at the result."""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from executor import resources
from executor.database import embedded
from executor.database.session import Connector, DatabaseError, Result, Session
from executor.engine import run as runner
from executor.engine.connect import Options
from executor.errors import UsageError
from executor.plan.loader import load
from executor.templating.templates import Templates, own_templates

from . import output as outputs
from .progress import TextSink

_PLAN = "chunks_100_partitions"
_BARS = " ▁▂▃▄▅▆▇█"
_PAUSE = 0.003  # seconds between two writes of the application
_HEIGHT = 4  # lines of the chart
_QUERIES = ("count", "collections", "spread", "largest", "unusual")


def demo(rows: int, keep: str | None, stop: str | None) -> None:
    """Run the flagship plan on generated data, or stop the server of an earlier demo."""
    if stop is not None:
        embedded.stop(stop)
    else:
        _run(rows, keep, outputs.console())


def _run(rows: int, keep: str | None, console: Console) -> None:
    """Fill a server with chunks, move them into 100 partitions, show what came of it."""
    templates = own_templates()
    with _server(keep) as dsn:
        with Connector(dsn, "executor:demo").session() as session:
            _fill(session, templates, rows, console, keep)
        sink = TextSink(console)
        application = _Application(dsn, templates, rows)
        try:
            with application:
                runner.run(load(resources.find_plan(_PLAN)), Options(dsn=dsn), sink)
        finally:
            sink.close()
        _show_writes(application, console)
        with Connector(dsn, "executor:demo").session() as session:
            _show_distribution(_ask(session, templates, "distribution"), console)
            for query in _QUERIES:
                _show_query(session, templates, query, console)
    _show_ways_on(keep, dsn, console)


class _Application:
    """Writes to the table at a steady rate while the context is open, and times every write."""

    def __init__(self, dsn: str, templates: Templates, rows: int) -> None:
        self.seconds: list[float] = []
        self._connector = Connector(dsn, "application")
        self._templates = templates
        self._rows = max(rows, 1)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write, name="application")
        self._failure: DatabaseError | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._failure:
            raise self._failure

    def _write(self) -> None:
        with self._connector.session() as session:
            while not self._ended.wait(_PAUSE):
                values = {"n": len(self.seconds), "rows": self._rows}
                text = self._templates.render("demo/write.sql", values)
                began = time.monotonic()
                try:
                    session.execute(text)
                except DatabaseError as error:
                    self._failure = error
                    return
                self.seconds.append(time.monotonic() - began)


def _show_writes(application: _Application, console: Console) -> None:
    seconds = application.seconds
    if seconds:
        console.print(
            f"\nMeanwhile an application wrote to the table {len(seconds):,} times, and nothing was"
            f" lost.\nHalf of the writes took under {1000 * statistics.median(seconds):.1f} ms, the"
            f" longest {1000 * max(seconds):.0f} ms.",
            highlight=False,
        )


def _server(keep: str | None) -> AbstractContextManager[str]:
    if keep is None:
        return embedded.temporary_server()
    return embedded.kept_server(keep, leave_running=True)


def _fill(
    session: Session, templates: Templates, rows: int, console: Console, keep: str | None
) -> None:
    if _ask(session, templates, "is_filled").scalar():
        raise UsageError(f"{keep} holds a demo already", hint="give --keep another directory")
    with console.status(f"Generating {rows:,} chunks of text ..."), session.transaction():
        for part in ("schema", "rows", "finish"):
            session.execute(templates.render(f"demo/{part}.sql", {"rows": rows}))
    console.print(f"A table of {rows:,} chunks, on a PostgreSQL of our own.\n", highlight=False)


def _ask(session: Session, templates: Templates, query: str) -> Result:
    return session.execute(templates.render(f"demo/{query}.sql", {}))


def _show_distribution(result: Result, console: Console) -> None:
    counts = [int(row["rows"]) for row in result.rows]
    largest = max(counts, default=0)
    console.print(
        f"\n[bold]Rows in each of the {len(counts)} partitions:[/]"
        f" [dim]smallest {min(counts):,}, average {sum(counts) // len(counts):,},"
        f" largest {largest:,}[/]",
        highlight=False,
    )
    levels = [round(count / max(largest, 1) * _HEIGHT * 8) for count in counts]
    half = (len(levels) + 1) // 2
    for start in range(0, len(levels), half):
        for line in reversed(range(_HEIGHT)):
            cells = [min(max(level - line * 8, 0), 8) for level in levels[start : start + half]]
            console.print("  [cyan]" + "".join(_BARS[cell] for cell in cells) + "[/]")
        end = min(start + half, len(levels)) - 1
        gap = " " * max(end - start + 1 - len(f"{start:02}") - len(str(end)), 1)
        console.print(f"  [dim]{start:02}{gap}{end}[/]", highlight=False)


def _show_query(session: Session, templates: Templates, query: str, console: Console) -> None:
    text = templates.render(f"demo/{query}.sql", {})
    title = text.splitlines()[0].removeprefix("-- ")
    rows = session.execute(text).rows
    console.print(f"\n[bold]{title}[/]")
    if not rows:
        console.print("  none", highlight=False)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, value in rows[0].items():
        is_number = isinstance(value, int | Decimal)
        table.add_column(name, justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*(f"{v:,}" if isinstance(v, int | Decimal) else str(v) for v in row.values()))
    console.print(table)


def _show_ways_on(keep: str | None, dsn: str, console: Console) -> None:
    if keep is None:
        console.print(
            "\nThe server and its data are gone again."
            "\nTo look around and to roll back, keep them:\n  executor demo --keep DIR",
            highlight=False,
        )
        return
    psql = embedded.binaries() / "psql"
    target = f"--dsn embedded:{Path(keep)}"
    lines = (
        ("look around", f"{psql} '{dsn}'"),
        ("what was done", f"executor status {_PLAN} {target}"),
        ("watch over it", f"executor health {target}"),
        ("a report of it", f"executor report {target}"),
        ("undo it all", f"executor rollback {_PLAN} {target}"),
        ("stop the server", f"executor demo --stop {keep}"),
    )
    console.print("\n[bold]The server is still running[/]")
    for what, command in lines:
        console.print(f"  {what:<16} {escape(command)}", highlight=False, soft_wrap=True)

"""`executor demo`: a server of our own, a realistic table, the flagship plan, and the result."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

import executor
from executor.errors import UsageError

from .errors import Command

if TYPE_CHECKING:
    import threading

    from rich.console import Console

    from executor.database.queries import Queries
    from executor.database.session import Session

_PLAN = "chunks_100_partitions"
_TABLE = "public.chunks"
_UNEVEN = 5.0  # skew of the partitions that is no fault: a few collections are larger on purpose
_PAUSE = 0.003  # seconds between two writes of the application
_QUERIES = ("count", "collections", "spread", "largest", "unusual")


@click.command(cls=Command)
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(0, 100_000_000))
@click.option("--keep", metavar="DIR", help="Keep the server and its data in DIR afterwards.")
@click.option("--stop", metavar="DIR", help="Stop the server that was kept in DIR, and do no more.")
def demo(rows: int, keep: str | None, stop: str | None) -> None:
    """Move a table of generated chunks into 100 partitions on a server of our own."""
    from executor.database import embedded

    from .progress import console

    if stop is not None:
        embedded.stop(stop)
        return
    out = console()
    with _server(keep) as dsn:
        _run(dsn, rows, keep, out)
    _show_ways_on(keep, dsn, out)


def _server(keep: str | None) -> AbstractContextManager[str]:
    from executor.database import embedded

    if keep is None:
        return embedded.temporary_server()
    return embedded.kept_server(keep, leave_running=True)


def _run(dsn: str, rows: int, keep: str | None, console: Console) -> None:
    """Fill a server with chunks, move them into 100 partitions, show what came of it."""
    import threading
    from concurrent.futures import ThreadPoolExecutor

    from executor.database.queries import Queries
    from executor.database.session import Connector

    from .progress import TextSink

    connector = Connector(dsn, "executor:demo")
    with connector.session() as session:
        _fill(Queries(session), rows, keep, console)
    sink = TextSink(console)
    ended = threading.Event()
    with Connector(dsn, "application").session() as session, ThreadPoolExecutor() as pool:
        application = pool.submit(_write, Queries(session), max(rows, 1), ended)
        try:
            executor.run(_PLAN, dsn=dsn, on_event=sink)
        finally:
            ended.set()
            sink.close()
        _show_writes(application.result(), console)
    with connector.session() as session:
        _show_health(session, console)
        for query in _QUERIES:
            _show_query(Queries(session), query, console)


def _fill(queries: Queries, rows: int, keep: str | None, console: Console) -> None:
    if queries.send("demo/is_filled.sql").scalar():
        raise UsageError(f"{keep} holds a demo already", hint="give --keep another directory")
    with (
        console.status(f"Generating {rows:,} chunks of text ..."),
        queries.session.transaction(),
    ):
        for part in ("schema", "rows", "finish"):
            queries.send(f"demo/{part}.sql", rows=rows)
    console.print(f"A table of {rows:,} chunks, on a PostgreSQL of our own.\n", highlight=False)


def _write(queries: Queries, rows: int, ended: threading.Event) -> list[float]:
    """Write to the table at a steady rate, as an application does; returns the time of each."""
    seconds: list[float] = []
    while not ended.wait(_PAUSE):
        text = queries.text("demo/write.sql", n=len(seconds), rows=rows)
        began = time.monotonic()
        queries.session.execute(text)
        seconds.append(time.monotonic() - began)
    return seconds


def _show_writes(seconds: list[float], console: Console) -> None:
    from statistics import median

    if seconds:
        console.print(
            f"\nMeanwhile an application wrote to the table {len(seconds):,} times, and nothing was"
            f" lost.\nHalf of the writes took under {1000 * median(seconds):.1f} ms, the"
            f" longest {1000 * max(seconds):.0f} ms.",
            highlight=False,
        )


def _show_health(session: Session, console: Console) -> None:
    from executor.health import page
    from executor.health.checks import Clinic

    clinic = Clinic(session)
    found = clinic.look(clinic.table(_TABLE), warning=_UNEVEN, critical=_UNEVEN, deep=False)
    console.print()
    page.show(found, console, verbose=False)


def _show_query(queries: Queries, query: str, console: Console) -> None:
    from decimal import Decimal

    from rich.table import Table

    text = queries.text(f"demo/{query}.sql")
    title = text.splitlines()[0].removeprefix("-- ")
    rows = queries.session.execute(text).rows
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
    from pathlib import Path

    from rich.markup import escape

    from executor.database import embedded

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

"""The command line. Parses and delegates; the imports that cost time wait for a command."""

from __future__ import annotations

from typing import Any

import click

from executor import __version__

from .groups import Later, Main
from .options import (
    ACCEPT,
    CHANGED_PLAN,
    CHANGED_SERVER,
    CREATE,
    DSN,
    FORMAT,
    PLAN,
    TAKE_OVER,
    VAR,
    VERBOSE,
    call,
    together,
)


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="executor")
def main() -> None:
    """Run declarative SQL plans on PostgreSQL: every statement readable beforehand, every step
    one transaction, every claim proven, everything reversible.

    PLAN is a file, or the name of one in plans/; left out, the only plan there.

    \b
    Exit codes: 0 fine, 1 bug (of health: not healthy), 2 usage, 3 plan invalid, edited or done,
    4 can't connect or run owned by another executor, 5 SQL failed, 6 assertion failed,
    7 rollback failed, 8 backup missing, expired or not verified, 130 interrupted.
    """


@main.command()
@together(PLAN, VAR, ACCEPT, CREATE, FORMAT)
@click.option("--print-sql", is_flag=True, help="Print the whole script, not only the steps.")
@click.option("--rollback", is_flag=True, help="Print the script that undoes the plan.")
@click.option(
    "--timestamp",
    metavar="YYYYMMDD_HHMMSS",
    help="The timestamp in the names of tables.  [default: now, in UTC]",
)
def render(**options: Any) -> None:
    """Print a plan as SQL for psql; needs no database."""
    call("render", "render", **options)


@main.command()
@together(PLAN, VAR, FORMAT)
def validate(**options: Any) -> None:
    """Check a plan and all its templates; needs no database."""
    call("render", "validate", **options)


@main.command()
@together(PLAN, VAR, ACCEPT, CREATE)
@together(DSN, FORMAT, VERBOSE, TAKE_OVER, CHANGED_PLAN, CHANGED_SERVER)
@click.option("--again", is_flag=True, help="Begin a new run of a plan that has come to its end.")
@click.option("--until", metavar="STEP", help="Stop after this step; run again to go on.")
@click.option(
    "--hold",
    metavar="STEP",
    help="Wait before this step until `executor resume`, and keep preparing it meanwhile.",
)
@click.option("--hold-swap", is_flag=True, help="Short for --hold swap.")
@click.option("--rollback-on-failure", is_flag=True, help="Undo everything if a step fails.")
@click.option(
    "--dry-run", is_flag=True, help="Render everything and ask the server what can be asked."
)
def run(**options: Any) -> None:
    """Run a plan, or resume it where it stopped."""
    call("run", "run", **options)


@main.command()
@together(PLAN, VAR, DSN, FORMAT, VERBOSE, TAKE_OVER, CHANGED_PLAN, CHANGED_SERVER)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Undo the run of this number.")
def rollback(**options: Any) -> None:
    """Undo the newest run of a plan, or the newest with the values of --var, last step first.

    It says which run that is before it begins. What is rolled back already is not passed over: a
    run before that is only undone by name.
    """
    call("run", "rollback", **options)


@main.command()
@together(PLAN, VAR, DSN, FORMAT, VERBOSE)
@click.option("--run", type=click.IntRange(1), metavar="N", help="Verify the run of this number.")
def verify(**options: Any) -> None:
    """Prove, at any time after a run (--var chooses one), what its plan claims of the result."""
    call("run", "verify", **options)


@main.command()
@together(PLAN, DSN, FORMAT)
@click.option("--backups", is_flag=True, help="Show the backups and old tables, too.")
def status(**options: Any) -> None:
    """Show the newest run of a plan step by step, or without PLAN the newest runs."""
    call("operating", "status", **options)


@main.command()
@click.argument("run", required=False)
@together(PLAN, DSN, FORMAT)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    default="report.html",
    show_default=True,
    help="Where to write it; - prints it.",
)
def report(**options: Any) -> None:
    """Write what a run has done as one HTML page: RUN is its number; left out, the newest.

    With PLAN alone it is the newest run of that plan. A file is needed where the plan is not in
    plans/: the run's SQL is rendered anew from it.
    """
    call("report", "report", **options)


@main.command()
@together(PLAN, DSN)
def pause(**options: Any) -> None:
    """Let the running run of a plan wait before its next iteration or step."""
    call("operating", "pause", **options)


@main.command()
@together(PLAN, DSN)
def resume(**options: Any) -> None:
    """Let a run go on that was paused, or that holds."""
    call("operating", "resume", **options)


@main.command()
@together(PLAN, DSN)
def swap(**options: Any) -> None:
    """Let a run go on that holds before its swap (run --hold-swap)."""
    call("operating", "swap", **options)


@main.command("set")
@together(PLAN, DSN)
@click.option(
    "--workers",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Connections of a step that has workers in the plan.",
)
@click.option(
    "--batch-rows",
    type=click.IntRange(1, 2**31 - 1),
    metavar="N",
    help="About how many rows a batch has; what is left is planned again.",
)
def change(**options: Any) -> None:
    """Give the running run of a plan another number of workers, or other batches."""
    call("operating", "change", **options)


@main.command()
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
def health(**options: Any) -> None:
    """Show how the partitions of TABLE are; left out, the one that a run has partitioned.

    Needs SELECT on the table, to look for rows in the wrong place; all else is from the catalogs
    and the server's counters. A skew of 0.3 is 30 % more or less than an equal share.

    \b
    Exit codes: 0 healthy, 1 not healthy (a warning, critical, or a check that could
    not be asked); the others as in `executor --help`.
    """
    call("health", "health", **options)


@main.command()
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(0, 100_000_000))
@click.option("--keep", metavar="DIR", help="Keep the server and its data in DIR afterwards.")
@click.option("--stop", metavar="DIR", help="Stop the server that was kept in DIR, and do no more.")
def demo(**options: Any) -> None:
    """Move a table of generated chunks into 100 partitions on a server of our own."""
    call("demo", "demo", **options)


main.add_command(
    Later("backups", help="List, verify, keep, clean up and restore backups and old tables.")
)

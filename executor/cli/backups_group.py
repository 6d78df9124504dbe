"""The command line of `executor backups`; imported when one of its commands is wanted."""

from __future__ import annotations

from typing import Any

import click

from .groups import Commands
from .options import DSN, FORMAT, call, together

_NAME = click.argument("name")
_INTO = click.option(
    "--into", metavar="TABLE", help="The new table.  [default: beside the original]"
)
_KEYS = click.option(
    "--no-foreign-keys", is_flag=True, help="Leave the foreign keys of the original out."
)


@click.group(cls=Commands)
def backups() -> None:
    """Backups and old tables."""


@backups.command("list")
@together(DSN, FORMAT)
def show(**options: Any) -> None:
    """Show every backup and old table: rows, size, age, until when it is kept, status."""
    call("backups", "show", **options)


@backups.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Verify every backup.")
@together(DSN, FORMAT)
def verify(**options: Any) -> None:
    """Compare a backup with the count, digest and columns that were recorded."""
    call("backups", "verify", **options)


@backups.command()
@_NAME
@click.option(
    "--days", required=True, type=click.IntRange(1, 3650), metavar="N", help="1 to 3650 days more."
)
@together(DSN, FORMAT)
def extend(**options: Any) -> None:
    """Keep a backup for more days; from now if it has expired."""
    call("backups", "extend", **options)


@backups.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@together(DSN, FORMAT)
def cleanup(**options: Any) -> None:
    """Drop what has expired, but never the only verified backup of a table."""
    call("backups", "cleanup", **options)


@backups.command()
@click.argument("table")
@click.option("--retention", default="7 days", show_default=True, help="How long it is kept.")
@together(DSN, FORMAT)
def create(**options: Any) -> None:
    """Make a backup of a table, compare it and register it."""
    call("backups", "create", **options)


@backups.command()
@_NAME
@together(_INTO, _KEYS)
@click.option("--replace", is_flag=True, help="Put it in the place of the original, which is kept.")
@together(DSN, FORMAT)
def restore(**options: Any) -> None:
    """Restore a backup into a new table, with constraints, indexes, defaults and sequences."""
    call("backups", "restore", **options)


@backups.command()
@_NAME
@together(DSN, FORMAT)
def drill(**options: Any) -> None:
    """Prove that a backup can be restored: restore it, compare it, and drop that again."""
    call("backups", "drill", **options)


@backups.command()
@_NAME
@click.argument("directory", type=click.Path(file_okay=False))
@together(DSN, FORMAT)
def export(**options: Any) -> None:
    """Write a backup to files with checksums; given again, it goes on."""
    call("backups", "export", **options)


@backups.command("import")
@click.argument("directory", type=click.Path(file_okay=False))
@together(_INTO)
@click.option("--foreign-keys", is_flag=True, help="With the foreign keys of the original.")
@together(DSN, FORMAT)
def import_(**options: Any) -> None:
    """Make a table of exported files, and compare it."""
    call("backups", "import_", **options)

"""`executor backups …`: what was copied or kept aside, and what can be done with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from executor import formats
from executor.errors import BackupError, UsageError
from executor.formats import counted

from .errors import Commands
from .options import DSN, FORMAT, server, together
from .output import as_json

if TYPE_CHECKING:
    from executor.backups.registry import Entry, Registries
    from executor.templating.names import Name

_NAME = click.argument("name")
_DIRECTORY = click.argument("directory", type=click.Path(file_okay=False))
_INTO = click.option(
    "--into", metavar="TABLE", help="The new table.  [default: beside the original]"
)
_RETENTION = re.compile(r"[1-9][0-9]{0,3} (hour|day|week|month|year)s?")
_DONE = {"drop": "would be dropped", "forget": "would be forgotten", "keep": "kept"}


@click.group(cls=Commands)
def backups() -> None:
    """List, verify, keep, clean up and restore backups and old tables."""


@backups.command("list")
@together(DSN, FORMAT)
def show(dsn: str | None, output: str) -> None:
    """Show every backup and old table: rows, size, age, until when it is kept, status."""
    print_entries(dsn, output)


@backups.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Verify every backup.")
@together(DSN, FORMAT)
def verify(name: str | None, every: bool, dsn: str | None, output: str) -> None:
    """Compare a backup with the count, digest and columns that were recorded."""
    if (name is None) != every:
        raise UsageError("give the name of a backup, or --all")
    with _registries(dsn) as registries:
        entries = registries.entries() if name is None else [registries.find(name)]
        _tell_unread(registries)
        if not entries:
            raise BackupError("there is no backup in this database, so none is verified")
        failed = [e.name for e in entries if not _verified(registries, e, output)]
    if failed and name is None:
        raise BackupError(f"{len(failed)} of {len(entries)} do not verify: {', '.join(failed)}")
    if failed:
        raise BackupError(
            f"{name} does not verify",
            hint="don't rely on it; executor backups create makes another",
        )


def _verified(registries: Registries, entry: Entry, output: str) -> bool:
    from executor.backups import copies
    from executor.database.session import DatabaseError

    try:
        finding = copies.verify(registries, entry)
    except BackupError as error:
        finding = error.message
    except DatabaseError as error:  # such as a lock that is held; the others are still to be read
        finding = registries.refusal(error).message
    said = (
        finding or f"verified: {counted(entry.rows, 'row')}, count, digest and columns as recorded"
    )
    _say(output, f"{entry.name}: {said}", name=entry.name, verified=not finding, finding=finding)
    return not finding


@backups.command()
@_NAME
@click.option(
    "--days", required=True, type=click.IntRange(1, 3650), metavar="N", help="1 to 3650 days more."
)
@together(DSN, FORMAT)
def extend(name: str, days: int, dsn: str | None, output: str) -> None:
    """Keep a backup for more days; from now if it has expired."""
    from executor.backups import copies

    with _registries(dsn) as registries:
        entry = registries.find(name)
        until = copies.extend(registries, entry, days)
    if entry.status in ("changed", "missing"):
        print(f"{name} is {entry.status}: {entry.difference or 'see verify'}", file=sys.stderr)
    _say(output, f"{name}: kept until {until}", name=name, retention_until=until)


@backups.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@together(DSN, FORMAT)
def cleanup(dry_run: bool, dsn: str | None, output: str) -> None:
    """Drop what has expired, but never the only verified backup of a table."""
    from executor.backups.cleanup import clean

    count, blocked = 0, []
    with _registries(dsn) as registries:
        for item in clean(registries, dry_run=dry_run):
            count += 1
            if item.action in ("blocked", "failed"):
                blocked.append(item.name)
            done = _DONE.get(item.action, item.action)
            dropped = item.action in ("drop", "dropped")
            size = f" ({formats.size(item.size_bytes or 0)})" if dropped else ""
            _say(
                output, f"{item.name}{size}: {done}, {item.reason}",
                name=item.name, schema=item.schema, kind=item.kind, action=item.action,
                reason=item.reason, dry_run=dry_run,
            )  # fmt: skip
        _tell_unread(registries)
    if not count:
        _say(output, "nothing has expired", message="nothing has expired")
    if blocked:
        error = BackupError(f"{len(blocked)} of {count} could not be dropped: {', '.join(blocked)}")
        # whoever reads line by line finds the same keys in the last one
        error.facts = {"name": None, "schema": None, "kind": None, "action": "failed"}
        raise error


@backups.command()
@click.argument("table")
@click.option("--retention", default="7 days", show_default=True, help="How long it is kept.")
@together(DSN, FORMAT)
def create(table: str, retention: str, dsn: str | None, output: str) -> None:
    """Make a backup of a table, compare it and register it."""
    from executor.backups import copies
    from executor.templating.names import table_name

    if not _RETENTION.fullmatch(retention):
        raise UsageError(
            f"{retention!r} is no retention", hint="write '7 days', '2 weeks', '1 year'"
        )
    with _registries(dsn) as registries:
        backup, rows, until = copies.create(registries, table_name(table), retention)
    line = f"{backup}: {counted(rows, 'row')}, verified, kept until {until}"
    _say(output, line, name=backup.name, rows=rows, retention_until=until)


@backups.command()
@_NAME
@_INTO
@click.option("--no-foreign-keys", is_flag=True, help="Leave the foreign keys of the original out.")
@click.option("--replace", is_flag=True, help="Put it in the place of the original, which is kept.")
@together(DSN, FORMAT)
def restore(
    name: str, into: str | None, no_foreign_keys: bool, replace: bool, dsn: str | None, output: str
) -> None:
    """Restore a backup into a new table, with constraints, indexes, defaults and sequences."""
    from executor.backups.restore import replace as put_in_place
    from executor.backups.restore import restore as copy_into

    if replace and into:
        raise UsageError("--into makes a new table, --replace none; give one of them")
    keys = not no_foreign_keys
    with _registries(dsn) as registries:
        entry = registries.find(name)
        if replace:
            kept = put_in_place(registries, entry, foreign_keys=keys)
            rows = counted(entry.rows, "row")
            line = f"{entry.source}: restored from {name}, {rows}; what it was is {kept}"
            _say(output, line, table=str(entry.source), rows=entry.rows, kept=str(kept))
            return
        made = copy_into(registries, entry, _new_table(into), foreign_keys=keys)
    line = f"{made}: restored from {name}, {counted(entry.rows, 'row')}, equal by count and digest"
    _say(output, line, table=str(made), rows=entry.rows)


@backups.command()
@_NAME
@together(DSN, FORMAT)
def drill(name: str, dsn: str | None, output: str) -> None:
    """Prove that a backup can be restored: restore it, compare it, and drop that again."""
    from executor.backups.restore import drill as try_to_restore

    with _registries(dsn) as registries:
        entry = registries.find(name)
        finding = try_to_restore(registries, entry)
    if finding:
        raise BackupError(f"{name} could not be restored: {finding}")
    rows = counted(entry.rows, "row")
    line = f"{name}: restored, {rows}, equal by count and digest, and dropped again"
    _say(output, line, name=name, rows=entry.rows)


@backups.command()
@_NAME
@_DIRECTORY
@together(DSN, FORMAT)
def export(name: str, directory: str, dsn: str | None, output: str) -> None:
    """Write a backup to files with checksums; given again, it goes on."""
    from pathlib import Path

    from executor.backups import files

    with _registries(dsn) as registries:
        number, kept, size = files.export(registries, registries.find(name), Path(directory))
    line = f"{name}: {number} file{'' if number == 1 else 's'}, {formats.size(size)} in {directory}"
    if kept:
        line += f"; {kept} of them from before"
    _say(output, line, name=name, files=number, kept=kept, bytes=size)


@backups.command("import")
@_DIRECTORY
@_INTO
@click.option("--foreign-keys", is_flag=True, help="With the foreign keys of the original.")
@together(DSN, FORMAT)
def import_(
    directory: str, into: str | None, foreign_keys: bool, dsn: str | None, output: str
) -> None:
    """Make a table of exported files, and compare it."""
    from pathlib import Path

    from executor.backups import files

    with _registries(dsn) as registries:
        made, rows = files.import_(
            registries, Path(directory), _new_table(into), foreign_keys=foreign_keys
        )
    line = f"{made}: imported from {directory}, {counted(rows, 'row')}, equal by count and digest"
    _say(output, line, table=str(made), rows=rows)


def print_entries(dsn: str | None, output: str) -> None:
    """Print the entries of all registries."""
    from .progress import print_table

    with _registries(dsn, writing=False) as registries:
        entries = registries.entries()
        _tell_unread(registries)
    if output == "json":
        for entry in entries:
            print(as_json(entry.facts()))
        return
    if not entries:
        print("there is no backup in this database")
        return
    print_table(
        ("backup", "of", "kind", "rows", "size", "age", "kept until", "status"),
        (
            (
                entry.name,
                str(entry.source),
                _kind(entry),
                f"{entry.rows:,}",
                formats.size(entry.size_bytes or 0),
                _age(entry.age_seconds),
                (entry.retention_until or "for ever").removesuffix(" UTC"),
                entry.status + (f": {entry.difference}" if entry.difference else ""),
            )
            for entry in entries
        ),
    )


@contextmanager
def _registries(dsn: str | None, *, writing: bool = True) -> Iterator[Registries]:
    from executor.backups.registry import opened

    with server(dsn) as target, opened(target, writing=writing) as registries:
        yield registries


def _new_table(given: str | None) -> Name | None:
    from executor.templating.names import table_name

    return table_name(given) if given else None


def _tell_unread(registries: Registries) -> None:
    for why in registries.unread.values():
        print(why, file=sys.stderr)


def _kind(entry: Entry) -> str:
    also = ", the backup" if entry.is_backup and entry.kind != "backup" else ""
    return entry.kind.replace("_", " ") + also


def _age(seconds: int) -> str:
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"


def _say(output: str, line: str, **event: object) -> None:
    print(as_json(event) if output == "json" else line)

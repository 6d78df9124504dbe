"""The commands `executor backups …`, as plain functions; what they find goes to stdout."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from rich.table import Table

from executor import formats
from executor.backups import cleanup as cleaning
from executor.backups import copies
from executor.backups import files as archives
from executor.backups import restore as restoring
from executor.backups.registry import Entry, Registries, opened
from executor.database.session import DatabaseError
from executor.errors import BackupError, UsageError
from executor.templating.names import table_name

from . import output as outputs
from .target import server

_RETENTION = re.compile(r"[1-9][0-9]{0,3} (hour|day|week|month|year)s?")
_DONE = {"drop": "would be dropped", "forget": "would be forgotten"}


def show(dsn: str | None, output: str) -> None:
    """List the entries of all registries."""
    with server(dsn) as target, opened(target, writing=False) as registries:
        entries = registries.entries()
        _tell_unread(registries)
    if output == "json":
        for entry in entries:
            _print_json(**entry.facts())
        return
    if not entries:
        print("there is no backup in this database")
        return
    table = Table("backup", "of", "kind", "rows", "size", "age", "kept until", "status", box=None)
    for entry in entries:
        table.add_row(
            entry.name,
            str(entry.source),
            entry.kind.replace("_", " "),
            f"{entry.rows:,}",
            formats.size(entry.size_bytes or 0),
            _age(entry.age_seconds),
            (entry.retention_until or "for ever").removesuffix(" UTC"),
            entry.status + (f": {entry.difference}" if entry.difference else ""),
        )
    outputs.print_table(table)


def verify(name: str | None, every: bool, dsn: str | None, output: str) -> None:
    """Compare one backup, or all, with what was recorded; raises BackupError if one differs."""
    if (name is None) != every:
        raise UsageError("give the name of a backup, or --all")
    with server(dsn) as target, opened(target) as registries:
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
    try:
        finding = copies.verify(registries, entry)
    except BackupError as error:
        finding = error.message
    except DatabaseError as error:  # such as a lock that is held; the others are still to be read
        finding = registries.refusal(error).message
    said = finding or f"verified: {entry.rows:,} rows, count, digest and columns as recorded"
    _say(output, f"{entry.name}: {said}", name=entry.name, verified=not finding, finding=finding)
    return not finding


def extend(name: str, days: int, dsn: str | None, output: str) -> None:
    """Keep a backup for some more days."""
    with server(dsn) as target, opened(target) as registries:
        entry = registries.find(name)
        until = copies.extend(registries, entry, days)
    if entry.status in ("changed", "missing"):
        print(f"{name} is {entry.status}: {entry.difference or 'see verify'}", file=sys.stderr)
    _say(output, f"{name}: kept until {until}", name=name, retention_until=until)


def create(table: str, retention: str, dsn: str | None, output: str) -> None:
    """Make a verified and registered backup of a table."""
    if not _RETENTION.fullmatch(retention):
        raise UsageError(
            f"{retention!r} is no retention", hint="write '7 days', '2 weeks', '1 year'"
        )
    with server(dsn) as target, opened(target) as registries:
        backup, rows, until = copies.create(registries, table_name(table), retention)
    line = f"{backup}: {rows:,} rows, verified, kept until {until}"
    _say(output, line, name=backup.name, rows=rows, retention_until=until)


def cleanup(dry_run: bool, dsn: str | None, output: str) -> None:
    """Drop what has expired and may go; raises BackupError if something was in the way."""
    count, blocked = 0, []
    with server(dsn) as target, opened(target) as registries:
        for item in cleaning.clean(registries, dry_run=dry_run):
            count += 1
            if item.action in ("blocked", "failed"):
                blocked.append(item.name)
            done = _DONE.get(item.action) or {"keep": "kept"}.get(item.action, item.action)
            size = (
                f" ({formats.size(item.size_bytes or 0)})"
                if item.action in ("drop", "dropped")
                else ""
            )
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


def restore(
    name: str, into: str | None, replace: bool, no_foreign_keys: bool, dsn: str | None, output: str
) -> None:
    """Restore a backup into a new table, or in the place of its original."""
    if replace and into:
        raise UsageError("--into makes a new table, --replace none; give one of them")
    with server(dsn) as target, opened(target) as registries:
        entry = registries.find(name)
        if replace:
            kept = restoring.replace(registries, entry, foreign_keys=not no_foreign_keys)
            line = (
                f"{entry.source}: restored from {name}, {entry.rows:,} rows; what it was is {kept}"
            )
            _say(output, line, table=str(entry.source), rows=entry.rows, kept=str(kept))
            return
        made = restoring.restore(
            registries, entry, table_name(into) if into else None, foreign_keys=not no_foreign_keys
        )
    line = f"{made}: restored from {name}, {entry.rows:,} rows, equal by count and digest"
    _say(output, line, table=str(made), rows=entry.rows)


def drill(name: str, dsn: str | None, output: str) -> None:
    """Prove that a backup can be restored; raises BackupError if not."""
    with server(dsn) as target, opened(target) as registries:
        entry = registries.find(name)
        finding = restoring.drill(registries, entry)
    if finding:
        raise BackupError(f"{name} could not be restored: {finding}")
    line = f"{name}: restored, {entry.rows:,} rows, equal by count and digest, and dropped again"
    _say(output, line, name=name, rows=entry.rows)


def export(name: str, directory: str, dsn: str | None, output: str) -> None:
    """Write a backup to files."""
    with server(dsn) as target, opened(target) as registries:
        files, kept, size = archives.export(registries, registries.find(name), Path(directory))
    line = (
        f"{name}: {files} {'file' if files == 1 else 'files'}, {formats.size(size)} in {directory}"
        + (f"; {kept} of them from before" if kept else "")
    )
    _say(output, line, name=name, files=files, kept=kept, bytes=size)


def import_(
    directory: str, into: str | None, foreign_keys: bool, dsn: str | None, output: str
) -> None:
    """Make a table of exported files."""
    with server(dsn) as target, opened(target) as registries:
        made, rows = archives.import_(
            registries,
            Path(directory),
            table_name(into) if into else None,
            foreign_keys=foreign_keys,
        )
    line = f"{made}: imported from {directory}, {rows:,} rows, equal by count and digest"
    _say(output, line, table=str(made), rows=rows)


def _tell_unread(registries: Registries) -> None:
    for why in registries.unread.values():
        print(why, file=sys.stderr)


def _age(seconds: int) -> str:
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"


def _say(output: str, line: str, **event: Any) -> None:
    if output == "json":
        _print_json(**event)
    else:
        print(line)


def _print_json(**event: Any) -> None:
    print(outputs.as_json(event))

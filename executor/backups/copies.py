"""Backups as copies on the server: made, compared with what was recorded, kept for longer."""

from __future__ import annotations

from executor.database.session import DatabaseError
from executor.errors import BackupError
from executor.formats import counted
from executor.templating.names import Name

from .admission import check_code
from .registry import Entry, Registries, beside, registry_of

_EXISTS = "42P07"
_ATTEMPTS = 10


def create(registries: Registries, source: Name, retention: str) -> tuple[Name, int, str]:
    """Copy a table, prove the copy and register it; returns its name, its rows and until when."""
    found = registries.send_alone("backups/relation.sql", table=source).first()
    if not found:
        raise BackupError(f"there is no table {source}")
    if found["kind"] not in ("r", "p"):
        raise BackupError(f"{source} is not a table; only a table can be backed up")
    for _ in range(_ATTEMPTS):
        try:
            return _create(registries, source, retention, registries.timestamp())
        except DatabaseError as error:
            if error.sqlstate != _EXISTS:
                raise
    raise BackupError(f"others back {source} up at the same time; try again")


def _create(
    registries: Registries, source: Name, retention: str, timestamp: str
) -> tuple[Name, int, str]:
    backup = beside(source, f"_backup_{timestamp}", "PostgreSQL cuts names; shorten the table's")
    values = {"source": source, "backup": backup, "timestamp": timestamp, "retention": retention}
    compared = {"table": source, "backup": backup, "registry": registry_of(source.schema)}
    with registries.session.transaction("repeatable read"):
        check_code(registries, source, f"back {source} up")
        registries.send("backups/create.sql", **values, revision="executor backups create")
        row = registries.send("backups/compared.sql", **compared).one()
        if not row["same"]:
            raise BackupError(f"the copy of {source} is not equal to it; it was not kept")
    return backup, row["rows"], row["retention_until"]


def verify(registries: Registries, entry: Entry) -> str | None:
    """How a backup differs from what was recorded, or None; written down in the registry.

    One that was dumped and restored, and does not differ, is known by its new oid from then on.

    Reads the whole table in one snapshot. Raises BackupError if there is none, or if an older tool
    has recorded no digest, so that nothing can be proven.
    """
    present(entry, moved=True)
    text = registries.text("backups/content.sql", table=entry.table, definition=entry.definition)
    with registries.session.transaction():
        check_code(registries, entry.table, f"verify {entry.name}")
        now = registries.session.execute(text).one()
    differences = []
    if now["columns"]:
        differences.append(f"columns: {now['columns']}")
    if now["rows"] != entry.rows:
        differences.append(f"{counted(now['rows'], 'row')} instead of {entry.rows:,}")
    elif entry.digest is not None and now["digest"] != entry.digest:
        differences.append(f"the content of its {counted(entry.rows, 'row')} is not what it was")
    finding = "; ".join(differences) or None
    if entry.digest is None and finding is None:
        raise BackupError(
            f"{entry.name} has its {entry.rows:,} rows, but an older tool has recorded no digest",
            hint="its content can't be proven; executor backups create makes a backup that can be",
        )
    registries.widen(entry.source)
    oid = now["oid"] if entry.moved and not finding else None
    values = {"registry": entry.registry, "id": entry.id, "finding": finding, "oid": oid}
    registries.ask_patiently("backups/record.sql", **values)
    return finding


def extend(registries: Registries, entry: Entry, days: int) -> str:
    """Keep a backup for some more days, from now if it has expired; returns until when."""
    _refuse_missing(entry)
    if entry.retention_until is None:
        raise BackupError(f"{entry.name} is kept for ever already")
    registries.widen(entry.source)
    values = {"registry": entry.registry, "id": entry.id, "days": days}
    row = registries.send_alone("backups/extend.sql", **values).first()
    if not row:
        raise BackupError(f"the cleanup of {entry.name} has begun; it can't be kept any more")
    return str(row["retention_until"])


def present(entry: Entry, *, moved: bool = False) -> None:
    """Raise BackupError unless an entry's table is there under its name.

    ``moved`` lets one pass that was dumped and restored, and so is to be compared.
    """
    _refuse_missing(entry)
    if entry.moved and not moved:
        raise BackupError(
            f"{entry.name} was dumped and restored since it was registered",
            hint=f"executor backups verify {entry.name} says whether it is the same",
        )
    if entry.misplaced and not entry.moved:
        raise BackupError(
            f"{entry.name} is not the table that was registered: {entry.misplaced}",
            hint="executor knows a table by its oid and its name; give it its name again",
        )
    if entry.dropping_since:
        raise BackupError(f"the cleanup of {entry.name} was begun on {entry.dropping_since}")


def _refuse_missing(entry: Entry) -> None:
    if entry.status == "missing":
        raise BackupError(f"{entry.name} is registered, but its table is gone")


def release_keys(registries: Registries, kept: Name) -> None:
    """Drop the foreign keys of a table that was replaced, one a transaction."""
    registries.perform_until_none_is_left("backups/drop_next_key.sql", relation=kept)

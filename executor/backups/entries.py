"""An entry of a registry of backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from executor.templating.names import Name

REGISTRY = "migration_backups"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a registry, with what can be said of its table without reading it."""

    id: int
    schema: str
    name: str
    original: str
    kind: str  # backup, or old_table
    rows: int
    size_bytes: int | None  # now, or when it was entered if there is no table any more
    created_at: str
    age_seconds: int
    retention_until: str | None  # None: for ever
    expired: bool
    status: str  # valid, expired, missing, changed
    misplaced: str | None  # where the table is, if not under its name
    moved: bool  # whether it seems to have been dumped and restored, so that its oid is another
    difference: str | None  # why it is changed
    revision: str | None
    run: str | None
    oid: int | None  # of the table that is meant
    digest: str | None
    verified_at: str | None
    drilled_at: str | None
    drill_finding: str | None
    dropping_since: str | None
    identified: bool  # whether it was entered with its oid
    marked: bool  # whether the table has the comment that executor gave it
    original_exists: bool
    definition: Mapping[str, Any] | None
    way_back: Mapping[str, Any] | None

    @property
    def table(self) -> Name:
        """The table that it stands for."""
        return Name(self.schema, self.name)

    @property
    def source(self) -> Name:
        """The table that it is of."""
        return Name(self.schema, self.original)

    @property
    def registry(self) -> Name:
        """The registry that has it."""
        return Name(self.schema, REGISTRY)


_HIDDEN = {
    "definition",
    "way_back",
    "oid",
    "misplaced",
    "moved",
    "identified",
    "marked",
    "expired",
    "original_exists",
}


def facts(entry: Entry) -> dict[str, Any]:
    """An entry as it is printed for machines."""
    return {
        field.name: getattr(entry, field.name)
        for field in fields(entry)
        if field.name not in _HIDDEN
    }

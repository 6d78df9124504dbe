"""Ends the retention of what has expired: decides, drops in small transactions, and goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executor.database.session import DatabaseError
from executor.errors import BackupError
from executor.journal.reader import is_installed
from executor.templating.names import Name

from .copies import release_keys, verify
from .registry import Registries, registry_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cleanup did with an expired entry, or would do."""

    schema: str
    name: str
    kind: str  # backup, old_table; registry: one that could not be read at all
    action: str  # drop, forget, keep, blocked; after it was done: dropped, forgotten, failed
    reason: str
    size_bytes: int | None


class _Changed(Exception):  # noqa: N818 - what was decided is not so any more
    pass


def clean(registries: Registries, *, dry_run: bool) -> Iterator[Outcome]:
    """Drop what has expired and may go, entry by entry; a dry run only decides."""
    journal = is_installed(registries.session)
    proven: dict[tuple[str, int], str | None] = {}
    for schema in registries.schemas():
        registry = registry_of(schema)
        values = {"schema": schema, "registry": registry, "journal": journal}
        text = registries.text("backups/cleanup.sql", **values)
        try:
            if not dry_run:
                registries.ask_patiently("backups/install.sql", source=registry)
            rows = registries.session.execute_alone(text).rows
        except DatabaseError as error:  # the registries of the other schemas are still to be read
            why = registries.refusal(error, registry).message
            yield Outcome(schema, str(registry), "registry", "failed", why, None)
            continue
        for row in rows:
            action, reason = row["action"], row["reason"]
            if action == "drop" and row["keeper"]:
                doubt = _doubt(registries, row, proven)
                if doubt:
                    action, reason = "blocked", doubt
            if action in ("drop", "forget") and not dry_run:
                action, reason = _Item(registries, registry, text, journal, row).end()
            yield Outcome(schema, row["name"], row["kind"], action, reason, row["size_bytes"])


def _doubt(
    registries: Registries,
    row: Mapping[str, Any],
    proven: dict[tuple[str, int], str | None],
) -> str | None:
    """Why the copy that is to stay can't be relied on; it is read now, and once."""
    key = (row["schema"], row["keeper"])
    if key not in proven:
        (keeper,) = (e for e in registries.entries_of(row["schema"]) if e.id == row["keeper"])
        try:
            finding = verify(registries, keeper)
        except BackupError as error:
            finding = error.message
        except DatabaseError as error:
            finding = registries.refusal(error, keeper.table).message
        proven[key] = finding and f"{keeper.name}, which would be the only copy, differs: {finding}"
    return proven[key]


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry that goes."""

    registries: Registries
    registry: Name
    decision: str  # the query that has decided so
    journal: bool
    row: Mapping[str, Any]

    def end(self) -> tuple[str, str]:
        """Drop what the entry stands for; what fails is told, and stops no other."""
        try:
            if self.row["kind"] == "old_table":
                self._end_way_back()
            self._send_if_still_so("drop", oid=self.row["oid"] or 0)
        except _Changed as changed:
            return "keep", str(changed)
        except DatabaseError as error:
            tables = [Name(self.row["schema"], self.row[key]) for key in ("name", "original")]
            return "failed", self.registries.refusal(error, *tables).message
        return "dropped" if self.row["action"] == "drop" else "forgotten", self.row["reason"]

    def _end_way_back(self) -> None:
        """First the log for the way back ends; then the partitions go, some in a transaction."""
        row, exhaust = self.row, self.registries.perform_until_none_is_left
        table, source = Name(row["schema"], row["name"]), Name(row["schema"], row["original"])
        values = {"table": table, "source": source, "run": row["run"], "journal": self.journal}
        self._send_if_still_so("close_way_back", **values)
        exhaust("backups/end_capture.sql", registry=self.registry, id=row["id"])
        if row["oid"]:
            release_keys(self.registries, table)
            exhaust("backups/drop_partitions.sql", oid=row["oid"])

    def _send_if_still_so(self, template: str, **values: object) -> None:
        """Lock the entries of its table, decide again, and do it; raises _Changed."""
        entry = {"registry": self.registry, "id": self.row["id"]}
        text = self.registries.text(f"backups/{template}.sql", **entry, **values)
        session = self.registries.session

        def send() -> None:
            with session.transaction():
                self.registries.send("backups/cleanup_lock.sql", **entry)
                self._refuse_if_changed(session.execute(self.decision).rows)
                self.registries.perform(text)

        self.registries.patiently(send)

    def _refuse_if_changed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        now = {row["id"]: row for row in rows}
        found = now.get(self.row["id"], {"action": "keep", "reason": "it is not expired any more"})
        if found["action"] != self.row["action"]:
            raise _Changed(found["reason"])
        if found["keeper"] != self.row["keeper"]:  # it was another one that was read
            raise _Changed("the backup that would stay is another one by now; clean up again")

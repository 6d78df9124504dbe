"""Ends the retention of what has expired: decides, drops in small transactions, and goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from executor.database.session import DatabaseError, Session
from executor.errors import BackupError
from executor.templating.names import Name

from .copies import release_keys, verify
from .entries import REGISTRY
from .registry import Registries, patiently


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
    journal = registries.has_journal()
    proven: dict[tuple[str, int], str | None] = {}
    for schema in registries.schemas():
        registry = Name(schema, REGISTRY)
        text = registries.sql("cleanup", schema=schema, registry=registry, journal=journal)
        try:
            if not dry_run:
                patiently(registries.session, partial(registries.widen, registry))
            with registries.session.transaction():
                rows = registries.session.execute(text).rows
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
                action, reason = _do(registries, _Item(registry, text, journal, row))
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

    registry: Name
    decision: str  # the query that has decided so
    journal: bool
    row: Mapping[str, Any]

    def still(self, session: Session, registries: Registries) -> None:
        """Lock the entries of its table and decide again; raises _Changed."""
        values = {"registry": self.registry, "id": self.row["id"]}
        session.execute(registries.sql("cleanup_lock", **values))
        now = {row["id"]: row for row in session.execute(self.decision).rows}
        found = now.get(self.row["id"], {"action": "keep", "reason": "it is not expired any more"})
        if found["action"] != self.row["action"]:
            raise _Changed(found["reason"])
        if found["keeper"] != self.row["keeper"]:  # it was another one that was read
            raise _Changed("the backup that would stay is another one by now; clean up again")


def _do(registries: Registries, item: _Item) -> tuple[str, str]:
    """Drop what an entry stands for; what fails is told, and stops no other."""
    try:
        if item.row["kind"] == "old_table":
            _end_way_back(registries, item)
        _drop(registries, item)
    except _Changed as changed:
        return "keep", str(changed)
    except DatabaseError as error:
        tables = [Name(item.row["schema"], item.row[key]) for key in ("name", "original")]
        return "failed", registries.refusal(error, *tables).message
    done = "dropped" if item.row["action"] == "drop" else "forgotten"
    return done, item.row["reason"]


def _end_way_back(registries: Registries, item: _Item) -> None:
    """First the log for the way back ends; then the partitions go, some in a transaction."""
    session = registries.session
    table = Name(item.row["schema"], item.row["name"])
    close = registries.sql(
        "close_way_back", registry=item.registry, id=item.row["id"], journal=item.journal,
        table=table, run=item.row["run"], source=Name(item.row["schema"], item.row["original"]),
    )  # fmt: skip
    end = registries.sql("end_capture", registry=item.registry, id=item.row["id"])

    def begin() -> None:
        with session.transaction():
            item.still(session, registries)
            session.execute(close)

    patiently(registries.session, begin)
    while patiently(registries.session, partial(registries.left, end)):
        continue
    if item.row["oid"]:
        release_keys(registries, table)
        text = registries.sql("drop_partitions", oid=item.row["oid"])
        while patiently(registries.session, partial(registries.left, text)):
            continue


def _drop(registries: Registries, item: _Item) -> None:
    session = registries.session
    text = registries.sql(
        "drop", registry=item.registry, id=item.row["id"], oid=item.row["oid"] or 0
    )

    def drop() -> None:
        with session.transaction():
            item.still(session, registries)
            session.execute(text)

    patiently(registries.session, drop)

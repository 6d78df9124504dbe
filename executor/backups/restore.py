"""Restores a backup into a new table, proves it, and may put it in the place of the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from executor.database.session import NO_RIGHT, DatabaseError
from executor.errors import BackupError
from executor.templating.names import Name

from .build import Content, Load, add_keys, build
from .copies import UntrustedCodeError, check_code, present, release_keys, timestamps
from .entries import Entry
from .manifest import check_definition
from .registry import Registries, beside, in_the_way, patiently, refusal


class _Undone(Exception):  # noqa: N818 - no error: it ends a transaction that is not to be kept
    pass


def content(entry: Entry) -> Content:
    """What an entry promises; raises BackupError if that is not enough for a restore."""
    present(entry)
    if entry.digest is None or entry.definition is None:
        raise BackupError(
            f"{entry.name} was registered by an older tool, without a definition and a digest",
            hint="its rows are there: copy them by hand, or back the table up with executor",
        )
    try:
        check_definition(entry.definition)
    except ValueError as error:
        raise BackupError(
            f"the definition of {entry.name} in the registry is damaged: {error}",
            hint="its rows are there: copy them by hand, or restore another backup",
        ) from error
    return Content(entry.name, entry.rows, entry.digest, entry.definition, entry.table)


def restore(
    registries: Registries, entry: Entry, into: Name | None, *, foreign_keys: bool = True
) -> Name:
    """Restore a backup into a new table, proven before it is committed; returns its name."""
    promised = content(entry)
    target = into or beside(entry.source, f"_restored_{registries.timestamp()}")
    with registries.session.transaction("repeatable read"):
        load = _copied(registries, promised, target, entry.table)
        keys = build(registries, promised, target, load)
        if foreign_keys:
            add_keys(registries, keys)
    if foreign_keys:
        validate_keys(registries, promised, target)
    return target


def _copied(registries: Registries, promised: Content, target: Name, backup: Name) -> Load:
    text = registries.sql("load", definition=promised.definition, target=target, backup=backup)

    def load() -> None:
        check_code(registries, backup, f"restore {promised.name}")
        registries.session.execute(text)

    return load


def validate_keys(registries: Registries, promised: Content, target: Name) -> None:
    """Prove the foreign keys of a table; raises BackupError if one does not hold."""
    try:
        patiently(
            registries.session,
            lambda: registries.ask("validate_keys", definition=promised.definition, target=target),
        )
    except DatabaseError as error:
        raise BackupError(
            f"{target} is restored, but a foreign key does not hold for its rows:"
            f" {refusal(error).message}",
            hint="the key stands as NOT VALID; bring back the rows that it needs, then VALIDATE it",
        ) from error


def drill(registries: Registries, entry: Entry) -> str | None:
    """Restore a backup into a scratch schema, compare, and drop it; returns what went wrong."""
    promised = content(entry)
    scratch = f"executor_drill_{registries.timestamp()}"
    target = Name(scratch, entry.original)
    finding = None
    try:
        # it is dropped by undoing the transaction, so that nothing is left whatever happens
        with registries.session.transaction("repeatable read"):
            text = registries.sql("create_scratch", schema=scratch, table=entry.table)
            registries.session.execute(text)
            build(registries, promised, target, _copied(registries, promised, target, entry.table))
            raise _Undone
    except _Undone:
        finding = None
    except UntrustedCodeError:
        raise
    except BackupError as error:
        finding = error.message
    except DatabaseError as error:
        if error.sqlstate == NO_RIGHT:  # that says nothing of the backup
            raise BackupError(
                f"{entry.name} was not restored: {error.diag.message_primary}",
                hint="a drill makes a schema of its own: GRANT CREATE ON DATABASE",
            ) from error
        if in_the_way(error) or registries.session.lost:
            raise registries.refusal(error, entry.table) from error
        finding = refusal(error).message
    registries.widen(entry.source)
    registries.ask("record_drill", registry=entry.registry, id=entry.id, finding=finding)
    return finding


def _names(registries: Registries, live: Name) -> tuple[str, Name, Name]:
    """A timestamp, and with it the names of the restored table and of the replaced one."""
    hint = "restore it beside, with --into"
    for timestamp in timestamps(registries.timestamp()):
        kept = beside(live, f"_kept_{timestamp}", hint)
        if not registries.ask("relation", table=kept):
            return timestamp, beside(live, f"_new_{timestamp}", hint), kept
    raise BackupError(f"{live} was replaced too often in this second", hint="try again")


def replace(registries: Registries, entry: Entry, *, foreign_keys: bool = True) -> Name:
    """Put a restored backup in the place of its original; returns the name that one has now."""
    promised, live = _replaceable(entry), entry.source
    forbidding = registries.sql("obstacles", live=live, journal=registries.has_journal())
    with registries.session.transaction():
        _refuse(live, registries.session.execute(forbidding).rows)
        check_code(registries, live, f"keep {live}")
    registries.widen(live)  # what could be refused comes first
    timestamp, target, kept = _names(registries, live)
    values = {"live": live, "target": target, "kept": kept, "timestamp": timestamp}
    text = registries.sql(
        "replace", **values, ending=f"_kept_{timestamp}", name=entry.name,
        accept=[], log=None, back_log=None,
    )  # fmt: skip
    lock, session = registries.sql("replace_lock", **values), registries.session

    def exchange() -> None:
        with session.savepoint():
            session.execute(lock)
            # under the lock: a run may have begun while others were in the way
            _refuse(live, session.execute(forbidding).rows)
            session.execute(text)

    try:
        with session.transaction():
            load = _copied(registries, promised, target, entry.table)
            keys = build(registries, promised, target, load, exact=True)
            if foreign_keys:
                add_keys(registries, keys)
            patiently(registries.session, exchange)
    except DatabaseError as error:
        raise registries.refusal(error, live) from error
    _keep(registries, entry, values)
    if foreign_keys:
        validate_keys(registries, promised, live)
    return kept


def _keep(registries: Registries, entry: Entry, values: Mapping[str, Any]) -> None:
    """Register the table that was replaced, and drop its foreign keys."""
    registered = {"revision": f"executor backups restore {entry.name}", "retention": "7 days"}
    text = registries.sql("register_kept", **values, **registered)

    def register() -> None:
        with registries.session.transaction():
            check_code(registries, values["kept"], f"register {values['kept']}")
            registries.session.execute(text)

    try:
        patiently(registries.session, register)
        release_keys(registries, values["kept"])
    except DatabaseError as error:
        why = registries.refusal(error, values["kept"]).message
        raise BackupError(
            f"{entry.source} is restored, but not all is done with {values['kept']},"
            f" which it was: {why}",
            hint="drop its foreign keys, which forbid deletes; later drop it by hand",
        ) from error


def _replaceable(entry: Entry) -> Content:
    """What an entry promises, if it can take the place of its original; raises BackupError."""
    if entry.kind != "backup":
        raise BackupError(
            f"{entry.name} is an old table, not a backup; it can't take the place of its original",
            hint="executor rollback brings an old table back; --into makes a table beside it",
        )
    if not entry.original_exists:
        raise BackupError(
            f"there is no table {entry.source} to replace",
            hint=f"restore with --into {entry.source} instead",
        )
    return content(entry)


def _refuse(live: Name, obstacles: Sequence[Mapping[str, Any]]) -> None:
    reasons = "; ".join(row["reason"] for row in obstacles)
    if reasons:
        raise BackupError(
            f"{live} can't be replaced: {reasons}",
            hint="nothing was changed; restore without --replace makes a table beside it",
        )

"""Restores a backup into a new table, proves it, and may put it in the place of the original.

The table is made of the recorded definition, whose statements are admitted before one of them runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from executor.database.session import NO_RIGHT, DatabaseError, reason
from executor.errors import BackupError
from executor.journal.reader import is_installed
from executor.plan.model import Isolation
from executor.templating.names import Name

from .admission import (
    UntrustedCodeError,
    admit,
    check_code,
    check_references,
    named,
    refuse_code,
)
from .copies import present, release_keys
from .manifest import check_definition
from .registry import Entry, Registries, beside, is_in_the_way

Load = Callable[[], None]

_NO_SUCH_RELATION = "42P01"


@dataclass(frozen=True, slots=True)
class Content:
    """What a restored table has to hold, and how it is defined."""

    name: str  # of the backup
    rows: int
    digest: str
    definition: Mapping[str, Any]
    like: Name | None = None  # a table whose owner gets it; None: who restores it

    @classmethod
    def of(cls, entry: Entry) -> Content:
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
        return cls(entry.name, entry.rows, entry.digest, entry.definition, entry.table)


class _Undone(Exception):  # noqa: N818 - no error: it ends a transaction that is not to be kept
    pass


def restore(
    registries: Registries, entry: Entry, into: Name | None, *, foreign_keys: bool = True
) -> Name:
    """Restore a backup into a new table, proven before it is committed; returns its name."""
    promised = Content.of(entry)
    target = into or beside(entry.source, f"_restored_{registries.timestamp()}")
    load = _copied(registries, promised, target, entry.table)
    make_table(registries, promised, target, load, "repeatable read", foreign_keys=foreign_keys)
    return target


def make_table(
    registries: Registries,
    promised: Content,
    target: Name,
    load: Load,
    isolation: Isolation,
    *,
    foreign_keys: bool,
) -> None:
    """Make a table of a definition and fill it, proven before it is committed."""
    with registries.session.transaction(isolation):
        keys = _build(registries, promised, target, load)
        if foreign_keys:
            _add_keys(registries, promised, keys)
    if foreign_keys:
        _validate_keys(registries, promised, target)


def replace(registries: Registries, entry: Entry, *, foreign_keys: bool = True) -> Name:
    """Put a restored backup in the place of its original; returns the name that one has now."""
    promised, live, session = _replaceable(entry), entry.source, registries.session
    journal = is_installed(session)
    forbidding = registries.text("backups/obstacles.sql", live=live, journal=journal)
    with session.transaction():
        _refuse(live, session.execute(forbidding).rows)
        check_code(registries, live, f"keep {live}")
    registries.widen(live)  # what could be refused comes first
    timestamp, hint = registries.timestamp(), "restore it beside, with --into"
    target, kept = beside(live, f"_new_{timestamp}", hint), beside(live, f"_kept_{timestamp}", hint)
    values = {"live": live, "target": target, "kept": kept, "timestamp": timestamp}
    ending = f"_kept_{timestamp}"
    text = registries.text("backups/replace.sql", **values, ending=ending, name=entry.name)
    lock = registries.text("backups/replace_lock.sql", **values)

    def exchange() -> None:
        with session.savepoint():
            session.execute(lock)
            # under the lock: a run may have begun while others were in the way
            _refuse(live, session.execute(forbidding).rows)
            session.execute(text)

    try:
        with session.transaction():
            load = _copied(registries, promised, target, entry.table)
            keys = _build(registries, promised, target, load, exact=True)
            if foreign_keys:
                _add_keys(registries, promised, keys)
            registries.patiently(exchange)
    except DatabaseError as error:
        raise registries.refusal(error, live) from error
    _keep(registries, entry, values)
    if foreign_keys:
        _validate_keys(registries, promised, live)
    return kept


def drill(registries: Registries, entry: Entry) -> str | None:
    """Restore a backup into a scratch schema, compare, and drop it; returns what went wrong."""
    promised = Content.of(entry)
    timestamp = registries.timestamp()
    scratch = f"executor_drill_{timestamp}"
    # the name of a restore: not every definition can be given to a table of another name
    target = Name(scratch, beside(entry.source, f"_restored_{timestamp}").name)

    def work() -> None:
        registries.perform(
            registries.text("backups/create_scratch.sql", schema=scratch, table=entry.table)
        )
        _build(registries, promised, target, _copied(registries, promised, target, entry.table))

    try:
        finding = _undone(registries, entry, work)
    except DatabaseError as error:
        if error.sqlstate != NO_RIGHT:
            raise
        raise BackupError(
            f"{entry.name} was not restored: {reason(error)}",
            hint="a drill makes a schema of its own: GRANT CREATE ON DATABASE",
        ) from error
    registries.widen(entry.source)
    values = {"registry": entry.registry, "id": entry.id, "finding": finding}
    registries.send_alone("backups/record_drill.sql", **values)
    return finding


def rehearse(
    registries: Registries, entry: Entry, promised: Content, rows: Callable[[Name], Load] | None
) -> str | None:
    """Make a table of a definition, and of rows if there are some, and undo it.

    Returns what went wrong; nothing, if this role may make no table.
    """
    target = beside(entry.source, f"_restored_{registries.timestamp()}")
    try:
        work = partial(_build, registries, promised, target, rows(target) if rows else None)
        return _undone(registries, entry, work)
    except UntrustedCodeError:
        return None
    except DatabaseError as error:
        if error.sqlstate != NO_RIGHT:
            raise
        return None


def _undone(registries: Registries, entry: Entry, work: Callable[[], object]) -> str | None:
    """Do something and undo it; returns what is wrong with the backup.

    Raises DatabaseError for a right that is lacking: that says nothing of the backup.
    """
    try:
        # it is dropped by undoing the transaction, so that nothing is left whatever happens
        with registries.session.transaction("repeatable read"):
            work()
            raise _Undone
    except _Undone:
        return None
    except UntrustedCodeError:
        raise
    except BackupError as error:
        return error.message
    except DatabaseError as error:
        if error.sqlstate == NO_RIGHT:
            raise
        refusal = registries.refusal(error, entry.table)
        if is_in_the_way(error) or registries.session.lost:
            raise refusal from error
        return refusal.message


def _build(
    registries: Registries,
    promised: Content,
    target: Name,
    load: Load | None,
    *,
    exact: bool = False,
) -> str:
    """Make the table in the open transaction, load it and compare it; raises BackupError.

    Returns the statements of its foreign keys, which are admitted with the others.
    """
    session = registries.session
    if registries.send("backups/relation.sql", table=target).rows:
        raise BackupError(f"{target} exists already", hint="give another name with --into")
    values = {"definition": promised.definition, "target": target, "exact": exact}
    with _explained(registries, promised):
        rows = registries.send("backups/statements.sql", **values).rows
    uses = admit(rows, promised.name)
    phases = {phase: _joined(rows, phase) for phase in ("tables", "rest", "keys")}
    suspect, doing = _is_suspect(registries, promised), f"restore {promised.name}"
    if suspect:
        refuse_code(doing, named(registries.send("backups/foreign_names.sql", **uses).rows))
    with _explained(registries, promised):
        session.execute(phases["tables"])
    if suspect:
        check_code(registries, target, doing, made=True)
    with _explained(registries, promised):
        if load:
            load()
        session.execute(phases["rest"])
    registries.perform(registries.text("layout/restored.sql", **values))
    registries.send("backups/continue_ids.sql", **values, owner=promised.like or target)
    if load:
        _compare(registries, promised, target)
    return phases["keys"]


def _compare(registries: Registries, promised: Content, target: Name) -> None:
    values = {"table": target, "definition": promised.definition}
    found = registries.send("backups/content.sql", **values).one()
    if found["columns"] or (found["rows"], found["digest"]) != (promised.rows, promised.digest):
        raise BackupError(
            f"{promised.name} does not hold what was backed up: {found['rows']:,} rows were"
            f" restored of {promised.rows:,}, or their content differs; nothing was kept",
            hint="executor backups verify says more; restore another backup",
        )


@contextmanager
def _explained(registries: Registries, promised: Content) -> Iterator[None]:
    """What PostgreSQL refuses of a definition, but a right, or others that are in the way."""
    try:
        yield
    except DatabaseError as error:
        if error.sqlstate in (None, NO_RIGHT) or is_in_the_way(error):
            raise
        why = registries.refusal(error).message
        hint = "nothing was kept; the rows of a backup are there all the same, in its table"
        if error.sqlstate == _NO_SUCH_RELATION:
            hint += "; a definition that names the row as a whole needs a table of the same name:"
            hint += f" --into SCHEMA.{promised.definition['name']}, in another schema"
        raise BackupError(
            f"{promised.name} can't be restored from its definition: {why}", hint=hint
        ) from error


def _joined(rows: Sequence[Mapping[str, Any]], phase: str) -> str:
    return "\n;\n".join(row["statement"] for row in rows if row["phase"] == phase)


def _is_suspect(registries: Registries, promised: Content) -> bool:
    """Whether the code that a definition names may be that of somebody with fewer rights."""
    if promised.like is None:  # from files, which may be anybody's
        return True
    return not registries.send("backups/is_trusted.sql", table=promised.like).scalar()


def _copied(registries: Registries, promised: Content, target: Name, backup: Name) -> Load:
    values = {"definition": promised.definition, "target": target, "backup": backup}
    text = registries.text("backups/load.sql", **values)

    def load() -> None:
        check_code(registries, backup, f"restore {promised.name}")
        registries.session.execute(text)

    return load


def _add_keys(registries: Registries, promised: Content, keys: str) -> None:
    """Give a table its foreign keys in the open transaction, unproven where that can be."""
    text = registries.text("backups/before_keys.sql") + keys

    def add() -> None:
        with registries.session.savepoint():
            check_references(registries, keys, f"restore {promised.name}")
            registries.session.execute(text)

    if keys:
        registries.patiently(add)


def _validate_keys(registries: Registries, promised: Content, target: Name) -> None:
    """Prove the foreign keys of a table; raises BackupError if one does not hold."""
    values = {"definition": promised.definition, "target": target}
    try:
        registries.perform_until_none_is_left("backups/validate_keys.sql", **values)
    except DatabaseError as error:
        what, way_on = "does not hold for its rows", "bring back the rows that it needs, then"
        if error.sqlstate == NO_RIGHT:
            what, way_on = "was not proven", "as a role that may run what is in the way,"
        raise BackupError(
            f"{target} is restored, but a foreign key {what}: {registries.refusal(error).message}",
            hint=f"the key stands as NOT VALID; {way_on} VALIDATE it",
        ) from error


def _keep(registries: Registries, entry: Entry, values: Mapping[str, Any]) -> None:
    """Register the table that was replaced, and drop its foreign keys."""
    kept = values["kept"]
    registered = {"revision": f"executor backups restore {entry.name}", "retention": "7 days"}
    text = registries.text("backups/register_kept.sql", **values, **registered)

    def register() -> None:
        with registries.session.transaction():
            check_code(registries, kept, f"register {kept}")
            registries.session.execute(text)

    try:
        registries.patiently(register)
        release_keys(registries, kept)
    except DatabaseError as error:
        why = registries.refusal(error, kept).message
        raise BackupError(
            f"{entry.source} is restored, but not all is done with {kept}, which it was: {why}",
            hint="drop its foreign keys, which forbid deletes; later drop it by hand",
        ) from error


def _replaceable(entry: Entry) -> Content:
    """What an entry promises, if it can take the place of its original; raises BackupError."""
    if not entry.is_backup:
        raise BackupError(
            f"{entry.name} is an old table, not a backup; it can't take the place of its original",
            hint="executor rollback brings an old table back; --into makes a table beside it",
        )
    if not entry.original_exists:
        raise BackupError(
            f"there is no table {entry.source} to replace",
            hint=f"restore with --into {entry.source} instead",
        )
    return Content.of(entry)


def _refuse(live: Name, obstacles: Sequence[Mapping[str, Any]]) -> None:
    reasons = "; ".join(row["reason"] for row in obstacles)
    if reasons:
        raise BackupError(
            f"{live} can't be replaced: {reasons}",
            hint="nothing was changed; restore without --replace makes a table beside it",
        )

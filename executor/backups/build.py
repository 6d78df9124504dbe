"""Makes a table of a recorded definition, whose statements are admitted first, and proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from executor.database.session import NO_RIGHT, DatabaseError
from executor.errors import BackupError
from executor.templating.names import Name

from .admission import admit
from .copies import check_code, refuse_code
from .registry import Registries, in_the_way, patiently, refusal

Load = Callable[[], None]
Keys = str  # statements that give a table its foreign keys


@dataclass(frozen=True, slots=True)
class Content:
    """What a restored table has to hold, and how it is defined."""

    name: str  # of the backup
    rows: int
    digest: str
    definition: Mapping[str, Any]
    like: Name | None = None  # a table whose owner gets it; None: who restores it


def build(
    registries: Registries, promised: Content, target: Name, load: Load, *, exact: bool = False
) -> Keys:
    """Make the table in the open transaction, load it and compare it; raises BackupError.

    Returns the statements of its foreign keys, which are admitted with the others.
    """
    session = registries.session
    if session.execute(registries.sql("relation", table=target)).rows:
        raise BackupError(f"{target} exists already", hint="give another name with --into")
    values = {"definition": promised.definition, "target": target, "exact": exact}
    with _explained(promised):
        rows = session.execute(registries.sql("statements", **values)).rows
    uses = admit(rows, promised.name)
    phases = {phase: _joined(rows, phase) for phase in ("tables", "rest", "keys")}
    suspect, doing = _is_suspect(registries, promised), f"restore {promised.name}"
    if suspect:
        refuse_code(doing, session.execute(registries.sql("foreign_names", **uses)).rows)
    with _explained(promised):
        session.execute(phases["tables"])
    if suspect:
        check_code(registries, target, doing, made=True)
    with _explained(promised):
        load()
        session.execute(phases["rest"])
    session.execute(registries.sql("continue_ids", **values, owner=promised.like or target))
    text = registries.sql("content", table=target, definition=promised.definition)
    found = session.execute(text).one()
    if found["columns"] or (found["rows"], found["digest"]) != (promised.rows, promised.digest):
        raise BackupError(
            f"{promised.name} does not hold what was backed up: {found['rows']:,} rows were"
            f" restored of {promised.rows:,}, or their content differs; nothing was kept",
            hint="executor backups verify says more; restore another backup",
        )
    return phases["keys"]


@contextmanager
def _explained(promised: Content) -> Iterator[None]:
    """What PostgreSQL refuses of a definition, but a right, or others that are in the way."""
    try:
        yield
    except DatabaseError as error:
        if error.sqlstate in (None, NO_RIGHT) or in_the_way(error):
            raise
        raise BackupError(
            f"{promised.name} can't be restored from its definition: {refusal(error).message}",
            hint="nothing was kept; the rows of a backup are there all the same, in its table",
        ) from error


def _joined(rows: Sequence[Mapping[str, Any]], phase: str) -> str:
    return "\n;\n".join(row["statement"] for row in rows if row["phase"] == phase)


def _is_suspect(registries: Registries, promised: Content) -> bool:
    """Whether the code that a definition names may be that of somebody with fewer rights."""
    if promised.like is None:  # from files, which may be anybody's
        return True
    text = registries.sql("is_trusted", table=promised.like)
    return not registries.session.execute(text).scalar()


def add_keys(registries: Registries, keys: Keys) -> None:
    """Give a table its foreign keys in the open transaction, unproven where that can be."""
    text = registries.sql("before_keys") + keys

    def add() -> None:
        with registries.session.savepoint():
            registries.session.execute(text)

    if keys:
        patiently(registries.session, add)

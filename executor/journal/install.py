"""The journal's own tables: made on first use, and brought up to date."""

from __future__ import annotations

from executor.database.session import DatabaseError, Session
from executor.errors import ConnectError, LockError
from executor.templating.templates import Templates

from .rows import Server
from .writer import LOCKED, VERSION, is_installed

_TRIES = 10  # times that the lock of another executor is waited for


def install(session: Session, templates: Templates, server: Server) -> None:
    """Create the journal, or bring one of an older version up to date."""
    if upgrade(session, templates):
        return
    if not server.may_create_schema:
        raise ConnectError(
            f"{server.user} may not create the journal's schema in {server.database}",
            hint=f'as its owner: GRANT CREATE ON DATABASE "{server.database}" TO "{server.user}"',
        )
    for _ in range(_TRIES):
        try:
            with session.transaction():
                session.execute(templates.render("journal/install.sql", {}))
            return
        except DatabaseError as error:
            if is_installed(session, templates):  # another executor was quicker
                return
            if error.sqlstate != LOCKED:
                raise
    raise LockError("another executor is creating the journal", hint="try again in a moment")


def upgrade(session: Session, templates: Templates) -> bool:
    """Bring a journal up to date, which takes its owner's rights; false if there is none."""
    if not is_installed(session, templates, grants=False):
        return False
    with session.transaction():
        old = session.execute(templates.render("journal/version.sql", {})).scalar() < VERSION
        if old:
            session.execute(templates.render("journal/upgrade.sql", {}))
    return is_installed(session, templates)  # now without the grants of before

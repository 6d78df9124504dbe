"""The journal's own tables: made on first use, and brought up to date."""

from __future__ import annotations

from executor.database.queries import Queries
from executor.database.retry import kind, retry
from executor.database.session import DatabaseError, Session
from executor.errors import ConnectError, LockError
from executor.plan.model import Retry

from .reader import VERSION, is_installed
from .rows import Server

#: while another executor has the lock
_RETRY = Retry(on=("lock_timeout",), attempts=10, backoff=(0.1, 1.0))


def install(session: Session, server: Server) -> None:
    """Create the journal, or bring one of an older version up to date."""
    if upgrade(session):
        return
    if not server.may_create_schema:
        raise ConnectError(
            f"{server.user} may not create the journal's schema in {server.database}",
            hint=f'as its owner: GRANT CREATE ON DATABASE "{server.database}" TO "{server.user}"',
        )
    queries = Queries(session)

    def create() -> None:
        with session.transaction():
            queries.perform(queries.text("journal/install.sql", version=VERSION))

    try:
        retry(session, create, _RETRY)
    except DatabaseError as error:
        if is_installed(session):  # another executor was quicker
            return
        if kind(error) not in _RETRY.on:
            raise
        raise LockError(
            "another executor is creating the journal", hint="try again in a moment"
        ) from error


def upgrade(session: Session) -> bool:
    """Bring a journal up to date, which takes its owner's rights; false if there is none."""
    if not is_installed(session, grants=False):
        return False
    queries = Queries(session)
    with session.transaction():
        if queries.send("journal/version.sql").scalar() < VERSION:
            queries.perform(queries.text("journal/upgrade.sql", version=VERSION))
    return is_installed(session)  # now without the grants of before

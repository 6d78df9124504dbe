"""Connections: the only module that sends SQL. Of its own it has BEGIN, COMMIT and DISCARD."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from executor.errors import ConnectError
from executor.plan.model import Isolation
from executor.plan.session_settings import settings
from executor.templating.templates import own_templates

from .dsn import check_dsn

#: libpq gives up on an address after so many seconds unless the DSN says otherwise
CONNECT_TIMEOUT = 10

DatabaseError = psycopg.Error

#: the first version of which a session can be made to say what it has counted
_FLUSHES = 150000

NO_RIGHT = "42501"  # the SQLSTATE of what a role may not do

#: classes of SQLSTATE whose DETAIL names objects: dependent ones, wrong definitions, limits
_OF_OBJECTS = ("0A", "2B", "42", "53", "54", "55")
#: a row refers to none, or there are two: Key (id)=(5) already exists
_OF_KEYS = ("23503", "23505")
_MOST = 5  # lines of it that are shown

logger = logging.getLogger("executor")

# what it says of a rollback over a lost connection, our error says of the connection
logging.getLogger("psycopg").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Result:
    """What the last statement of a text returned."""

    rows: Sequence[Mapping[str, Any]]
    rowcount: int  # rows written, or 0

    def one(self) -> Mapping[str, Any]:
        """The only row."""
        (row,) = self.rows
        return row

    def scalar(self) -> Any:
        """The only value."""
        (value,) = self.one().values()
        return value

    def first(self) -> Mapping[str, Any] | None:
        """The first row, if there is one."""
        return self.rows[0] if self.rows else None

    @property
    def is_true(self) -> bool:
        """Whether it is one row whose first value is true; null is not."""
        return len(self.rows) == 1 and next(iter(self.rows[0].values())) is True


class Session:
    """One connection in autocommit; transactions are begun by `transaction` alone."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]], local_settings: str) -> None:
        self._connection = connection
        self._local_settings = local_settings
        self.own_settings = ""  # outside transactions too, if it is to work without them
        self.notices: list[str] = []
        connection.add_notice_handler(self._notice)

    def _notice(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.message_primary:
            self.notices.append(diagnostic.message_primary)

    def execute(self, text: str, *, last: bool = False) -> Result:
        """Send a text of one or more statements; the result is that of the last one.

        ``last`` ends the transaction that is open in the same message. Where none is, the text has
        one of its own: without our settings a role's search_path would say what our names mean.
        """
        if text and self._is_idle and not self.own_settings:
            return self.execute_alone(text)
        return self._send(text, last=last)

    def execute_outside(self, text: str) -> Result:
        """Send one statement that PostgreSQL takes in no transaction; it has no setting of ours."""
        return self._send(text)

    @property
    def _is_idle(self) -> bool:
        return self._connection.info.transaction_status == TransactionStatus.IDLE

    def _send(self, text: str, *, last: bool = False) -> Result:
        # bytes and no parameters: several statements may go at once, and % means itself
        cursor = self._connection.execute(f"{text}\n;COMMIT".encode() if last else text.encode())
        result = _result(cursor)
        while cursor.nextset():
            if not last or cursor.statusmessage != "COMMIT":
                result = _result(cursor)
        return result

    def execute_alone(
        self, text: str, isolation: Isolation = "read committed", first: str = ""
    ) -> Result:
        """Send a text in a transaction of its own, in one message.

        In one for its settings: a role may have a statement_timeout of its own.
        """
        try:
            return self._send(self._begun(isolation) + first + text, last=True)
        except BaseException:
            self._roll_back()
            raise

    def _begun(self, isolation: Isolation) -> str:
        """What begins a transaction with our settings, to be sent with what follows.

        A message is parsed as a whole before any of it is run: where backslashes are not yet what
        our quoting relies on, this is sent alone.
        """
        mode = " READ ONLY" if self._connection.read_only else ""
        text = f"BEGIN ISOLATION LEVEL {isolation}{mode};{self._local_settings}"
        if self._connection.info.parameter_status("standard_conforming_strings") == "on":
            return text
        self._send(text)
        return ""

    @contextmanager
    def transaction(
        self, isolation: Isolation = "read committed", first: str = ""
    ) -> Iterator[None]:
        """A transaction with the settings of the plan, and its ``first`` statement."""
        try:
            # in one message, which is half of what an iteration has to wait for where the server is
            # far; and between them a frozen executor would hold a snapshot, but not the run
            self._send(self._begun(isolation) + first)
            yield
        except BaseException:
            self._roll_back()
            raise
        if not self._is_idle:
            self._send("COMMIT")

    def _roll_back(self) -> None:
        if self.lost or self._is_idle:
            return
        try:
            self._send("ROLLBACK")
        except DatabaseError as error:  # the connection is lost by now, and with it the transaction
            logger.info("a rollback failed: %s", reason(error))

    @contextmanager
    def savepoint(self, *, undo: bool = False) -> Iterator[None]:
        """A part of the open transaction that fails alone; ``undo``: it is rolled back."""
        with self._connection.transaction(force_rollback=undo):
            yield

    def copy_out(self, text: str) -> Iterator[bytes]:
        """What a COPY … TO STDOUT sends, in pieces."""
        with self._connection.cursor().copy(text.encode()) as copy:
            yield from map(bytes, copy)

    def copy_in(self, text: str, pieces: Iterable[bytes]) -> None:
        """Send pieces to a COPY … FROM STDIN."""
        with self._connection.cursor().copy(text.encode()) as copy:
            for piece in pieces:
                copy.write(piece)

    def renew(self) -> None:
        """Make a session that works without transactions what it was when it was opened."""
        self.execute("DISCARD ALL")
        self.execute(self.own_settings)

    def cancel(self) -> None:
        """Ask the server to cancel what this connection is doing; safe from any thread."""
        if not self._connection.closed:
            self._connection.cancel_safe(timeout=5)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def backend_pid(self) -> int:
        """The server's process as the connection knows it; a pooler makes one up."""
        return self._connection.info.backend_pid

    @property
    def version(self) -> int:
        """The server's version, as a number."""
        return self._connection.info.server_version

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        return self._connection.closed or self._connection.broken

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: reached by a Unix socket."""
        return (self._connection.info.host or "").startswith("/")

    @property
    def where(self) -> str:
        """The server, the database and the user, without secrets."""
        info = self._connection.info
        host = info.host or "localhost"
        place = host if host.startswith("/") else f"{host}:{info.port}"
        return f"{info.dbname} on {place} as {info.user}"


def _result(cursor: psycopg.Cursor[dict[str, Any]]) -> Result:
    rows = cursor.fetchall() if cursor.description else []
    wrote = (cursor.statusmessage or "").split(" ")[0] in (
        "INSERT", "UPDATE", "DELETE", "MERGE", "COPY",
    )  # fmt: skip
    return Result(rows, max(cursor.rowcount, 0) if wrote else 0)


class Connector:
    """Opens sessions to one database and knows all that are open."""

    def __init__(
        self,
        dsn: str | None,
        name: str,
        plan_settings: Mapping[str, str] = MappingProxyType({}),
        *,
        read_only: bool = False,
    ) -> None:
        self._read_only = read_only
        self._conninfo = check_dsn(dsn)
        self._name = name
        values = {"settings": list(settings(plan_settings).items())}
        render = own_templates().render
        self._local = render("session/settings.sql", {**values, "local": True})
        self._global = render("session/settings.sql", {**values, "local": False})
        self._first = ""  # what the sessions of a run have before they work
        self._sessions: set[Session] = set()
        self._kept: list[Session] = []  # are open, and wait for the next who asks
        self._lock = threading.Lock()

    @contextmanager
    def session(self, *, whole_session: bool = False) -> Iterator[Session]:
        """A session of its own; `whole_session` sets the settings outside transactions too."""
        session = self._open()
        try:
            self._prepare(session, whole_session=whole_session)
            yield session
        finally:
            self._close(session)

    @contextmanager
    def kept_session(self) -> Iterator[Session]:
        """A session that somebody had before, if one waits; it is kept unless something fails.

        What a backend knows of the tables by then, a new one has to find out. Before PostgreSQL 15
        none is kept: what it has counted of its work is told when it ends.
        """
        session, known = self._waiting(), True
        if session is None:
            session, known = self._open(), False
        try:
            if not known:
                self._prepare(session)
            yield session
            if session.version >= _FLUSHES:
                session.execute(own_templates().render("session/flush.sql", {}))
        except BaseException:
            self._close(session)
            raise
        if session.version < _FLUSHES:
            self._close(session)
            return
        with self._lock:
            self._kept.append(session)

    def _prepare(self, session: Session, *, whole_session: bool = False) -> None:
        values = {"backend_pid": session.backend_pid}
        lasting = own_templates().render("session/lasting.sql", values)
        # a session without transactions is renewed too often to be given more than settings
        session.execute_alone(lasting if whole_session else lasting + self._first)
        if whole_session:
            session.own_settings = lasting + self._global
            session.execute(self._global)

    def _waiting(self) -> Session | None:
        """A kept session that still answers."""
        while True:
            with self._lock:
                session = self._kept.pop() if self._kept else None
            if session is None:
                return None
            try:
                session.execute("")  # an empty message
            except DatabaseError:
                self._close(session)
            else:
                return session

    def _close(self, session: Session) -> None:
        with self._lock:
            self._sessions.discard(session)
        session.close()

    def close(self) -> None:
        """Close the sessions that are kept."""
        while self._kept:
            self._close(self._kept.pop())

    def begin_with(self, session: Session, first: str, besides: str = "") -> str:
        """Let an open session, and all that are opened from now on, have what a plan says.

        ``besides`` is for that session alone. Returns why the role may not have it: what the role
        lacks is for the plan's checks to tell.
        """
        try:
            with session.transaction():
                session.execute(f"{first};{besides};")
        except psycopg.errors.InsufficientPrivilege as error:
            return reason(error)
        self._first = first
        return ""

    def cancel_all(self) -> None:
        """Cancel what every open session is doing."""
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.cancel()

    def _open(self) -> Session:
        given = conninfo_to_dict(self._conninfo)
        defaults: dict[str, Any] = {"application_name": self._name, "keepalives_idle": 30}
        if "PGCONNECT_TIMEOUT" not in os.environ:
            defaults["connect_timeout"] = CONNECT_TIMEOUT
        try:
            connection: psycopg.Connection[dict[str, Any]] = psycopg.connect(
                # names and values go out as UTF-8, and the server makes its own encoding of them
                **{**defaults, **given, "client_encoding": "UTF8"},
                autocommit=True,
                prepare_threshold=None,  # a transaction pooler has no prepared statements
                row_factory=dict_row,
            )
        except psycopg.Error as error:
            raise ConnectError(
                f"can't connect: {reason(error)}",
                hint="check --dsn, DATABASE_URL or PG*; a password belongs in ~/.pgpass",
            ) from None  # the chain could show the connection string
        connection.read_only = self._read_only or None
        session = Session(connection, self._local)
        with self._lock:
            self._sessions.add(session)
        return session


def reason(error: DatabaseError) -> str:
    """What PostgreSQL says, or the first line of what libpq says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = error.diag.message_primary or (lines[0] if lines else type(error).__name__)
    return f"{said}: {detail}" if (detail := _detail(error)) else said


def _detail(error: DatabaseError) -> str:
    """The DETAIL that goes with it, where it names objects or a key; others can quote rows."""
    state = error.sqlstate or ""
    if state[:2] not in _OF_OBJECTS and state not in _OF_KEYS:
        return ""
    lines = (error.diag.message_detail or "").rstrip(".").splitlines()
    more = f"; and {len(lines) - _MOST} more" if len(lines) > _MOST else ""
    return "; ".join(lines[:_MOST]) + more

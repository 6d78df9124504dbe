"""A second database of our own with the table in another size: what rows take shows by two sizes.

The real server is not asked for more rows than the sample. Ours are there several times over, with
other keys; where a table does not take that, the second size is a part of the sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from executor.database.queries import Queries
from executor.database.session import Connector, DatabaseError, Session, reason
from executor.templating.names import Name, Sql

from . import rebuild
from .real import Real
from .rebuild import Dump, Rows, Server

NAME = "rehearsal_other_size"
_TIMES = 2  # so many times the sample, or
_ROWS = 300_000  # so many: with fewer, most of the time has nothing to do with rows
_BYTES = 2**30  # of the table, at most
_APART = 1.5  # so many times more rows say something
_PART = 0.1  # of the sample, where there can't be more
_BOUNDS = {"statement_timeout": "120s"}  # triggers of the table can be slow


@dataclass(frozen=True, slots=True)
class OtherSize:
    """How many rows the table has there, and why not more than in the sample."""

    what: str  # which run it is for
    rows: int
    why_less: str = ""


def make(server: Server, real: Real, dump: Dump, sample: str) -> OtherSize | None:
    """Make it; None where the sample is as large as the real table."""
    drawn = real.drawn[str(real.table.name)]
    if not 0 < drawn < real.table.rows:
        return None
    most = _most(real, drawn)
    server.copy(sample, NAME)
    rows, why = _make_more(server, real, drawn, most)
    if rows >= min(drawn * _APART, most):
        with server.session(NAME) as queries:
            queries.send("rehearse/analyze.sql")
        return OtherSize("run on more rows", rows)
    server.drop(NAME)
    rebuild.begin(server, real, dump, NAME)
    rows = Rows(server, real, NAME).draw_again(sample, _PART)
    rebuild.finish(server, real, dump, NAME)
    return OtherSize("run on a part", rows, why or "its unique keys leave no room")


def settle(server: Server, real: Real, rows: int) -> None:
    """Let a run of so many rows begin as that of all, with as many checkpoints to come."""
    share = rows / max(real.table.rows, 1)
    limit = round(real.database["max_wal_megabytes"] * min(share, 1.0))
    with server.session(NAME) as queries:
        queries.send("rehearse/limit_wal.sql", megabytes=limit)
        queries.send("rehearse/settle.sql")


def _most(real: Real, drawn: int) -> int:
    table = real.table
    affordable = int(_BYTES * table.rows / max(table.bytes, 1))
    return max(min(table.rows, max(drawn * _TIMES, _ROWS), affordable), drawn)


def _make_more(server: Server, real: Real, drawn: int, most: int) -> tuple[int, str]:
    """How many rows there are then, and what was in the way."""
    # whoever writes for us, as code of the table's owner may run
    connector = Connector(server.at(NAME, server.application), "executor:rehearse", _BOUNDS)
    with server.session(NAME) as asking, connector.session() as session:
        try:
            return drawn + more_rows(asking, session, real.table.name, drawn, most), ""
        except DatabaseError as error:
            return drawn, reason(error)


def more_rows(asking: Queries, session: Session, table: Name, rows: int, most: int) -> int:
    """Make up to so many of the rows that there are; returns how many came to them."""
    found = asking.send("rehearse/new_keys.sql", table=table, most=most).rows
    columns = [{**row, "value_sql": Sql(row["value_sql"])} for row in found]
    asked = {"missing": most - rows, "times": math.ceil(most / rows)}
    text = asking.text("rehearse/make_more.sql", table=table, columns=columns, **asked)
    with session.transaction():
        return session.execute(text).rowcount

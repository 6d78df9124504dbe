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
from .rebuild import Dump, Rows
from .server import Server

NAME = "other_size"
_PART_OF_IT = "part"
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
    database: str
    why_less: str = ""


def begin(server: Server, real: Real, sample: str) -> bool:
    """Keep the sample as it is; False where it is as large as the real table."""
    if not 0 < real.drawn[str(real.table.name)] < real.table.rows:
        return False
    server.copy(sample, NAME)
    return True


def make(server: Server, real: Real, dump: Dump) -> OtherSize:
    """Make it of what was kept."""
    drawn = real.drawn[str(real.table.name)]
    most = _most(real, drawn)
    rows, why = _make_more(server, real, drawn, most)
    if rows >= min(drawn * _APART, most):
        with server.session(NAME) as queries:
            queries.send_outside("rehearse/analyze.sql")
        return OtherSize("run on more rows", rows, NAME)
    rebuild.begin(server, real, dump, _PART_OF_IT)
    rows = Rows(server, real, _PART_OF_IT).draw_again(NAME, _PART)
    rebuild.finish(server, real, dump, _PART_OF_IT)
    server.drop(NAME)
    why = why or "its unique keys leave no room"
    return OtherSize("run on a part", rows, _PART_OF_IT, why)


def settle(server: Server, real: Real, other: OtherSize) -> None:
    """Let a run of so many rows begin as that of all, with as many checkpoints to come."""
    share = other.rows / max(real.table.rows, 1)
    server.settle(other.database, round(real.database["max_wal_megabytes"] * min(share, 1.0)))


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

"""What a review asks the server: read only, in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executor.database.queries import Queries, explained
from executor.database.session import Session
from executor.journal import reader

from .origins import Known
from .tree import Relation

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of sql/review/, each by the name of its file."""

    where: str  # database, server and role
    server: Row
    subject: Row | None  # None: there is no such table
    readers: Sequence[Row]
    speed: Row | None  # of an earlier run
    objects: Mapping[Relation, Known]
    seconds: float | None  # about how long a run will take, as the plan has asked this server


def ask(
    session: Session, plan: str, subject: str, names: Iterable[Relation], seconds: float | None
) -> Asked:
    """All of it; ``names`` are those that the statements of the plan have.

    ``seconds`` are about how long a run will take, as its plan has asked this server.
    """
    queries = Queries(session)
    named = [{"schema": name.schema, "name": name.name} for name in names if name.schema]
    installed = reader.is_installed(session)
    with (
        explained("what a review says of the table can't be read"),
        session.transaction("repeatable read"),
    ):
        return Asked(
            session.where,
            queries.send("review/server.sql").one(),
            queries.send("review/subject.sql", subject=subject).first() if subject else None,
            queries.send("review/readers.sql", subject=subject).rows if subject else (),
            queries.send("review/speed.sql", plan=plan).first() if installed else None,
            {
                known.relation: known
                for known in map(_known, queries.send("review/objects.sql", names=named).rows)
            },
            seconds,
        )


def _known(row: Row) -> Known:
    index_of = Relation(row["index_of_schema"], row["index_of"]) if row["index_of"] else None
    keys = {key["name"]: Relation(key["schema"], key["table"]) for key in row["keys"]}
    own = Relation(row["schema"], row["name"])
    return Known(own, row["kind"], index_of, row["children"], keys)

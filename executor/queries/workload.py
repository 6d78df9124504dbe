"""The statements that are looked at: those of pg_stat_statements, or those of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from executor.database.queries import Queries
from executor.database.session import DatabaseError, reason
from executor.errors import PlanError, UsageError
from executor.formats import counted
from executor.templating.names import Name
from executor.templating.rewriting import (
    Query,
    UnreadableError,
    constants,
    said_before,
)
from executor.templating.statements import pieces

_MOST = 50  # statements by time, and as many by calls
_LARGEST = 10_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the application sends it."""

    id: str  # pg_stat_statements' queryid, or the line of the file
    text: str
    path: Sequence[str]  # the schemas in which its names are looked for
    bare: bool  # the table's name alone means the table
    presumed: bool = False  # as far as is known: the role's search_path finds no table of the name
    calls: int = 1
    ms: float | None = None  # on average, so far
    values: Mapping[int, str] | None = None  # of its parameters, as SQL; None: made of statistics
    unreadable: str = ""  # why it can't be asked, and where that stands in the file


@dataclass(frozen=True, slots=True)
class Workload:
    """Where statements come from, and what is to be said of that."""

    origin: str
    statements: Sequence[Statement]
    said: str = ""  # why there are none, or not all


def of_server(queries: Queries, left: Name, ours: Sequence[Name], role: str) -> Workload:
    """The statements of pg_stat_statements that name the table, if it can be asked."""
    view = queries.send("init/statements_view.sql").first()
    if view is None:
        said = (
            f"there is no pg_stat_statements that {role} may read, so no statement was looked at;"
            " executor queries --queries FILE takes them from a file"
        )
        return Workload("pg_stat_statements", (), said)
    where = Name(**view)
    names = sorted({name.name for name in ours if left.name not in (name.name, "")})
    asked = {"left": left, "ours": names, "most": _MOST, "statements_view": where}
    try:
        with queries.session.savepoint():
            rows = queries.send("queries/statements.sql", **asked).rows
            unseen = queries.send("queries/unseen.sql", statements_view=where).scalar()
    except (
        DatabaseError
    ) as error:  # it converts what other databases were asked, and may fail at that
        said = f"pg_stat_statements can't be read, so no statement was looked at: {reason(error)}"
        return Workload("pg_stat_statements", (), said)
    others = counted(unseen, "statement")
    said = f"{others} of other roles can't be read: GRANT pg_read_all_stats TO {role}"
    found = tuple(Statement(**{**row, "path": tuple(row["path"] or ())}) for row in rows)
    return Workload("pg_stat_statements", found, said if unseen else "")


def of_file(queries: Queries, left: Name, file: str) -> Workload:
    """The statements of a file, also those that can't be read; raises UsageError for no file."""
    own = queries.send("queries/own_path.sql", left=left).one()
    path = tuple(own["path"] or ())
    found = []
    for text, line, said in _split(file):
        one = Statement(f"{file}:{line}", text, path, own["bare"], own["presumed"])
        try:
            found.append(replace(one, **_said(text, said)))
        except UnreadableError as error:
            found.append(replace(one, unreadable=f"{file}:{line + error.lines}: {error}"))
    if not found:
        raise UsageError(f"{file} holds no statement")
    return Workload(file, tuple(found))


def _said(text: str, said: Mapping[str, str]) -> dict[str, Any]:
    """How often a statement is called, and its values; raises UnreadableError."""
    query = Query.read(text)
    values = constants(said["values"]) if "values" in said else None
    count = max(query.parameters, default=0)
    if values is not None and len(values) != count:
        raise UnreadableError(
            f"the statement has {counted(count, 'parameter')}, and {counted(len(values), 'value')};"
            " a line before it says them, or none does: -- values: 'a', 1"
        )
    calls = said.get("calls", "1").replace(",", "")
    if not calls.isdecimal() or not 0 < int(calls) < 10**15:
        raise UnreadableError(f"-- calls: {said['calls']} is no number of calls")
    # without values a plan is made that knows none
    given = None if values is None and count else dict(enumerate(values or (), 1))
    return {"text": str(query), "calls": int(calls), "values": given}


def _split(file: str) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """The statements of a file of SQL, their lines, and what the comments before each say."""
    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(_LARGEST + 1)
        text = raw.decode()
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not text in UTF-8") from error
    if len(raw) > _LARGEST:
        raise UsageError(f"{file} is larger than 10 MB: is it a file of statements?")
    lines = text.split("\n")
    try:
        for piece, line in pieces(text, file):
            yield piece, line, dict(said_before(lines[: line - 1]))
    except PlanError as error:
        problem = error.problems[0]
        said = problem.message.replace(" (line of the rendered SQL)", "")
        raise UsageError(f"{file}:{problem.line}: {said}") from error

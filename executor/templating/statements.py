"""SQL text taken apart by PostgreSQL's own parser. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import postgast

from executor.errors import PlanError, Problem

_TRANSACTION_CONTROL = "transaction_stmt"
_NEVER_IN_A_TRANSACTION = {
    "createdb_stmt": "CREATE DATABASE",
    "dropdb_stmt": "DROP DATABASE",
    "alter_system_stmt": "ALTER SYSTEM",
    "create_table_space_stmt": "CREATE TABLESPACE",
    "drop_table_space_stmt": "DROP TABLESPACE",
}
_BUILDING = ("CREATE INDEX CONCURRENTLY", "REINDEX CONCURRENTLY")


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement without its semicolon, and where it stands in the rendered text."""

    text: str
    line: int
    node: Any  # the parser's tree

    @property
    def kind(self) -> str:
        """The parser's name of the statement, such as select_stmt."""
        return str(self.node.WhichOneof("node"))


def split(text: str, source: str) -> tuple[Statement, ...]:
    """The statements of a rendered template; raises PlanError where it is not SQL."""
    if "\0" in text:
        message = "a NUL character would end the SQL (line of the rendered SQL)"
        raise PlanError([Problem(source, text[: text.index("\0")].count("\n") + 1, "", message)])
    try:
        tree = postgast.parse(text)
    except postgast.PgQueryError as error:
        line = text.count("\n", 0, max(error.cursorpos - 1, 0)) + 1
        message = f"{error.message} (line of the rendered SQL)"
        raise PlanError([Problem(source, line, "", message)]) from error
    except Exception as error:  # protobuf's, whose messages are nested a hundred deep at most
        raise PlanError([Problem(source, 1, "", "is nested too deeply to be read")]) from error
    raw = text.encode()  # the parser counts bytes
    return tuple(_statement(raw, item) for item in tree.stmts)


def _statement(raw: bytes, item: Any) -> Statement:
    start = item.stmt_location
    end = start + item.stmt_len if item.stmt_len else len(raw)
    piece = raw[start:end]
    lead = len(piece) - len(piece.lstrip())
    line = raw.count(b"\n", 0, start + lead) + 1
    return Statement(piece.decode().strip().rstrip(";"), line, item.stmt)


def check_step(statements: tuple[Statement, ...], source: str, *, transaction: bool) -> None:
    """Refuse what would end or escape the transaction of a step; raises PlanError."""
    problems = [
        Problem(source, statement.line, "", f"{message} (line of the rendered SQL)")
        for statement in statements
        for message in _objections(statement, transaction)
    ]
    if problems:
        raise PlanError(problems)


def _objections(statement: Statement, transaction: bool) -> Iterator[str]:
    kind = statement.kind
    if kind == _TRANSACTION_CONTROL:
        yield "the executor begins and ends transactions; leave transaction control out"
    elif kind == "variable_set_stmt" and not statement.node.variable_set_stmt.is_local:
        yield "SET would outlive the step; write SET LOCAL, or use the plan's settings"
    elif transaction and (name := _needs_no_transaction(statement)):
        yield f"{name} can't run in a transaction; give the step transaction: false"


def _needs_no_transaction(statement: Statement) -> str | None:
    node, kind = statement.node, statement.kind
    if kind == "vacuum_stmt" and node.vacuum_stmt.is_vacuumcmd:
        return "VACUUM"
    if kind == "index_stmt" and node.index_stmt.concurrent:
        return "CREATE INDEX CONCURRENTLY"
    if kind == "drop_stmt" and node.drop_stmt.concurrent:
        return "DROP INDEX CONCURRENTLY"
    if kind == "reindex_stmt" and any(
        param.def_elem.defname == "concurrently" for param in node.reindex_stmt.params
    ):
        return "REINDEX CONCURRENTLY"
    return _NEVER_IN_A_TRANSACTION.get(kind)


@dataclass(frozen=True, slots=True)
class Building:
    """What a statement builds beside the writers; if it fails, it leaves an invalid index."""

    relation: (
        tuple[str, str] | None
    )  # schema, or nothing, and table or index; None: all of a schema
    index: str  # its name; nothing: PostgreSQL chooses it


def building(statement: Statement) -> Building | None:
    """What CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY builds; None for anything else."""
    if _needs_no_transaction(statement) not in _BUILDING:
        return None
    index = statement.kind == "index_stmt"
    node = statement.node.index_stmt if index else statement.node.reindex_stmt
    where = (node.relation.schemaname, node.relation.relname)
    return Building(where if node.HasField("relation") else None, node.idxname if index else "")


def single_select(text: str, source: str) -> str:
    """The text of a template that must be one SELECT, without its semicolon."""
    statements = split(text, source)
    if len(statements) != 1 or statements[0].kind != "select_stmt":
        raise PlanError([Problem(source, 1, "", "must be one SELECT")])
    return statements[0].text

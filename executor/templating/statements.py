"""SQL text taken apart by PostgreSQL's own parser. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import postgast

from executor.errors import PlanError, Problem

from .names import Sql, hides, literal, quote_identifier

_TRANSACTION_CONTROL = "transaction_stmt"
_NEVER_IN_A_TRANSACTION = {
    "createdb_stmt": "CREATE DATABASE",
    "dropdb_stmt": "DROP DATABASE",
    "alter_system_stmt": "ALTER SYSTEM",
    "create_table_space_stmt": "CREATE TABLESPACE",
    "drop_table_space_stmt": "DROP TABLESPACE",
}
_TOKEN = postgast.pg_query_pb2.Token.Value
_NAME, _TEXT, _SEMICOLON = (_TOKEN(token) for token in ("IDENT", "SCONST", "ASCII_59"))
_COMMENTS = (_TOKEN("SQL_COMMENT"), _TOKEN("C_COMMENT"))
# a text as PostgreSQL prints it: plain, with backslashes doubled, or the body of a function
_PRINTED = re.compile(r"(E?)'(.*)'|(\$[^$]*\$)(.*)\3", re.DOTALL)
_NUMBER = re.compile(r"\d+")
_EXPRESSION = "PLpgSQL_expr"
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
    with _refused(text, source):
        return _read(text)


def pieces(text: str, source: str) -> tuple[tuple[str, int], ...]:
    """What stands between semicolons, and the line on which it begins, be it SQL or not.

    Raises PlanError where not even a token can be read, as in a text without its end.
    """
    with _refused(text, source):
        return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    raw, start, end = text.encode(), -1, 0
    for token in postgast.scan(text).tokens:
        if token.token in _COMMENTS:
            continue
        if token.token != _SEMICOLON:
            start, end = token.start if start < 0 else start, token.end
        elif start >= 0:
            yield raw[start:end].decode(), raw.count(b"\n", 0, start) + 1
            start = -1
    if start >= 0:
        yield raw[start:end].decode(), raw.count(b"\n", 0, start) + 1


@contextmanager
def _refused(text: str, source: str) -> Iterator[None]:
    """What the parser does not take is a PlanError."""
    if "\0" in text:
        message = "a NUL character would end the SQL (line of the rendered SQL)"
        raise PlanError([Problem(source, text[: text.index("\0")].count("\n") + 1, "", message)])
    try:
        yield
    except postgast.PgQueryError as error:
        line = text.count("\n", 0, max(error.cursorpos - 1, 0)) + 1
        message = f"{error.message} (line of the rendered SQL)"
        raise PlanError([Problem(source, line, "", message)]) from error
    except Exception as error:  # protobuf's, whose messages are nested a hundred deep at most
        raise PlanError([Problem(source, 1, "", "is nested too deeply to be read")]) from error


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[Statement, ...]:
    """The statements of a text; a run reads most of its texts several times."""
    raw = text.encode()  # the parser counts bytes
    return tuple(_statement(raw, item) for item in postgast.parse(text).stmts)


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


def inner(statement: Statement) -> tuple[tuple[Statement, ...], bool]:
    """The statements in a block of plpgsql, and whether these are all: none is made as it runs."""
    try:
        tree = postgast.parse_plpgsql(statement.text)
        found = list(_messages(tree))
        texts = [expression["query"] for name, expression in found if name == _EXPRESSION]
        whole = not any(name.startswith("PLpgSQL_stmt_dyn") for name, _ in found)
        return tuple(one for text in texts for one in _expression(text)), whole
    except (postgast.PgQueryError, PlanError):
        return (), False


def _messages(tree: Any) -> Iterator[tuple[str, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for name, value in items:
        if isinstance(value, dict | list):
            yield str(name), value
            yield from _messages(value)


def _expression(text: str) -> tuple[Statement, ...]:
    """A statement of a block; what stands after IF or := is a SELECT without the word."""
    try:
        return split(text, "block")
    except PlanError:
        return split(f"SELECT {text.partition(':=')[2] or text}", "block")


def single_select(text: str, source: str) -> str:
    """The text of a template that must be one SELECT, without its semicolon."""
    statements = split(text, source)
    if len(statements) != 1 or statements[0].kind != "select_stmt":
        raise PlanError([Problem(source, 1, "", "must be one SELECT")])
    return statements[0].text


def numberless(text: object) -> str:
    """A text in which all numbers are the same: digits neither begin nor end a statement."""
    return _NUMBER.sub("0", str(text))


def fragment(text: str) -> Sql:
    """SQL that PostgreSQL has printed of its catalog, in which nothing is hidden from a reader.

    A name or a text in it that would be seen as another, or not on one line, is written with
    escapes, as `ident` and `literal` do. Raises ValueError where it can't be.
    """
    if not hides(text):
        return Sql(text)
    raw = text.encode()  # the scanner counts bytes
    try:
        tokens = postgast.scan(text).tokens
    except postgast.PgQueryError as error:
        raise ValueError(f"{text!r} is no SQL: {error.message}") from error
    pieces, end = [], 0
    for token in tokens:
        pieces.append(raw[end : token.start].decode())
        pieces.append(_plain_to_see(raw[token.start : token.end].decode(), token.token))
        end = token.end
    pieces.append(raw[end:].decode())
    if hides("".join(pieces[::2]).replace("\n", "")):
        raise ValueError(f"{text!r} holds characters that are not seen, between its words")
    return Sql("".join(pieces))


def _plain_to_see(token: str, kind: int) -> str:
    if not hides(token):
        return token
    if kind == _NAME and token[0] == '"':
        return quote_identifier(token[1:-1].replace('""', '"'))
    printed = _PRINTED.fullmatch(token) if kind == _TEXT else None
    if printed is None:
        raise ValueError(f"{token!r} holds characters that are not seen")
    escaped, quoted, tag, body = printed.groups()
    if tag:
        return literal(body) if hides(body.replace("\n", "")) else token
    text = quoted.replace("''", "'")
    return literal(text.replace(r"\\", "\\") if escaped else text)

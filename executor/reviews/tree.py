"""The parser's tree: names of relations in it, and what queries read. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .kinds import Role


class Relation(NamedTuple):
    """A table, view, index or sequence as a statement names it."""

    schema: str  # empty: the search_path says
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


Roles = Iterator[tuple[Role, Relation]]

_WRITERS = ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")


def relation(node: Any) -> Relation:
    """The name in a RangeVar."""
    return Relation(node.schemaname, node.relname)


def enum(node: Any, field: str) -> str:
    """The name of an enumerated value."""
    values = node.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number
    return str(values[getattr(node, field)].name)


def messages(node: Any) -> Iterator[tuple[Any, str]]:
    """Every message of a tree, with its type."""
    yield node, node.DESCRIPTOR.name
    for field, value in node.ListFields():
        if field.message_type is None or field.name == "locked_rels":  # which are aliases
            continue
        for item in value if is_list(value) else (value,):
            yield from messages(item)


def is_list(value: Any) -> bool:
    """Whether a field is repeated."""
    return not hasattr(value, "DESCRIPTOR")


def strings(nodes: Any) -> list[str]:
    """The parts of a name that is a list."""
    return [node.string.sval for node in nodes if node.WhichOneof("node") == "string"]


def named(parts: list[str]) -> Relation:
    """The relation that the parts of a name mean."""
    return Relation(parts[-2] if len(parts) > 1 else "", parts[-1])


def queried(*nodes: Any) -> Roles:
    """What queries read, lock rows of, or write to in a WITH; names of WITH are none."""
    common = {
        message.ctename
        for node in nodes
        for message, name in messages(node)
        if name == "CommonTableExpr"
    }
    locked: set[tuple[str, str]] = set()
    written: set[int] = set()  # places in the text
    found: list[tuple[Relation, str, int]] = []
    for node in nodes:
        for message, name in messages(node):
            if name == "SelectStmt" and message.locking_clause:
                locked |= set(_locked(message))
            elif name in _WRITERS:
                written.add(message.relation.location)
            elif name == "RangeVar":
                if not message.schemaname and message.relname in common:
                    continue
                alias = message.alias.aliasname if message.HasField("alias") else ""
                found.append((relation(message), alias or message.relname, message.location))
    for where, called, place in found:
        rows = (where.schema, called) in locked or ("", called) in locked
        yield ("written" if place in written else "locked" if rows else "read"), where


def _locked(select: Any) -> Iterator[tuple[str, str]]:
    """What FOR UPDATE and its like lock, by the name that the query has for it."""
    for item in select.locking_clause:
        given = [node.range_var for node in item.locking_clause.locked_rels]
        if not given:
            found = (m for node in select.from_clause for m in messages(node))
            given = [message for message, name in found if name == "RangeVar"]
        for var in given:
            alias = var.alias.aliasname if var.HasField("alias") else ""
            yield "", alias or var.relname

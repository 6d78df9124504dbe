"""The trees of PostgreSQL's own parser, which are messages of protobuf. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import postgast

_PLACE = re.compile(r"(location|list_start|list_end|stmt_len)$")


def walk(message: Any) -> Iterator[Any]:
    """A message of the tree, and all below it."""
    yield message
    for item in _below(message):
        yield from walk(item)


def tables(message: Any, hidden: frozenset[str] = frozenset()) -> Iterator[Any]:
    """What names a table, as PostgreSQL looks for it: not what is the name of a WITH query there.

    Such a query does not see itself but where it is recursive, and nothing is written to one.
    """
    if named(message, "RangeVar"):
        if message.schemaname or message.relname not in hidden:
            yield message
        return
    if named(message, "LockingClause"):  # what the statement calls a table
        return
    inside = hidden
    if "with_clause" in message.DESCRIPTOR.fields_by_name:
        names = [one.common_table_expr.ctename for one in message.with_clause.ctes]
        inside = hidden.union(names)
        for place, one in enumerate(message.with_clause.ctes):
            seen = names if message.with_clause.recursive else names[:place]
            yield from tables(one, hidden.union(seen))
    for item in _below(message, without="WithClause"):
        written = named(item, "RangeVar") and message.DESCRIPTOR.name.endswith("Stmt")
        yield from tables(item, frozenset() if written else inside)


def _below(message: Any, without: str = "") -> Iterator[Any]:
    for descriptor, value in message.ListFields():
        if descriptor.message_type is not None and descriptor.message_type.name != without:
            yield from value if hasattr(value, "append") else (value,)


def named(message: Any, name: str) -> bool:
    """Whether a message is of that kind."""
    return bool(message.DESCRIPTOR.name == name)


def copied(message: Any) -> Any:
    """A message that can be changed."""
    other = type(message)()
    other.CopyFrom(message)
    return other


def same(one: Any, other: Any) -> bool:
    """Whether two trees differ in nothing but where things stand in the text."""
    return bool(_without_places(one) == _without_places(other))


def _without_places(tree: Any) -> Any:
    tree = copied(tree)
    for item in list(walk(tree)):
        for descriptor in item.DESCRIPTOR.fields:
            if _PLACE.search(descriptor.name):
                item.ClearField(descriptor.name)
    return tree


def expression(text: str) -> Any:
    """The tree of an expression."""
    return postgast.parse(f"SELECT {text}").stmts[0].stmt.select_stmt.target_list[0].res_target.val


def text_of(value: Any) -> str:
    """An expression as SQL."""
    tree = postgast.parse("SELECT ")
    tree.stmts[0].stmt.select_stmt.target_list.add().res_target.val.CopyFrom(value)
    return str(postgast.deparse(tree)).partition(" ")[2]

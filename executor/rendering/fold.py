"""What a folded script says in the place of what it leaves out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, takewhile
from typing import Any

from executor.rendering.facts import Record
from executor.templating.statements import Statement, split

HEAD = "-- Folded, to be read and not to be run: without --fold it is whole."

#: one who runs it all the same is told before anything is done
REFUSAL = (
    "DO $executor$ BEGIN RAISE EXCEPTION"
    " 'this script is folded, to be read; print it without --fold to run it'; END $executor$;"
)

_LISTED = 5
_NUMBER = re.compile(r"\d+")


def more(items: Sequence[Any]) -> str:
    """That a step is done for further items, and which."""
    return f"-- … and {len(items):,} more like this: {_listed(items)}"


def _listed(items: Sequence[Any]) -> str:
    first, last = items[0], items[-1]
    if all(type(item) is int for item in items) and abs(last - first) == len(items) - 1 > 1:
        return f"{first} to {last}"
    shown = [" ".join(str(_name(item)).split()) for item in items[:_LISTED]]
    return ", ".join(shown) + (" …" if len(items) > _LISTED else "")


def _name(item: Any) -> Any:
    if isinstance(item, Record):
        return getattr(item, "name", item)
    return item.get("name", item) if isinstance(item, Mapping) else item


def lines(text: str) -> Iterator[str]:
    """A text with the first of the lines that follow one another and differ in numbers alone."""
    for _, alike in groupby(text.splitlines(), key=lambda line: _NUMBER.sub("0", line)):
        first, *others = alike
        yield first
        if len(others) > 1 and first.rstrip().endswith(";"):
            yield f"-- … and {len(others):,} more like this"
        else:
            yield from others


def functions(text: str) -> Iterator[str]:
    """The functions and procedures that a text makes, each by its comment and its name."""
    lines = text.splitlines()
    for statement in split(text, "session"):
        above = takewhile(lambda line: line.startswith("--"), reversed(lines[: statement.line - 1]))
        yield from reversed(list(above))
        is_function = statement.kind == "create_function_stmt"
        yield f"-- {_signature(statement)}" if is_function else f"{statement.text};"


def _signature(statement: Statement) -> str:
    made = statement.node.create_function_stmt
    name = ".".join(part.string.sval for part in made.funcname)
    names = (parameter.function_parameter.name for parameter in made.parameters)
    return f"{'PROCEDURE' if made.is_procedure else 'FUNCTION'} {name}({', '.join(names)})"

"""What a folded script says in the place of what it leaves out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from executor.templating.statements import Statement, split

HEAD = "-- Folded, to be read and not to be run: without --fold it is whole."

#: one who runs it all the same is told before anything is done
REFUSAL = (
    "DO $executor$ BEGIN RAISE EXCEPTION"
    " 'this script is folded, to be read; print it without --fold to run it'; END $executor$;"
)

_LISTED = 5
_TITLES = ("-- Step ", "-- Undo ")
_NEEDLESS = ("-- -----", "\\if ", "\\else", "\\endif")
_LONG, _SHOWN = 10, 3  # lines of a statement with a body
_WITH_BODY = ("create_function_stmt", "view_stmt", "do_stmt")
_MOST_ALIKE = 4  # so many lines may be said again and again, each time with the next number
_NUMBER = re.compile(r"([0-9]+)")


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
    return item.get("name", item) if isinstance(item, Mapping) else getattr(item, "name", item)


def tight(texts: Iterable[str]) -> Iterator[str]:
    """Lines without what only a machine or the eye of a printer needs."""
    for line in "\n".join(texts).split("\n"):
        if line.startswith(_TITLES):
            yield ""
        if line.strip() and not line.startswith(_NEEDLESS):
            yield line


def bodies(text: str) -> str:
    """A text with the beginning and the end of its long functions, views and blocks."""
    lines = text.split("\n")
    for statement in reversed(split(text, "script")):
        size, begin = statement.text.count("\n") + 1, statement.line - 1
        if statement.kind in _WITH_BODY and size > _LONG:
            left_out = slice(begin + _SHOWN, begin + size - 1)
            lines[left_out] = [f"-- … {len(lines[left_out])} more lines"]
    return "\n".join(lines)


def runs(texts: Iterable[str]) -> Iterator[str]:
    """Lines that are said again and again, each time with the next number, once."""
    lines = "\n".join(texts).split("\n")
    place = 0
    while place < len(lines):
        for size in range(1, _MOST_ALIKE + 1):
            times = _repeated(lines, place, size)
            if times > _LISTED:
                yield from lines[place : place + size]
                yield f"-- … and {times - 1:,} more like {'this' if size == 1 else 'these'}"
                place += times * size
                break
        else:
            yield lines[place]
            place += 1


def _repeated(lines: Sequence[str], place: int, size: int) -> int:
    """How often the lines from a place on are said, each time with the next number."""
    times = 1
    while place + (times + 1) * size <= len(lines):
        last = lines[place + (times - 1) * size :][:size]
        if not _is_next("\n".join(last), "\n".join(lines[place + times * size :][:size])):
            break
        times += 1
    return times


def _is_next(text: str, then: str) -> bool:
    """Whether two texts differ by numbers alone, and these by one."""
    pieces, others = _NUMBER.split(text), _NUMBER.split(then)
    if pieces[::2] != others[::2]:
        return False
    steps = {int(b) - int(a) for a, b in zip(pieces[1::2], others[1::2], strict=True)}
    return 1 in steps and steps <= {0, 1}


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

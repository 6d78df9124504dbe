"""What a folded script says in the place of what it leaves out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from executor.templating.statements import Statement, split

from .facts import item_name

HEAD = "-- Folded, to be read and not to be run: without --fold it is whole."

TRANSACTIONS = (
    "-- A step, and each time that it is done, is a transaction: READ COMMITTED, or as it says."
)

#: one who runs it all the same is told before anything is done
REFUSAL = (
    "DO $executor$ BEGIN RAISE EXCEPTION"
    " 'this script is folded, to be read; print it without --fold to run it'; END $executor$;"
)

_LISTED = 5
_RETURNED = (2, 5)  # the parser's OUT and TABLE
_LONG = 8  # so many lines a statement may have; of a longer one the first are printed
_SAYS_NOTHING = ("BEGIN", "DECLARE", "SELECT")  # as the second line of one
_MOST_ALIKE = 4  # so many lines may be said again and again, each time with the next number
_WIDE = 1000  # so many characters a query may have; of a longer one both ends are printed
_NUMBER = re.compile(r"([0-9]+)")


def finished(query: str) -> str:
    """That all is done already, if a query is true."""
    return f"-- All steps but those that are always done are left out if: {_one_line(query)}"


def only_if(query: str) -> str:
    """That a step is left out, unless a query is true."""
    return f"-- Only if: {_one_line(query)}"


def unless_in(query: str) -> str:
    """That items of a step are left out that a query names."""
    return f"-- But for those in: {_one_line(query)}"


def until(query: str, at_most: int) -> str:
    """That a step is repeated until a query is true."""
    return f"-- Again and again, {at_most:,} times at most, until: {_one_line(query)}"


def _one_line(query: str) -> str:
    line = " ".join(line.strip() for line in query.splitlines() if not line.startswith("--"))
    return line if len(line) <= _WIDE else f"{line[: _WIDE // 5]} … {line[-_WIDE // 5 :]}"


def more(items: Sequence[Any]) -> str:
    """That a step is done for further items, and which."""
    return f"-- … and {len(items):,} more like this: {_listed(items)}"


def _listed(items: Sequence[Any]) -> str:
    first, last = items[0], items[-1]
    if all(type(item) is int for item in items) and abs(last - first) == len(items) - 1 > 1:
        return f"{first} to {last}"
    shown = [" ".join(item_name(item).split()) for item in items[:_LISTED]]
    return ", ".join(shown) + (" …" if len(items) > _LISTED else "")


def cut(text: str) -> str:
    """A text with the first lines of its long statements, and how many more there are."""
    lines = text.strip().split("\n")
    for statement in reversed(split(text.strip(), "script")):
        size = statement.text.count("\n") + 1
        if size > _LONG:
            begin = statement.line - 1
            first = 1 if lines[begin + 1].strip() in _SAYS_NOTHING else 2
            left = f"-- … and {size - first:,} more lines of this statement"
            end = begin + size
            end += lines[end : end + 1] == [";"]
            lines[begin + first : end] = [left]
    return "\n".join(filter(str.strip, lines))


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
    for statement in split(text, "session"):
        if statement.kind == "create_function_stmt":
            yield f"-- {_signature(statement)}: {said_of(text, statement)}".rstrip(": ")
        else:
            yield f"{statement.text};"


def said_of(text: str, statement: Statement) -> str:
    """The first sentence of the comment before a statement of a text, and what it locks."""
    lines = text.splitlines()[: statement.line - 1]
    above = reversed(list(takewhile(lambda line: line.startswith("--"), reversed(lines))))
    said = " ".join(line.strip("- ") for line in above)
    locks = said.partition(" Lock: ")[2]
    first = said.partition(". ")[0].rstrip(".")
    return f"{first}. Lock: {locks.rstrip('.')}" if locks else first


def name_of(statement: Statement) -> str:
    """The name of the function or procedure that a statement makes."""
    return ".".join(part.string.sval for part in statement.node.create_function_stmt.funcname)


def _signature(statement: Statement) -> str:
    made = statement.node.create_function_stmt
    name = name_of(statement)
    given = (parameter.function_parameter for parameter in made.parameters)
    names = (one.name for one in given if one.mode not in _RETURNED)
    return f"{'PROCEDURE' if made.is_procedure else 'FUNCTION'} {name}({', '.join(names)})"

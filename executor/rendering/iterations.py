"""What a template sees of the iteration that it is filled for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from executor.templating.names import Name

#: of a step with `repeat` that is done a last time before a later step, by its `retry: prepare`
LAST_PASS: Mapping[str, Any] = {"pass": 0, "last_pass": True}


@dataclass(frozen=True, slots=True)
class Batch:
    """A range of blocks of one leaf table; templates see it as `batch`."""

    table: Name
    first_block: int | None = None
    end_block: int | None = None  # the first block after the range; None: to the end
    filenode: int | None = None  # whose blocks these are; None in the journal of an older version
    whole: bool = False  # a printed script reads the table as a whole


def pass_number(number: int) -> dict[str, Any]:
    """What the template of a step with `repeat` sees in each of its passes."""
    return {"pass": number, "last_pass": False}


def first_and_last(contexts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two of many that differ by a number alone; others may each be wrong in a way of their own."""
    if all(isinstance(context.get("item"), int) for context in contexts):
        return contexts[:1] + contexts[1:][-1:]
    return contexts

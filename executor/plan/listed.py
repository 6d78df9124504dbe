"""The plans that there are, each with what it says of itself. Touches files only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from executor import resources
from executor.errors import PlanError

from .document import read


class Listed(NamedTuple):
    """A plan that could be meant."""

    plan: str
    file: str
    spelled: str  # what to write for it on the command line
    extends: str | None
    description: str  # or why it can't be read


def listed() -> Iterator[Listed]:
    """Each of them, in the order in which a bare name finds them."""
    for path in resources.known_plans():
        try:
            data = read(path).data
            given: dict[str, Any] = data if isinstance(data, dict) else {}
            said = given.get("description") or "no plan: it has no description"
        except PlanError as error:
            given, said = {}, error.problems[0].message
        one_line, spelled = " ".join(str(said).split()), resources.spelled(path)
        yield Listed(path.stem, str(path), spelled, given.get("extends"), one_line)

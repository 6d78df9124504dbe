"""Reads the facts of a plan from the catalog, over a session."""

from __future__ import annotations

from executor.database.queries import explained
from executor.database.session import Session
from executor.rendering.facts import NO_FACTS, Facts
from executor.rendering.renderer import Renderer


def read_facts(session: Session, own: Renderer) -> Facts:
    """The facts of a plan as they are now, in one snapshot that nothing is written in."""
    if not own.plan.facts:
        return NO_FACTS
    with explained("the facts of the plan can't be read"):
        return received(session.execute_alone(own.questions()).rows)


def received(rows: object) -> Facts:
    """The facts of an answer to the questions."""
    assert isinstance(rows, list)  # for the type checker
    return Facts({row["fact"]: row["rows"] for row in rows})

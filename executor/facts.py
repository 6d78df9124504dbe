"""Reads the facts of a plan from the catalog, over a session."""

from __future__ import annotations

from executor.database.queries import explained
from executor.database.retry import retry
from executor.database.session import Session
from executor.plan.model import Retry
from executor.rendering.facts import NO_FACTS, Facts
from executor.rendering.renderer import Renderer

#: while something locks the table
_RETRY = Retry(on=("lock_timeout",), attempts=10, backoff=(0.2, 2.0))


def read_facts(session: Session, own: Renderer) -> Facts:
    """The facts of a plan as they are now, in one snapshot that nothing is written in."""
    if not own.plan.facts:
        return NO_FACTS
    with explained("the facts of the plan can't be read"):
        questions = own.questions()
        return received(retry(session, lambda: session.execute_alone(questions).rows, _RETRY))


def received(rows: object) -> Facts:
    """The facts of an answer to the questions."""
    assert isinstance(rows, list)  # for the type checker
    return Facts({row["fact"]: row["rows"] for row in rows})

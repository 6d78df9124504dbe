"""Reads the facts of a plan from the catalog, over a session."""

from __future__ import annotations

from executor.database.queries import explained
from executor.database.retry import WHILE_LOCKED, retry
from executor.database.session import Result, Session
from executor.errors import SqlError
from executor.rendering.facts import NO_FACTS, Facts, Rows
from executor.rendering.renderer import Renderer


def read_facts(session: Session, own: Renderer) -> Facts:
    """The facts of a plan as they are now, in one snapshot that nothing is written in."""
    if not own.plan.facts:
        return NO_FACTS
    with explained("the facts of the plan can't be read"):
        questions = own.questions()
        answer = retry(session, lambda: session.execute_alone(questions), WHILE_LOCKED)
        try:
            return Facts(rows_of(answer))
        except ValueError as error:
            raise SqlError(
                f"PostgreSQL prints of the table what can't be said again: {error}"
            ) from error


def rows_of(answer: Result) -> dict[str, Rows]:
    """The rows of each fact in an answer to the questions."""
    return {row["fact"]: row["rows"] for row in answer.rows}

"""Reads the facts of a plan from the catalog, over a session."""

from __future__ import annotations

from executor.database.queries import explained
from executor.database.retry import OTHERS_IN_THE_WAY, WHILE_LOCKED, kind, retry
from executor.database.session import DatabaseError, Result, Session
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


def read_pace(session: Session, own: Renderer) -> float | None:
    """About how many seconds a weight of 1 takes on this server; None if nobody knows.

    Raises SqlError if the plan's question is wrong. Whoever waits for a lock on the table does
    without an answer: it is only told.
    """
    if not own.plan.pace:
        return None
    with explained("pace failed"):
        try:
            answer = session.execute_alone(own.condition(own.plan.pace)).scalar()
        except DatabaseError as error:
            if kind(error) in OTHERS_IN_THE_WAY:
                return None
            raise
    try:
        pace = float(str(answer)) if answer is not None else 0.0
    except ValueError as error:
        raise SqlError(f"pace: {answer!r} is not a number") from error
    return pace if 0 < pace < float("inf") else None


def rows_of(answer: Result) -> dict[str, Rows]:
    """The rows of each fact in an answer to the questions."""
    return {row["fact"]: row["rows"] for row in answer.rows}

"""The statements of a step without a transaction, each tried again alone; none leaves an index."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from executor.database.session import DatabaseError, Session, reason
from executor.errors import StepError
from executor.plan.model import Step
from executor.templating.names import Name, quote_identifier
from executor.templating.statements import Building, Statement, building, split

from .transaction import StatementFailed, Work

logger = logging.getLogger("executor")


def run(
    work: Work, step: Step, template: str | None, text: str, given: Session | None = None
) -> None:
    """Run the statements one after another; what one has done stands though the next one fails."""
    with ExitStack() as stack:
        # its settings must not outlive the work: a session of its own, or one that is renewed
        whole = given if given and given.own_settings else None
        session = whole or stack.enter_context(work.connector.session(whole_session=True))
        for statement in split(text, str(template)):
            _run_one(work, session, step, template, statement)
        if whole:
            whole.renew()


def _run_one(
    work: Work, session: Session, step: Step, template: str | None, statement: Statement
) -> None:
    built = building(statement)
    leftovers: _Leftovers | None = None
    for attempt in itertools.count(1):
        began = time.monotonic()
        work.fenced(session, lambda: None)
        try:
            if leftovers:
                leftovers.drop()
            elif built:
                leftovers = _Leftovers(work, session, step, built)
            work.execute(session, template, statement.text)
        except (StatementFailed, DatabaseError) as error:
            hint = leftovers.clear() if leftovers else ""
            try:
                work.try_again(session, step, error, attempt, began)
            except StepError as failure:
                failure.hint = "; ".join(filter(None, [failure.hint, hint]))
                raise
        else:
            return


class _Leftovers:
    """The invalid indexes that a failed statement leaves; those from before are not its own."""

    def __init__(self, work: Work, session: Session, step: Step, built: Building) -> None:
        self._templates = work.renderer.templates
        self._session = session
        self._built = built
        found = self._invalid()
        self._before = {row["oid"] for row in found}
        for row in found:
            if row["name"] == built.index:
                index = Name(row["schema"], row["name"])
                raise StepError(
                    f"step {step.name} failed: the index {index} is there, but invalid:"
                    " a build of it was interrupted, or another session is at it",
                    hint=f"unless it is being built: {self._drop(index)} Then run again",
                    step=step.name,
                )

    def _invalid(self) -> Sequence[Mapping[str, Any]]:
        relation = ".".join(map(quote_identifier, filter(None, self._built.relation or ())))
        text = self._templates.render("session/invalid_indexes.sql", {"relation": relation})
        with self._session.transaction():
            return self._session.execute(text).rows

    def _new(self) -> list[tuple[Name, bool]]:
        """What the statement has left, as far as can be told, and whether it can be dropped."""
        return [
            (Name(row["schema"], row["name"]), bool(self._built.relation) and not row["building"])
            for row in self._invalid()
            if row["oid"] not in self._before and self._built.index in ("", row["name"])
        ]

    def _drop(self, index: Name) -> str:
        return self._templates.render("session/drop_index.sql", {"index": index}).strip()

    def drop(self) -> None:
        """Drop what the statement has left."""
        for index, may_go in self._new():
            if may_go:
                self._session.execute(self._drop(index))

    def clear(self) -> str:
        """Drop after a failure; returns what there is to do by hand where that can't be done."""
        try:
            try:
                self.drop()
            except DatabaseError as error:
                logger.warning("an invalid index could not be dropped: %s", reason(error))
            kept = [self._drop(index) for index, _ in self._new()]
        except DatabaseError:  # the connection is lost, too
            kept = [f"the index {self._built.index or 'that it built'} may be there, of no use;"]
        return f"what it left is invalid: {' '.join(kept)}" if kept else ""

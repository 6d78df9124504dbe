"""A step without a transaction: each statement is tried again alone; no invalid index stays."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass

from executor.database.queries import Queries
from executor.database.session import DatabaseError, reason
from executor.errors import StepError
from executor.templating.names import Name, quote_identifier
from executor.templating.statements import Building, Statement, building, split

from .step_run import StepRun

logger = logging.getLogger("executor")


def run(step_run: StepRun, template: str | None, text: str) -> None:
    """Run the statements one after another; what one has done stands though the next one fails."""
    with ExitStack() as stack:
        # its settings must not outlive the work: a session of its own, or one that is renewed
        whole = step_run.session if step_run.session.own_settings else None
        session = whole or stack.enter_context(step_run.work.connector.session(whole_session=True))
        for statement in split(text, str(template)):
            _run_one(step_run.over(session), template, statement)
        if whole:
            whole.renew()


def _run_one(step_run: StepRun, template: str | None, statement: Statement) -> None:
    built = building(statement)
    leftovers: _Leftovers | None = None
    hint = ""

    def attempt() -> None:
        nonlocal leftovers, hint
        step_run.work.journal.fence(step_run.session)
        try:
            if leftovers:
                leftovers.drop()
            elif built:
                leftovers = _Leftovers(step_run, built)
            step_run.execute(template, statement.text)
        except DatabaseError:
            hint = leftovers.clear() if leftovers else ""
            raise

    try:
        step_run.retry(attempt)
    except StepError as failure:
        failure.hint = "; ".join(filter(None, [failure.hint, hint]))
        raise


@dataclass(frozen=True, slots=True)
class _Index:
    """An invalid index."""

    oid: int
    schema: str
    name: str
    building: bool  # now, by any session

    @property
    def full_name(self) -> Name:
        return Name(self.schema, self.name)


class _Leftovers:
    """The invalid indexes that a failed statement leaves; those from before are not its own."""

    def __init__(self, step_run: StepRun, built: Building) -> None:
        self._queries = Queries(step_run.session, step_run.renderer.templates)
        self._built = built
        found = self._invalid()
        self._before = {index.oid for index in found}
        for index in found:
            if index.name == built.index:
                raise StepError(
                    f"step {step_run.step.name} failed: the index {index.full_name} is there, but"
                    " invalid: a build of it was interrupted, or another session is at it",
                    hint=f"unless it is being built: {self._drop(index)} Then run again",
                    step=step_run.step.name,
                )

    def _invalid(self) -> list[_Index]:
        relation = ".".join(map(quote_identifier, filter(None, self._built.relation or ())))
        found = self._queries.send_alone("session/invalid_indexes.sql", relation=relation)
        return [_Index(**row) for row in found.rows]

    def _new(self) -> list[_Index]:
        """What the statement has left, as far as can be told."""
        return [
            index
            for index in self._invalid()
            if index.oid not in self._before and self._built.index in ("", index.name)
        ]

    def _drop(self, index: _Index) -> str:
        return self._queries.text("session/drop_index.sql", index=index.full_name).strip()

    def drop(self) -> None:
        """Drop what the statement has left."""
        for index in self._new():
            if self._built.relation and not index.building:
                self._queries.session.execute(self._drop(index))

    def clear(self) -> str:
        """Drop after a failure; returns what there is to do by hand where that can't be done."""
        try:
            try:
                self.drop()
            except DatabaseError as error:
                logger.warning("an invalid index could not be dropped: %s", reason(error))
            kept = [self._drop(index) for index in self._new()]
        except DatabaseError:  # the connection is lost, too
            kept = [f"the index {self._built.index or 'that it built'} may be there, of no use;"]
        return f"what it left is invalid: {' '.join(kept)}" if kept else ""

"""The table executor.controls, by which a run is told what to do while it runs."""

from __future__ import annotations

from typing import Any

from executor.database.session import Session
from executor.errors import FencedError
from executor.templating.templates import Templates

from .rows import Control


class Controls:
    """The controls of one run, as the executor that owns it uses them."""

    def __init__(self, templates: Templates, run: int, epoch: int) -> None:
        self._templates = templates
        self.run = run
        self.epoch = epoch

    def _sql(self, statement: str, **values: Any) -> str:
        return self._templates.render(
            f"journal/{statement}.sql", {"run": self.run, "epoch": self.epoch, **values}
        )

    def begin(self, session: Session, *, lift: bool = False) -> None:
        """Make sure that they are there; an old hold ends, and with `lift` a pause too."""
        session.execute(self._sql("begin_controls", lift=lift))

    def read(self, session: Session) -> Control | None:
        """What the run is told; None if that is not written anywhere.

        Raises FencedError if the run was taken over.
        """
        with session.transaction():
            row = session.execute(self._sql("controls")).one()
        if not row["owned"]:
            raise FencedError(f"another executor took run {self.run} over")
        if not row["present"]:
            return None
        return Control(row["paused"], row["held_before"], row["workers"], row["batch_rows"])

    def hold(self, session: Session, step: str) -> None:
        """The run waits before a step."""
        session.execute(self._sql("hold", step=step))


def pause(session: Session, templates: Templates, run: int) -> bool:
    """Pause a run; false if it is not running any more."""
    with session.transaction():
        return bool(session.execute(templates.render("journal/pause.sql", {"run": run})).rows)


def lift(session: Session, templates: Templates, run: int, *, only_held: bool) -> Control | None:
    """Let a run go on; says what kept it, None if it is not running, or not held."""
    values = {"run": run, "only_held": only_held}
    with session.transaction():
        rows = session.execute(templates.render("journal/lift.sql", values)).rows
    return Control(**rows[0]) if rows else None


def change(
    session: Session, templates: Templates, run: int, workers: int | None, batch_rows: int | None
) -> Control | None:
    """Change what is given; says what holds now, None if the run is not running any more."""
    values = {"run": run, "workers": workers, "batch_rows": batch_rows}
    with session.transaction():
        rows = session.execute(templates.render("journal/set.sql", values)).rows
    return Control(**rows[0]) if rows else None

"""The table executor.controls, by which a run is told what to do while it runs."""

from __future__ import annotations

from executor.database.queries import Queries
from executor.database.session import Session
from executor.errors import FencedError

from .rows import Control


class Controls:
    """The controls of one run, as the executor that owns it uses them."""

    def __init__(self, run: int, epoch: int) -> None:
        self.run = run
        self.epoch = epoch

    def begin(self, session: Session, *, lift: bool = False) -> None:
        """Make sure that they are there; an old hold ends, and with `lift` a pause too."""
        Queries(session).send("journal/begin_controls.sql", run=self.run, lift=lift)

    def read(self, session: Session) -> Control | None:
        """What the run is told; None if that is not written anywhere.

        Raises FencedError if the run was taken over.
        """
        query = "journal/controls.sql"
        row = dict(Queries(session).send_alone(query, run=self.run, epoch=self.epoch).one())
        owned, present = row.pop("owned"), row.pop("present")
        if not owned:
            raise FencedError(f"another executor took run {self.run} over")
        return Control(**row) if present else None

    def hold(self, session: Session, step: str) -> None:
        """The run waits before a step."""
        Queries(session).send("journal/hold.sql", run=self.run, step=step)


def pause(session: Session, run: int) -> bool:
    """Pause a run; false if it is not running any more."""
    return bool(Queries(session).send_alone("journal/pause.sql", run=run).rows)


def lift(session: Session, run: int, *, only_held: bool) -> Control | None:
    """Let a run go on; says what kept it, None if it is not running, or not held."""
    row = Queries(session).send_alone("journal/lift.sql", run=run, only_held=only_held).first()
    return Control(**row) if row else None


def change(
    session: Session, run: int, workers: int | None, batch_rows: int | None
) -> Control | None:
    """Change what is given; says what holds now, None if the run is not running any more."""
    values = {"run": run, "workers": workers, "batch_rows": batch_rows}
    row = Queries(session).send_alone("journal/set_control.sql", **values).first()
    return Control(**row) if row else None

"""Opens the run that was decided on: begun anew, or taken over from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from executor.database.session import Session
from executor.journal.controls import Controls
from executor.journal.rows import RunRow, StepRow, progress
from executor.journal.writer import Journal
from executor.plan import variables
from executor.rendering.renderer import Renderer

from .connect import Request
from .decide import Decision
from .runs import CHECK


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that this executor owns, and the renderer of its values."""

    journal: Journal
    renderer: Renderer
    resumed: bool
    only_always: bool = False  # there is nothing to do but the steps with `always`
    instead_of: int | None = None  # the run whose place it takes
    found: Mapping[str, StepRow] = field(default_factory=dict)  # of one that is resumed: its steps
    pace: float | None = None  # seconds that a weight of 1 takes, as was asked when it began
    seconds: float | None = None  # about how long what is left of it will take


def open_run(request: Request, decision: Decision) -> Opened | None:
    """Do what was decided, as far as the journal; None if there is nothing to do."""
    session, own, row = request.session, decision.own, decision.row
    if decision.action == "nothing":
        return None
    if decision.idle:
        close(session, decision.idle, "it had only checked")
    if row and decision.action == "begin anew":
        close(session, row, f"it {why_anew(request)}; another run took its place")
        return replace(_begin(request, decision), instead_of=row.id)
    opened = resume(session, row, own, decision.digests) if row else _begin(request, decision)
    return replace(opened, only_always=decision.action == "always")


def resume(session: Session, row: RunRow, own: Renderer, digests: Mapping[str, str]) -> Opened:
    """Own an existing run; raises LockError if another executor was quicker.

    ``digests`` are those of the steps that it is about: a rollback is not about those added since.
    """
    journal = Journal.own(session, row, "running")
    found = journal.steps(session)
    write_steps(session, journal, own, digests)
    far = progress(found.values(), row.pace)
    left = far.seconds_left if far else None
    return Opened(journal, own, resumed=True, found=found, pace=row.pace, seconds=left)


def why_anew(request: Request) -> str:
    """Why a run that has not come to its end is not gone on with."""
    if request.options.afresh:
        return "stopped before its end, and what it had done stands"
    return "had only checked"


def close(session: Session, row: RunRow, why: str) -> None:
    """End a run of which there is nothing to undo."""
    journal = Journal.own(session, row, "running")
    with journal.fenced(session):
        journal.end_run(session, "rolled_back", why)


def _begin(request: Request, decision: Decision) -> Opened:
    """Begin a run; raises LockError if another executor has just begun one."""
    session, plan, own = request.session, request.plan, decision.own
    values = {
        **variables.as_journal(plan, own.values),
        variables.GIVEN: sorted(decision.given),
        variables.SUBJECT: plan.subject,
    }
    if decision.pace is not None:
        values[variables.PACE] = decision.pace
    if request.options.reviewed:
        values[variables.EXPECT] = request.options.reviewed.digest
    with session.transaction():
        journal = Journal.open(
            session,
            request.server,
            plan=plan.name,
            variables=values,
            timestamp=own.values["timestamp"],
        )
        # with the run itself: no other executor may find it without an owner
        journal.claim(session)
        write_steps(session, journal, own, decision.digests)
    return Opened(journal, own, resumed=False, pace=decision.pace, seconds=decision.seconds)


def write_steps(
    session: Session, journal: Journal, own: Renderer, digests: Mapping[str, str]
) -> None:
    """Write the steps that have a digest down, their facts, and that nothing is asked yet."""
    if own.plan.facts:
        journal.write_facts(session, own.facts.rows)
    steps = [
        {
            "name": step.name,
            "position": number,
            "form": step.form if step.sql else CHECK,
            "digest": digests[step.name],
            "weight": own.weight(step),
        }
        for number, step in enumerate(own.plan.steps, 1)
        if step.name in digests
    ]
    journal.insert_steps(session, steps)
    Controls(journal.run, journal.epoch).begin(session)

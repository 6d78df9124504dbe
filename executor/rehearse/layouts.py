"""Tries the layouts that a table can have where it is made anew: what becomes of its statements.

Each layout's plan is run on one sample of the rows until both tables stand beside each other. The
statements are explained with both, and the run is rolled back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from executor.database import embedded
from executor.database.queries import explained
from executor.engine import read_only
from executor.engine import run as engine
from executor.engine.connect import RunOptions
from executor.errors import ExecutorError, InterruptedRunError, UsageError
from executor.formats import listed
from executor.init.ask import Offer, Survey
from executor.init.page import as_plan
from executor.plan.loader import Loaded, load
from executor.plan.variables import from_command_line
from executor.queries import told
from executor.queries.compare import Compared, Found
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from .real import Real, look
from .rebuild import Dump
from .server import Server, serving
from .trial import WHOLE, Wish, make_anew

_WHOLE = "Seq Scan"  # of a statement that reads all rows a sample says nothing


@dataclass(frozen=True, slots=True)
class Tried:
    """A layout, and what becomes of the statements with it."""

    offer: Offer
    said: str
    share: float | None = None  # of the calls that become slower or fail; None: not tried


def try_layouts(wish: Wish, found: Survey, say: Callable[[str], None]) -> Survey:
    """The survey with what was tried, and the layout that is recommended by that.

    Raises UsageError if there is no statement to try it with.
    """
    embedded.binaries()
    say("looking at the real database")
    offers = [offer for offer in found.offers if _can_be_tried(found, offer)]
    with ExitStack() as stack:
        stack.enter_context(explained("the layouts can't be tried"))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="executor-")))
        plans = [_plan(found, offer, directory) for offer in offers]
        ours = [name for plan in plans for name in told.ours(Renderer.of(plan, {}, ANY_TIMESTAMP))]
        real = look(wish.dsn, found.table.name, ours)
        if not wish.queries and not real.workload.statements:
            why = real.workload.said or "pg_stat_statements knows no statement that names the table"
            raise UsageError(f"no layout can be tried: {why}", hint="--queries FILE has statements")
        server = stack.enter_context(serving(wish.on, real))
        make_anew(wish, server, real, Dump(real, directory), say)
        server.promote()
        tried = []
        for offer, plan in zip(offers, plans, strict=True):
            say(f"trying {offer.spec} with {real.drawn[str(real.subject)]:,} rows")
            tried.append(_try(offer, plan, server, real, wish.queries))
    return recommended(found, tried)


def _can_be_tried(found: Survey, offer: Offer) -> bool:
    """Whether it is meant, and its plan makes a table beside the other, divided."""
    meant = not found.asked_for or offer is found.chosen
    return meant and offer.copies and offer.divides and not offer.refused


def _plan(found: Survey, offer: Offer, directory: Path) -> Loaded:
    """The plan that init would write for a layout."""
    file = directory / f"try_{offer.layout}.yaml"
    file.write_text(as_plan(replace(found, chosen=offer), file), encoding="utf-8")
    return load(file)


def _try(offer: Offer, plan: Loaded, server: Server, real: Real, file: str | None) -> Tried:
    steps = [step.name for step in plan.plan.steps]
    asking = [any(item.kind == told.KIND for item in step.assertions) for step in plan.plan.steps]
    given = from_command_line(plan.plan, (), tuple(str(key["name"]) for key in offer.lost))
    options = RunOptions(
        dsn=server.at(WHOLE, real.role),
        variables=given,
        until=steps[asking.index(True) - 1],
    )
    begun = replace(options, variables={}, until=None)
    try:
        if engine.run(plan, options, lambda _: None).status == "nothing_to_do":
            return Tried(offer, "so it is now")
        workload = None if file else real.workload
        found = read_only.compare_queries(plan, begun, file=file, analyze=False, workload=workload)
        tried = _told(offer, found)
    except (InterruptedRunError, UsageError):
        raise
    except ExecutorError as error:
        tried = Tried(offer, f"not tried: {error.message}")
    engine.rollback(plan, begun, lambda _: None)
    return tried


def _told(offer: Offer, asked: Found) -> Tried:
    judged = replace(asked, compared=[item for item in asked.compared if not _reads_all(item)])
    wrong = judged.of("fails", "differs", "slower")
    calls = sum(item.statement.calls for item in judged.compared)
    share = sum(item.statement.calls for item in wrong) / max(calls, 1)
    left_out = len(asked.compared) - len(judged.compared)
    more = f"{left_out} that read the whole table were not judged" if left_out else ""
    said = filter(None, [told.summary(judged), more, listed(asked.unreadable, "; ")])
    return Tried(offer, "; ".join(said), share)


def _reads_all(item: Compared) -> bool:
    return (
        item.outcome == "slower" and item.before is not None and list(item.before.scans) == [_WHOLE]
    )


def recommended(found: Survey, tried: Sequence[Tried]) -> Survey:
    """What was tried, and of the layouts worth it the one that fewest calls suffer."""
    said = {item.offer.layout: item.said for item in tried}
    fit = [item for item in tried if item.share is not None and item.offer.points > 0]
    chosen = found.chosen
    if not found.asked_for and any(item.offer is chosen for item in fit):
        chosen = min(fit, key=lambda item: (item.share, -item.offer.points)).offer
    return replace(found, chosen=chosen, tried=said)

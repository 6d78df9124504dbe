"""What the step `check` finds."""

from __future__ import annotations

from dataclasses import replace

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.errors import AssertionFailedError
from executor.events import AssertionChecked, Event, Finding
from executor.plan.loader import load
from tests.helpers.flagship import EXPRESSION, ROOT, Layout


def checked(
    database: str, layout: Layout = EXPRESSION, *, accept: tuple[str, ...] = ()
) -> dict[str, Finding]:
    """The findings of the step `check`, by their subject; its run is undone."""
    loaded = load(ROOT / layout.plan)
    loaded = loaded._replace(plan=replace(loaded.plan, accept=accept))
    given = dict(item.split("=") for item in (*layout.variables, "partition_count=2"))
    events: list[Event] = []
    try:
        runner.run(loaded, RunOptions(dsn=database, variables=given, until="check"), events.append)
    except AssertionFailedError:
        assert [event for event in events if isinstance(event, AssertionChecked) and event.stops]
    runner.rollback(loaded, RunOptions(dsn=database), events.append)
    found = [event.findings for event in events if isinstance(event, AssertionChecked)]
    return {finding.subject: finding for findings in found for finding in findings}

"""A dry run: what `run` would do, asked without changing anything."""

from __future__ import annotations

import json

from . import assertions, choosing, opening
from . import journal as journals
from .database import Session
from .errors import StepError
from .events import OnEvent
from .journal import Journal
from .loader import Loaded
from .model import Step
from .opening import Options
from .records import RunRow
from .render import ANY_TIMESTAMP, Renderer
from .transactions import Work

_DONE = ("succeeded", "skipped")
_WRITES = "25006"  # read_only_sql_transaction: several assertions keep what they count in one


def dry_run(loaded: Loaded, options: Options, on_event: OnEvent, output: str) -> None:
    """Say what `run` would do: checks the server, the run's state, and leading assertions.

    Everything is asked in read-only transactions; nothing is written, not even the journal.
    """
    plan = loaded.plan
    Renderer.of(loaded, options.variables, ANY_TIMESTAMP).digests()
    with opening.connected(loaded, options, read_only=True) as (connector, session, server):
        installed = journals.is_installed(session, loaded.templates)
        row = choosing.find(session, loaded, server, options) if installed else None
        if row and row.status != "succeeded":
            own, _ = opening.check_same(session, loaded, row, options)
            known = Journal(loaded.templates, row.id, row.epoch).steps(session)
            done = {name for name, step in known.items() if step.status in _DONE}
            _say(output, f"{plan.name}: would go on with run {row.id}", plan=plan.name, run=row.id)
        else:
            own = choosing.values(session, loaded, server, options)
            reason = _finished(session, loaded, own, row, options)
            if reason:
                _say(output, f"{plan.name}: nothing to do, {reason}", plan=plan.name)
                return
            done = set()
            _say(output, f"{plan.name}: would begin a run", plan=plan.name)
        work = Work(own, connector, Journal(loaded.templates, 0, 0), on_event, unfenced=True)
        leading = True
        for number, step in enumerate(plan.steps, 1):
            leading = leading and (step.name in done or not step.sql)
            state = "done" if step.name in done else step.form
            _say(output, f"{number:3}. {step.name:<24} {state}", step=step.name, state=state)
            if leading and step.name not in done:
                _assert_now(work, session, step, output)


def _finished(
    session: Session, loaded: Loaded, own: Renderer, row: RunRow | None, options: Options
) -> str:
    """Why there is nothing to do; empty if there is."""
    if loaded.plan.finished_when:
        finished = choosing.ask(session, own.condition(loaded.plan.finished_when))
        return "finished_when already holds" if finished else ""
    if row:
        opening.check_same(session, loaded, row, options)
        return f"run {row.id} of {row.started_at} has done it"
    return ""


def _assert_now(work: Work, session: Session, step: Step, output: str) -> None:
    if step.when and not work.is_true(session, step, step.when):
        return
    try:
        work.transact(session, step, lambda: assertions.check(work, session, step))
    except assertions.AssertionsFailed as failed:
        raise assertions.failure(step, failed) from None
    except StepError as error:
        if error.sqlstate != _WRITES:
            raise
        _say(output, f"     {'':<24} not asked: it needs a table of its own", step=step.name)


def _say(output: str, line: str, **facts: object) -> None:
    if output == "json":
        event = {"event": "DryRun", **facts, "message": line.strip()}
        print(json.dumps(event, ensure_ascii=False, default=str))
    else:
        print(line)

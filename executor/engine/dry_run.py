"""A dry run: what `run` would do, asked without changing anything."""

from __future__ import annotations

import json

from executor.database.session import Session
from executor.errors import StepError
from executor.events import OnEvent
from executor.journal.writer import Journal
from executor.plan.loader import Loaded
from executor.plan.model import Step
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from . import assertions
from . import choose as choosing
from . import decide as deciding
from . import open_run as opening
from .decide import Decision
from .open_run import Options
from .transaction import Work

_DONE = ("succeeded", "skipped")
_WRITES = "25006"  # read_only_sql_transaction: several assertions keep what they count in one


def dry_run(loaded: Loaded, options: Options, on_event: OnEvent, output: str) -> None:
    """Say what `run` would do: checks the server, the run's state, and leading assertions.

    Everything is asked in read-only transactions; nothing is written, not even the journal.
    """
    plan = loaded.plan
    Renderer.of(loaded, options.variables, ANY_TIMESTAMP).digests()
    with opening.connected(loaded, options, read_only=True) as (connector, session, server):
        decision = deciding.decide(session, loaded, server, options)
        own, row = decision.own, decision.row
        facts = {"plan": plan.name, "action": decision.action, **({"run": row.id} if row else {})}
        _say(output, f"{plan.name}: {_intention(loaded, decision)}", **facts)
        if decision.action == "nothing":
            return
        done = _done(session, loaded, decision)
        work = Work(own, connector, Journal(0, 0), on_event, unfenced=True)
        leading = True
        for number, step in enumerate(plan.steps, 1):
            leading = leading and (step.name in done or not step.sql)
            state = done.get(step.name, step.form)
            _say(output, f"{number:3}. {step.name:<24} {state}", step=step.name, state=state)
            if leading and step.name not in done:
                _assert_now(work, session, step, output)


def _intention(loaded: Loaded, decision: Decision) -> str:
    row = decision.row
    named = choosing.row_named(loaded, row) if row else ""
    match decision.action:
        case "begin":
            return "would begin a run"
        case "begin anew":
            return f"would begin a run, in the place of {named}, which had only checked"
        case "go on":
            return f"would go on with {named}"
        case "always":
            return f"would do the steps with `always` alone: {deciding.done(row)}"
        case "nothing":
            return f"nothing to do: {deciding.done(row)}"


def _done(session: Session, loaded: Loaded, decision: Decision) -> dict[str, str]:
    """The steps that would not be done, and why."""
    if decision.action == "always":
        return {step.name: "not done" for step in loaded.plan.steps if not step.always}
    if decision.action == "go on" and decision.row:
        known = opening.steps(session, decision.row)
        return {name: "done" for name, step in known.items() if step.status in _DONE}
    return {}


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

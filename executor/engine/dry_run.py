"""A dry run: what `run` would do, asked without changing anything."""

from __future__ import annotations

import json

from executor.errors import StepError
from executor.events import OnEvent
from executor.journal import reader
from executor.plan.loader import Loaded
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from . import assertions
from .connect import Options, Request, connected
from .decide import decide, leaves_out
from .open_run import Decision, row_named
from .step_run import StepCheck

_WRITES = "25006"  # read_only_sql_transaction: several assertions keep what they count in one


def dry_run(loaded: Loaded, options: Options, on_event: OnEvent, output: str) -> None:
    """Say what `run` would do: checks the server, the run's state, and leading assertions.

    Everything is asked in read-only transactions; nothing is written, not even the journal.
    """
    plan = loaded.plan
    Renderer.of(loaded, options.variables, ANY_TIMESTAMP).digests()
    with connected(loaded, options, read_only=True) as request:
        decision = decide(request)
        row = decision.row
        facts = {"plan": plan.name, "action": decision.action, **({"run": row.id} if row else {})}
        _say(output, f"{plan.name}: {_intention(request, decision)}", **facts)
        if decision.action == "nothing":
            return
        known = reader.steps(request.session, row.id) if row and decision.action == "go on" else {}
        only_always = decision.action == "always"
        leading = True
        for number, step in enumerate(plan.steps, 1):
            left_out = leaves_out(step, known.get(step.name), only_always=only_always)
            leading = leading and bool(left_out or not step.sql)
            state = left_out or step.form
            _say(output, f"{number:3}. {step.name:<24} {state}", step=step.name, state=state)
            if leading and not left_out:
                _check_now(StepCheck(decision.own, request.session, step, on_event), output)


def _intention(request: Request, decision: Decision) -> str:
    named = row_named(request, decision.row) if decision.row else ""
    match decision.action:
        case "begin":
            return "would begin a run"
        case "begin anew":
            return f"would begin a run, in the place of {named}, which had only checked"
        case "go on":
            return f"would go on with {named}"
        case "always":
            return f"would do the steps with `always` alone: {decision.why_nothing}"
        case "nothing":
            return f"nothing to do: {decision.why_nothing}"


def _check_now(step_check: StepCheck, output: str) -> None:
    """Evaluate the assertions of a step that would come now; raises AssertionFailedError."""
    step = step_check.step
    if step.when and not step_check.is_true(step.when):
        return
    try:
        assertions.check_alone(step_check)
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

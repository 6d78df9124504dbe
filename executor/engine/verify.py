"""What a plan claims of its finished run, evaluated at any later time; changes nothing."""

from __future__ import annotations

import time

from executor.errors import PlanError, Problem, UsageError
from executor.events import OnEvent, RunStarted, StepFinished, StepStarted
from executor.journal import reader
from executor.journal.rows import RunRow
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.plan.model import Step
from executor.rendering.renderer import Renderer

from . import assertions
from .connect import Options, Request, connected
from .open_run import refuse_other_plan, row_named, run_to_undo_or_verify
from .step_run import StepCheck


def verify(loaded: Loaded, options: Options, on_event: OnEvent) -> None:
    """Evaluate the plan's `verify` in one snapshot; raises AssertionFailedError or UsageError."""
    plan = loaded.plan
    if not plan.verify:
        raise PlanError([Problem(str(plan.path), 1, "$", "the plan has no `verify`")])
    step = Step("verify", isolation="repeatable read", assertions=plan.verify)
    began = time.monotonic()
    with connected(loaded, options) as request:
        run, session = _run_to_verify(request), request.session
        refuse_other_plan(request, run, reader.steps(session, run.id))
        own = Renderer.of(loaded, run.variables, run.name_timestamp)
        tables = variables.tables(plan, own.values)
        values = variables.chosen_values(plan, own.values)
        on_event(RunStarted(plan.name, run.id, "verify", 1, False, session.where, values, tables))
        on_event(StepStarted(step.name, 1, 1, f"run {run.id} of {plan.name}"))
        assertions.check_alone(StepCheck(own, session, step, on_event))
    on_event(StepFinished(step.name, 1, 1, "succeeded", 0, time.monotonic() - began))


def _run_to_verify(request: Request) -> RunRow:
    """The run that has come to its end; raises UsageError if there is none to verify."""
    name = request.plan.name
    run = run_to_undo_or_verify(request, "verify") if reader.is_installed(request.session) else None
    if run is None:
        raise UsageError(f"no run of {name} is there to verify")
    if run.status == "rolled_back":
        raise UsageError(
            f"no run of {name} is there to verify: {row_named(request, run)} is rolled back"
        )
    if run.status != "succeeded":
        raise UsageError(
            f"run {run.id} of {name} has not come to its end ({run.status})",
            hint="`executor run` goes on with it",
        )
    if run.closed:
        raise UsageError(f"run {run.id} of {name} can't be verified any more: {run.closed}")
    return run

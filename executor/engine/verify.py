"""What a plan claims of its finished run, evaluated at any later time; changes nothing."""

from __future__ import annotations

import time

from executor.errors import PlanError, Problem, UsageError
from executor.events import OnEvent, RunStarted, StepFinished, StepStarted
from executor.journal import writer as journals
from executor.journal.writer import Journal
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.plan.model import Step
from executor.rendering.renderer import Renderer

from . import assertions
from . import choose as choosing
from . import open_run as opening
from .assertions import AssertionsFailed
from .open_run import Options
from .transaction import Work


def verify(loaded: Loaded, options: Options, on_event: OnEvent) -> None:
    """Evaluate the plan's `verify` in one snapshot; raises AssertionFailedError or UsageError."""
    plan = loaded.plan
    if not plan.verify:
        raise PlanError([Problem(str(plan.path), 1, "$", "the plan has no `verify`")])
    step = Step("verify", isolation="repeatable read", assertions=plan.verify)
    began = time.monotonic()
    with opening.connected(loaded, options) as (connector, session, _):
        installed = journals.is_installed(session, loaded.templates)
        run = choosing.meant(session, loaded, options, "verified") if installed else None
        if run is None:
            raise UsageError(f"no run of {plan.name} is there to verify")
        if run.status == "rolled_back":
            raise UsageError(
                f"no run of {plan.name} is there to verify:"
                f" {choosing.row_named(loaded, run)} is rolled back"
            )
        if run.status != "succeeded":
            raise UsageError(
                f"run {run.id} of {plan.name} has not come to its end ({run.status})",
                hint="`executor run` goes on with it",
            )
        if run.closed:
            raise UsageError(
                f"run {run.id} of {plan.name} can't be verified any more: {run.closed}"
            )
        opening.refuse_other_plan(loaded, run, opening.steps(session, loaded, run))
        own = Renderer.of(loaded, run.variables, run.name_timestamp)
        journal = Journal(loaded.templates, run.id, run.epoch)
        work = Work(own, connector, journal, on_event, unfenced=True)
        tables = variables.tables(plan, own.values)
        values = variables.chosen(plan, own.values)
        on_event(RunStarted(plan.name, run.id, "verify", 1, False, session.where, values, tables))
        on_event(StepStarted(step.name, 1, 1, f"run {run.id} of {plan.name}"))
        try:
            work.transact(session, step, lambda: assertions.check(work, session, step))
        except AssertionsFailed as failed:
            raise assertions.failure(step, failed) from None
    on_event(StepFinished(step.name, 1, 1, "succeeded", 0, time.monotonic() - began))

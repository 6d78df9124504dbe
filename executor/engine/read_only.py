"""What is asked of a server without a run: a dry run, a review, and `executor verify`."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

from executor.catalog import read_facts
from executor.database.queries import Queries, explained
from executor.errors import PlanError, Problem, StepError, UsageError
from executor.events import DryRun, Finding, OnEvent, RunStarted, StepFinished, StepStarted
from executor.journal import reader
from executor.journal.rows import RunRow
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.plan.model import Assertion, Step
from executor.queries import compare, told
from executor.queries.workload import Workload
from executor.rendering.renderer import Renderer
from executor.reviews import content
from executor.reviews.ask import ask
from executor.reviews.bound import bind, neutral
from executor.reviews.statements import all_sent, back, forward

from . import assertions
from .connect import Request, RunOptions, connected
from .decide import Decision, decide, leaves_out
from .open_run import why_anew
from .runs import (
    ALREADY_DONE,
    TABLE,
    check_values,
    finished_when_holds,
    newest,
    only_checked,
    refuse_missing,
    refuse_other_plan,
    renderer_of,
    row_named,
    run_to_undo_or_verify,
    values_refused,
)
from .step_run import StepCheck

_WRITES = "25006"  # read_only_sql_transaction


def dry_run(loaded: Loaded, options: RunOptions, on_event: OnEvent) -> None:
    """Tell what `run` would do: checks the server, the run's state, and leading assertions.

    Everything is asked in read-only transactions; nothing is written, not even the journal.
    """
    plan = loaded.plan
    check_values(loaded, options)
    with connected(loaded, options, read_only=True) as request:
        decision = decide(request)
        row = decision.row
        would = f"{plan.name}: {_intention(request, decision)}"
        number, seconds = row.id if row else None, decision.seconds
        on_event(DryRun(would, plan.name, decision.action, number, seconds=seconds))
        if decision.action == "nothing":
            return
        known = reader.steps(request.session, row.id) if row and decision.action == "go on" else {}
        only_always = decision.action == "always"
        leading, own = True, decision.own.without_session()
        for number, step in enumerate(plan.steps, 1):
            left_out = leaves_out(step, known.get(step.name), only_always=only_always)
            leading = leading and bool(left_out or not step.sql)
            state = left_out or (
                "skipped, as things are" if _is_skipped(request, own, step) else step.form
            )
            told = f"{step.name}: {state}"
            on_event(DryRun(told, step=step.name, number=number, state=state))
            if leading and not left_out:
                _check_now(StepCheck(own, request.session, step, on_event), on_event)


def _intention(request: Request, decision: Decision) -> str:
    named = row_named(request, decision.row) if decision.row else ""
    match decision.action:
        case "begin":
            return "would begin a run"
        case "begin anew":
            return f"would begin a run, in the place of {named}, which {why_anew(request)}"
        case "go on":
            return f"would go on with {named}"
        case "always":
            return f"would do the steps with `always` alone: {decision.why_nothing}"
        case "nothing":
            return f"nothing to do: {decision.why_nothing}"


def _check_now(step_check: StepCheck, on_event: OnEvent) -> None:
    """Evaluate the assertions of a step that would come now; raises AssertionFailedError."""
    step = step_check.step
    if step.when and not step_check.is_true(step.when):
        return
    try:
        assertions.check_alone(step_check)
    except StepError as error:
        if not _needs_a_run(error):
            raise
        why = "not asked: it needs what the sessions of a run have"
        on_event(DryRun(why, step=step.name))


def _needs_a_run(error: StepError) -> bool:
    """Whether an assertion writes, or calls a function that the sessions of a run have."""
    return error.sqlstate == _WRITES or "pg_temp" in error.message


def with_facts_now(
    loaded: Loaded, options: RunOptions, timestamp: str, *, keep: bool = False
) -> Renderer:
    """The plan with what the catalog says now; raises UsageError if there is no table."""
    plan, own = loaded.plan, Renderer.of(loaded, options.variables, timestamp, keep=keep)
    with connected(loaded, options, read_only=True) as request:
        with values_refused(request, own):
            facts = read_facts(request.session, own)
        if plan.facts:
            facts.of_result = finished_when_holds(request, own)
        if TABLE in facts.rows and not facts.rows[TABLE]:
            refuse_missing(request, own)
            raise UsageError(
                f"{own.subject} is no table that {plan.name} can be about",
                hint="`executor run --dry-run` says why",
            )
    return own.with_facts(facts)


def reviewed(loaded: Loaded, options: RunOptions) -> content.Review:
    """What a run would do if it began now; raises UsageError if there is nothing to review."""
    plan = loaded.plan
    check_values(loaded, options)
    with connected(loaded, options, read_only=True) as request:
        decision = _beginning(request)
        own = decision.own
        about, version = own.subject, request.server.version_number // 10000
        plain = neutral(own)
        sent = forward(plain, version), back(plain, version)
        names = dict.fromkeys(
            name for way in sent for item in all_sent(way) for name in item.touched.relations
        )
        asked = ask(request.session, plan.name, about, names, decision.seconds)
        if about and asked.subject is None:
            raise UsageError(
                f"there is no table {about} in {asked.where}",
                hint="a review is one of a real table; --var says which is meant",
            )
        checked = _checked_now(request, own.without_session())
    return content.review(plain, asked, sent, checked, bind(plain), options.variables)


def _beginning(request: Request) -> Decision:
    """The decision to begin a run now; raises UsageError if that is not what `run` would do."""
    decision = decide(request)
    row = decision.row
    if decision.action in ("begin", "begin anew"):
        return decision
    if row and decision.action == "go on" and only_checked(reader.steps(request.session, row.id)):
        return decision
    why = f"{row_named(request, row)} has begun" if row and decision.action == "go on" else ""
    raise UsageError(
        f"there is nothing to review: {why or decision.why_nothing}",
        hint="a review is made before a run; `executor report` shows what one has done",
    )


def _checked_now(request: Request, own: Renderer) -> content.Checked:
    """What the checks find that a plan begins with, and which steps would be left out."""
    found: list[content.Finding] = []
    passed, not_asked = 0, []
    for step in itertools.takewhile(lambda step: not step.sql, own.plan.steps):
        step_check = StepCheck(own, request.session, step, lambda _: None)
        try:
            checked = _evaluated(step_check)
        except StepError as error:
            if not _needs_a_run(error):
                raise
            not_asked.append(step.name)
            continue
        for item in checked:
            passed += sum(finding.passed is True for finding in item.findings)
            found += [_told(item, one) for one in item.findings if one.passed is not True]
    found.sort(key=lambda finding: content.VERDICTS.index(finding.verdict))
    left_out = (step.name for step in own.plan.steps if _is_skipped(request, own, step))
    return content.Checked(tuple(found), passed, tuple(not_asked), tuple(left_out))


def _evaluated(step_check: StepCheck) -> list[assertions.Checked]:
    when = step_check.step.when
    if when and not step_check.is_true(when):
        return []
    try:
        return step_check.transact(lambda: assertions.check(step_check))
    except assertions.AssertionsFailed as failed:
        return failed.checked


def _told(checked: assertions.Checked, finding: Finding) -> content.Finding:
    assertion = checked.assertion
    if finding.passed is None:
        verdict = "error" if assertion.unknown_stops else "not known"
    else:
        verdict = "error" if assertion.severity == "error" else "warning"
    claim = assertion.description or assertion.kind
    return content.Finding(verdict, claim, finding.subject, finding.expected, finding.actual)


def _is_skipped(request: Request, own: Renderer, step: Step) -> bool:
    """Whether a step would be left out, as far as that can be asked now."""
    if not step.when:
        return False
    try:
        return not StepCheck(own, request.session, step, lambda _: None).is_true(step.when)
    except StepError:  # it asks for something that an earlier step makes
        return False


def compare_queries(
    loaded: Loaded,
    options: RunOptions,
    *,
    file: str | None,
    analyze: bool,
    workload: Workload | None = None,
) -> compare.Found:
    """What the application's statements will do; raises UsageError if that can't be asked now."""
    check_values(loaded, options)
    assertion = _of_queries(loaded)
    with connected(loaded, options, read_only=True) as request:
        run = newest(request) if reader.is_installed(request.session) else None
        if run is None or run.status == "succeeded":
            none = f"no run has begun of {loaded.plan.name}"
            why = f"{row_named(request, run)} has swapped them" if run else none
            raise UsageError(
                f"there are no two tables to compare: {why}",
                hint="`executor run --until verify` builds the new one and stops before the swap",
            )
        own = renderer_of(request, run)
        queries = Queries(request.session)
        with request.session.transaction(), explained("the statements can't be looked at"):
            return compare.compare(
                queries,
                told.bounds(own, assertion),
                ours=told.ours(own),
                file=file,
                analyze=analyze,
                workload=workload,
            )


def _of_queries(loaded: Loaded) -> Assertion:
    """What the plan says of statements; raises UsageError if it says nothing."""
    for step in loaded.plan.steps:
        for assertion in step.assertions:
            if assertion.kind == told.KIND:
                return assertion
    raise UsageError(
        f"the plan {loaded.plan.name} says nothing of statements",
        hint=f"an assertion {told.KIND} says which tables are compared",
    )


def verify(loaded: Loaded, options: RunOptions, on_event: OnEvent) -> None:
    """Evaluate the plan's `verify` in one snapshot; raises AssertionFailedError or UsageError."""
    plan = loaded.plan
    if not plan.verify:
        raise PlanError([Problem(str(plan.path), 1, "$", "the plan has no `verify`")])
    step = Step("verify", isolation="repeatable read", assertions=plan.verify)
    began = time.monotonic()
    with connected(loaded, options) as request:
        run, session = _run_to_verify(request), request.session
        known = reader.steps(session, run.id)
        refuse_other_plan(request, run, known)
        turns = {step.name for step in plan.steps if step.turning_point}
        if any(row.status == "skipped" for name, row in known.items() if name in turns):
            raise UsageError(f"{row_named(request, run)} had nothing to do: {ALREADY_DONE}")
        own = renderer_of(request, run)
        request.begin(own)
        tables = variables.tables(plan, own.values)
        values = variables.chosen_values(plan, own.values)
        usual = variables.usual(plan, own.values)
        told = RunStarted(plan.name, run.id, "verify", 1, False, session.where, values, tables)
        on_event(replace(told, usual=usual))
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

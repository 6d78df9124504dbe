"""The runs of the journal that a command may mean, and why one can't be gone on with."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Literal

from executor import resources
from executor.catalog import read_facts
from executor.database.queries import explained
from executor.database.retry import WHILE_LOCKED, retry
from executor.errors import ConnectError, DriftError, LockError, PlanError, SqlError, UsageError
from executor.journal import reader
from executor.journal.rows import RunRow, StepRow
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.rendering.facts import NO_FACTS, Facts
from executor.rendering.facts_file import example
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer

from .connect import Request, RunOptions

CHECK = "check"  # the form, in the journal, of a step without SQL: it only looks
TABLE = "table"  # the fact that has one row if there is a table, and none if there is not
_INVALID_VALUE = "22023"  # invalid_parameter_value
ALREADY_DONE = "what it makes is there already"


def only_checked(known: Mapping[str, StepRow]) -> bool:
    """Whether no step has done, or may have done, anything but look."""
    idle = ("pending", "skipped")
    return all(row.form == CHECK or row.status in idle for row in known.values())


def newest(
    request: Request, more: Mapping[str, object] | None = None, *, done: bool = False
) -> RunRow | None:
    """The plan's run that is not finished, else the newest one with the values of --var.

    None that was rolled back; ``more`` are other values that it must have. With ``done`` an
    unfinished one that has only checked is passed over.
    """
    given = {**_given(request), **(more or {})}
    return reader.latest_run(request.session, request.plan.name, given, done=done)


def run_to_undo_or_verify(request: Request, verb: Literal["rollback", "verify"]) -> RunRow | None:
    """The run that is there to be undone or verified, one that was rolled back included.

    Raises UsageError where an older run would be meant than the newest that could be: whoever
    undoes a run twice does not think of the one before, which may be that of another table.
    """
    session, plan, options = request.session, request.plan, request.options
    given = _given(request)
    row = reader.latest_run(session, plan.name, given, with_rolled_back=True, run=options.run)
    if row is None:
        if other := reader.latest_run(session, plan.name, with_rolled_back=True):
            what = f"no run {options.run}" if options.run else "no run with these values"
            raise UsageError(
                f"there is {what} of {plan.name} in this database",
                hint=f"the newest is {row_named(request, other)}; `executor status` lists them",
            )
        return None
    if row.status != "rolled_back" or options.run is not None:
        return row
    if before := reader.latest_run(session, plan.name, given):
        done = {"rollback": "undone", "verify": "verified"}[verb]
        raise UsageError(
            f"{row_named(request, row)} is rolled back already; the run before it,"
            f" {row_named(request, before)}, is only {done} by name",
            hint=f"executor {verb} {resources.spelled(plan.path)} {_naming(request, before)}",
        )
    return row


def _naming(request: Request, row: RunRow) -> str:
    """The options that mean this run and no other."""
    own = variables.tables(request.plan, row.variables)
    exact = reader.latest_run(request.session, request.plan.name, own, with_rolled_back=True)
    if exact is None or exact.id != row.id or not own:
        return f"--run {row.id}"
    return variables.as_options(own).strip()


def row_named(request: Request, row: RunRow) -> str:
    """A run as a sentence names it: with its number and its tables."""
    own = variables.tables(request.plan, row.variables)
    listing = ", ".join(f"{name}={value}" for name, value in own.items())
    return f"run {row.id}" + (f" ({listing})" if listing else "")


def refuse_other_server(request: Request, row: RunRow) -> None:
    """Raise ConnectError if a run that has not come to its end began before a fail-over."""
    if row.status == "succeeded" or request.options.accept_changed_server:
        return
    server = request.server
    if (row.system_identifier, row.timeline) != (server.system_identifier, server.timeline):
        raise ConnectError(
            f"run {row.id} began on another server, or before a fail-over or restore",
            hint="make sure that no write was lost, then give --accept-changed-server",
        )


_OF_ANOTHER = "it was begun by an older executor, or with another plan"
_WITH_ITS_OWN = "roll it back with the version and the plan that it was begun with"


def refuse_if_owned(request: Request, row: RunRow) -> None:
    """Raise LockError if another executor is at work on a run."""
    # once a run has ended, its owner only takes its leave
    if row.status != "running" or not row.connected or request.options.take_over:
        return
    raise LockError(
        f"run {row.id} belongs to {row.client} since {row.claimed_at}, backend {row.backend_pid},"
        f" last sign of life {row.silent_seconds or 0:.0f} s ago",
        hint="wait for it; if that executor is dead, --take-over shuts it out for good",
    )


def refuse_if_not_last(request: Request, row: RunRow) -> None:
    """Raise UsageError if a later run, not rolled back, is about the same tables."""
    own = variables.tables(request.plan, row.variables)
    later = reader.latest_run(request.session, request.plan.name, own)
    if later and later.id > row.id:
        raise UsageError(
            f"{row_named(request, row)} can't be undone before {row_named(request, later)},"
            " which came later",
            hint="roll that one back first",
        )


def check_same(
    request: Request, row: RunRow, known: Mapping[str, StepRow], ignored: Collection[str] = ()
) -> tuple[Renderer, dict[str, str]]:
    """The renderer of a run's own values, and its digests; raises DriftError or UsageError.

    ``ignored`` are steps that may have been added to the plan since.
    """
    refuse_other_plan(request, row, known)
    own = renderer_of(request, row)
    _refuse_other_values(request, row)
    digests = own.digests()
    compared = {name: digest for name, digest in digests.items() if name not in ignored}
    edited = "" if request.options.accept_changed_plan else drift(known, compared)
    if edited:
        raise DriftError(
            f"the plan was edited since run {row.id} began; {edited}",
            hint="restore the plan, roll the run back first, or give --accept-changed-plan",
        )
    return own, digests


def renderer_of(request: Request, row: RunRow) -> Renderer:
    """The values and the facts of a run; raises DriftError if the journal has not the plan's."""
    facts = NO_FACTS
    if wanted := request.plan.facts:
        rows = reader.facts(request.session, row.id)
        if rows is None or not wanted.keys() <= rows.keys():
            raise DriftError(
                f"the journal has not all facts of run {row.id} that {request.plan.path} asks for:"
                f" {_OF_ANOTHER}",
                hint=_WITH_ITS_OWN,
            )
        facts = Facts(rows)
    try:
        return Renderer.of(request.loaded, row.variables, row.name_timestamp, facts)
    except UsageError as error:
        raise DriftError(
            f"run {row.id} has a value that {request.plan.path} does not take ({error.message}):"
            f" {_OF_ANOTHER}",
            hint=_WITH_ITS_OWN,
        ) from error


def with_facts(request: Request, own: Renderer) -> Renderer:
    """The values of a run that may begin, and what the catalog says now; UsageError if no table.

    While it is one that the check refuses, or a step will make it, the facts beside the plan stand
    in, so that everything can be rendered; what is asked and told are the facts themselves.
    """
    with values_refused(request, own):
        facts = read_facts(request.session, own)
    if TABLE not in facts.rows or facts.rows[TABLE]:
        return own.with_facts(facts)
    if request.options.reviewed or not own.values.get(variables.CREATE):
        refuse_missing(request, own)
    rendered = own.with_facts(example(own.plan) or facts)
    rendered.found = facts
    return rendered


@contextmanager
def values_refused(request: Request, own: Renderer) -> Iterator[None]:
    """Make a UsageError that names the variable where PostgreSQL does not take its value."""
    try:
        yield
    except SqlError as error:
        variable = next(
            (v for v in own.plan.variables if f'"{own.values[v.name]}"' in error.message), None
        )
        if error.sqlstate != _INVALID_VALUE or variable is None:
            raise
        name, why = variable.name, error.message.rpartition(": ")[2]
        given = f"--var {name}={own.values[name]}: {why}"
        if name not in request.options.variables:
            given = str(own.plan.problem(("variables", name), why))
        raise UsageError(given, hint=f"{name}: {variable.description}".strip(" :")) from error


def refuse_missing(request: Request, own: Renderer) -> None:
    """Raise UsageError if the table that the plan is about is not there."""
    subject = own.plan.subject
    if not subject:
        return
    (row,) = request.queries.send_alone("tables/missing.sql", source=own.values[subject]).rows
    if not row["missing"]:
        return
    where = f" in {request.session.where}"
    no_schema = f", and no schema {own.values[subject].schema}" if row["no_schema"] else ""
    makes = (
        f"; --{variables.CREATE} makes an empty one"
        if own.values.get(variables.CREATE) is False
        else ""
    )
    raise UsageError(
        f"there is no table {own.subject}{where}{no_schema}",
        hint=f"{row['did_you_mean']}--var {subject}=… says which is meant{makes}",
    )


def refuse_other_plan(request: Request, row: RunRow, known: Collection[str]) -> None:
    """Raise UsageError if a run is one of another plan whose file has the same name.

    The journal has no path, for the same plan may be anywhere: two plans have no step in common.
    """
    plan = request.plan
    if known and all(step.name not in known for step in plan.steps):
        raise UsageError(
            f"run {row.id} is one of another plan that is named {plan.name}, too: of its steps"
            f" ({', '.join(known)}) {plan.path} has none",
            hint="give the file of that plan; and rename one of the two",
        )


def drift(known: Mapping[str, StepRow], digests: Mapping[str, str]) -> str:
    """Which steps are not as they were when the run began, in words; empty if there is none."""
    changed = [name for name, row in known.items() if digests.get(name, row.digest) != row.digest]
    removed = [name for name in known if name not in digests]
    added = [name for name in digests if name not in known]
    return "; ".join(
        f"{what}: {', '.join(names)}"
        for what, names in (("changed", changed), ("removed", removed), ("added", added))
        if names
    )


def _refuse_other_values(request: Request, row: RunRow) -> None:
    """Raise UsageError if --var does not say what a run was begun with; DriftError if it can't."""
    plan, given = request.plan, request.options.variables
    if missing := sorted(
        set(variables.without_options(row.variables)) - variables.names_in_journal(plan)
    ):
        raise DriftError(
            f"run {row.id} was begun with a variable {missing[0]!r}, which the plan no longer has",
            hint="restore the plan, or roll the run back with the plan that it was begun with",
        )
    both = {**row.variables, **given}
    asked = variables.resolve(plan, request.loaded.templates, both, row.name_timestamp)
    as_json = variables.as_journal(plan, asked)
    for name in given:
        if as_json.get(name) != (known_as := row.variables.get(name)):
            option = "--accept" if name == variables.ACCEPT else "--var"
            was = f"with {name}={known_as}"
            if option == "--accept":
                was = f"with --accept {' '.join(known_as)}" if known_as else "without --accept"
            raise UsageError(
                f"run {row.id} was begun {was}",
                hint=f"leave {option} out to go on with it, or roll it back first",
            )


def _given(request: Request) -> dict[str, object]:
    """The values of --var as the journal has them."""
    given = variables.without_options(request.options.variables)
    if not given:
        return {}
    plan = request.plan
    values = variables.resolve(plan, request.loaded.templates, given, ANY_TIMESTAMP)
    as_json = variables.as_journal(plan, values)
    return {name: as_json[name] for name in given}


def check_values(loaded: Loaded, options: RunOptions) -> None:
    """Raise what is wrong with the values given, before a server is asked."""
    Renderer.of(loaded, options.variables, ANY_TIMESTAMP)


def values_of_new_run(request: Request) -> Renderer:
    """The values of a new run; without --var those of the run before, if that has come to its end.

    Raises UsageError if without --var other tables would be meant than in the run before: who
    leaves it out thinks of those. A run that had only checked binds nobody.
    """
    plan, chosen = request.plan, request.options.variables
    fresh = values_given(request, chosen)
    if variables.without_options(chosen) or not reader.is_installed(request.session):
        return fresh
    before = reader.latest_run(request.session, plan.name, with_rolled_back=True, done=True)
    now = variables.tables(plan, fresh.values)
    if before and before.status == "succeeded" and request.options.again:
        return values_like(request, before)
    if before is None or all(now[name] == before.variables.get(name) for name in now):
        return fresh
    if before.status == "succeeded":
        if not plan.finished_when:
            return values_like(request, before)
        own = Renderer.of(request.loaded, before.variables, before.name_timestamp)
        if finished_when_holds(request, own) or has_purpose(request, before):
            return own
    meant = ", ".join(f"{name}={before.variables.get(name)}" for name in now)
    here = ", ".join(f"{name}={value}" for name, value in now.items())
    raise UsageError(
        f"run {before.id} of {plan.name} was with {meant}; this would begin one with {here}",
        hint=" ".join(["say which is meant:", *(f"--var {name}=…" for name in now)]),
    )


def values_like(request: Request, row: RunRow) -> Renderer:
    """The values of a run that begins in the place of another: what was chosen for that holds."""
    before = variables.values_to_begin_anew(request.plan, row.variables)
    return values_given(request, {**before, **request.options.variables})


def values_given(request: Request, given: Mapping[str, object]) -> Renderer:
    """The values that are given, and those that the plan asks the server for."""
    found: dict[str, object] = {}
    for variable in request.plan.variables:
        if variable.ask and variable.name not in given:
            cores = os.cpu_count() if request.session.is_local else None
            value = request.queries.send_alone(variable.ask, cores=cores).scalar()
            if value is not None:
                found[variable.name] = value
    return Renderer.of(request.loaded, {**found, **given}, request.server.name_timestamp)


def finished_when_holds(request: Request, own: Renderer) -> bool:
    """Whether the plan's `finished_when` holds; without one nothing is finished."""
    condition = request.plan.finished_when
    if not condition:
        return False
    with values_refused(request, own), explained("finished_when failed"):
        return is_true(request, own.condition(condition))


def has_purpose(request: Request, row: RunRow) -> bool:
    """Whether `finished_when` asks of a run of the journal what it asks now.

    It says what the purpose is, not the values: with more workers it is the same.
    """
    plan, condition = request.plan, request.plan.finished_when
    if not condition:
        return False
    asked = {variable.name for variable in plan.variables if variable.ask}
    found = {name: row.variables[name] for name in asked & row.variables.keys()}
    both = row.variables, {**found, **chosen_again(request, row)}
    with suppress(UsageError, PlanError):  # a value that the plan does not take any more
        then, now = (
            Renderer.of(request.loaded, values, row.name_timestamp).condition(condition)
            for values in both
        )
        return then == now
    return False


def chosen_again(request: Request, row: RunRow) -> dict[str, object]:
    """What is given, and what was chosen for a run of the journal, if nothing else is given now."""
    given = request.options.variables
    if any(row.variables.get(name) != value for name, value in _given(request).items()):
        return dict(given)
    return {**variables.values_to_begin_anew(request.plan, row.variables), **given}


def is_true(request: Request, condition: str) -> bool:
    """The answer of a rendered condition; asked again while something locks the table."""
    session = request.session
    return retry(session, lambda: session.execute_alone(condition).is_true, WHILE_LOCKED)

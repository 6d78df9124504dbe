"""What a program does with plans: these functions, which `import executor` has, and no others.

The command line has no other way for the verbs of the same names. They print nothing, ask nothing
of the terminal, and set no handler of signals; what goes wrong they raise as an ExecutorError.

PLAN is a file or the name of a plan, as on the command line; None is the only one in plans/. A
`dsn` is a URI, key=value pairs or embedded:DIR; None leaves it to libpq's PG* variables.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import AssertionFailedError, ExecutorError, SqlError, UsageError
from .options import Options

if TYPE_CHECKING:
    from .engine.connect import RunOptions
    from .engine.run import RunResult
    from .events import OnEvent
    from .journal.rows import Progress, RunRow, StepRow
    from .plan.loader import Loaded
    from .rendering.renderer import Renderer
    from .reviews.content import Review
    from .watch import Watch

Plan = str | os.PathLike[str] | None
Values = Mapping[str, object]

_NONE: Values = {}
_USUAL = Options()
_OVERRIDES = ("take_over", "accept_changed_plan", "accept_changed_server")
#: of each verb, what it takes beside `dry_run` of those that have one
_TAKEN = {
    "run": (
        *("accept", "until", "hold", "dry_run", "rollback_on_failure", "expect", "again"),
        *_OVERRIDES,
    ),
    "rollback": ("accept", "run", *_OVERRIDES),
    "verify": ("run",),
    "maintain": ("dry_run", "take_over"),
    "render": ("accept",),
    "facts": ("accept",),
    "review": ("accept", "again"),
}

_OF_RUNS = ("run", "rollback", "verify", "maintain")


def run(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    on_event: OnEvent | None = None,
) -> RunResult:
    """Run a plan, or resume it where it stopped; raises the ExecutorError that stopped it.

    Nothing is to be done where it has come to its end. With `dry_run` it only says, by events,
    what it would do. What ``on_event`` raises stops the run where it is, to be resumed.
    """
    from .engine import run as engine
    from .engine.read_only import dry_run
    from .watch import say_ways_on, undo

    with _prepared("run", plan, dsn, variables, options, on_event) as (loaded, asked, watch):
        if options.dry_run:
            dry_run(loaded, asked, watch)
            return engine.RunResult(None, "dry_run")
        try:
            return engine.run(loaded, asked, watch)
        except (SqlError, AssertionFailedError) as error:
            if watch.run and options.rollback_on_failure:
                undo(loaded, asked, watch, error)
            elif watch.run:
                say_ways_on(loaded, asked, watch, error)
            raise


def rollback(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    on_event: OnEvent | None = None,
) -> RunResult:
    """Undo the newest run of a plan, or the newest with these values, last step first."""
    from .engine import run as engine

    with _prepared("rollback", plan, dsn, variables, options, on_event) as (loaded, asked, watch):
        return engine.rollback(loaded, asked, watch)


def verify(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    on_event: OnEvent | None = None,
) -> None:
    """Prove what a plan claims of the result of a run; AssertionFailedError if it does not hold."""
    from .engine import read_only

    with _prepared("verify", plan, dsn, variables, options, on_event) as (loaded, asked, watch):
        read_only.verify(loaded, asked, watch)


def maintain(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    on_event: OnEvent | None = None,
) -> RunResult:
    """Do what is missing of a plan's `maintain`; AssertionFailedError if something needs a person.

    All else is done before that is raised.
    """
    from .engine import run as engine
    from .engine.read_only import dry_run
    from .plan.maintain import maintenance

    with _prepared("maintain", plan, dsn, _NONE, options, on_event) as (given, asked, watch):
        loaded, values = maintenance(given, variables)
        own = replace(asked, variables=values, afresh=True)
        if options.dry_run:
            dry_run(loaded, own, watch)
            done = engine.RunResult(None, "dry_run")
        else:
            try:
                done = engine.run(loaded, own, watch)
            except (SqlError, AssertionFailedError) as error:
                hint = "What was committed is kept; the next `executor maintain` does the rest."
                if watch.begun:
                    error.hint = " ".join(filter(None, [error.hint, hint]))
                raise
        if watch.warned:
            listed = "\n  ".join(["this needs a person:", *watch.warned])
            raise AssertionFailedError(listed, step="check")
        return done


def render(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    facts: str | os.PathLike[str] | None = None,
    timestamp: str | None = None,
) -> Rendered:
    """A plan as SQL, for the table of a file of facts, or of the server that ``dsn`` means.

    Without both, it is for the table whose facts stand beside the plan. Here a ``dsn`` of None is
    no server; "" leaves it to libpq's variables. The timestamp in names, YYYYMMDD_HHMMSS, is that
    of now in UTC, unless it is given.
    """
    from .plan.variables import chosen
    from .project import load_plan

    _refuse_untaken("render", options)
    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S") if timestamp is None else timestamp
    if not re.fullmatch(r"\d{8}_\d{6}", stamp):
        raise UsageError(f"--timestamp {stamp!r} is not YYYYMMDD_HHMMSS")
    loaded = load_plan(plan)
    given = chosen(loaded.plan, variables, options.accept)
    own, origin = with_facts(loaded, given, stamp, None if facts is None else Path(facts), dsn)
    own.digests()  # every mistake is told before the first line is printed
    is_example = facts is None and dsn is None and bool(origin)
    return Rendered(origin, is_example, own)


def facts(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
) -> dict[str, Any]:
    """What the catalog says of a plan's table, to be dumped as JSON for `render`. Reads only."""
    from .engine.read_only import with_facts_now
    from .rendering.facts_file import as_document
    from .rendering.renderer import ANY_TIMESTAMP

    with _prepared("facts", plan, dsn, variables, options) as (loaded, asked, _):
        return as_document(with_facts_now(loaded, asked, ANY_TIMESTAMP))


def review(
    plan: Plan = None,
    *,
    dsn: str | None = None,
    variables: Values = _NONE,
    options: Options = _USUAL,
    rehearsal: str | os.PathLike[str] | None = None,
) -> Review:
    """What a run would do to the real table if it began now; with what a rehearsal has found.

    Reads only. Its `digest` is what `Options.expect` takes.
    """
    from .engine.read_only import reviewed
    from .rehearsed import in_words, read

    found = None if rehearsal is None else read(os.fspath(rehearsal))
    with _prepared("review", plan, dsn, variables, options) as (loaded, asked, _):
        review = reviewed(loaded, asked)
    if rehearsal is not None and found:
        told = in_words(found, os.fspath(rehearsal), review.digest)
        review = replace(review, minute=(*review.minute, told[0]), rehearsal=told)
    return review


def status(
    plan: Plan = None, *, dsn: str | None = None, run: int | None = None
) -> RunStatus | None:
    """The newest run of a plan, or the run of this number; None if the plan has no run.

    "PLAN maintain" means those of `maintain`. Raises UsageError if there is no run of this number.
    """
    from .database.dsn import served
    from .database.session import Connector
    from .journal import reader
    from .plan.maintain import plan_name
    from .rendering.facts import Facts

    name = None if plan is None and run is not None else plan_name(plan)
    with (
        served(dsn) as target,
        reader.explained(),
        Connector(target, "executor:status").session() as session,
    ):
        row = None
        if reader.is_installed(session):
            row = reader.latest_run(session, name, with_rolled_back=True, run=run)
        if row is None and run is not None:
            of = f" of {name}" if name else ""
            raise UsageError(
                f"there is no run {run}{of} in this database",
                hint="`executor status` lists the newest",
            )
        if row is None:
            return None
        known = reader.known_facts(session, row.id)
        steps = tuple(reader.steps(session, row.id).values())
        return RunStatus(row, steps, Facts(known).fingerprint if known else None)


def runs(*, dsn: str | None = None) -> Sequence[Mapping[str, Any]]:
    """The newest runs of all plans in a database, as `executor status --format json` has them."""
    from .database.dsn import served
    from .database.session import Connector
    from .journal import reader

    with (
        served(dsn) as target,
        reader.explained(),
        Connector(target, "executor:status").session() as session,
    ):
        return reader.recent_runs(session) if reader.is_installed(session) else []


@dataclass(frozen=True, slots=True)
class RunStatus:
    """What the journal says of a run."""

    run: RunRow
    steps: Sequence[StepRow]
    facts_fingerprint: str | None

    @property
    def progress(self) -> Progress | None:
        """How far a run is that goes forward; None if nothing tells."""
        from .journal.rows import being_undone, progress

        goes = self.run.status == "running" and not being_undone(self.steps)
        return progress(self.steps, self.run.pace) if goes else None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A plan as SQL for psql, for one table."""

    origin: str  # for which table, in words; empty of a plan without facts
    is_example: bool  # for the table whose facts stand beside the plan, and perhaps for no other
    _own: Renderer = field(repr=False)

    def script(self, *, rollback: bool = False, fold: bool = False) -> str:
        """The script that performs the plan, or undoes it; folded it is for reading alone."""
        from .rendering import script

        way = script.rollback if rollback else script.forward
        return "\n".join(way(self._own, self.origin, folded=fold))

    def outline(self) -> str:
        """The steps, a comment line each."""
        from .rendering import script

        return "\n".join(script.outline(self._own))

    def steps(
        self, *, sql: bool = False, rollback: bool = False, fold: bool = False
    ) -> Iterator[dict[str, object]]:
        """The steps for machines, with what does (`sql`) or undoes them."""
        from .rendering import script

        return script.objects(self._own, sql=sql, undo=rollback, folded=fold)


# -- what they share


@contextmanager
def _prepared(
    verb: str,
    plan: Plan,
    dsn: str | None,
    variables: Values,
    options: Options,
    on_event: OnEvent | None = None,
) -> Iterator[tuple[Loaded, RunOptions, Watch]]:
    """The plan, the options with the server and the values, and what events go through."""
    from .database.dsn import served
    from .engine.connect import RunOptions
    from .plan.maintain import check_values
    from .plan.variables import chosen
    from .project import load_plan
    from .reviews.bound import expected
    from .watch import Watch

    _refuse_untaken(verb, options)
    loaded, watch = load_plan(plan), Watch(on_event)
    given = {item.name: getattr(options, item.name) for item in fields(Options)}
    accept = () if verb == "rollback" else options.accept  # there they are no part of the values
    try:
        if verb == "run":
            check_values(loaded)
        with served(dsn) as target:
            values = chosen(loaded.plan, variables, accept)
            reviewed = None if options.expect is None else expected(options.expect)
            asked = RunOptions(**given, dsn=target, variables=values, reviewed=reviewed)
            yield loaded, asked, watch
    except ExecutorError as error:
        told = {"plan": loaded.plan.name, "run": watch.run}
        if verb in _OF_RUNS:
            asks = verb == "verify" or options.dry_run
            told["state"] = "unchanged" if asks else watch.state
        error.facts = told | error.facts
        raise


def _refuse_untaken(verb: str, options: Options) -> None:
    """Raise UsageError for an option that means nothing to a verb."""
    for item in fields(Options):
        if getattr(options, item.name) != item.default and item.name not in _TAKEN[verb]:
            raise UsageError(
                f"executor.{verb} has no option {item.name!r}",
                hint=f"it has: {', '.join(_TAKEN[verb])}",
            )


def with_facts(
    loaded: Loaded, given: Values, stamp: str, file: Path | None, dsn: str | None
) -> tuple[Renderer, str]:
    """The plan with the facts of a table, and where these are from, in words."""
    from .rendering.facts_file import example, read_document
    from .rendering.renderer import Renderer

    own = Renderer.of(loaded, given, stamp, keep=True)
    if not loaded.plan.facts:
        return own, ""
    if file is not None:
        return own.with_facts(read_document(file, own)), f"for {own.subject} as in {file}"
    if dsn is not None:
        from .database.dsn import served
        from .engine.connect import RunOptions
        from .engine.read_only import with_facts_now

        with served(dsn) as target:
            asked = RunOptions(dsn=target, variables=given)
            return with_facts_now(loaded, asked, stamp, keep=True), f"for {own.subject} as it is"
    facts = example(loaded.plan)
    if facts is None:
        raise UsageError(
            f"what the catalog says of {own.subject} is not known",
            hint="give --dsn, or --facts FILE as `executor facts` writes it",
        )
    origin = f"for the table whose facts stand beside the plan {loaded.plan.name}, not for yours"
    return own.with_facts(facts), origin

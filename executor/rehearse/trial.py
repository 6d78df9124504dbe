"""Runs a plan on the rebuilt database: on the sample, back, there again, and on more rows."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from executor.database import embedded
from executor.database.queries import Queries, explained
from executor.database.session import Connector, DatabaseError
from executor.engine import read_only
from executor.engine import run as engine
from executor.engine.connect import RunOptions
from executor.errors import ExecutorError, InterruptedRunError, UsageError
from executor.events import AssertionChecked, Event, OnEvent, RunFinished, StepFinished
from executor.formats import moment
from executor.plan.loader import Loaded
from executor.queries import told
from executor.queries.compare import Found
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.reviews.bound import bind, neutral
from executor.templating.names import table_name

from . import other_size, rebuild
from .beside import Writer, Written
from .locks import Clock, Lock, Watch, names_of, of_script, together
from .other_size import OtherSize
from .real import Real, look
from .rebuild import Dump, Rows
from .server import Server, serving
from .synthetic import Made

WHOLE = "whole"  # the database with all rows that were taken
_WATCHED = ("run", "rollback")  # to look at locks takes time, and the others are measured


@dataclass(slots=True)
class Wish:
    """What the command line says of a rehearsal."""

    dsn: str | None
    variables: Mapping[str, object]
    rows: int | None = None
    percent: float | None = None
    writes_per_second: float = 20.0
    queries: str | None = None  # a file of statements
    on: str | None = None  # the server that is named for it; None: one of our own
    synthetic: bool = False  # no row leaves the real server


@dataclass(slots=True)
class Trial:
    """One run of the plan, or the way back."""

    what: str
    rows: int
    seconds: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)  # seconds of each
    bytes: int = 0  # that the database has grown
    wal: int = 0
    findings: list[str] = field(default_factory=list)  # that warn, and do not stop it
    locks: Sequence[Lock] = ()
    written: Written = field(default_factory=Written)
    error: ExecutorError | None = None
    step: str = ""  # where it stopped

    def __call__(self, event: Event) -> None:
        """Take down what a run says of itself."""
        match event:
            case StepFinished(status=status) if status != "skipped":
                self.steps[event.step] = self.steps.get(event.step, 0.0) + event.seconds
            case RunFinished():
                self.seconds += event.seconds
            case AssertionChecked(stops=False):
                wrong = (str(finding) for finding in event.findings if finding.passed is not True)
                self.findings += (line for line in wrong if line not in self.findings)


@dataclass(slots=True)
class Rehearsal:
    """What a rehearsal has found."""

    plan: str
    real: Real
    version: str  # of the server that it is on, and which that is
    where: str
    synthetic: bool = False  # with rows that nobody has
    trials: list[Trial] = field(default_factory=list)
    same_after_rollback: bool | None = None  # None: not compared
    queries: Found | None = None
    other: OtherSize | None = None  # None: the sample has all rows
    no_queries: str = ""  # why no statement was looked at
    digest: str = ""  # of what a review of the real table binds a run to; empty: not known
    at: str = ""  # when it began

    @property
    def stopped(self) -> Trial | None:
        """The run that came to no end."""
        return next((trial for trial in self.trials if trial.error), None)

    @property
    def error(self) -> ExecutorError | None:
        """What stopped it."""
        return self.stopped.error if self.stopped else None


def rehearse(loaded: Loaded, wish: Wish, say: Callable[[str], None]) -> Rehearsal:
    """Rehearse a plan; what stops a run is in the result, what stops a rehearsal is raised."""
    own = Renderer.of(loaded, wish.variables, ANY_TIMESTAMP)
    if not own.subject:
        raise UsageError(
            f"the plan {loaded.plan.name} does not say which table it is about",
            hint="`subject` of a plan names the variable: a rehearsal needs rows of that table",
        )
    embedded.binaries()  # is there a server of our own at all?
    say("looking at the real database")
    real = look(wish.dsn, table_name(own.subject), told.ours(own))
    at, digest = f"{moment(datetime.now(UTC))} UTC", _digest(loaded, wish)
    with ExitStack() as stack:
        stack.enter_context(explained("the rehearsal can't go on"))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="executor-")))
        server = stack.enter_context(serving(wish.on, real))
        dump = Dump(real, directory)
        make_anew(wish, server, real, dump, say)
        smaller = other_size.begin(server, real, WHOLE)
        server.promote()
        found = _Stage(loaded, wish, server, real, say).perform(dump if smaller else None)
    found.at, found.digest = at, digest
    return found


def make_anew(
    wish: Wish, server: Server, real: Real, dump: Dump, say: Callable[[str], None]
) -> None:
    """The database WHOLE, with as many of the rows as are wished, or of rows like them."""
    rows = "rows like its own" if wish.synthetic else "some of its rows"
    say(f"making it anew on a server {server.where}, with {rows}")
    rebuild.begin(server, real, dump, WHOLE)
    taken = Made if wish.synthetic else Rows
    real.drawn = taken(server, real, WHOLE).draw(_most(wish, real))
    rebuild.finish(server, real, dump, WHOLE)


def _digest(loaded: Loaded, wish: Wish) -> str:
    """What a review of the same is known by; empty where a run would be refused."""
    try:
        options = RunOptions(dsn=wish.dsn, variables=wish.variables)
        return bind(neutral(read_only.with_facts_now(loaded, options, ANY_TIMESTAMP))).digest
    except ExecutorError:  # the first run says why
        return ""


def _most(wish: Wish, real: Real) -> int:
    if wish.percent is not None:
        return max(round(real.table.rows * wish.percent / 100), 1)
    return wish.rows or 20_000


class _Stage:
    """The databases in which the plan is run, and what was found so far."""

    def __init__(
        self, loaded: Loaded, wish: Wish, server: Server, real: Real, say: Callable[[str], None]
    ) -> None:
        self._loaded = loaded
        self._wish = wish
        self._server = server
        self._real = real
        self._say = say
        with server.session(WHOLE) as queries:
            number = queries.session.version
            self._names = names_of(queries)  # of what was there before any run
        version = f"{number // 10000}.{number % 10000}"
        self._found = Rehearsal(loaded.plan.name, real, version, server.where, wish.synthetic)
        self._said: dict[str, list[Lock]] = {}  # what the statements of a plan lock, by the way

    def perform(self, dump: Dump | None) -> Rehearsal:
        """All runs, until one stops; the last with another size, if definitions are given."""
        rows = self._real.drawn[str(self._real.table.name)]
        acts = [("run", self._run_and_compare), ("rollback", self._roll_back)]
        for what, act in [*acts, ("run again", self._run)]:
            self._try(Trial(what, rows), WHOLE, act)
            if self._found.stopped:
                return self._found
        if dump:
            self._say("making it with another number of rows, for the forecast")
            self._server.demote()
            other = self._found.other = other_size.make(self._server, self._real, dump)
            self._server.promote()
            other_size.settle(self._server, self._real, other)
            self._try(Trial(other.what, other.rows), other.database, self._run)
        return self._found

    def _try(self, trial: Trial, database: str, act: Callable[[str, OnEvent], None]) -> None:
        self._say(f"{trial.what}: {trial.rows:,} rows")
        self._found.trials.append(trial)
        writes = 0.0 if trial.what == "rollback" else self._wish.writes_per_second
        self._beside(trial, database, writes, act)

    def _ask_script(self) -> None:
        """Which locks the plan must take here; not known of one that does not get as far."""
        try:
            told = read_only.reviewed(self._loaded, self._options(WHOLE))
        except ExecutorError:  # the first run says why
            return
        self._said = {
            "run": of_script(told.forward, self._names),
            "rollback": of_script(told.back, self._names),
        }

    def _beside(
        self, trial: Trial, database: str, writes: float, act: Callable[[str, OnEvent], None]
    ) -> None:
        """Run with writers and a watch beside it."""
        server, table = self._server, self._real.table
        clock = Clock(self._undone() if trial.what == "rollback" else ())
        name = f"executor:{self._loaded.plan.name}"

        def sink(event: Event) -> None:
            clock(event)
            trial(event)

        application = Connector(server.at(database, server.application), "application")
        with server.session(database) as queries, application.session() as writing:
            watch = Watch(queries.session, name, self._names, clock)
            writer = Writer(writing, table.name, writes, clock)
            with server.session(database) as measuring:
                before = _measured(measuring)
                if trial.what in _WATCHED:
                    watch.start()
                writer.start()
                try:
                    act(database, sink)
                except (InterruptedRunError, UsageError):
                    raise
                except ExecutorError as error:
                    trial.error, trial.step = error, getattr(error, "step", clock.step)
                finally:
                    trial.locks, trial.written = watch.end(), writer.end()
                after = _measured(measuring)
        done = [*trial.steps, *([trial.step] if trial.step else [])]
        trial.locks = together(trial.locks, self._said.get(trial.what, ()), done)
        trial.bytes, trial.wal = after["bytes"] - before["bytes"], after["wal"] - before["wal"]

    def _undone(self) -> list[str]:
        """The steps that a rollback undoes, in its order."""
        return list(reversed(self._found.trials[0].steps))

    def _options(
        self, database: str, *, until: str | None = None, begins: bool = True
    ) -> RunOptions:
        variables = self._wish.variables if begins else {}
        dsn = self._server.at(database, self._real.role)
        return RunOptions(dsn=dsn, variables=variables, until=until)

    def _run(self, database: str, sink: OnEvent) -> None:
        result = engine.run(self._loaded, self._options(database), sink)
        if result.status == "nothing_to_do":
            raise UsageError(f"there is nothing to rehearse: {result.message}")
        self._verify(database)

    def _verify(self, database: str) -> None:
        if self._loaded.plan.verify:
            options = self._options(database, begins=False)
            read_only.verify(self._loaded, options, lambda _: None)

    def _run_and_compare(self, database: str, sink: OnEvent) -> None:
        """Stop where the plan looks at statements, and look at those of the real server."""
        before, steps = "", self._loaded.plan.steps
        checks = [step.name for step in itertools.takewhile(lambda step: not step.sql, steps)]
        if checks and len(checks) < len(steps):  # they may refuse all that comes
            engine.run(self._loaded, self._options(database, until=checks[-1]), sink)
        self._ask_script()
        for step in steps:
            if before and any(item.kind == told.KIND for item in step.assertions):
                engine.run(self._loaded, self._options(database, until=before), sink)
                self._compare(database)
                break
            before = step.name
        else:
            self._found.no_queries = "the plan says nothing of statements"
        self._run(database, sink)

    def _compare(self, database: str) -> None:
        file, options = self._wish.queries, self._options(database, begins=False)
        try:
            self._found.queries = read_only.compare_queries(
                self._loaded,
                options,
                file=file,
                analyze=file is not None,
                workload=None if file else self._real.workload,
            )
        except UsageError as error:
            if file:
                raise
            self._found.no_queries = error.message

    def _roll_back(self, database: str, sink: OnEvent) -> None:
        before = self._digest(database)
        engine.rollback(self._loaded, self._options(database, begins=False), sink)
        if before:
            self._found.same_after_rollback = before == self._digest(database)
            if not self._found.same_after_rollback:
                raise ExecutorError("after the rollback the table has not the rows of before")

    def _digest(self, database: str) -> str:
        """All rows as their owner sees them; empty if the table has not all of its columns now."""
        table = self._real.table
        with self._server.session(database, self._server.application) as queries:
            try:
                asked = {"table": table.name, "columns": table.columns}
                return str(queries.send("rehearse/digest.sql", **asked).scalar())
            except DatabaseError:
                return ""


def _measured(queries: Queries) -> Mapping[str, int]:
    return queries.send("rehearse/measured.sql").one()

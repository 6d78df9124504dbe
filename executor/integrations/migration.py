"""A plan as an operation of a migration, whoever performs that."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import executor
from executor import events
from executor.options import Options
from executor.streams import visible

logger = logging.getLogger("executor")

#: behind a script, for what comes next in its session
_AFTERWARDS = "RESET ALL;"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMigration:
    """A plan, and what is said of it in a migration.

    ``facts`` and ``timestamp`` are of a script that is printed: for the table of which file, as
    `executor facts` writes it, and YYYYMMDD_HHMMSS in the names of tables.
    """

    plan: str | os.PathLike[str]
    variables: Mapping[str, object] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    facts: str | os.PathLike[str] | None = None
    timestamp: str | None = None
    dsn: str | None = None  # instead of that of the migration's connection
    on_event: events.OnEvent | None = None

    def perform(self, dsn: str, *, back: bool) -> None:
        """Run the plan, or undo it; an error brings its hint along. UsageError for a dry run."""
        way = executor.rollback if back else executor.run
        try:
            if self.options.dry_run:
                raise executor.errors.UsageError(
                    f"the plan {self.plan} was to be run dry: the migration would count as applied",
                    hint="executor run --dry-run says what would be done",
                )
            done = way(
                self.plan,
                dsn=self.dsn or dsn,
                variables=self.variables,
                options=_of_rollback(self.options) if back else self.options,
                on_event=self.on_event or _log,
            )
            if back and done.run is None:
                raise executor.errors.UsageError(
                    f"there is no run of {self.plan} in this database that could be undone",
                    hint="what a script has done, a script undoes: print that of the way back",
                )
        except executor.errors.DoneError as error:  # and what came after it in the migration failed
            logger.info("%s", error.message)
        except executor.errors.ExecutorError as error:
            if error.hint:
                error.add_note(f"Hint: {error.hint}")
            raise

    def script(self, dsn: str | None, *, back: bool) -> str:
        """What performs or undoes it, for psql; without a file, with the facts of the server.

        Raises UsageError for a way back of which nobody knows where it begins.
        """
        found = executor.render(
            self.plan,
            dsn=self.dsn or dsn,
            variables=self.variables,
            options=Options(accept=self.options.accept),
            facts=self.facts,
            timestamp=self.timestamp,
        )
        if found.is_example:
            logger.warning("%s: give facts=FILE", found.origin)
        if back and found.origin and not (self.facts and self.timestamp):
            raise executor.errors.UsageError(
                f"the script that undoes {self.plan} needs what the script that did it was made of:"
                " give both the same facts=FILE and timestamp='YYYYMMDD_HHMMSS'"
            )
        return f"{found.script(rollback=back)}\n{_AFTERWARDS}"


def _of_rollback(options: Options) -> Options:
    """What of the options of a run its way back takes, too."""
    return replace(
        Options(),
        take_over=options.take_over,
        accept_changed_plan=options.accept_changed_plan,
        accept_changed_server=options.accept_changed_server,
    )


def _log(event: events.Event) -> None:
    # what a server or a table says must not steer a terminal, nor look like a line of others
    for level, line in _lines(event):
        logger.log(level, "%s", " ".join(visible(line).split()))


def _lines(event: events.Event) -> Iterator[tuple[int, str]]:
    match event:
        case events.StepFinished():
            yield logging.INFO, f"{event.step}: {event.status}, {event.seconds:.1f} s"
        case events.Waiting():
            yield logging.INFO, f"{event.step} waits: {event.reason}"
        case events.Notice():
            yield logging.WARNING, f"{event.step}: {event.message}"
        case events.AssertionChecked(passed=False, stops=False):
            for finding in event.findings or ("it found nothing",):
                yield logging.WARNING, f"{event.step}: {event.claim}: {finding}"
        case events.RunFinished():
            yield logging.INFO, f"{event.plan}: {event.status} {event.message}"
            yield from ((logging.WARNING, f"{event.plan}: {line}") for line in event.warnings)

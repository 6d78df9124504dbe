"""What people see: a console that no name can steer, and on it how a run goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.markup import escape
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from executor import events
from executor.formats import counted, roughly
from executor.streams import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PLAIN_EVERY = 5.0  # seconds between two progress lines where there is no terminal
_WORTH_A_RATE = 1000  # rows from which on rows/s say something
_WORTH_AN_END = 0.5  # seconds of a step after which a run says how far it is
_WIDTH = 26  # of the names of steps
_MARKS = {
    "succeeded": "[green]✓[/]",
    "skipped": "[dim]–[/]",
    "rolled_back": "[yellow]↶[/]",
}


class _Visible:
    """Something for a console whose text is made visible when it is rendered."""

    def __init__(self, content: ConsoleRenderable) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._content, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


class _Hook(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Visible(renderable) for renderable in renderables]


def console(
    *,
    stderr: bool = False,
    file: IO[str] | None = None,
    width: int | None = None,
    no_color: bool | None = None,
    markup: bool = True,
    emoji: bool = True,
) -> Console:
    """A console of rich that shows control characters of what it is given."""
    stream = sys.stderr if stderr else sys.stdout
    file = file or getattr(stream, "rich_proxied_file", stream)
    made = Console(
        stderr=stderr, file=file, width=width, no_color=no_color, markup=markup, emoji=emoji
    )
    made.push_render_hook(_Hook())
    return made


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on stdout; where that is no terminal, no line is cut or wrapped."""
    table = Table(*heads, box=None)
    for row in rows:
        table.add_row(*row)
    page = console(markup=False, emoji=False)  # an error quotes what somebody wrote
    if not page.is_terminal:
        page.width = 1000
    page.print(table)


@dataclass(slots=True)
class _Step:
    started: events.StepStarted
    began: float
    iterations: int
    planned: int = 0
    rows: int = 0
    told: float = 0.0
    assertions: list[events.AssertionChecked] = field(default_factory=list)


class TextSink:
    """Lines for people, and a progress bar while a step with iterations runs on a terminal."""

    def __init__(self, console: Console, *, verbose: bool = False) -> None:
        self._console = console
        self._verbose = verbose
        self._step: _Step | None = None
        self._progress = _progress(console) if console.is_terminal else None
        self._task: TaskID | None = None

    def __call__(self, event: events.Event) -> None:
        """Show the event."""
        match event:
            case events.RunStarted():
                self._run_started(event)
            case events.StepStarted():
                self._step_started(event)
            case events.IterationFinished():
                self._iteration_finished(event)
            case events.AssertionChecked():
                self._assertion_checked(event)
            case events.Retrying():
                self._say(
                    f"  [yellow]{event.step}: {escape(event.reason)};"
                    f" attempt {event.attempt + 1} of {event.attempts} in {event.wait:.1f} s[/]"
                )
            case events.Notice():
                self._say(f"  [yellow]{event.step}: {escape(event.message)}[/]")
            case events.BatchesPlanned():
                self._batches_planned(event)
            case events.WorkersChanged():
                self._say(f"  {event.step}: {event.workers} workers from now on")
            case events.Waiting():
                self._say(f"  [yellow]{event.step}: waiting: {escape(event.reason)}[/]")
            case events.GoingOn():
                self._say(f"  {event.step}: going on after {event.seconds:.1f} s")
            case events.DryRun():
                _say_what_would_be_done(event)
            case events.StepFinished():
                self._step_finished(event)
            case events.RunFinished():
                self._run_finished(event)

    def close(self) -> None:
        """Remove the progress bar, whatever happened."""
        if self._progress:
            self._progress.stop()

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True, emoji=False)

    def _run_started(self, event: events.RunStarted) -> None:
        if event.direction == "run":
            verb = "resuming" if event.resumed else "running"
            line = f"[bold]{escape(event.plan)}[/]: {verb}, run {event.run}"
            if event.resumed and event.only_always:
                line = f"[bold]{escape(event.plan)}[/]: has run already (run {event.run})"
            elif event.was_undone:
                line = f"{line}, which was being rolled back and is to go forward again"
        else:
            verb = "rolling back" if event.direction == "rollback" else "verifying"
            about = ", ".join(f"{name}={table}" for name, table in event.tables.items())
            about = f": {escape(about)}" if about else ""
            line = f"{verb} run {event.run} of [bold]{escape(event.plan)}[/]{about}"
        self._say(f"{line}, {escape(event.server)}")
        if before := event.instead_of:
            self._say(f"run {before} {event.why_anew}; it begins anew as run {event.run}")
        told = [f"{n}={value}" for n, value in event.values.items() if n not in event.usual]
        if told:
            listing = ", ".join(told)
            self._say(f"[dim]{escape(listing)}[/]")
        if event.seconds:
            left = " that are left" if event.resumed else ""
            self._say(
                f"[dim]about {roughly(event.seconds)}{left}, by a first look at this server[/]"
            )
        if self._progress:
            self._progress.start()

    def _step_started(self, event: events.StepStarted) -> None:
        self._step = _Step(event, time.monotonic(), event.finished_iterations, event.iterations)
        if self._progress:
            total = event.iterations or None
            about = f"about {roughly(event.seconds)}" if event.seconds and not total else ""
            self._task = self._progress.add_task(
                event.step, total=total, completed=event.finished_iterations, speed=about
            )

    def _iteration_finished(self, event: events.IterationFinished) -> None:
        step = self._step
        if step is None:
            return
        step.iterations += 1
        step.rows += event.rows
        elapsed = max(time.monotonic() - step.began, 1e-6)
        speed = (
            f"{counted(step.rows, 'row')}, {step.rows / elapsed:,.0f} rows/s" if step.rows else ""
        )
        if self._progress and self._task is not None:
            self._progress.update(self._task, completed=step.iterations, speed=speed)
        elif elapsed - step.told > _PLAIN_EVERY:
            step.told = elapsed
            self._say(f"  {event.step}: {_share(step, elapsed)}{', ' if speed else ''}{speed}")

    def _batches_planned(self, event: events.BatchesPlanned) -> None:
        size = f"about {counted(event.batch_rows, 'row')} each"
        self._say(f"  {event.step}: {event.iterations:,} batches from now on, {size}")
        if self._step:
            self._step.planned = event.iterations
        if self._progress and self._task is not None:
            self._progress.update(self._task, total=event.iterations)

    def _assertion_checked(self, event: events.AssertionChecked) -> None:
        if self._step:
            self._step.assertions.append(event)
        if not self._verbose and (event.passed or event.stops):
            return  # what stops the run is told by its error
        self._say(f"      {_mark(event)} {escape(event.claim)}")
        for finding in event.findings:
            if self._verbose or not finding.passed:
                self._say_finding(str(finding))

    def _say_finding(self, text: str) -> None:
        if self._console.is_terminal:  # wrapped where it begins; elsewhere one line can be searched
            self._console.print(Padding(Text(text), (0, 0, 0, 10)), highlight=False)
        else:
            self._say(f"          {escape(text)}")

    def _step_finished(self, event: events.StepFinished) -> None:
        self._end_task()
        step = self._step if self._step and self._step.started.step == event.step else None
        place = f"{event.number:>{len(str(event.of))}}/{event.of} "
        facts = [f"{event.seconds:.2f} s"] if event.status != "skipped" else ["skipped"]
        if event.rows:
            facts.append(counted(event.rows, "row"))
        if event.rows >= _WORTH_A_RATE and event.seconds > 0.5:
            facts.append(f"{event.rows / event.seconds:,.0f} rows/s")
        if step and step.assertions:
            found = [finding.passed for claim in step.assertions for finding in claim.findings]
            claims = counted(len(step.assertions), "assertion")
            unknown = f", {found.count(None)} not known" if None in found else ""
            facts.append(f"{counted(len(found), 'finding')} of {claims}{unknown}")
        if event.seconds > _WORTH_AN_END and event.share:
            facts.append(how_far(event.share, event.seconds_left))
        mark = _MARKS.get(event.status, event.status)
        self._say(f"  {mark} {place}{event.step:<{_WIDTH}} [dim]{', '.join(facts)}[/]")
        self._step = None

    def _run_finished(self, event: events.RunFinished) -> None:
        self.close()
        status = event.status.replace("_", " ")
        message = f": {event.message}" if event.message else ""
        self._say(
            f"[bold]{escape(event.plan)}[/]: {status} in {event.seconds:.1f} s{escape(message)}"
        )
        for line in event.warnings:
            self._say(f"  [yellow]! {escape(line)}[/]")

    def _end_task(self) -> None:
        if self._progress and self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None


def _say_what_would_be_done(event: events.DryRun) -> None:
    """On stdout: it is what was asked for."""
    line = event.message
    if event.seconds:
        line = f"{line}, of about {roughly(event.seconds)}"
    if event.number:
        line = f"{event.number:3}. {event.step:<24} {event.state}"
    elif event.step:
        line = f"{'':30}{event.message}"
    print(line)


def _mark(event: events.AssertionChecked) -> str:
    if event.passed:
        return "[green]✓[/]"
    if event.stops or (event.severity == "error" and not event.unknown):
        return "[red]✗[/]"
    return "[yellow]?[/]" if event.unknown else "[yellow]![/]"


def _share(step: _Step, elapsed: float) -> str:
    total = step.planned
    if not total:
        return f"{step.iterations} passes"
    done = step.iterations - step.started.finished_iterations
    left = elapsed / max(done, 1) * (total - step.iterations)
    return f"{step.iterations / total:.0%}, {left:.0f} s left"


def how_far(share: float, seconds_left: float | None) -> str:
    """What share of a run is done, and how long the rest may take."""
    left = f", about {roughly(seconds_left)} left" if seconds_left is not None else ""
    return f"{share:.0%} of the run{left}"


def _progress(console: Console) -> Progress:
    from rich.progress import (  # slow, and only a terminal shows it
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        SpinnerColumn(),
        TextColumn(f"{{task.description:<{_WIDTH}}}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )

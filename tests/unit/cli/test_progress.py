"""What a run looks like where there is no terminal: plain lines, or one JSON object an event."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from executor.cli.output import print_event
from executor.cli.progress import TextSink
from executor.events import (
    AssertionChecked,
    BatchesPlanned,
    Event,
    Finding,
    GoingOn,
    IterationFinished,
    Notice,
    Retrying,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    Waiting,
    WorkersChanged,
)

BAD = Finding("rows of [a]", "2", "1", passed=False)
GOOD = Finding("rows", "2", "2", passed=True)
EVENTS: list[Event] = [
    RunStarted("work", 7, "run", 2, False, "db on /tmp as me", {"source": "public.a", "n": 2}),
    StepStarted("fill", 1, 2, "Fill.", iterations=2),
    IterationFinished("fill", 1, 1000),
    Retrying("fill", "lock timeout", 1, 5, 0.5),
    Notice("fill", "careful [bold]here[/bold] [/]"),
    AssertionChecked("fill", "row_count_equal", "warn", False, "same rows", (BAD, GOOD)),
    StepFinished("fill", 1, 2, "succeeded", 2000, 1.0),
    StepFinished("skip", 2, 2, "skipped", 0, 0.0),
    RunFinished("work", 7, "rolled_back", 1.25, "as [asked]", ("not [all] is back",)),
]


def shown(*events: Event, verbose: bool = False) -> list[str]:
    """The lines of the text sink."""
    out = io.StringIO()
    sink = TextSink(Console(file=out, width=80), verbose=verbose)
    for event in events:
        sink(event)
    sink.close()
    return out.getvalue().splitlines()


def test_without_a_terminal_lines_are_plain():
    assert shown(*EVENTS) == [
        "work: running, run 7, db on /tmp as me",
        "source=public.a, n=2",
        "  fill: lock timeout; attempt 2 of 5 in 0.5 s",
        "  fill: careful [bold]here[/bold] [/]",
        "      ! does not hold: same rows",
        "          rows of [a]: expected 2, found 1",
        "  ✓ 1/2 fill                       1.00 s, 2,000 rows, 2,000 rows/s, 2 findings of 1 assertion",
        "  – 2/2 skip                       skipped",
        "work: rolled back in 1.2 s: as [asked]",
        "  ! not [all] is back",
    ]


def test_what_an_operator_does_is_a_line_each():
    assert shown(
        StepStarted("fill", 1, 1, "", iterations=4),
        Waiting("fill", "too [much]"),
        GoingOn("fill", 2.04),
        WorkersChanged("fill", 3),
        BatchesPlanned("fill", 5000, 1200),
    ) == [
        "  fill: waiting: too [much]",
        "  fill: going on after 2.0 s",
        "  fill: 3 workers from now on",
        "  fill: 1,200 batches from now on, about 5,000 rows each",
    ]


def test_a_run_says_how_far_it_is():
    assert shown(
        StepStarted("fill", 1, 3, ""),
        StepFinished("fill", 1, 3, "succeeded", 0, 9.0, 0.104, 75.4),
        StepFinished("check", 2, 3, "succeeded", 0, 0.1, 0.11, 75.0),
        StepFinished("copy", 3, 3, "succeeded", 0, 600.0, 0.5, 6000.0),
    ) == [
        "  ✓ 1/3 fill                       9.00 s, 10% of the run, about 75 s left",
        "  ✓ 2/3 check                      0.10 s",
        "  ✓ 3/3 copy                       600.00 s, 50% of the run, about 1 h 40 min left",
    ]


def test_a_long_line_is_not_broken():
    message = "x" * 300
    assert shown(Notice("a", message)) == [f"  a: {message}"]


def test_what_others_have_written_is_shown_as_it_is():
    text = "in the way: pid 7 ([/] [bold]:key:)"
    finding = Finding(text, "1", "2", passed=False)
    events = (
        Retrying("a", text, 1, 5, 0.5),
        Notice("a", text),
        Waiting("a", text),
        AssertionChecked("a", "no_rows", "error", False, text, (finding,)),
        RunFinished("a", 1, "stopped", 1.0, text),
    )
    lines = shown(*events)
    assert len(lines) == 6
    assert all(text in line for line in lines)


def test_what_holds_is_shown_only_if_asked_for():
    event = AssertionChecked("a", "no_rows", "error", True, "", (GOOD,))
    assert shown(event) == []
    assert shown(event, verbose=True) == ["      ✓ no_rows", "          rows: expected 2, found 2"]


def test_a_failed_assertion_is_marked_as_an_error():
    assert (
        shown(AssertionChecked("a", "no_rows", "error", False, "none", ()))[0]
        == "      ✗ does not hold: none"
    )
    warned = AssertionChecked("a", "no_rows", "warn", False, "none", (replace(GOOD, passed=False),))
    assert shown(warned)[0] == "      ! does not hold: none"
    unknown = replace(warned, findings=(replace(GOOD, passed=None),))
    assert shown(unknown)[0] == "      ? not known: none"


@pytest.mark.parametrize(
    ("direction", "resumed", "line"),
    [
        ("run", False, "a[b]: running, run 1, here"),
        ("run", True, "a[b]: resuming, run 1, here"),
        ("rollback", True, "rolling back run 1 of a[b]: source=public.a, here"),
        ("verify", False, "verifying run 1 of a[b]: source=public.a, here"),
    ],
)
def test_the_first_line_says_what_is_done(direction, resumed, line):
    event = RunStarted("a[b]", 1, direction, 1, resumed, "here", tables={"source": "public.a"})
    assert shown(event) == [line]
    plain = replace(event, values={"n": 1, "m": 2}, usual=("n",), direction="run", resumed=True)
    assert shown(replace(plain, only_always=True)) == ["a[b]: has run already (run 1), here", "m=2"]


def test_progress_without_a_terminal_is_a_line_now_and_then(monkeypatch):
    clock = iter([0.0, 1.0, 6.0, 7.0, 12.0])
    monkeypatch.setattr("executor.cli.progress.time.monotonic", lambda: next(clock))
    started = StepStarted("a", 1, 1, "", iterations=4)
    lines = shown(started, *(IterationFinished("a", number, 600) for number in range(1, 5)))
    assert lines == [
        "  a: 50%, 6 s left, 1,200 rows, 200 rows/s",
        "  a: 100%, 0 s left, 2,400 rows, 200 rows/s",
    ]


def test_json_is_one_object_for_each_event(capsys):
    for event in EVENTS:
        print_event(event)
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["event"] for record in records] == [type(event).__name__ for event in EVENTS]
    assert records[0]["values"] == {"source": "public.a", "n": 2}
    assert records[5]["findings"][0] == {
        "subject": "rows of [a]", "expected": "2", "actual": "1", "passed": False,
    }  # fmt: skip
    assert records[-1]["message"] == "as [asked]"


def test_a_line_break_in_an_event_stays_in_its_line(capsys):
    print_event(Notice("a", "one\ntwo\u2028ä"))
    shown = capsys.readouterr().out
    assert shown.endswith(', "step": "a", "message": "one\\ntwo\u2028ä"}\n')
    assert shown.count("\n") == 1

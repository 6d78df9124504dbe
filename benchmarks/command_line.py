"""How long the command line takes and how much memory; a part of `make bench`.

Every figure is a whole process, the median of several runs, beside a floor measured in the same
run: an interpreter that does nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from running import EXECUTOR, PEAK, ROOT, FailedError, stopped


class Measured(NamedTuple):
    """Median seconds and the largest resident memory in MB of some runs of one command."""

    seconds: float
    megabytes: float


def measure(command: tuple[str, ...], runs: int) -> Measured:
    """Run a command several times; its output is thrown away."""
    with tempfile.NamedTemporaryFile("r") as file:
        found = []
        for _ in range(runs):
            nothing = subprocess.DEVNULL
            call = [sys.executable, str(PEAK), file.name, *command]
            with (
                subprocess.Popen(call, cwd=ROOT, stdout=nothing, stderr=nothing) as done,
                stopped(done),
            ):
                done.wait()
            if done.returncode:
                raise FailedError(f"{' '.join(command)} failed with {done.returncode}")
            found.append(Measured(*map(float, Path(file.name).read_text().split())))
    return Measured(statistics.median(f.seconds for f in found), max(f.megabytes for f in found))


def measured(rows: int, runs: int) -> list[tuple[str, Measured]]:
    """The floor first, then commands of ours."""
    found = [("python, doing nothing", measure((sys.executable, "-c", "pass"), runs))]
    for arguments, times in (
        (("--help",), runs),
        (("render", "--print-sql"), runs),
        (("demo", "--rows", str(rows)), 1),
    ):
        found.append((f"executor {' '.join(arguments)}", measure((*EXECUTOR, *arguments), times)))
    return found


def table(found: list[dict[str, Any]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield "| command | seconds | × floor | MB |"
    yield "| --- | --: | --: | --: |"
    for row in found:
        ratio = row["seconds"] / found[0]["seconds"]
        yield f"| {row['command']} | {row['seconds']:.3f} | {ratio:.1f} | {row['megabytes']:.0f} |"

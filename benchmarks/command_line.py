"""How long the command line takes and how much memory: `make bench`.

Every figure is a whole process, the median of several runs, beside a floor measured in the same
run: an interpreter that does nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
EXECUTOR = (sys.executable, "-c", "from executor.cli import main; main()")


class Measured(NamedTuple):
    """Median seconds and the largest resident memory in MB of some runs of one command."""

    seconds: float
    megabytes: float


def measure(command: tuple[str, ...], runs: int) -> Measured:
    """Run a command several times; its output is thrown away."""
    seconds, megabytes = [], []
    for _ in range(runs):
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} failed with {process.returncode}")
        seconds.append(time.perf_counter() - began)
        megabytes.append(usage.ru_maxrss / 1024)
    return Measured(statistics.median(seconds), max(megabytes))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the demo")
    parser.add_argument("--runs", type=int, default=5, help="runs of the short commands")
    given = parser.parse_args()
    floor = measure((sys.executable, "-c", "pass"), given.runs)
    rows = [("python, doing nothing", floor)]
    for arguments, runs in (
        (("--help",), given.runs),
        (("render", "--print-sql"), given.runs),
        (("demo", "--rows", str(given.rows)), 1),
    ):
        rows.append((f"executor {' '.join(arguments)}", measure((*EXECUTOR, *arguments), runs)))
    print(f"{'':<34}{'seconds':>10}{'x floor':>10}{'MB':>8}")
    for name, measured in rows:
        ratio = measured.seconds / floor.seconds
        print(f"{name:<34}{measured.seconds:>10.3f}{ratio:>10.1f}{measured.megabytes:>8.0f}")


if __name__ == "__main__":
    main()

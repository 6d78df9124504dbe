"""All measurements: `make bench`. A table on stdout; JSON and plots beside it in a directory.

Each round clones the filled database anew and measures the floor once, then the migration; so does
each algorithm of others. A floor that is repeated at once would find memory and files that the
others do not. Figures are medians of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import command_line
import measuring
import online
import report
from server import Server, serving

SIZES = (100_000, 1_000_000, 10_000_000)


def say(line: str) -> None:
    """Talk, on stderr."""
    print(line, file=sys.stderr, flush=True)


def size(server: Server, rows: int, given: argparse.Namespace, *, others: bool) -> dict[str, Any]:
    """Figures of one size of the table."""
    source = f"executor_bench_{rows}"
    say(f"{rows:,} rows: filling")
    server.fill(source, rows)
    figures: dict[str, Any] = {
        "rows": rows,
        "floor": [],
        "whole": [],
        "digests": [],
        "megabytes": [],
        "phases": {},
        "others": {},
    }
    for number in range(given.runs if rows < SIZES[2] else 1):
        _round(server, source, given, figures, number)
        if others:
            _others(server, source, figures, number)
    server.drop(source)
    return figures


def _round(
    server: Server, source: str, given: argparse.Namespace, figures: dict[str, Any], number: int
) -> None:
    # ten million rows have no clone, which would take as long and as much room as the table
    once = nullcontext(source) if figures["rows"] >= SIZES[2] else None
    with once or server.clone("executor_bench_run", source) as database:
        figures["floor"].append(measuring.floor(server, database))
        done = measuring.migrate(server, database, given.workers)
        figures["whole"].append(done.seconds)
        figures["digests"].append(done.digests)
        figures["megabytes"].append(done.megabytes)
        for name, seconds in done.phases.items():
            figures["phases"].setdefault(name, []).append(seconds)
    floor = statistics.median(figures["floor"])
    say(f"  run {number + 1}: floor {floor:.2f} s, migration {done.seconds:.2f} s")
    say("    " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in done.phases.items()))


def _others(server: Server, source: str, figures: dict[str, Any], number: int) -> None:
    for name, template in measuring.OTHERS.items():
        if template == "guide.sql" and number:
            continue  # it takes longest, and grows with the square
        with server.clone("executor_bench_other", source) as database:
            figures["floor"].append(measuring.floor(server, database))
            whole, batches = measuring.of_others(server, database, template)
        figures["others"].setdefault(name, []).append(whole)
        figures["others"].setdefault(name + measuring.BATCHES, []).append(batches)
        say(f"  run {number + 1}: {name} {whole:.2f} s, batches {batches:.2f} s")


def machine() -> dict[str, Any]:
    """What it was measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.processor(),
    ) if Path("/proc/cpuinfo").exists() else platform.processor()  # fmt: skip
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory, GiB": round(pages, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the table of figures")
    parser.add_argument("--runs", type=int, default=3, help="rounds; figures are their medians")
    parser.add_argument("--workers", type=int, default=2, help="of the plan")
    parser.add_argument("--large", action="store_true", help="also 10,000,000 rows, once")
    parser.add_argument("--fsync", action="store_true", help="wait for the disk (embedded server)")
    parser.add_argument("--dsn", help="a role that may create databases  [default: embedded]")
    parser.add_argument("--only", choices=["migration"], help="leave the other parts out")
    parser.add_argument("--no-others", action="store_true", help="leave other algorithms out")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write."""
    given = arguments()
    given.output.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {"machine": machine(), "workers": given.workers}
    with serving(given.dsn, fsync=given.fsync) as server:
        result["server"] = server.described()
        smaller = [rows for rows in SIZES[:2] if rows < given.rows]
        larger = [SIZES[2]] if given.large and given.rows < SIZES[2] else []
        sizes = [size(server, rows, given, others=False) for rows in smaller]
        figures = size(server, given.rows, given, others=not given.no_others)
        sizes += [figures, *(size(server, rows, given, others=False) for rows in larger)]
        result["sizes"] = sizes
        if not given.only:
            say("under load")
            result["load"] = _under_load(server, min(given.rows, 200_000))
    if not given.only:
        say("command line")
        result["command line"] = [
            {"command": name, **measured._asdict()}
            for name, measured in command_line.measured(min(given.rows, 100_000), given.runs)
        ]
    _write(result, figures, given.output)


def _under_load(server: Server, rows: int) -> dict[str, Any]:
    server.fill("executor_bench_load", rows)
    try:
        return online.measure(server.database("executor_bench_load"), rows, rate=800, runs=5)
    finally:
        server.drop("executor_bench_load")


def _write(result: dict[str, Any], figures: dict[str, Any], output: Path) -> None:
    (output / "bench.json").write_text(json.dumps(result, indent=2) + "\n")
    lines = [*report.table(figures), "", *report.growth(result["sizes"])]
    lines += ["", *report.goals(figures, result["sizes"])]
    if "load" in result:
        lines += ["", *(f"{name}: {value}" for name, value in result["load"].items())]
    if "command line" in result:
        lines += ["", *command_line.table(result["command line"])]
    (output / "bench.md").write_text("\n".join(lines) + "\n")
    report.plot_phases(figures, output / "phases.svg")
    report.plot_growth(result["sizes"], output / "growth.svg")
    print("\n".join(lines))
    say(f"written to {output}")


if __name__ == "__main__":
    main()

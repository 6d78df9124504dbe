"""All measurements: `make bench`. A table on stdout; JSON and plots beside it in a directory.

Each round clones the filled database anew and measures the floor once, then the migration; so does
each algorithm of others. A floor that is repeated at once would find memory and files that the
others do not. Figures are medians of the rounds. The JSON is written after each round.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import command_line
import machine
import measuring
import online
import peers
import psycopg
import report
import writers
from running import FailedError, say
from server import Server, serving

from executor.errors import ConnectError, ExecutorError, UsageError

SIZES = (100_000, 1_000_000, 10_000_000)

#: fewer say nothing about 100 partitions
LEAST_ROWS = 1_000

#: of the migration under load, which takes less than a minute where it keeps pace
DEADLINE = 900


def size(
    server: Server,
    figures: dict[str, Any],
    given: argparse.Namespace,
    keep: Callable[[], None],
    *,
    others: bool,
) -> None:
    """Figures of one size of the table, kept after each round."""
    rows = figures["rows"]
    source = f"executor_bench_{rows}"
    say(f"{rows:,} rows: filling")
    try:
        server.fill(source, rows)
        for number in range(given.runs if rows < SIZES[2] else 1):
            _round(_database(server, source, rows, others=others), server, given, figures, number)
            keep()
            if others:
                _others(server, source, figures, given, number, keep)
    finally:
        server.drop(source)


def _database(
    server: Server, source: str, rows: int, *, others: bool
) -> AbstractContextManager[str]:
    # a clone of ten million rows would take as long and as much room as the table; others need
    # the source as it was
    if rows >= SIZES[2] and not others:
        return nullcontext(source)
    return server.clone("executor_bench_run", source)


def _round(
    where: AbstractContextManager[str],
    server: Server,
    given: argparse.Namespace,
    figures: dict[str, Any],
    number: int,
) -> None:
    with where as database:
        floor = measuring.floor(server, database)
        done = measuring.migrate(server, database, given.workers, given.var)
    figures["floor"].append(floor)
    figures["whole"].append(done.seconds)
    figures["megabytes"].append(done.megabytes)
    for name, seconds in done.phases.items():
        figures["phases"].setdefault(name, []).append(seconds)
    floor = statistics.median(figures["floor"])
    say(f"  run {number + 1}: floor {floor:.2f} s, migration {done.seconds:.2f} s")
    say("    " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in done.phases.items()))


def _others(
    server: Server,
    source: str,
    figures: dict[str, Any],
    given: argparse.Namespace,
    number: int,
    keep: Callable[[], None],
) -> None:
    for name, measured in _beside(server, given, figures["rows"], number):
        with server.clone("executor_bench_other", source) as database:
            floor = measuring.floor(server, database)
            whole, batches = measured(database)
        figures["floor"].append(floor)
        figures["others"].setdefault(name, []).append(whole)
        figures["others"].setdefault(name + measuring.BATCHES, []).append(batches)
        keep()
        say(f"  run {number + 1}: {name} {whole:.2f} s, batches {batches:.2f} s")


def _beside(
    server: Server, given: argparse.Namespace, rows: int, number: int
) -> Iterator[tuple[str, Callable[[str], tuple[float, float]]]]:
    """What is measured beside the plan in a round: the algorithms of others, and the peers."""
    for name, template in measuring.OTHERS.items():
        if template == "guide.sql" and number:
            continue  # it takes longest, and grows with the square
        yield name, partial(measuring.of_others, server, template=template)
    for name, peer in peers.found(server, given.pgslice, given.workers):
        yield name, partial(peer, server, rows=rows)


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Exit with 2."""
        self.exit(2, f"bench.py: {message}; see --help\n")


def _number(text: str, *, least: int = 1) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least:,} on")
    return int(text)


def _checkout(text: str) -> Path:
    if not (Path(text) / "exe/pgslice").is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is no checkout of pgslice")
    if not shutil.which("ruby"):
        raise argparse.ArgumentTypeError("there is no ruby here (Debian: ruby, ruby-pg, ruby-thor)")
    return Path(text)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = Parser(description=__doc__)
    rows = partial(_number, least=LEAST_ROWS)
    add = parser.add_argument
    add("--rows", type=rows, default=1_000_000, help="of the table of figures")
    add("--runs", type=_number, default=3, help="rounds; figures are their medians")
    add("--workers", type=_number, default=2, help="of the plan")
    add(
        "--var", action="append", default=[], metavar="NAME=VALUE", help="another value of the plan"
    )
    add("--large", action="store_true", help="also 10,000,000 rows, once")
    add("--fsync", action="store_true", help="wait for the disk (embedded server)")
    dsn = "a role that may create databases; checkpoints between the measurements need a superuser"
    add("--dsn", help=dsn + " or, from PostgreSQL 15 on, pg_checkpoint  [default: embedded]")
    rate = "writes a second of the application under load, single rows, mixed  [default: 800]"
    add("--rate", type=_number, default=writers.RATE, help=rate)
    deadline = "seconds for the migration under load, which a rate that is too high never ends"
    add("--deadline", type=_number, default=DEADLINE, help=deadline + f"  [default: {DEADLINE}]")
    add("--only", choices=["migration"], help="leave the other parts out")
    add("--no-others", action="store_true", help="leave other algorithms and tools out")
    pgslice = "a checkout of pgslice, which is measured, too; needs ruby with the gems pg and thor"
    add("--pgslice", type=_checkout, metavar="DIR", help=pgslice)
    add("--output", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def measure(given: argparse.Namespace) -> None:
    """Measure, print, and write."""
    _prepare(given.output)
    result: dict[str, Any] = {
        **machine.origin(), "machine": machine.machine(), "workers": given.workers, "sizes": [],
    }  # fmt: skip
    keep = partial(_keep, result, given.output / "bench.json")
    with serving(given.dsn, fsync=given.fsync) as server:
        result["server"] = server.described()
        rows = [rows for rows in SIZES[:2] if rows < given.rows] + [given.rows]
        rows += [SIZES[2]] if given.large and given.rows < SIZES[2] else []
        for number in rows:
            result["sizes"].append(_empty(number))
            others = number == given.rows and not given.no_others
            size(server, result["sizes"][-1], given, keep, others=others)
        if not given.only:
            say(f"under load of {given.rate} writes/s")
            result["load"] = _under_load(server, given)
            keep()
    if not given.only:
        say("command line")
        result["command line"] = [
            {"command": name, **measured._asdict()}
            for name, measured in command_line.measured(min(given.rows, SIZES[0]), given.runs)
        ]
        keep()
    _write(result, next(of for of in result["sizes"] if of["rows"] == given.rows), given.output)


def _empty(rows: int) -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("floor", "whole", "megabytes")}
    return {"rows": rows, **lists, "phases": {}, "others": {}}


def _under_load(server: Server, given: argparse.Namespace) -> dict[str, Any]:
    name, rows = "executor_bench_load", min(given.rows, online.ROWS)
    try:
        server.fill(name, rows)
        return online.measure(server.database(name), rows, given.rate, given.deadline)
    finally:
        server.drop(name)


def _prepare(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise UsageError(f"--output {output} can't be written to: {error.strerror}") from None


def _keep(result: dict[str, Any], file: Path) -> None:
    """So that a later failure does not take what is measured."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(result, indent=2) + "\n")
    new.replace(file)


def _write(result: dict[str, Any], figures: dict[str, Any], output: Path) -> None:
    lines = [*report.table(figures), "", *report.growth(result["sizes"])]
    lines += ["", *report.goals(figures, result["sizes"])]
    if "load" in result:
        lines += ["", *online.lines(result["load"])]
    if "command line" in result:
        lines += ["", *command_line.table(result["command line"])]
    (output / "bench.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    if importlib.util.find_spec("matplotlib"):
        report.plot_phases(figures, output / "phases.svg")
        report.plot_growth(result["sizes"], output / "growth.svg")
    else:
        say("no plots: they need what benchmarks/requirements.txt names")
    say(f"written to {output}")


def main() -> None:
    """Each failure in a sentence: 2 for bad input, 130 for Ctrl-C and SIGTERM, else 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    given = arguments()
    kept = f"what was measured until then is in {given.output / 'bench.json'}"
    try:
        measure(given)
    except KeyboardInterrupt:
        say(f"bench.py: interrupted; {kept}")
        sys.exit(130)
    except (UsageError, ConnectError) as error:
        say(f"bench.py: {error}")
        sys.exit(2 if isinstance(error, UsageError) or given.dsn else 1)
    except (FailedError, ExecutorError, psycopg.OperationalError) as error:
        say(f"bench.py: {' '.join(str(error).split())}; {kept}")
        sys.exit(1)


if __name__ == "__main__":
    main()

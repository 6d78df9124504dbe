"""`python -m tests.stress --seeds 200`: a line a seed, and a total; 1 if anything was lost."""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from pathlib import Path

from executor.database import embedded
from tests.stress.faults import FAULTS
from tests.stress.layouts import LAYOUTS
from tests.stress.product import MUTANTS, copied
from tests.stress.seeds import Outcome, run_seed
from tests.stress.server import serving

KINDS = [*(fault.__name__ for fault in FAULTS), "full"]


def main(arguments: list[str] | None = None) -> int:
    """Run the seeds that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first one")
    parser.add_argument(
        "--bin", type=Path, help="PostgreSQL's programs [default: the embedded ones]"
    )
    parser.add_argument(
        "--seconds-per-phase", type=float, default=0.6, help="writing around each move"
    )
    parser.add_argument("--layout", choices=LAYOUTS, help="this one, and not that of the seed")
    parser.add_argument("--mutant", choices=MUTANTS, help="plant this fault")
    parser.add_argument("--stop", action="store_true", help="stop at the first seed that fails")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell where the faults struck")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server is stopped
    failed, total = [], Counter[str]()
    with copied(given.mutant) as product, serving(given.bin or embedded.binaries()) as server:
        for seed in range(given.first, given.first + given.seeds):
            outcome = run_seed(server, product, seed, given.seconds_per_phase, given.layout)
            total.update(outcome.counts)
            failed += [seed] if outcome.wrong else []
            print(line(outcome), flush=True)
            for text in outcome.notes if given.verbose else ():
                print(f"    {text}")
            for text in outcome.wrong[:12]:
                print(f"  ! {text}", flush=True)
            if outcome.wrong and given.stop:
                break
    struck = sum(total[kind] for kind in KINDS)
    print(f"{given.seeds} seeds, {struck} faults ({faults(total)}), {others(total)}")
    print(f"failed: {', '.join(map(str, failed))}" if failed else "no differences")
    return 1 if failed else 0


def line(outcome: Outcome) -> str:
    """A seed in a line."""
    counts = Counter(outcome.counts)
    result = "FAILED" if outcome.wrong else "ok"
    return (
        f"seed {outcome.scenario.seed:>4} {outcome.scenario}: {result}, {outcome.seconds:.1f} s,"
        f" {outcome.rows} rows, {others(counts)}; faults: {faults(counts) or 'none'}"
    )


def faults(counts: Counter[str]) -> str:
    """The faults that struck, by kind."""
    return ", ".join(f"{kind} {counts[kind]}" for kind in KINDS if counts[kind])


def others(counts: Counter[str]) -> str:
    """All else that was counted."""
    return ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()) if kind not in KINDS)


if __name__ == "__main__":
    sys.exit(main())

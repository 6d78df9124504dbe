"""What a seed means: the table, the plan, the writers, and how many faults there will be."""

from __future__ import annotations

import random
from dataclasses import dataclass

LIST_PLAN = "plans/chunks_100_partitions.yaml"
HASH_PLAN = "plans/alternatives/chunks_100_hash_partitions.yaml"

SOURCES = ("uuid", "bigserial", "hash16")
ROUTINGS = ("expression", "column", "hash")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything about a seed that is the same each time."""

    seed: int
    source: str
    routing: str
    partitions: int
    batch_rows: int
    swap_rows: int
    workers: int
    rows: int
    writers: int
    collections: int  # of each writer
    pace: float  # seconds that a writer rests after a transaction, on average
    small_disk: bool
    faults: tuple[int, int, int]  # at most, in each phase
    meddler: bool  # whether somebody drops or renames what a first run has made

    @property
    def plan(self) -> str:
        """The plan's file."""
        return HASH_PLAN if self.routing == "hash" else LIST_PLAN

    @property
    def variables(self) -> list[str]:
        """What the command line says of the plan's variables."""
        values = {
            "partition_count": self.partitions,
            "batch_rows": self.batch_rows,
            "workers": self.workers,
            "swap_rows": self.swap_rows,
            "routing": self.routing,
        }
        return [f"--var={name}={value}" for name, value in values.items()]

    def __str__(self) -> str:
        disk = " small disk" if self.small_disk else ""
        return (
            f"{self.source:<9} {self.routing:<10} {self.partitions:>2} partitions,"
            f" {self.rows:>4} rows, {self.writers} writers, {self.workers} workers{disk}"
        )


def scenario(seed: int) -> Scenario:
    """The scenario of a seed; the table and the routing go round, so that few seeds meet all."""
    rng = random.Random(seed)
    rows = rng.randint(500, 3000)
    return Scenario(
        seed=seed,
        source=SOURCES[seed % 3],
        routing=ROUTINGS[seed // 3 % 3],
        partitions=rng.randint(3, 12),
        batch_rows=rng.choice((20, 50, 150, 400)),
        swap_rows=rng.choice((200, 500, 500, 2000)),
        workers=rng.randint(1, 3),
        rows=rows,
        writers=rng.randint(2, 4),
        collections=rng.randint(3, 9),
        pace=rng.choice((0.005, 0.02, 0.04)),
        small_disk=rng.random() < 0.15,
        faults=(rng.choice((0, 1, 2, 2, 3)), rng.choice((0, 1, 1, 2)), rng.choice((0, 0, 1))),
        meddler=rng.random() < 0.4,
    )

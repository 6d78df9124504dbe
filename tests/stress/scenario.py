"""What a seed means: the table, the plan, the writers, and how many faults there will be."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.stress.layouts import LAYOUTS, Layout, layout

PLAIN_PLAN = "plans/alternatives/plain.yaml"
LIST_PLAN = "plans/chunks_100_partitions.yaml"
HASH_PLAN = "plans/alternatives/chunks_100_hash_partitions.yaml"

SOURCES = ("uuid", "bigserial", "hash16", "range", "list", "two_levels")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything about a seed that is the same each time."""

    seed: int
    source: str
    layout: Layout
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
        return {"hash": HASH_PLAN, "plain": PLAIN_PLAN}.get(self.layout.name, LIST_PLAN)

    @property
    def columns(self) -> frozenset[str]:
        """By which columns besides collection_id the rows are divided, before or after."""
        before = {
            "range": ("created_at",),
            "list": ("chunking_config_id",),
            "two_levels": ("created_at", "chunking_config_id"),
        }.get(self.source, ())
        return frozenset((*self.layout.columns, *before))

    @property
    def variables(self) -> list[str]:
        """What the command line says of the plan's variables."""
        values: dict[str, object] = {
            "partition_count": self.partitions,
            "batch_rows": self.batch_rows,
            "workers": self.workers,
            "swap_rows": self.swap_rows,
            **self.layout.variables,
        }
        if self.layout.name in ("expression", "column"):
            values["routing"] = self.layout.name
        return [f"--var={name}={value}" for name, value in values.items()]

    def __str__(self) -> str:
        disk = " small disk" if self.small_disk else ""
        count = "" if self.layout.columns else f" {self.partitions:>2} partitions"
        return (
            f"{self.source:<9} {self.layout!s:<10}{count},"
            f" {self.rows:>4} rows, {self.writers} writers, {self.workers} workers{disk}"
        )


def scenario(seed: int, forced: str | None = None) -> Scenario:
    """The scenario of a seed; the table and the layout go round, so that 48 seeds meet all of both."""
    rng = random.Random(seed)
    rows = rng.randint(500, 3000)
    chosen = layout(seed, forced or LAYOUTS[seed % len(LAYOUTS)])
    source = SOURCES[(seed + seed // 24) % len(SOURCES)]  # 6 and 8 have a factor: a shift after 24
    if chosen.name == "plain" and source in ("uuid", "bigserial"):
        source = "hash16"  # a table without partitions needs none of the plan that makes it one
    return Scenario(
        seed=seed,
        source=source,
        layout=chosen,
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
        meddler=rng.random() < 0.4
        and chosen.name != "plain",  # who meddles does so with partitions
    )

"""What the measurements say: a table for people, and plots."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import BACKUP, BATCHES
from peers import OURS

Figures = dict[str, Any]

_MANY_ROWS = 1_000_000  # below, the fixed cost of 100 partitions counts


def table(figures: Figures) -> Iterator[str]:
    """The lines of a Markdown table: median seconds, and ratios to the floor of the same run."""
    floor = statistics.median(figures["floor"])
    rows = figures["rows"]
    yield f"| {rows:,} rows | seconds | × floor | runs |"
    yield "| --- | --: | --: | --: |"
    yield _row("floor: CREATE TABLE AS", figures["floor"], floor)
    for name, seconds in figures["phases"].items():
        yield _row(name, seconds, floor)
    yield _row("**whole migration**", figures["whole"], floor)
    for name, seconds in figures["others"].items():
        yield _row(name, seconds, floor)


def _row(name: str, seconds: list[float], floor: float) -> str:
    median = statistics.median(seconds)
    return f"| {name} | {median:.2f} | {median / floor:.2f} | {len(seconds)} |"


def growth(sizes: list[Figures]) -> Iterator[str]:
    """How time and memory grow with the number of rows."""
    yield "| rows | floor, s | whole, s | × floor | rows/s | executor, MB |"
    yield "| --: | --: | --: | --: | --: | --: |"
    for of in sizes:
        floor, whole = statistics.median(of["floor"]), statistics.median(of["whole"])
        yield (
            f"| {of['rows']:,} | {floor:.2f} | {whole:.1f} | {whole / floor:.2f}"
            f" | {of['rows'] / whole:,.0f} | {max(of['megabytes']):.0f} |"
        )


def goals(figures: Figures, sizes: list[Figures]) -> Iterator[str]:
    """Each goal beside what was measured: ratios of medians of one run."""
    middle = {name: statistics.median(seconds) for name, seconds in figures["phases"].items()}
    floor, whole = statistics.median(figures["floor"]), statistics.median(figures["whole"])
    copies = middle[BACKUP] > floor  # a migration whose old table is the backup copies none
    at_most = [
        ("copy, × floor", 1.2, middle["copy"] / floor),
        ("memory of the executor, MB", 100, max(figures["megabytes"])),
    ]
    for of in sizes:
        ratio = statistics.median(of["whole"]) / statistics.median(of["floor"])
        most = 12 if of["rows"] < _MANY_ROWS else 5.5 if copies else 3.8
        at_most.append((f"whole migration of {of['rows']:,} rows, × floor", most, ratio))
    for one, ten in itertools.pairwise(sizes):
        ratio = statistics.median(ten["whole"]) / statistics.median(one["whole"])
        name = f"{ten['rows']:,} rows, × the time of {one['rows']:,}"
        at_most.append((name, 10.5 * ten["rows"] / one["rows"] / 10, ratio))
    others = {name: statistics.median(seconds) for name, seconds in figures["others"].items()}
    same = others.get(OURS.format(backup="old_table"), whole)
    at_least = [
        (f"{name}, × this plan with the old table as backup", 2.5, seconds / same)
        for name, seconds in others.items()
        if name.startswith("pgslice") and not name.endswith(BATCHES)
    ]
    yield "| goal | | measured | |"
    yield "| --- | --: | --: | --- |"
    for name, goal, measured in at_most:
        yield f"| {name} | ≤ {goal:.1f} | {measured:.2f} | {_met(measured <= goal)} |"
    for name, goal, measured in at_least:
        yield f"| {name} | ≥ {goal} | {measured:.2f} | {_met(measured >= goal)} |"


def _met(met: bool) -> str:
    return "met" if met else "missed"


def plot_phases(figures: Figures, file: Path) -> None:
    """A bar a phase, in floors; the algorithms of others below."""
    plt = _pyplot()
    floor = statistics.median(figures["floor"])
    bars = {
        **figures["phases"],
        "whole migration": figures["whole"],
        **{name: of for name, of in figures["others"].items() if not name.endswith(BATCHES)},
    }
    names = list(bars)[::-1]
    ratios = [statistics.median(bars[name]) / floor for name in names]
    colours = ["#4878a8" if name in figures["phases"] else "#888888" for name in names]
    colours[names.index("whole migration")] = "#1f4e79"
    picture, axes = plt.subplots(figsize=(8, 5))
    drawn = axes.barh(names, ratios, color=colours)
    axes.bar_label(drawn, [f"{ratio:.2f}" for ratio in ratios], padding=3, fontsize=8)
    axes.axvline(1, color="#c04040", linewidth=1)
    axes.set_xlabel(f"times CREATE TABLE AS ({floor:.2f} s), {figures['rows']:,} rows")
    _save(picture, file)


def plot_growth(sizes: list[Figures], file: Path) -> None:
    """Seconds over rows, both logarithmic."""
    plt = _pyplot()
    picture, axes = plt.subplots(figsize=(6, 4))
    rows = [of["rows"] for of in sizes]
    lines = {
        "floor: CREATE TABLE AS": [statistics.median(of["floor"]) for of in sizes],
        "whole migration": [statistics.median(of["whole"]) for of in sizes],
    }
    for name, seconds in lines.items():
        axes.loglog(rows, seconds, marker="o", label=name)
    axes.set_xlabel("rows")
    axes.set_ylabel("seconds")
    axes.legend(frameon=False)
    _save(picture, file)


def _pyplot() -> Any:
    import matplotlib as mpl  # noqa: PLC0415 - slow, and the figures don't need it

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "executor"  # the same figures make the same file
    from matplotlib import pyplot as plt  # noqa: PLC0415

    return plt


def _save(picture: Any, file: Path) -> None:
    for axes in picture.axes:
        axes.spines[["top", "right"]].set_visible(False)
    picture.tight_layout()
    picture.savefig(file, metadata={"Date": None})

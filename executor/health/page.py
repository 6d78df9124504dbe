"""The health of a table as a page for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os.path import commonprefix

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from executor import formats

from .checks import Check, Health, Level, Partition

#: marks with their stand-ins where the output is not UTF-8
_MARKS: dict[Level, tuple[str, str, str]] = {
    "ok": ("✓", ".", "green"),
    "warning": ("!", "!", "yellow"),
    "critical": ("✗", "X", "red"),
    "unknown": ("?", "?", "yellow"),
}
_STATUS = {
    "HOT": ("▲", "+", "red"),
    "COLD": ("▼", "-", "blue"),
    "NORMAL": (" ", " ", "green"),
    "DEFAULT": ("◆", "D", "yellow"),
}
_WORDS: dict[Level, str] = {
    "ok": "healthy",
    "warning": "warning",
    "critical": "critical",
    "unknown": "not all is known",
}
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BAR = 8  # cells of the shortest bar
_GAP = 3  # cells between two columns
_LABEL = 24  # cells that the name of a partition may take
_MOST = 200  # partitions that are all shown
_ENDS = 50  # fullest and emptiest ones that are shown of more


def show(health: Health, console: Console, *, verbose: bool) -> None:
    """Print the page; `verbose` adds a line a partition."""
    plain = console.options.ascii_only
    rows = sum(partition.rows for partition in health.partitions)
    size = sum(partition.size_bytes for partition in health.partitions)
    word = Text(_WORDS[health.status], style=_MARKS[health.status][2])
    _print(console, Text.assemble(
        (_clean(health.table), "bold"), f" in {_clean(health.database)}: ", word))  # fmt: skip
    _print(console, Text(
        f"{_clean(health.partitioned_by)}, {len(health.partitions):,} partitions,"
        f" {rows:,} rows, {formats.size(size)}", style="dim"))  # fmt: skip
    console.print()
    label = max(len(check.name) for check in health.checks)
    for check in health.checks:
        _show_check(check, label, console, plain=plain)
    if health.partitions:
        _show_bars(health.partitions, console, plain=plain)
    if verbose and health.partitions:
        console.print()
        console.print(_table(health.partitions))


def _show_check(check: Check, label: int, console: Console, *, plain: bool) -> None:
    """Mark, name and message, which is wrapped where it begins; what to do if it is not well."""
    fancy, ascii_mark, style = _MARKS[check.level]
    head = Text.assemble(
        "  ",
        (ascii_mark if plain else fancy, style),
        f"  {check.name.replace('_', ' '):<{label}}  ",
    )
    indent = " " * head.cell_len
    said = [Text(_clean(check.message, plain=plain))]
    if check.level != "ok" and check.hint:
        said.append(Text(_clean(check.hint, plain=plain), style="dim"))
    for text in said:
        for line in text.wrap(console, max(console.width - head.cell_len, 20)):
            _print(console, head + line)
            head = Text(indent)


@dataclass(frozen=True, slots=True)
class _Columns:
    """How the bars fit into a width: cells of label, bar and number, and columns of them."""

    label: int
    bar: int
    number: int
    columns: int

    @classmethod
    def fitting(cls, labels: Sequence[str], numbers: Sequence[str], width: int) -> _Columns:
        """As many columns as fit, then the bars as long as they may be."""
        label = min(max(map(cell_len, labels)), _LABEL)
        number = max(map(len, numbers))
        words = label + number + 4  # two spaces, one before the mark, the mark
        columns = max((width + _GAP) // (words + _BAR + _GAP), 1)
        columns = min(columns, max(len(labels) // 5, 1))  # few partitions: few columns, long bars
        bar = (width - (columns - 1) * _GAP) // columns - words
        return cls(label, max(min(bar, 60), 1), number, columns)


def _show_bars(partitions: Sequence[Partition], console: Console, *, plain: bool) -> None:
    shown, title = _chosen(partitions)
    hot, cold = (sum(p.status == status for p in partitions) for status in ("HOT", "COLD"))
    up, down = (_STATUS[status][1 if plain else 0] for status in ("HOT", "COLD"))
    console.print()
    _print(console, Text(title, style="bold"))
    legend = f"{up} {hot} hot, over 1.2 times the average   {down} {cold} cold, under 0.8 times"
    _print(console, Text(legend, style="dim"))
    labels = _labels(shown)
    numbers = [f"{partition.rows:,}" for partition in shown]
    fit = _Columns.fitting(labels, numbers, console.width)
    most = max(1, *(partition.rows for partition in shown))
    cells = [
        _bar(partition, label, number, fit, most, plain=plain)
        for partition, label, number in zip(shown, labels, numbers, strict=True)
    ]
    for line in _lines(cells, fit.columns):
        _print(console, line)


def _chosen(partitions: Sequence[Partition]) -> tuple[Sequence[Partition], str]:
    """All partitions, or of many the fullest and the emptiest."""
    if len(partitions) <= _MOST:
        return partitions, "Rows of each partition"
    fullest_first = sorted(partitions, key=lambda partition: -partition.rows)
    title = (
        f"Rows of the {_ENDS} fullest and the {_ENDS} emptiest of {len(partitions):,} partitions"
    )
    return [*fullest_first[:_ENDS], *fullest_first[-_ENDS:]], title


def _labels(partitions: Sequence[Partition]) -> list[str]:
    """The numbers, if every name ends in one, else the names without what all begin with."""
    numbers = [partition.number for partition in partitions]
    if None not in numbers and len(set(numbers)) == len(numbers):
        digits = max(2, *(len(str(number)) for number in numbers))
        return [f"{number:0{digits}}" for number in numbers]
    names = [_clean(partition.name) for partition in partitions]
    common = commonprefix(names).rpartition("_")  # noqa: RUF071 - of names
    start = len(common[0] + common[1]) if len(names) > 1 else 0
    return [name[start:] or name for name in names]


def _bar(
    partition: Partition, label: str, number: str, fit: _Columns, most: int, *, plain: bool
) -> Text:
    fancy, ascii_mark, style = _STATUS[partition.status]
    share = partition.rows / most * fit.bar
    if plain:
        bar = "#" * max(round(share), partition.rows > 0)
    else:
        eighths = max(round(share * 8), partition.rows > 0)  # no row looks like no rows
        bar = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    return Text.assemble(
        (set_cell_size(label, fit.label), "dim"),
        " ",
        (f"{bar:<{fit.bar}}", style),
        f" {number:>{fit.number}} ",
        (ascii_mark if plain else fancy, style),
    )


def _lines(cells: Sequence[Text], columns: int) -> Iterator[Text]:
    """Cells read down, column by column."""
    height = -(-len(cells) // columns)
    for line in range(height):
        yield Text(" " * _GAP).join(cells[line::height])


def _table(partitions: Sequence[Partition]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("partition", overflow="fold")
    for name in ("rows", "deviation", "dead", "size", "vacuum", "analyze"):
        table.add_column(name, justify="right", no_wrap=True)
    now = datetime.now(UTC)
    for partition in partitions:
        table.add_row(
            Text(_clean(partition.name)),
            f"{partition.rows:,}",
            "" if partition.deviation is None else f"{partition.deviation:+.0%}",
            f"{partition.dead_rows:,}",
            formats.size(partition.size_bytes),
            _ago(partition.last_vacuum, now),
            _ago(partition.last_analyze, now),
        )
    return table


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    minutes = max((now - moment).total_seconds() / 60, 0)
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes >= 2 * size:
            return f"{minutes // size:,.0f} {unit} ago"
    return f"{minutes:.0f} min ago"


def _clean(text: str, *, plain: bool = False) -> str:
    """Text without control characters, which a name may hold; it must not steer the terminal."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return shown.encode("ascii", "replace").decode() if plain else shown


def _print(console: Console, text: Text) -> None:
    """A line, or several where it is too long; none trails blanks."""
    for line in text.wrap(console, console.width):
        line.rstrip()
        console.print(line, highlight=False)

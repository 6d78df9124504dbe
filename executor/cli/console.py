"""What people see: a console of rich that no name can steer, and tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment
from rich.table import Table

from executor.streams import visible


class _Visible:
    """Something for a console whose text is made visible when it is rendered."""

    def __init__(self, content: ConsoleRenderable) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._content, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


class _Hook(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Visible(renderable) for renderable in renderables]


def console(
    *,
    stderr: bool = False,
    file: IO[str] | None = None,
    width: int | None = None,
    no_color: bool | None = None,
    markup: bool = True,
    emoji: bool = True,
) -> Console:
    """A console of rich that shows control characters of what it is given."""
    stream = sys.stderr if stderr else sys.stdout
    file = file or getattr(stream, "rich_proxied_file", stream)
    made = Console(
        stderr=stderr, file=file, width=width, no_color=no_color, markup=markup, emoji=emoji
    )
    made.push_render_hook(_Hook())
    return made


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on stdout; where that is no terminal, no line is cut or wrapped."""
    table = Table(*heads, box=None)
    for row in rows:
        table.add_row(*row)
    page = console(markup=False, emoji=False)  # an error quotes what somebody wrote
    if not page.is_terminal:
        page.width = 1000
    page.print(table)

"""What a name, a plan or a server says must not steer the terminal that it is shown on.

All that is printed goes through here, whoever prints it, and all that is put into a file.
"""

from __future__ import annotations

import re
import sys
from typing import TextIO, cast

from .templating.names import UNSEEN

_UNSEEN = re.compile(f"[\r{UNSEEN}]")


def visible(text: str) -> str:
    """Text whose control characters are shown and not obeyed; lines stay lines, JSON stays JSON."""
    return _UNSEEN.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    # JSON holds none of the first 32, and knows the others by this form alone
    return f"\\x{code:02x}" if code < ord(" ") else f"\\u{code:04x}"


class _Visible:
    """A stream of text that shows control characters; rich, which needs them, goes past it."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream
        self.encoding = stream.encoding
        self.errors = stream.errors

    def write(self, given: str | bytes) -> int:
        """Write what can be seen of a text; what completes a word, click gives as bytes."""
        text = given.decode() if isinstance(given, bytes) else given
        self.rich_proxied_file.write(visible(text))
        return len(text)

    def flush(self) -> None:
        """As of the stream."""
        self.rich_proxied_file.flush()

    def isatty(self) -> bool:
        """As of the stream."""
        return self.rich_proxied_file.isatty()

    def fileno(self) -> int:
        """As of the stream."""
        return self.rich_proxied_file.fileno()


def guard() -> None:
    """From now on, nothing that is printed steers a terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, _Visible):  # None: as with >&-
            setattr(sys, name, cast("TextIO", _Visible(stream)))

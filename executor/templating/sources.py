"""Where the text of a template comes from: one way for all that is rendered or included."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateNotFound
from jinja2.exceptions import TemplateError

from executor import files

from .names import UNSEEN

#: rooms of sql/ that the engine itself uses: what is ours there is not replaced by a plan's
OURS = frozenset(
    {"assertions", "backups", "batches", "health", "journal", "report", "script", "security"}
    | {"session", "tables", "throttle"}
)
#: what the file of a template that stands in the plan itself begins with
INLINE = "inline "
_UNSEEN = re.compile(f"[{UNSEEN}]")


def is_inline(template: str) -> bool:
    """Whether what a plan gives as a template is its text and not the name of a file."""
    return any(map(str.isspace, template))


class UnsafeTemplateError(TemplateError):
    """A template that is there and must not be used."""

    def __init__(self, name: str, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.name = name
        self.line = line


class Sources(BaseLoader):
    """The templates of some directories; the first that has one wins, but for what is ours."""

    def __init__(self, directories: Sequence[Path], own: Path) -> None:
        self._own = own if own in directories else None
        self._roots = {path: Path(os.path.realpath(path)) for path in directories}
        self.inline: dict[str, tuple[str, int]] = {}  # texts of the plan, and where they stand
        self._check = cache(files.check_directory)
        self.find = cache(self._find)

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja's
        template: str,
    ) -> tuple[str, str, Callable[[], bool] | None]:
        """As Jinja's, of whatever is rendered, included, imported or extended."""
        if template in self.inline:
            text, source = template, INLINE + template
        elif found := self.find(template):
            try:
                text, source = self._read(*found), str(found[1])
            except OSError as error:
                raise UnsafeTemplateError(template, error.strerror or str(error)) from error
        else:
            raise TemplateNotFound(template)
        if match := _UNSEEN.search(text):
            line = text.count("\n", 0, match.start()) + 1
            message = f"holds the control character U+{ord(match[0]):04X}, which nobody can see"
            raise UnsafeTemplateError(template, message, line)
        return text, source, None

    def taken(self) -> list[Path]:
        """The files of a plan that bear the name of one of ours, and are not used."""
        if self._own is None:
            return []
        own = self._own
        return [
            file
            for root in self._roots
            if root != own
            for room in sorted(OURS)
            for file in sorted((root / room).rglob("*"))
            if (own / file.relative_to(root)).is_file()
        ]

    def _find(self, template: str) -> tuple[Path, Path] | None:
        """The directory that has a template, and the file; never one outside that directory."""
        ours = template.partition("/")[0] in OURS and self._own
        if ours and (ours / template).is_file():
            return ours, ours / template
        for directory, root in self._roots.items():
            file = directory / template
            with suppress(OSError, ValueError):  # such as a name that is too long
                if file.is_file() and os.path.realpath(file).startswith(f"{root}{os.sep}"):
                    return directory, file
        return None

    def _read(self, directory: Path, file: Path) -> str:
        if directory == self._own:
            return file.read_text(encoding="utf-8")
        real, root = Path(os.path.realpath(file)), self._roots[directory]
        if not real.is_relative_to(root):
            raise OSError("it leads out of the sql/ directories")
        for parent in real.parents:
            if parent.is_relative_to(root):
                self._check(parent)
        return files.read(real).decode()

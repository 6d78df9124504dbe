"""What is given out for machines, JSON, and files that are replaced at once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from executor.errors import UsageError
from executor.streams import visible
from executor.templating.names import Name

if TYPE_CHECKING:
    from pathlib import Path

    from executor.events import Event, OnEvent

_TIME = re.compile(r"(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC")  # as people read it


def place(given: str) -> Path:
    """The file that is meant; raises UsageError if it can't be written. A link stays a link."""
    from pathlib import Path

    from executor import files

    path = Path(given)
    if path.is_symlink():
        try:
            files.check_link(path)  # as root, in /tmp, it could lead to any file
        except OSError as error:
            raise UsageError(f"{given} can't be written: {error}") from error
    path = path.resolve()
    if not path.parent.is_dir():
        raise UsageError(f"{given} can't be written: there is no directory {path.parent}")
    if path.exists() and not path.is_file():
        raise UsageError(
            f"{given} can't be written: it is not a regular file", hint="-o names a file"
        )
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"{given} can't be written: {path.parent} is not writable")
    return path


def put(path: Path, text: str) -> None:
    """Put a file in the place of the one there at once: whoever reads it never sees half of it."""
    beside = path.with_name(f".executor.{os.getpid()}")  # short, however long the name is
    try:
        try:
            beside.unlink(missing_ok=True)  # of a process before that was killed
            with beside.open("x", encoding="utf-8") as file:
                file.write(visible(text))
            beside.replace(path)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error


def as_json(record: Mapping[str, object]) -> str:
    """One line for machines; times are as in ISO 8601."""
    told = {key: _for_machines(value) for key, value in record.items()}
    return json.dumps(told, ensure_ascii=False, default=str)


def _for_machines(value: object) -> object:
    time = _TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{time[1]}T{time[2]}+00:00" if time else value


def now() -> str:
    """The moment as machines are told it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@contextmanager
def shown(output: str, *, verbose: bool) -> Iterator[OnEvent]:
    """Where the events of a run go: to stderr for people, to stdout as JSON."""
    if output == "json":
        yield print_event
        return
    from .progress import TextSink, console

    text = TextSink(console(stderr=True), verbose=verbose)
    try:
        yield text
    finally:
        text.close()


def print_event(event: Event) -> None:
    """Print an event as one JSON object on a line; whoever reads a pipe has it at once."""
    record = {"event": type(event).__name__, "at": now(), **asdict(event)}
    print(json.dumps(record, ensure_ascii=False, default=_json_default), flush=True)


def _json_default(value: object) -> object:
    return str(value) if isinstance(value, Name) else repr(value)

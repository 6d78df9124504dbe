"""What need not be made again, kept in the user's cache directory: above all compiled templates.

These are code. So what is kept is read only from a directory that is the user's own and that nobody
else can write to, and only if the same program made it of the same text. Where there is no such
directory nothing is kept, and nothing is said. It is safe to delete at any time.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import threading
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from executor import __version__

_SEAL = 32  # bytes of a sha256
_VERSIONS = f"{__version__} {sys.version} {sys.implementation.cache_tag}"


class Kept:
    """Files in the user's cache directory, each sealed with what its content was made of."""

    def __init__(self) -> None:
        self._directory = _open(_place())

    def read(self, name: str, made_of: str) -> bytes | None:
        """The content of a file, if that is there, whole and made of the same."""
        if self._directory is None:
            return None
        with suppress(OSError):
            with open(self._open_file(name, os.O_RDONLY), "rb") as file:  # noqa: PTH123
                kept = file.read() if _is_ours(os.fstat(file.fileno())) else b""
            content = kept[_SEAL:]
            return content if kept[:_SEAL] == _seal(made_of, content) else None
        return None

    def write(self, name: str, made_of: str, content: bytes) -> None:
        """Keep a file, if that can be done."""
        if self._directory is None:
            return
        temporary = f"{name}.{os.getpid()}.{threading.get_ident()}"
        with suppress(OSError):
            file = self._open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                with open(file, "wb") as out:  # noqa: PTH123
                    out.write(_seal(made_of, content) + content)
                places = {"src_dir_fd": self._directory, "dst_dir_fd": self._directory}
                os.replace(temporary, name, **places)  # noqa: PTH105
            except OSError:
                os.unlink(temporary, dir_fd=self._directory)

    def _open_file(self, name: str, flags: int) -> int:
        # a pipe in its place would be waited for
        safely = os.O_NOFOLLOW | os.O_NONBLOCK
        return os.open(name, flags | safely, 0o600, dir_fd=self._directory)


class Compiled(BytecodeCache):
    """The compiled templates of one directory."""

    def __init__(self, templates: Path, *made_by: Path) -> None:
        """Keep those below ``templates``; ``made_by`` are the files that say how to compile."""
        self._templates = f"{templates}{os.sep}"
        self._kept = Kept()
        self._maker = maker(jinja2.__version__, *made_by)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        """The name of the file; empty for a template that is not kept."""
        if filename is None or not filename.startswith(self._templates):
            return ""
        return sha256(os.fsencode(filename)).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """What the text of a template, and what makes code of it, is known by."""
        return sha256(f"{self._maker}{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its code, if that is kept and whole."""
        if bucket.key and (code := self._kept.read(bucket.key, bucket.checksum)) is not None:
            with suppress(EOFError, ValueError, TypeError):
                bucket.code = marshal.loads(code)  # noqa: S302 - only we can have written it

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket, if that can be done."""
        if bucket.key:
            self._kept.write(bucket.key, bucket.checksum, marshal.dumps(bucket.code))


def maker(library: str, *files: Path) -> str:
    """What makes something that is kept: this program, a version of a library, and some files."""
    made = sha256(f"{library} {_VERSIONS}".encode())
    for file in files:
        made.update(file.read_bytes())
    return made.hexdigest()


def _is_ours(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _seal(made_of: str, content: bytes) -> bytes:
    return sha256(made_of.encode() + content).digest()


def _place() -> Path | None:
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if given.is_absolute():
        return given / "executor"
    with suppress(RuntimeError):  # a container's user without a home
        return Path.home() / ".cache" / "executor"
    return None


@cache
def _open(place: Path | None) -> int | None:
    """The directory, made if it can be; None unless it is ours and only we can write to it."""
    if place is None:
        return None
    user = os.geteuid()
    with suppress(OSError):
        for directory in (place.parent, place):
            # with sudo, the home may be that of another user, who would not get rid of it
            if not directory.exists() and directory.parent.stat().st_uid == user:
                directory.mkdir(mode=0o700)
        opened = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK)
        found = os.fstat(opened)
        if found.st_uid == user and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return opened
        os.close(opened)
    return None

"""Our own templates as Jinja has compiled them, kept in the user's cache directory.

What is kept is code. So it is read only from a directory that is the user's own and that nobody
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


class Compiled(BytecodeCache):
    """The compiled templates of one directory."""

    def __init__(self, templates: Path, *made_by: Path) -> None:
        """Keep those below ``templates``; ``made_by`` are the files that say how to compile."""
        self._templates = f"{templates}{os.sep}"
        self._directory = _open(_place())
        versions = (
            f"{__version__} {jinja2.__version__} {sys.version} {sys.implementation.cache_tag}"
        )
        self._maker = sha256(versions.encode())
        for file in made_by:
            self._maker.update(file.read_bytes())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        """The name of the file; empty for a template that is not kept."""
        if filename is None or not filename.startswith(self._templates):
            return ""
        return sha256(os.fsencode(filename)).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """What the text of a template, and what makes code of it, is known by."""
        made = self._maker.copy()
        made.update(source.encode())
        return made.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its code, if that is kept and whole."""
        if self._directory is None or not bucket.key:
            return
        with suppress(OSError, EOFError, ValueError, TypeError):
            with open(self._open_file(bucket.key, os.O_RDONLY), "rb") as file:  # noqa: PTH123
                kept = file.read() if _is_ours(os.fstat(file.fileno())) else b""
            if kept[:_SEAL] == _seal(bucket, kept[_SEAL:]):
                bucket.code = marshal.loads(kept[_SEAL:])  # noqa: S302 - only we can have written it

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket, if that can be done."""
        if self._directory is None or not bucket.key:
            return
        code = marshal.dumps(bucket.code)
        temporary = f"{bucket.key}.{os.getpid()}.{threading.get_ident()}"
        with suppress(OSError):
            file = self._open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                with open(file, "wb") as out:  # noqa: PTH123
                    out.write(_seal(bucket, code) + code)
                places = {"src_dir_fd": self._directory, "dst_dir_fd": self._directory}
                os.replace(temporary, bucket.key, **places)  # noqa: PTH105
            except OSError:
                os.unlink(temporary, dir_fd=self._directory)

    def _open_file(self, name: str, flags: int) -> int:
        # a pipe in its place would be waited for
        safely = os.O_NOFOLLOW | os.O_NONBLOCK
        return os.open(name, flags | safely, 0o600, dir_fd=self._directory)


def _is_ours(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _seal(bucket: Bucket, code: bytes) -> bytes:
    return sha256(bucket.checksum.encode() + code).digest()


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

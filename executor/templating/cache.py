"""What is found out once and kept in the user's cache directory: compiled templates, valid plans.

What is kept of a template is code. So things are read only from a directory that is the user's own
and that nobody else can write to, and only if they were made by the same program of the same
input, which the caller's checksum says. Where there is no such directory nothing is kept, and
nothing is said. It is safe to delete at any time.
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


def kept(name: str, checksum: str) -> bytes | None:
    """What is kept under a name; None if it is not there, damaged, or of another checksum."""
    directory = _open(_place())
    if directory is None:
        return None
    with suppress(OSError):
        with open(_open_file(directory, name, os.O_RDONLY), "rb") as file:
            found = file.read() if _is_ours(os.fstat(file.fileno())) else b""
        content = found[_SEAL:]
        if found[:_SEAL] == _seal(checksum, content):
            return content
    return None


def keep(name: str, checksum: str, content: bytes) -> None:
    """Keep something under a name in the place of what was there, if that can be done."""
    directory = _open(_place())
    if directory is None:
        return
    temporary = f"{name}.{os.getpid()}.{threading.get_ident()}"
    with suppress(OSError):
        file = _open_file(directory, temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            with open(file, "wb") as out:  # noqa: PTH123
                out.write(_seal(checksum, content) + content)
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
        except OSError:
            os.unlink(temporary, dir_fd=directory)


def maker(library: str, *files: Path) -> str:
    """What makes something that is kept: this program, a version of a library, and some files."""
    versions = f"{library} {__version__} {sys.version} {sys.implementation.cache_tag}"
    made = sha256(versions.encode())
    for file in files:
        made.update(file.read_bytes())
    return made.hexdigest()


class Compiled(BytecodeCache):
    """The compiled templates of one directory."""

    def __init__(self, templates: Path, *made_by: Path) -> None:
        """Keep those below ``templates``; ``made_by`` are the files that say how to compile."""
        self._templates = f"{templates}{os.sep}"
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
        code = kept(bucket.key, bucket.checksum) if bucket.key else None
        if code is not None:
            with suppress(EOFError, ValueError, TypeError):
                bucket.code = marshal.loads(code)  # noqa: S302 - only we can have written it

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket."""
        if bucket.key:
            keep(bucket.key, bucket.checksum, marshal.dumps(bucket.code))


def _open_file(directory: int, name: str, flags: int) -> int:
    # a pipe in its place would be waited for
    safely = os.O_NOFOLLOW | os.O_NONBLOCK
    return os.open(name, flags | safely, 0o600, dir_fd=directory)


def _is_ours(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _seal(checksum: str, content: bytes) -> bytes:
    return sha256(checksum.encode() + content).digest()


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

"""Files that say what is done: read only if nobody else on this machine can have written them."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from functools import cache
from pathlib import Path


class UnsafeError(OSError):
    """A file, or the directory that it is in, can be written by others, or is none."""


def read(path: Path, limit: int = -1) -> bytes:
    """The bytes of a regular file; raises UnsafeError for what others can write, and for no file.

    It is the file opened that is looked at, and nothing is waited for: a pipe has no writer.
    """
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(opened, "rb") as file:  # noqa: PTH123 - by its descriptor
        found = os.fstat(opened)
        if stat.S_ISDIR(found.st_mode):
            raise UnsafeError(f"{path} is a directory")
        if not stat.S_ISREG(found.st_mode):
            raise UnsafeError(f"{path} is not a regular file")
        _refuse(path, found)
        return file.read(limit)


def check_directory(path: Path) -> None:
    """Raise UnsafeError if others can put files of theirs in the place of those in a directory."""
    _refuse(path, path.stat())


def check_link(path: Path) -> None:
    """Raise UnsafeError if another user can have made what a path leads to."""
    _refuse_owner(path, path.lstat())


def _refuse(path: Path, found: os.stat_result) -> None:
    _refuse_owner(path, found)
    # in a directory such as /tmp, which is sticky, nobody can touch what is another's
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    by_group = found.st_mode & stat.S_IWGRP and not _is_alone(found.st_gid, found.st_uid)
    if not sticky and (found.st_mode & stat.S_IWOTH or by_group):
        raise UnsafeError(f"other users can write to {path}; chmod go-w {path}")


def _refuse_owner(path: Path, found: os.stat_result) -> None:
    if found.st_uid not in _trusted():
        raise UnsafeError(
            f"{path} belongs to {_user(found.st_uid)}, and not to the user who runs executor;"
            " run it as that user, or chown the file"
        )


@cache
def _trusted() -> frozenset[int]:
    """Who may say what is done: root, who runs this, and who owns the program itself."""
    users = {0, os.geteuid(), Path(__file__).stat().st_uid}
    given = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and given.isdecimal():
        users.add(int(given))
    return frozenset(users)


@cache
def _is_alone(group: int, user: int) -> bool:
    """Whether a group is that of one user alone, as many systems make one for each."""
    try:
        found = grp.getgrgid(group)
    except KeyError:
        return False
    return set(found.gr_mem) <= {"root", name := _user(user)} and (
        group == 0 or found.gr_name == name
    )


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"

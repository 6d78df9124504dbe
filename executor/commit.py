"""Which commit this is: of the checkout that it is in, or that its wheel was built from."""

from __future__ import annotations

import subprocess
from pathlib import Path

_HERE = Path(__file__).parent
FILE = _HERE / "commit.txt"  # in a wheel; hatch_build.py puts it there


def commit() -> str:
    """The commit, with -dirty if files were changed since; empty where it is not known."""
    return FILE.read_text(encoding="ascii").strip() if FILE.is_file() else of_checkout(_HERE.parent)


def of_checkout(root: Path) -> str:
    """That of a checkout; empty if a directory is none, or there is no git."""
    if not (root / ".git").exists():  # git would look above it, too, and find another one
        return ""
    asked = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"]
    asked.append("--exclude=*")  # a tag is the version's business
    try:
        done = subprocess.run(asked, check=False, capture_output=True, text=True)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip()

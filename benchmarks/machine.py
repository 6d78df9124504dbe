"""What was measured, when, and on which machine."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from running import ROOT

import executor


def origin() -> dict[str, Any]:
    """The date, the version, and the commit if this is a checkout."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "executor": executor.__version__,
        "commit": _git("rev-parse", "HEAD"),
        "changed since the commit": bool(_git("status", "--porcelain", "--untracked-files=no")),
    }


def _git(*arguments: str) -> str | None:
    if not (ROOT / ".git").exists():
        return None  # else git would answer for a repository above
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """What it was measured on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory, GiB": round(pages, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    for line in about.read_text().splitlines() if about.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()

"""What squawk says of the concrete SQL of a plan; it is run as a program.

It knows one file, and not what was there before: that is known here, so that nothing is said of a
table that the plan itself has made.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from executor.errors import UsageError

from .remarks import Found, Level
from .rules import Sending

#: what our own rules say better, or what a run sees to
LEFT_OUT = (
    "require-lock-timeout",  # lock-without-bound: it knows the plan's settings
    "require-statement-timeout",
    "prefer-robust-stmts",  # a step is a transaction, and never done twice
    "transaction-nesting",
    "ban-uncommitted-transaction",
)
_SECONDS = 120  # it takes less than one
_MANUAL = "https://squawkhq.com/docs/"


def find() -> str:
    """The program; raises UsageError with what installs it."""
    beside = Path(sysconfig.get_path("scripts")) / "squawk"
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise UsageError(
            "squawk is not installed, which lints the SQL of a plan",
            hint="pip install 'sql-plan-executor[lint]', or --no-squawk for the rules for plans"
            " alone",
        )
    return found


def judge(program: str, sending: Sequence[Sending], version: int) -> Iterator[Found]:
    """What squawk finds in what a plan sends on its way there."""
    lines: list[Sending] = []  # who has sent each line
    text = ""
    for before, one in zip([None, *sending], sending, strict=False):
        step = before.step if before else None
        if one.step is not step:
            piece = "COMMIT;\n" if step and step.transaction else ""
            piece += "BEGIN;\n" if one.step.transaction else ""
            text, lines = text + piece, lines + [one] * piece.count("\n")
        piece = f"{one.sent.text};\n"
        text, lines = text + piece, lines + [one] * piece.count("\n")
    for said in _asked(program, text, version) if text else ():
        one = lines[min(int(said["line"]), len(lines) - 1)]
        if one.old and one.sent.touched.kind != "RENAME INDEX":  # which no client knows
            told = " ".join(filter(None, [said["message"], said["help"]]))
            rule = str(said["rule_name"])
            level: Level = "error" if said["level"] == "Error" else "warning"
            yield Found(rule, level, told, one.step, one.sent.text, _MANUAL + rule)


def _asked(program: str, text: str, version: int) -> list[dict[str, Any]]:
    """What the program answers; its exit code says only whether that is anything."""
    arguments = ["--reporter", "json", "--stdin-filepath", "plan.sql"]
    arguments += [f"--pg-version={version}.0", f"--exclude={','.join(LEFT_OUT)}"]
    try:
        done = subprocess.run(  # noqa: S603 - the program that was found
            [program, *arguments],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        answer: list[dict[str, Any]] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UsageError(
            f"squawk can't be asked: {error}", hint="--no-squawk leaves it out"
        ) from error
    return answer

"""Where plans, SQL templates and schema.json are: a checkout's top level, or inside the wheel."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from . import files
from .errors import UsageError

#: the project's directory of plans; its configuration may name another one
PLANS: ContextVar[Path] = ContextVar("plans", default=Path("plans"))


def home() -> Path:
    """The directory that holds our own sql/, plans/ and schema.json."""
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent


@cache
def schema() -> dict[str, Any]:
    """schema.json, parsed."""
    parsed: dict[str, Any] = json.loads((home() / "schema.json").read_text(encoding="utf-8"))
    return parsed


def template_directories(plan: Path) -> tuple[Path, ...]:
    """The sql/ directories that a plan may use: its own, and ours.

    Its own stands beside the plan, or beside the directory plans/ that the plan is in, however
    deep: what is above that is not the plan's. Raises UnsafeError if others can write to it.
    """
    own, plan = home() / "sql", plan.resolve()
    files.check_directory(plan.parent)
    for directory in _directories_of(plan):
        candidate = directory / "sql"
        if candidate == own:
            break
        if os.path.isdir(candidate):  # noqa: PTH112
            files.check_directory(directory)
            files.check_link(candidate)
            files.check_directory(candidate)
            return (candidate, own)
    return (own,)


def _directories_of(plan: Path) -> list[Path]:
    above = list(plan.parents)
    plans = [number for number, directory in enumerate(above) if directory.name == "plans"]
    return above[: plans[0] + 2 if plans else 1]


def find_plan(given: str | os.PathLike[str] | None) -> Path:
    """The file that PLAN on the command line means: a path, a bare name, or nothing at all.

    A name is that of a plan in plans/, of our own, or of NAME.yaml in the working directory.
    """
    directories = _plan_directories()
    if given is None:
        return _only_plan(directories)
    path = Path(given)
    looks_like_a_file = path.suffix in {".yaml", ".yml"} or len(path.parts) > 1
    if looks_like_a_file or os.path.exists(path):  # noqa: PTH110
        return path
    if found := _named(directories, str(given)):
        return found
    here = Path(f"{given}.yaml")
    if os.path.isfile(here):  # noqa: PTH113
        return here
    known = ", ".join(sorted({p.stem for d in directories for p in d.rglob("*.yaml")}))
    raise UsageError(f"there is no plan {given!r}", hint=f"give a path, or one of: {known}")


def _named(directories: list[Path], given: str) -> Path | None:
    """The plan in the first of the directories that has one of this name."""
    for directory in directories:
        named = [path for path in sorted(directory.rglob("*.yaml")) if path.stem == given]
        found = list({path.resolve(): path for path in reversed(named)}.values())[::-1]
        if len(found) > 1:
            paths = " or ".join(map(str, found))
            raise UsageError(f"there is more than one plan {given!r}", hint=f"give a path: {paths}")
        if found:
            return found[0]
    return None


def plan_of(name: str, file: str) -> Path:
    """The plan of this name: that of the file, while it is there."""
    told = Path(file)
    is_there = told.stem == name and os.path.isfile(told)  # noqa: PTH113
    return told if is_there else find_plan(name)


def known_plans() -> Iterator[Path]:
    """Every plan that a bare name could mean, each once: those of the working directory first."""
    seen: set[Path] = set()
    for directory in _plan_directories():
        for path in sorted(directory.rglob("*.yaml")):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _plan_directories() -> list[Path]:
    # os.path: what can't be looked at, such as another user's working directory, is not there
    return [path for path in (PLANS.get(), home() / "plans") if os.path.isdir(path)]  # noqa: PTH112


def shipped_plan(file: str) -> Path | None:
    """The plan of our own that has this file name, without a directory."""
    found = [path for path in sorted((home() / "plans").rglob("*.yaml")) if path.name == file]
    return found[0] if len(found) == 1 else None


def spelled(plan: Path) -> str:
    """What to write for a plan on the command line: its name where that means it, else its path."""
    with suppress(UsageError):
        found = _named(_plan_directories(), plan.stem)
        if found and found.resolve() == plan.resolve():
            return plan.stem
    return shlex.quote(str(plan))


def _only_plan(directories: list[Path]) -> Path:
    for directory in directories:
        plans = sorted(directory.glob("*.yaml"))
        if len(plans) == 1:
            return plans[0]
        if plans:
            names = ", ".join(plan.stem for plan in plans)
            raise UsageError("say which plan", hint=f"{directory}/ holds more than one: {names}")
    raise UsageError("say which plan", hint="executor run plans/my_plan.yaml")

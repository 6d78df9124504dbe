"""What a run is bound to by `--expect`: plan, templates, values and facts, and their digest. Pure.

Not in it: the moment when a run begins and the names made of that, and what a plan asks the server
for, such as how many connections it can do with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from executor import files
from executor.errors import DriftError, UsageError
from executor.plan import variables
from executor.plan.loader import Loaded
from executor.rendering import script
from executor.rendering.facts import differences
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.templates import digest

from .statements import shown

_MAX_BYTES = 100_000_000
_DIGEST = re.compile("[0-9a-f]{64}")
_FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")
_NUMBER = re.compile(r"\d+|\b[0-9a-f]{8,}\b")
_SHOWN = 60  # lines of a difference of scripts in a message


@dataclass(frozen=True, slots=True)
class Bound:
    """What was reviewed, or what would run now."""

    plan: str
    values: Mapping[str, Any]  # that somebody chooses, and with --accept what is given up
    facts: Mapping[str, Any]
    parts: Mapping[str, str]  # the digest of each step, and of what the plan says beside
    script: str

    @property
    def digest(self) -> str:
        """The sha256 of it; not of the script as text, whose first lines name a version."""
        told = {name: value for name, value in asdict(self).items() if name != "script"}
        return digest(json.dumps(told, sort_keys=True, default=str))


def neutral(own: Renderer) -> Renderer:
    """The same plan, values and facts, as if every run began at the same moment."""
    chosen = variables.chosen_values(own.plan, own.values)
    loaded = Loaded(own.plan, own.templates)
    return Renderer.of(loaded, chosen, ANY_TIMESTAMP, own.facts, keep=True)


def bind(plain: Renderer) -> Bound:
    """What a run is bound to, by its renderer as `neutral` has made it."""
    plan = plain.plan
    asked = {variable.name for variable in plan.variables if variable.ask}
    chosen = variables.chosen_values(plan, plain.values)
    values = {name: value for name, value in chosen.items() if name not in asked}
    return Bound(
        plan.name, values, plain.facts.rows, dict(_parts(plain)), "\n".join(script.forward(plain))
    )


def _parts(plain: Renderer) -> Iterator[tuple[str, str]]:
    plan = plain.plan
    rendered = plain.digests()
    for step in plan.steps:
        said = asdict(step)
        for name in ("place", "description", "workers"):
            said.pop(name)
        for assertion in said["assertions"]:
            assertion.pop("place")
        known = [rendered[step.name], json.dumps(said, sort_keys=True, default=str)]
        yield step.name, digest("\0".join(known))
    asked = [plain.condition(plan.finished_when)] if plan.finished_when else []
    asked += [condition.query for condition in plain.throttle()]
    proven = [plain.assertion(assertion) for assertion in plan.verify]
    asked += [part for item in proven for part in (item.prepare, item.query)]
    settings = json.dumps(dict(plan.settings), sort_keys=True)
    beside = [plan.postgres, settings, plain.session(), *asked]
    yield "what the plan says of every step", digest("\0".join(beside))


# -- what was expected


@dataclass(frozen=True, slots=True)
class Expected:
    """What --expect says: a digest, or all that a review holds."""

    digest: str
    reviewed: Bound | None = None
    given: Mapping[str, Any] | None = None  # the values that the command line gave
    file: str = ""  # of the plan, as it was then


def expected(text: str) -> Expected:
    """A digest, or a file that `executor review` has written as JSON; raises UsageError."""
    if _DIGEST.fullmatch(text):
        return Expected(text)
    path = Path(text)
    if re.fullmatch("[0-9a-fA-F]+", text) and not path.exists():
        raise UsageError(
            f"{text} is not the digest of a review: that has 64 digits, and stands at its end",
            hint="give all of it, or the review as JSON",
        )
    try:
        document = json.loads(files.read(path, _MAX_BYTES))
        bound = Bound(**document["bound"])
        found = Expected(
            document["digest"], bound, document["given"], str(document.get("file", ""))
        )
    except OSError as error:
        raise UsageError(f"{text} can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{text} is neither a digest nor a review as JSON",
            hint="executor review PLAN -o review.json writes one",
        ) from error
    if bound.digest != found.digest:
        raise UsageError(f"{text} was edited: its digest is not that of what it says")
    return found


def refuse_other(expect: Expected, own: Renderer) -> None:
    """Raise DriftError unless what would run is what was reviewed."""
    now = bind(neutral(own))
    if now.digest == expect.digest:
        return
    if expect.reviewed is None:
        raise DriftError(
            f"this is not what was reviewed: its digest is {now.digest}, and {expect.digest} is"
            " expected",
            hint="give the review as JSON to --expect, or to `executor diff`, to see what is"
            " different; or review it anew",
        )
    found = "\n".join(compared(expect.reviewed, now))
    raise DriftError(
        f"this is not what was reviewed; since then:\n{found}",
        hint="review it anew, and run with --expect and what that says",
    )


def compared(was: Bound, now: Bound, most: int = _SHOWN) -> Iterator[str]:
    """What is different, a line each: values, facts, steps, and then the scripts."""
    if was.plan != now.plan:
        yield f"  plan: was {was.plan}, is {now.plan}"
    for name in dict.fromkeys([*was.values, *now.values]):
        if (before := was.values.get(name)) != (after := now.values.get(name)):
            yield f"  value {name}: was {before}, is {after}"
    names = list(dict.fromkeys([*was.facts, *now.facts]))
    yield from (f"  {line}" for line in differences(was.facts, now.facts, names))
    changed = [name for name in now.parts if was.parts.get(name) != now.parts[name]]
    changed += [name for name in was.parts if name not in now.parts]
    if changed:
        yield f"  steps that are others: {', '.join(changed)}"
    lines = list(_changed_lines(was.script, now.script))
    yield from (f"  {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"  and {len(lines) - most:,} more lines of the script"


def _changed_lines(was: str, now: str) -> Iterator[str]:
    """The lines of two scripts that differ; what is alike but for numbers stands once."""
    seen: dict[str, int] = {}
    first: list[str] = []
    for line in list(unified_diff(was.splitlines(), now.splitlines(), n=0, lineterm=""))[2:]:
        if line.startswith("@@") or not line[1:].strip() or line[1:].lstrip().startswith("--"):
            continue
        if _FINGERPRINT.search(line):  # of the facts, which are told before
            continue
        form = _NUMBER.sub("#", line)
        if form not in seen:
            first.append(line)
        seen[form] = seen.get(form, 0) + 1
    for line in first:
        times = seen[_NUMBER.sub("#", line)]
        told = shown(line)
        yield told if times == 1 else f"{told}  (×{times})"

"""A plan file, checked as a whole and turned into a Plan. Touches files only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from executor import resources
from executor.errors import PlanError, Problem
from executor.templating.cache import keep, kept, maker
from executor.templating.templates import Templates

from .checks import check
from .document import Document
from .extends import read_plan
from .model import (
    BEFORE_ROLLBACK,
    Assertion,
    Batches,
    JsonPath,
    Place,
    Plan,
    Repeat,
    Retry,
    Step,
    Together,
    Variable,
    backoff_seconds,
    seconds,
)

_OF_EVERY_KIND = ("severity", "unknown", "description")  # keys of an assertion
_VALID = b"valid"
_RULES = (resources.home() / "schema.json", Path(__file__).with_name("schema.py"))


class Loaded(NamedTuple):
    """A plan and the templates that it uses."""

    plan: Plan
    templates: Templates


def load(path: Path) -> Loaded:
    """Read, validate and build; raises PlanError with every mistake found, in file order."""
    document = read_plan(path)
    try:
        templates = Templates(resources.template_directories(path))
    except OSError as error:
        raise PlanError([Problem(str(path), 1, "", error.strerror or str(error))]) from error
    problems = [*_mistakes(document), *check(document, templates), *templates.taken()]
    if problems:
        raise PlanError(sorted(set(problems)))
    return Loaded(_plan(path, document, templates), templates)


def _mistakes(document: Document) -> Iterator[Problem]:
    """What schema.json does not allow.

    jsonschema takes longer to load than all the rest, so a plan that was found valid is remembered:
    by its content, the schema, and what has validated it.
    """
    validated = _validated(document.data)
    name = sha256(b"plan " + os.fsencode(Path(document.file).resolve())).hexdigest()
    if validated and kept(name, validated) == _VALID:
        return
    from .schema import mistakes  # noqa: PLC0415 - slow, and few plans need it

    found = list(mistakes(document))
    if validated and not found:
        keep(name, validated, _VALID)
    yield from found


def _validated(data: Any) -> str:
    """What a valid plan is remembered by; empty where jsonschema's version is unknown."""
    # importlib.metadata would be slow to load, too
    spec = find_spec("jsonschema")
    library = Path(spec.origin or "").parent.parent.glob("jsonschema-*-info") if spec else ()
    versions = ", ".join(sorted(directory.name for directory in library))
    return f"{maker(versions, *_RULES)} {json.dumps(data)}" if versions else ""


def _plan(path: Path, document: Document, templates: Templates) -> Plan:
    data: dict[str, Any] = document.data
    return Plan(
        name=path.stem,
        path=path,
        description=data["description"],
        places=document.places,
        postgres=data.get("postgres", ">=14"),
        variables=tuple(_variable(n, d, templates) for n, d in data.get("variables", {}).items()),
        names=data.get("names", {}),
        facts=data.get("facts", {}),
        subject=data.get("subject"),
        settings={name: _setting(value) for name, value in (data.get("settings") or {}).items()},
        session=data.get("session"),
        before_rollback=_before_rollback(data, document),
        finished_when=data.get("finished_when"),
        pace=data.get("pace"),
        throttle=tuple(data.get("throttle", ())),
        accept=tuple(data.get("accept", ())),
        verify=tuple(
            _assertion(item, document.places[("verify", number)])
            for number, item in enumerate(data.get("verify", ()))
        ),
        maintain=data.get("maintain", {}),
        steps=tuple(
            _step(
                {**step, "retry": {**data.get("retry", {}), **step.get("retry", {})}},
                index,
                document.places,
            )
            for index, step in enumerate(data["steps"])
        ),
    )


def _before_rollback(data: Mapping[str, Any], document: Document) -> Step | None:
    if BEFORE_ROLLBACK not in data:
        return None
    return Step(
        name=BEFORE_ROLLBACK,
        rollback=data[BEFORE_ROLLBACK],
        retry=_retry(data.get("retry", {})),
        place=document.places[(BEFORE_ROLLBACK,)],
    )


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _variable(name: str, given: Any, templates: Templates) -> Variable:
    types: dict[type, Any] = {bool: "boolean", int: "integer", float: "number", list: "list"}
    if not isinstance(given, Mapping):
        given = {"type": types.get(type(given), "string"), "default": given}
    default = given.get("default")
    texts = default if isinstance(default, list) else [default]
    derived = any(isinstance(t, str) and templates.unknown_in(t, frozenset()) for t in texts)
    options = {**given, "enum": tuple(given.get("enum", ())), "derived": derived}
    return Variable(name=name, **options)


def _step(given: Mapping[str, Any], index: int, places: Mapping[JsonPath, Place]) -> Step:
    step = dict(given)
    path: JsonPath = ("steps", index)
    step["with_"] = step.pop("with", {})
    step["recheck"] = tuple(step.get("recheck", ()))
    if "batches" in step:
        step["batches"] = Batches(**step["batches"])
    if "together" in step:
        step["together"] = Together(**step["together"])
    if "repeat" in step:
        step["repeat"] = Repeat(**step["repeat"])
    step["retry"] = _retry(step["retry"])
    step["pause"] = seconds(step.get("pause", "0s"))
    step["settings"] = {name: _setting(value) for name, value in step.get("settings", {}).items()}
    step["assertions"] = tuple(
        _assertion(item, places[(*path, "assertions", number)], step["with_"])
        for number, item in enumerate(step.get("assertions", ()))
    )
    return Step(**step, place=places[path])


def _retry(given: Mapping[str, Any]) -> Retry:
    options = dict(given)
    if "on" in options:
        options["on"] = tuple(options["on"])
    if "backoff" in options:
        options["backoff"] = backoff_seconds(options["backoff"])
    return Retry(**options)


def _assertion(
    given: Mapping[str, Any], place: Place, with_: Mapping[str, Any] | None = None
) -> Assertion:
    ((kind, arguments),) = given.items()
    properties = resources.schema()["$defs"]["assertion"]["properties"][kind]["properties"]
    common = {key: arguments[key] for key in _OF_EVERY_KIND if key in arguments}
    own = {
        key: arguments.get(key, options.get("default"))
        for key, options in properties.items()
        if key not in _OF_EVERY_KIND
    }
    return Assertion(kind=kind, arguments=own, place=place, with_=with_ or {}, **common)

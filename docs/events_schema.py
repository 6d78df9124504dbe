"""Makes docs/events.schema.json of executor/events.py: what `--format json` prints of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from executor import errors, events

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
_TIME = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9-]{10}T[0-9:.]+(Z|[+-]\d\d:\d\d)$",
}
_TEXT, _WHOLE = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
STATES = {
    "unchanged": "nothing in the database is otherwise than before",
    "kept": "what was committed is kept: `executor run` goes on, `executor rollback` undoes",
    "rolled_back": "everything was undone (--rollback-on-failure)",
    "half_undone": "a rollback has stopped on its way: roll back again",
    "unknown": "a bug: `executor status` says how far it is",
}


def _type(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"type": [_SIMPLE[kind] for kind in arguments]}
    if origin in (tuple, Sequence):
        return {"type": "array", "items": _type(arguments[0])}
    if origin is Mapping:
        values = {} if arguments[1] is Any else {"additionalProperties": _type(arguments[1])}
        return {"type": "object", **values}
    raise TypeError(f"{hint} has no schema yet")


def _object(properties: dict[str, Any], description: str | None) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    own = {field.name: _type(hints[field.name]) for field in fields(kind)}
    named = (
        {"event": {"const": kind.__name__}, "at": _TIME} if issubclass(kind, events.Event) else {}
    )
    return _object({**named, **own}, kind.__doc__)


def _failures() -> dict[str, Any]:
    kinds = [errors.ExecutorError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {"enum": sorted({kind.exit_code for kind in kinds})}
    ends = {
        "status": {"const": "failed"},
        "error": {"type": "string"},
        "hint": {"type": "string"},
        "exit_code": codes,
    }
    state = {"state": {"enum": list(STATES)}}
    last = "The last line of a command that failed"
    begin = {"at": _TIME, "command": _TEXT, "plan": _TEXT, "run": _WHOLE}
    run = {"event": {"const": "RunFailed"}, **begin, **state, **ends}
    other = {"event": {"const": "CommandFailed"}, **begin, **ends}
    others = _object(other, f"{last}, of the others; some say more.")
    return {
        "RunFailed": _object(run, f"{last}: run, rollback, verify, maintain."),
        "CommandFailed": {**others, "additionalProperties": True},
    }


def schema() -> dict[str, Any]:
    """The schema of one line."""
    kinds = events.Event.__subclasses__()
    found = {kind.__name__: _of(kind) for kind in kinds} | _failures()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of executor run, rollback, verify or maintain with --format json",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in found],
        "$defs": {"Finding": _of(events.Finding), **found},
    }


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))

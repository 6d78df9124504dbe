"""What schema.json does not allow of a plan, found by jsonschema and said in our words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from executor import resources
from executor.errors import Problem

from .document import Document


def _is_integer(_: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # JSON Schema takes 3.0 for one


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    # Python's $ also matches before a last line break
    ends = pattern.endswith("$") and isinstance(value, str) and value.endswith("\n")
    if isinstance(value, str) and (ends or not re.search(pattern, value, re.ASCII)):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def mistakes(document: Document) -> Iterator[Problem]:
    """Every mistake that the schema sees."""
    validator = _Validator(resources.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in validator.iter_errors(document.data):
        yield from _explain(document, error)


def _explain(document: Document, error: ValidationError) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    schema: Any = error.schema
    rule: Any = error.validator_value
    given: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = sorted(schema["properties"])
            for key in sorted(set(given) - set(known)):
                yield document.problem((*path, key), _unknown_key(key, known))
        case "required":
            # jsonschema yields one error for each missing key
            key = error.message.split("'")[1]
            yield document.problem(path, f"the key {key!r} is missing")
        case "anyOf":
            yield document.problem(path, "neither a template path such as x/y.sql nor `nothing`")
        case "oneOf":
            keys = " or ".join(f"`{key}`" for option in rule for key in option["required"])
            yield document.problem(path, f"it needs either {keys}")
        case "pattern" | "minProperties" | "maxProperties":
            note = schema.get("description", f"it must match {rule}")
            yield document.problem(path, f"{_short(given)} is not valid here: {note}")
        case "format":
            yield document.problem(path, f"{_short(given)} is not a {rule}")
        case "type":
            wanted = rule if isinstance(rule, str) else " or ".join(rule)
            yield document.problem(path, f"{_short(given)} is not of type {wanted}")
        case _:
            yield document.problem(path, error.message)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _unknown_key(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
    return f"unknown key {key!r}; {hint}"

"""Whether a plan surely is what schema.json asks, told in milliseconds. Pure.

jsonschema takes longer to load than a plan takes to check, so it is loaded only to explain what is
wrong. What is let through here, it would let through too, as a test says; a rule that is not known
here makes nothing sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_DEFINITIONS = "#/$defs/"
_SAYS_NOTHING = {"$schema", "$defs", "title", "description", "default", "then", "else"}

#: keywords that say something only of values of one type
_ABOUT = {
    **dict.fromkeys(("required", "properties", "additionalProperties"), "object"),
    **dict.fromkeys(("propertyNames", "minProperties", "maxProperties"), "object"),
    **dict.fromkeys(("items", "uniqueItems", "minItems", "maxItems"), "array"),
    **dict.fromkeys(("minLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minimum", "exclusiveMinimum", "maximum"), "number"),
}


def is_sure(schema: Schema, value: Any) -> bool:
    """Whether a value is valid; false if that is not sure."""
    return _Checker(schema).holds(schema, value)


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    kinds: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int}
    kinds["number"] = int | float
    return kind in kinds and isinstance(value, kinds[kind])


class _Checker:
    def __init__(self, root: Schema) -> None:
        self._definitions: Mapping[str, Schema] = root.get("$defs", {})

    def holds(self, schema: Schema, value: Any) -> bool:
        return all(self._rule(key, rule, schema, value) for key, rule in schema.items())

    def _rule(self, key: str, rule: Any, schema: Schema, value: Any) -> bool:
        match key:
            case "$ref":
                definition = self._definitions.get(rule.removeprefix(_DEFINITIONS))
                return definition is not None and self.holds(definition, value)
            case "type":
                kinds = [rule] if isinstance(rule, str) else rule
                return any(_is(kind, value) for kind in kinds)
            case "enum" | "const":
                return isinstance(value, str) and value in (rule if key == "enum" else [rule])
            case "anyOf":
                return any(self.holds(option, value) for option in rule)
            case "oneOf":
                # only of what is required is it sure that it does not hold
                known = all(set(option) == {"required"} for option in rule)
                return known and sum(self.holds(option, value) for option in rule) == 1
            case "if":
                branch = "then" if self.holds(rule, value) else "else"
                # of any other condition it is not sure that it does not hold
                return set(rule) == {"type"} and self.holds(schema.get(branch, {}), value)
        if key not in _ABOUT:
            return key in _SAYS_NOTHING
        if not _is(_ABOUT[key], value):
            return True
        if isinstance(value, dict):
            return self._of_mapping(key, rule, schema, value)
        return self._of_list(key, rule, value) if isinstance(value, list) else _of(key, rule, value)

    def _of_mapping(self, key: str, rule: Any, schema: Schema, value: dict[str, Any]) -> bool:
        match key:
            case "required":
                return set(rule) <= set(value)
            case "properties":
                return all(self.holds(rule[name], value[name]) for name in rule if name in value)
            case "additionalProperties":
                others = [value[name] for name in value if name not in schema.get("properties", ())]
                return all(rule is not False and self.holds(rule, other) for other in others)
            case "propertyNames":
                return all(self.holds(rule, name) for name in value)
            case "minProperties":
                return len(value) >= int(rule)
        return len(value) <= int(rule)

    def _of_list(self, key: str, rule: Any, value: list[Any]) -> bool:
        match key:
            case "items":
                return all(self.holds(rule, item) for item in value)
            case "uniqueItems":
                return all(isinstance(i, str) for i in value) and len(set(value)) == len(value)
            case "minItems":
                return len(value) >= int(rule)
        return len(value) <= int(rule)


def _of(key: str, rule: Any, value: Any) -> bool:
    """A rule about a text or a number."""
    match key:
        case "minLength":
            return len(value) >= int(rule)
        case "pattern":
            return not value.endswith("\n") and bool(re.search(rule, value, re.ASCII))
        case "format":
            return rule == "regex" and _compiles(value)
        case "minimum":
            return bool(value >= rule)
        case "exclusiveMinimum":
            return bool(value > rule)
    return bool(value <= rule)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True

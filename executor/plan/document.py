"""YAML as data that remembers its lines. Pure but for reading one file.

YAML 1.2's scalars only: `on`, `0100` and `12:30:45` stay the text that they look like.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from executor import files
from executor.errors import PlanError, Problem

from .model import JsonPath, Place, json_path, problem_at

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_DIGITS = 300  # what a float can hold; int() itself refuses more than 4,300

_SCALARS = (
    ("tag:yaml.org,2002:null", r"(?:~|null|)\Z", "~n\0"),
    ("tag:yaml.org,2002:bool", r"(?:true|false)\Z", "tf"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)\Z", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z",
        "-+0123456789",
    ),
)


class _RefusedError(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML declares it
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """As PyYAML's, within the bounds of a plan."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError("anchors and aliases are not supported; write the value out", line)
        self._depth += 1
        if self._depth > MAX_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            raise _RefusedError("the file is nested too deeply; that is no plan", line)
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), [*_first.replace("\0", ""), ""])


def _compose(text: str) -> yaml.Node | None:
    """By libyaml, if PyYAML has it: five times as fast. Of a mistake the other one says more."""
    if yaml.__with_libyaml__:
        loader = _Loader(text)
        parser = yaml.CLoader(text)
        for method in ("check_event", "get_event", "peek_event"):
            setattr(loader, method, getattr(parser, method))
        with contextlib.suppress(yaml.YAMLError, UnicodeError):
            node: yaml.Node | None = loader.get_single_node()
            return node
    return yaml.compose(text, Loader=_Loader)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the place of every key and item."""

    file: str
    data: Any
    places: dict[JsonPath, Place] = field(repr=False)

    def problem(self, path: JsonPath, message: str) -> Problem:
        """A mistake at a path."""
        return problem_at(path, message, self.places, self.file)


def read(path: Path) -> Document:
    """Read a YAML file; raises PlanError for anything that is not one plain document."""
    file = str(path)

    def refuse(message: str, line: int = 1) -> PlanError:
        return PlanError([Problem(file, line, "", message)])

    try:
        raw = files.read(path, MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise refuse(f"the file has more than {MAX_BYTES:,} bytes; that is no plan")
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise refuse(f"the file is not UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise refuse(f"the plan can't be read: {error.strerror or error}") from error
    try:
        node = _compose(text)
        reader = _Reader(file)
        if node is None:
            raise refuse("the file is empty")
        data = reader.convert(node, ())
    except _RefusedError as error:
        raise refuse(str(error), error.line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not YAML: {', '.join(filter(None, (error.context, error.problem)))}"
        raise refuse(message, mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise refuse(f"not YAML: {str(error).splitlines()[0]}") from error
    if reader.problems:
        raise PlanError(reader.problems)
    return Document(file, data, reader.places)


def mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    """What is below a key; nothing if that is no mapping, which the schema says."""
    given = data.get(key)
    return given if isinstance(given, dict) else {}


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[JsonPath, Place] = {}
        self.problems: list[Problem] = []

    def convert(self, node: yaml.Node, path: JsonPath) -> Any:
        self.places.setdefault(path, Place(self.file, node.start_mark.line + 1))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: JsonPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                message = "a key must be plain text"
                self.problems.append(Problem(self.file, line, json_path(path), message))
                continue
            key = str(self._scalar(key_node, as_text=True))
            if key in result:
                first = self.places[(*path, key)].line
                message = f"the key {key!r} stands twice, first in line {first}"
                self.problems.append(Problem(self.file, line, json_path(path), message))
                continue
            self.places[(*path, key)] = Place(self.file, line)
            result[key] = self.convert(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.Node, *, as_text: bool = False) -> Any:
        text = str(node.value)
        try:
            if re.search("[\0\ud800-\udfff]", text):
                raise ValueError("a NUL or half a character is no text")
            return text if as_text else _value(node.tag, text)
        except ValueError as error:
            self.problems.append(Problem(self.file, node.start_mark.line + 1, "", str(error)))
            return None


def _value(tag: str, text: str) -> Any:
    kind = tag.removeprefix("tag:yaml.org,2002:")
    if kind == "str":
        return text
    if not any(tag == known and re.match(pattern, text) for known, pattern, _ in _SCALARS):
        raise ValueError(f"the tag {tag!r} is not supported for {text[:60]!r}")
    if len(text) > MAX_DIGITS and kind in ("int", "float"):
        raise ValueError(f"the number has more than {MAX_DIGITS} digits")
    if kind == "bool":
        return text == "true"
    return {"int": int, "float": float}[kind](text) if kind != "null" else None

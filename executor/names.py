"""Names and values as SQL text: the one place where anything is quoted. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

MAX_BYTES = 63  # NAMEDATALEN - 1; the server would cut a longer name silently

_PART = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)')
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")


class Sql(str):
    """SQL text that is safe to send; only the filters of a template make one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a table, with its schema."""

    schema: str
    name: str

    def __post_init__(self) -> None:
        for part in (self.schema, self.name):
            check_identifier(part)

    @classmethod
    def parse(cls, text: str, default_schema: str = "public") -> Name:
        """Read a name as SQL would: unquoted parts fold to lower case, "quoted" ones stay."""
        parts, position = [], 0
        while match := _PART.match(text, position):
            quoted, plain = match.groups()
            parts.append(quoted.replace('""', '"') if quoted else plain.lower())
            position = match.end()
            if text[position : position + 1] != ".":
                break
            position += 1
        if position != len(text) or len(parts) not in (1, 2):
            raise ValueError(
                f"{text!r} is not a table name; write schema.table, "
                f'with double quotes where SQL needs them: "My Schema"."Table"'
            )
        return cls(*parts) if len(parts) == 2 else cls(default_schema, parts[0])

    def suffix(self, text: str) -> Name:
        """The name of another table of the same schema, made by appending ``text``."""
        return Name(self.schema, self.name + text)

    def __str__(self) -> str:
        return ".".join(
            part if _PLAIN.match(part) else quote_identifier(part)
            for part in (self.schema, self.name)
        )


def check_identifier(text: str) -> str:
    """Return ``text`` if PostgreSQL can keep it whole as a name, else raise ValueError."""
    size = len(text.encode())
    if not text:
        raise ValueError("a name can't be empty")
    if "\0" in text:
        raise ValueError("a name can't contain a NUL character")
    if size > MAX_BYTES:
        raise ValueError(
            f"the name {text!r} has {size} bytes; PostgreSQL keeps {MAX_BYTES} and would cut it"
        )
    return text


def quote_identifier(text: str) -> str:
    """``text`` as one quoted identifier."""
    return '"' + check_identifier(text).replace('"', '""') + '"'


def ident(value: Any) -> Sql:
    """A table name as "schema"."name", any other text as one quoted identifier."""
    if isinstance(value, Name):
        return Sql(f"{quote_identifier(value.schema)}.{quote_identifier(value.name)}")
    if isinstance(value, str):
        return Sql(quote_identifier(value))
    raise ValueError(f"ident takes a name, not {type(value).__name__} {value!r}")


def literal(value: Any) -> Sql:
    """Any plain value as an SQL literal; a list as an array's, a mapping as JSON's text."""
    match value:
        case None:
            return Sql("NULL")
        case bool():
            return Sql("true" if value else "false")
        case int():
            return Sql(str(value))
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value!r} has no literal")
            return Sql(repr(value))
        case str():
            return Sql(_quote(value))
        case Name():
            return Sql(_quote(ident(value)))
        case timedelta():
            return Sql(_quote(f"{value.total_seconds()} seconds"))
        case Mapping():
            return Sql(_quote(json.dumps(value, ensure_ascii=False, default=str)))
        case Sequence():
            return Sql(_quote("{" + ",".join(_array_item(item) for item in value) + "}"))
        case _:
            raise ValueError(f"literal can't write a {type(value).__name__}: {value!r}")


def _quote(text: str) -> str:
    if "\0" in text:
        raise ValueError("PostgreSQL's text can't contain a NUL character")
    return "'" + text.replace("'", "''") + "'"  # standard_conforming_strings is on in every session


def _array_item(item: Any) -> str:
    if item is None:
        return "NULL"
    text = str(item)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

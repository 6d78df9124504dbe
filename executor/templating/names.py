"""Names and values as SQL text: the one place where anything is quoted. Pure."""

from __future__ import annotations

import hashlib
import json
import math
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from executor.errors import UsageError

MAX_BYTES = 63  # NAMEDATALEN - 1; the server would cut a longer name silently
_DIGEST = 8  # characters that keep names apart which are cut

# what ASCII has besides letters, _, digits and $; said so, as the ranges of all others are slow
_NO_START, _NO_PART = r"\0-@\[-^`{-\x7f", r"\0-#%-/:-@\[-^`{-\x7f"
_PART = re.compile(rf'"((?:[^"]|"")+)"|([^{_NO_START}][^{_NO_PART}]*)')
#: characters that steer a terminal or turn text round, besides those that end a line
UNSEEN = "\0-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
# of no width (Unicode's Default_Ignorable_Code_Point): two names would look the same
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# never in SQL as they are: a line break ends a comment
_UNSEEN = re.compile(f"[\n\f\r{UNSEEN}{_IGNORABLE}]")
_ESCAPED = re.compile(f"[\n\f\r{UNSEEN}{_IGNORABLE}$]")
_FOLDING = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text can't hold it
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")


_TAG = "$executor"  # of dollar quotes


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
        """Read a name as SQL would: unquoted, A to Z become lower case; "quoted" parts stay."""
        parts, position = [], 0
        while match := _PART.match(text, position):
            quoted, plain = match.groups()
            parts.append(quoted.replace('""', '"') if quoted else plain.translate(_FOLDING))
            position = match.end()
            if text[position : position + 1] != ".":
                break
            position += 1
        if position != len(text) or text.endswith(".") or len(parts) not in (1, 2):
            raise ValueError(
                f"{text!r} is not a table name; write schema.table, "
                f'with double quotes where SQL needs them: "My Schema"."Table"'
            )
        return cls(*parts) if len(parts) == 2 else cls(default_schema, parts[0])

    def suffix(self, text: str) -> Name:
        """The name of another table of the same schema, made by appending ``text``.

        A name that would be over 63 bytes is cut before ``text``; a digest of it keeps it apart.
        """
        room = MAX_BYTES - len(text.encode())
        if len(self.name.encode()) <= room or room <= _DIGEST + 1:
            return Name(self.schema, self.name + text)
        kept = self.name.encode()[: room - _DIGEST - 1].decode(errors="ignore")
        return Name(self.schema, f"{kept}_{_digest(self.name)}{text}")

    def __str__(self) -> str:
        return ".".join(
            part if _PLAIN.match(part) else _double_quoted(part)
            for part in (self.schema, self.name)
        )


def check_identifier(text: str) -> str:
    """Return ``text`` if PostgreSQL can keep it whole as a name, else raise ValueError."""
    if not text:
        raise ValueError("a name can't be empty")
    size = len(_storable(text).encode())
    if size > MAX_BYTES:
        raise ValueError(
            f"the name {text!r} has {size} bytes; PostgreSQL keeps {MAX_BYTES} and would cut it"
        )
    return text


def short_name(text: Any) -> str:
    """``text`` as a name: one over 63 bytes is cut, and a digest in front keeps it apart."""
    name = str(text)
    if len(name.encode()) <= MAX_BYTES:
        return name
    return f"{_digest(name)}_{name}".encode()[:MAX_BYTES].decode(errors="ignore")


def _digest(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:_DIGEST]


def dollar_quoted(text: Any) -> Sql:
    """A body of code between dollar quotes, whose tag does not occur in it."""
    body = _storable(str(text))
    tag = _TAG
    while tag in body:
        tag += "_"
    return Sql(f"{tag}${body}{tag}$")


@lru_cache(maxsize=4096)  # a script has the same few names again and again
def quote_identifier(text: str) -> str:
    """``text`` as one quoted identifier."""
    quoted = _double_quoted(check_identifier(text))
    if _needs_escapes(text):
        return "U&" + _escaped(quoted, (r"\{:04x}", r"\{:04x}", r"\+{:06x}"))
    return quoted


def hides(text: str) -> bool:
    """Whether not all of a text is seen as it is, or not on one line."""
    return _UNSEEN.search(text) is not None


def _needs_escapes(text: str) -> bool:
    # two dollars can be the tag that ends the body of a function or of a DO block
    return text.count("$") > 1 or hides(text)


def _escaped(quoted: str, forms: tuple[str, str, str]) -> str:
    """With escapes, of which there are three forms: for ASCII, for the first 65,536, for all."""

    def escape(match: re.Match[str]) -> str:
        code = ord(match[0])
        return forms[(code >= 0x80) + (code >= 0x10000)].format(code)

    return _ESCAPED.sub(escape, quoted.replace("\\", r"\\"))


def _double_quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


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
            return Sql(_spaced(str(value)))
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value!r} has no literal")
            return Sql(_spaced(repr(value)))
        case str():
            return Sql(_quote(value))
        case Name():
            return Sql(_quote(f"{_double_quoted(value.schema)}.{_double_quoted(value.name)}"))
        case timedelta():
            return Sql(_quote(f"{value.total_seconds()} seconds"))
        case Mapping():
            return Sql(_quote(json.dumps(value, ensure_ascii=False, default=str)))
        case Sequence():
            return Sql(_quote("{" + ",".join(_array_item(item) for item in value) + "}"))
        case _:
            raise ValueError(f"literal can't write a {type(value).__name__}: {value!r}")


def _spaced(number: str) -> str:
    return f" {number}" if number.startswith("-") else number  # else -{{ x }} begins a comment


def _storable(text: str) -> str:
    if _NO_TEXT.search(text):
        raise ValueError(f"{text!r} holds a NUL or half a character; PostgreSQL's text can't")
    return text


def _quote(text: str) -> str:
    quoted = "'" + _storable(text).replace("'", "''") + "'"
    if _needs_escapes(text):
        return "E" + _escaped(quoted, (r"\x{:02x}", r"\u{:04x}", r"\U{:08x}"))
    if "\\" in text:  # in a function's body it is read with the settings of whoever calls that
        return "E" + quoted.replace("\\", r"\\")
    return quoted


def _array_item(item: Any) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, Mapping | list | tuple):
        raise ValueError(f"an array can't hold {item!r}")  # noqa: TRY004 - as all that is refused
    text = str(item)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table_name(given: str) -> Name:
    """The table that is meant; raises UsageError if that is no name."""
    try:
        return Name.parse(given)
    except ValueError as error:
        raise UsageError(str(error)) from None

"""What the catalog said of a table when it was asked: a plan's facts, as templates see them.

Pure. A fact is what one query of the plan's `facts:` returned: a list of records. Text in them is
text, and must be quoted; a column whose name ends in ``_sql`` is a fragment that PostgreSQL has
deparsed, and is printed as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from executor.formats import short
from executor.templating.statements import fragment

_FRAGMENT = "_sql"  # what the name of a column of SQL ends in
_LONG = 120  # characters of a value in a sentence
_BEFORE = 30  # of them, before the place where two differ

Rows = Sequence[Mapping[str, Any]]  # of one fact, as JSON


class Record(SimpleNamespace):
    """A row of a fact; a template reads its columns as attributes."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(**{name: _value(name, value) for name, value in row.items()})


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return Record(value)
    if isinstance(value, list):
        return [_value(name, item) for item in value]
    return fragment(value) if isinstance(value, str) and name.endswith(_FRAGMENT) else value


class Facts:
    """The facts of a plan; a template reads each as an attribute, a list of records."""

    def __init__(self, rows: Mapping[str, Rows], *, of_result: bool = False) -> None:
        """``of_result``: they say how the table is when the plan has done what it is for."""
        self.rows = rows
        self.of_result = of_result
        for name, found in rows.items():
            setattr(self, name, [Record(row) for row in found])

    def digest(self, name: str) -> str:
        """The sha256 of a fact, as a printed script computes it of the catalog."""
        return hashlib.sha256(_as_jsonb(self.rows.get(name, [])).encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The sha256 of all of them."""
        digests = "".join(f"{name} {self.digest(name)}\n" for name in sorted(self.rows))
        return hashlib.sha256(digests.encode()).hexdigest()

    def record(self, row: Any) -> Any:
        """The record of a fact that the journal has as an item; other items are what they are.

        So a fragment is never taken from an item, but from a fact.
        """
        if isinstance(row, Mapping):
            for name, rows in self.rows.items():
                if row in rows:
                    return getattr(self, name)[list(rows).index(row)]
        return row

    def row(self, record: Record) -> Mapping[str, Any]:
        """The row behind a record, as JSON."""
        for name, rows in self.rows.items():
            for known, row in zip(getattr(self, name), rows, strict=True):
                if known is record:
                    return row
        raise ValueError("a record that is none of the facts")


def item_name(item: Any) -> str:
    """What an item of for_each is called: the name of a record, or of a row of one; else itself."""
    if isinstance(item, Mapping):
        return str(item.get("name", item))
    return str(getattr(item, "name", item))


#: of a plan without `facts:`
NO_FACTS = Facts({})


def differences(
    was: Mapping[str, Rows], now: Mapping[str, Rows], names: Sequence[str]
) -> Iterator[str]:
    """What is not as it was in the rows of facts, in words: an item a difference."""
    for name in names:
        before, after = was.get(name, ()), now.get(name, ())
        gone = {_named(row): row for row in before if row not in after}
        come = {_named(row): row for row in after if row not in before}
        if not gone and not come and list(before) != list(after):
            yield f"{name}: in another order"
        for title, row in gone.items():
            if title not in come:
                yield f"{name}: {title} was there and is gone"
            else:
                yield f"{name}: {title} was changed ({_changes(row, come[title])})"
        yield from (f"{name}: {title} was added" for title in come if title not in gone)


def _named(row: Mapping[str, Any]) -> str:
    """What a sentence calls a row: its name, or else what its first columns say."""
    if isinstance(name := row.get("name"), str):
        on = row.get("relation")
        return f"{name} on {on}" if isinstance(on, str) else name
    return ", ".join(str(value) for value in list(row.values())[:3] if value is not None)


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{column}: was {before}, is {after}"
        for column in {**was, **now}
        for before, after in [_shown(was.get(column), now.get(column))]
        if was.get(column) != now.get(column)
    )


def _shown(was: Any, now: Any) -> tuple[str, str]:
    """Two values, cut; what is long from shortly before the place on where they differ."""
    before, after = (json.dumps(v, ensure_ascii=False, default=str) for v in (was, now))
    pairs = enumerate(zip(before, after, strict=False))
    alike = next((n for n, (one, other) in pairs if one != other), 0)
    cut = alike - _BEFORE if alike > _LONG - _BEFORE else 0
    shown = [short("…" * bool(cut) + value[cut:], _LONG) for value in (before, after)]
    return shown[0], shown[1]


def _as_jsonb(value: Any) -> str:
    """JSON as the text of PostgreSQL's jsonb: shorter keys first, then by their bytes."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(", ", ": "))


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: _ordered(value[key]) for key in keys}
    return [_ordered(item) for item in value] if isinstance(value, list | tuple) else value

"""Makes rows like those of the real table, of which none leaves its server.

Statistics say how many values there are, how often the most common come, how wide they are, and
what is the least and the greatest of numbers and times. Texts, and all that could be one, are
letters of nobody, as long as the real ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from executor.database.queries import Queries
from executor.database.session import DatabaseError, reason
from executor.errors import SqlError
from executor.templating.names import Sql

from .real import Real, Table, reading
from .server import Server

_TRIED = {"first": 1, "last": 500}  # rows, to see whether something can be made
_TIMES = 64  # so often those that are missing are tried: most may break a check
_LETTERS = 8000  # at most in one value
_BETWEEN = {  # where nothing is known
    "whole": ("1", "10000"),
    "fraction": ("0", "1"),
    "day": ("2024-01-01", "2026-01-01"),
    "moment": ("2024-01-01", "2026-01-01"),
}


class Made:
    """Rows like those of a table and of what it refers to, in a database that has no keys yet."""

    def __init__(self, server: Server, real: Real, database: str) -> None:
        self._server = server
        self._real = real
        self._database = database
        self._made = {str(table.name): 0 for table in real.tables}
        oids = [table.oid for table in real.tables]
        self._columns: dict[int, list[dict[str, Any]]] = {oid: [] for oid in oids}
        self._apart: dict[int, list[str]] = {}
        with reading(real.dsn) as queries:
            for row in queries.send("rehearse/synthetic/columns.sql", tables=oids).rows:
                self._columns[row["table"]].append(dict(row))
            for row in queries.send("rehearse/synthetic/pairs.sql", tables=oids).rows:
                self._apart.setdefault(row["table"], row["columns"])

    def draw(self, most: int) -> dict[str, int]:
        """Make them; returns how many of each table. Raises SqlError if there can be none."""
        wanted = self._wanted(most)
        left = list(self._real.tables)
        while left:
            # one that refers to none of the others; or any, where they refer to each other
            among = {table.oid for table in left}
            table = next((one for one in left if not self._parents(one) & among), left[0])
            left.remove(table)
            self._make(table, wanted[table.oid], {other.oid for other in left})
        return self._made

    def _parents(self, table: Table) -> set[int]:
        return {key["parent"] for key in self._keys(table)} - {table.oid}

    def _keys(self, table: Table) -> list[Mapping[str, Any]]:
        known = {other.oid for other in self._real.tables}
        return [k for k in self._real.keys if k["child"] == table.oid and k["parent"] in known]

    def _wanted(self, most: int) -> dict[int, int]:
        """How many rows each table needs: no more than are referred to."""
        wanted = {table.oid: 0 for table in self._real.tables}
        subject = self._real.table
        wanted[subject.oid] = min(most, subject.rows)
        for _ in wanted:
            for table in self._real.tables:
                for key in self._keys(table):
                    column = self._column(table, key["columns"][0])
                    rows = min(math.ceil(column["distinct_values"]), wanted[table.oid])
                    wanted[key["parent"]] = max(wanted[key["parent"]], rows)
        return wanted

    def _column(self, table: Table, name: str) -> dict[str, Any]:
        return next(one for one in self._columns[table.oid] if one["name"] == name)

    def _make(self, table: Table, rows: int, not_yet: set[int]) -> None:
        columns = [_completed(column, rows) for column in self._columns[table.oid]]
        keys = self._joined(table, columns, not_yet)
        if not any(column["is_known"] for column in columns):
            self._real.lacks(f"rows like those of {table.name}: ANALYZE knows nothing of it")
        shown = [key["parent"] for key in keys if key["owner"] != table.owner]
        owners = {str(other.name): other.owner for other in self._real.tables}
        for parent in shown:
            with self._server.session(self._database, owners[str(parent)]) as queries:
                queries.send_alone("rehearse/synthetic/show.sql", table=parent, role=table.owner)
        with self._server.session(self._database, table.owner) as queries:
            asked = {"keys": keys, "columns": self._that_can_be(queries, table, columns)}
            self._made[str(table.name)] = self._insert(queries, table, rows, asked)
            self._raise_sequences(queries, table, columns)
        for parent in shown:
            with self._server.session(self._database, owners[str(parent)]) as queries:
                queries.send_alone("rehearse/synthetic/hide.sql", table=parent, role=table.owner)

    def _raise_sequences(
        self, queries: Queries, table: Table, columns: Sequence[Mapping[str, Any]]
    ) -> None:
        """Let keys that come by themselves come after those that were made."""
        for column in columns:
            if column["is_unique"] and column["has_default"] and column["form"] == "whole":
                asked = {"table": table.name, "column": column["name"]}
                made = queries.send_alone("rehearse/synthetic/greatest.sql", **asked).scalar()
                self._real.sequences = [
                    {**sequence, "value": max(sequence["value"], made)}
                    for sequence in self._real.sequences
                ]

    def _joined(
        self, table: Table, columns: Sequence[dict[str, Any]], not_yet: set[int]
    ) -> list[dict[str, Any]]:
        """The foreign keys of a table, whose columns are told to take what they refer to."""
        tables = {other.oid: other for other in self._real.tables}
        keys: list[dict[str, Any]] = []
        for key in self._keys(table):
            own = {one["name"]: one for one in columns if one["name"] in key["columns"]}
            if any(one["key"] for one in own.values()):
                continue  # as another key wants it; PostgreSQL says so if that does not hold
            nullable = not any(one["not_null"] for one in own.values())
            parent = tables[key["parent"]]
            if parent.oid in (table.oid, *not_yet):
                self._of_none(table, key, own, columns)
                continue
            first = own[key["columns"][0]]
            once = self._apart.get(table.oid) == key["columns"]
            first["is_unique"] = first["is_unique"] or once
            number = len(keys) + 1
            for name, referenced in zip(key["columns"], key["referenced"], strict=True):
                own[name] |= {"key": number, "referenced": referenced}
            keys.append(
                {
                    "number": number,
                    "parent": parent.name,
                    "owner": parent.owner,
                    "referenced": key["referenced"],
                    "by": first["place"],
                    "rows": max(self._made[str(parent.name)], 1),
                    "once": once,
                    "nullable": nullable,
                    "null_share": first["null_share"],
                }
            )
        return keys

    def _of_none(
        self,
        table: Table,
        key: Mapping[str, Any],
        own: Mapping[str, dict[str, Any]],
        columns: Sequence[dict[str, Any]],
    ) -> None:
        """What refers to rows that are not there yet is null, or refers to the row itself."""
        if not any(one["not_null"] for one in own.values()):
            for one in own.values():
                one["form"] = "null"
            self._real.lacks(f"rows that {key['name']} of {table.name} refers to: it is null")
        elif key["parent"] == table.oid:
            named = {one["name"]: one for one in columns}
            for name, referenced in zip(key["columns"], key["referenced"], strict=True):
                kept = {what: own[name][what] for what in ("name", "type_sql")}
                own[name] |= {**named[referenced], **kept, "is_copied": True}
        else:
            raise SqlError(
                f"no rows can be made for {table.name}: by {key['name']} it refers to a table that"
                " refers to it"
            )

    def _that_can_be(
        self, queries: Queries, table: Table, columns: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The columns, without those that have their default; what can't be made is null."""
        told = []
        for column in columns:
            why = "" if column["key"] or column["form"] else f"no values of {column['type_sql']}"
            if not column["key"] and column["form"]:
                try:
                    asked = {"columns": [column], "keys": [], **_TRIED}
                    queries.send_alone("rehearse/synthetic/trying.sql", **asked)
                except DatabaseError as error:
                    why = reason(error)
            if why:
                self._lacks_values(table, column, why)
                column["form"] = None
            if not why or not column["has_default"]:
                told.append(column)
        return told

    def _lacks_values(self, table: Table, column: Mapping[str, Any], why: str) -> None:
        if column["not_null"] and not column["has_default"]:
            raise SqlError(f"no values can be made for {column['name']} of {table.name}: {why}")
        instead = "the default" if column["has_default"] else "null"
        self._real.lacks(f"values of {column['name']} of {table.name}: {why}; it is {instead}")

    def _insert(self, queries: Queries, table: Table, rows: int, asked: Mapping[str, Any]) -> int:
        checks = self._fulfilled(queries, table, asked) if rows else []
        wanted = {"table": table.name, "checks": checks, "apart": self._apart.get(table.oid)}
        first, made = 1, 0
        for _ in range(_TIMES):
            if made == rows:
                break
            # never more than are missing: which of them come first is the planner's choice
            numbers = {"first": first, "last": first + rows - made - 1}
            first = numbers["last"] + 1
            try:
                text = queries.text("rehearse/synthetic/rows.sql", **wanted, **asked, **numbers)
                made += queries.session.execute_alone(text).rowcount
            except DatabaseError as error:
                raise SqlError(f"no rows can be made for {table.name}: {reason(error)}") from error
        return made

    def _fulfilled(
        self, queries: Queries, table: Table, asked: Mapping[str, Any]
    ) -> list[Mapping[str, Sql]]:
        """The checks that some made rows fulfil; the others are dropped."""
        checks: list[Mapping[str, Sql]] = []
        for row in queries.send_alone("rehearse/synthetic/checks.sql", table=table.name).rows:
            check = {"check_sql": Sql(row["check_sql"])}
            try:
                tried = {**asked, **check, **_TRIED}
                fits = queries.send_alone("rehearse/synthetic/fitting.sql", **tried).scalar()
            except DatabaseError as error:
                self._real.lacks(f"rows by {row['name']} of {table.name}: {reason(error)}")
                continue
            if fits:
                checks.append(check)
            elif row["name"]:
                what = {"table": table.name, "name": row["name"]}
                queries.send_alone("rehearse/synthetic/drop_check.sql", **what)
                self._real.lacks(
                    f"the check {row['name']} of {table.name}: no made row fulfils it; left out"
                )
            else:
                raise SqlError(
                    f"no rows can be made for {table.name}: none would have a place in it"
                )
        return checks


def _completed(column: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """A column with what its values are made of."""
    sums = column["sums"]
    common = sums[-1] if sums else 0.0
    distinct = min(round(column["distinct_values"]), 2**40)
    if column["is_unique"]:
        distinct = max(rows, 1)
    shortest = len(f"{max(distinct, rows):x}") + 1
    letters = max(min(column["width"] - 1, column["at_most"] or _LETTERS, _LETTERS), shortest)
    least, greatest = _BETWEEN.get(column["form"] or "", ("", ""))
    known = column["least"] is not None
    return {
        **column,
        "type_sql": Sql(column["type_sql"]),
        "least": column["least"] if known else least,
        "greatest": column["greatest"] if known else greatest,
        "distinct": distinct,
        "common": common,
        "rest_share": max(1 - common, 1e-9),
        "rest": max(distinct - len(sums), 1),
        "letters": letters,
        "pieces": math.ceil(letters / 32),
        "key": 0,  # the number of the foreign key whose value it has, and which of its columns
        "referenced": "",
        "is_copied": False,  # from another column of the row
    }

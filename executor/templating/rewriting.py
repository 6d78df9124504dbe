"""A statement of an application taken apart, and written anew for another table. Pure.

It is done on the tree of PostgreSQL's own parser, where a name can't be taken for a text, a column
or a part of another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Self

import postgast

from .names import Name, literal
from .trees import copied, expression, named, same, tables, text_of, walk

_KINDS = ("select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt")
#: pg_stat_statements leaves `interval $1`, which is no SQL, of `interval '1 day'`
_TYPED = re.compile(r"\b(interval|date|timestamptz|timestamp|timetz|time)\s+(\$\d+)", re.IGNORECASE)
_WILD = re.compile(r"[%_\\]")
_SEARCHED = 8  # characters of a value that are searched for
#: what may name a type, as typename('...') and ('...').typename make a value of it, too; and what
#: names something that is called, perhaps with its schema
_MAKING = {"TypeName": "names", "FuncCall": "funcname", "A_Indirection": "indirection"}
_CALLING = {"TypeName": "names", "FuncCall": "funcname", "A_Expr": "name"}
_CALLING |= {"SortBy": "use_op", "SubLink": "oper_name"}
_SLICES = {">": "late", ">=": "late", "<": "latest", "<=": "latest"}


class UnreadableError(ValueError):
    """A text that is not one statement that can be explained; it says why, and where."""

    def __init__(self, why: str, lines: int = 0) -> None:
        super().__init__(why)
        self.lines = lines  # after the first


@dataclass(frozen=True, slots=True)
class Bound:
    """What a parameter is compared with, as far as the text says."""

    column: str  # empty: none, and the value stands below
    value: str = "middle"  # which one of the column's; a number; empty: null
    array: bool = False
    pattern: bool = False  # of LIKE


@dataclass(frozen=True, slots=True)
class Query:
    """One statement, and what it names."""

    tree: Any
    relations: frozenset[tuple[str, str]]  # schema, or nothing, and name
    names: frozenset[str]  # of columns, functions and operators, and what could be one
    types: frozenset[str]  # and what could be one
    qualifiers: frozenset[str]  # schemas that are named with a function, a type or an operator
    parameters: Mapping[int, Bound | None] = field(hash=False)  # None: nobody knows its value

    @classmethod
    def read(cls, text: str) -> Self:
        """The only statement of a text; raises UnreadableError."""
        try:
            tree = postgast.parse(_TYPED.sub(r"(\2)::\1", text))
        except postgast.PgQueryError as error:
            lines = text.count("\n", 0, max(error.cursorpos - 1, 0))
            raise UnreadableError(f"it is not SQL: {error.message}", lines) from error
        except Exception as error:  # protobuf's, of what is nested too deeply
            raise UnreadableError("it is nested too deeply") from error
        if len(tree.stmts) != 1:
            raise UnreadableError(f"these are {len(tree.stmts)} statements, not one")
        kind = tree.stmts[0].stmt.WhichOneof("node")
        if kind not in _KINDS:
            raise UnreadableError("only SELECT, INSERT, UPDATE, DELETE and MERGE have a plan")
        _refuse_what_is_lost(tree)
        items = list(walk(tree.stmts[0].stmt))
        relations = {(item.schemaname, item.relname) for item in tables(tree)}
        names = {item.sval for item in items if named(item, "String")}
        types = frozenset(name for parts in _called(items, _MAKING) for name in parts)
        qualifiers = frozenset(parts[0] for parts in _called(items, _CALLING) if len(parts) > 1)
        known = (frozenset(relations), frozenset(names), types, qualifiers)
        return cls(tree, *known, _parameters(items))

    @property
    def kind(self) -> str:
        """Which of SELECT, INSERT, UPDATE, DELETE and MERGE it is."""
        return str(self.tree.stmts[0].stmt.WhichOneof("node")).partition("_")[0].upper()

    @property
    def only_reads(self) -> bool:
        """Whether it can be run in a read-only transaction and leaves nothing, unless it fails."""
        return self.kind == "SELECT" and not any(named(i, "IntoClause") for i in walk(self.tree))

    def by_only(self, table: Name) -> bool:
        """Whether it says ONLY of the table."""
        return any(not item.inh for item in tables(self.tree) if _names(item, table, bare=True))

    @property
    def uses_ctid(self) -> bool:
        """Whether it asks where a row is stored."""
        return "ctid" in _columns(self.tree)

    @property
    def returns_all(self) -> bool:
        """Whether it returns the columns that the table happens to have."""
        return any(named(item, "A_Star") for item in walk(self.tree))

    def lacks(self, table: Name, columns: Sequence[str]) -> list[str]:
        """The columns that an INSERT into the table does not send."""
        found = [item for item in walk(self.tree) if named(item, "InsertStmt")]
        if not any(item.relation.relname == table.name for item in found):
            return []
        sent = {target.res_target.name for item in found for target in item.cols}
        return [column for column in columns if column not in sent]

    def for_table(self, before: Name, after: Name, *, bare: bool) -> Self:
        """The same for another table, under the name that the statement knows it by.

        ``bare``: also where it is named without its schema.
        """
        tree = copied(self.tree)
        for item in list(tables(tree)):
            if _names(item, before, bare=bare):
                item.schemaname, item.relname = after.schema, after.name
                if not item.alias.aliasname:
                    item.alias.aliasname = before.name
        for item in walk(tree):
            if named(item, "ColumnRef") and _qualified(item, before):
                del item.fields[0]
        return self._with(tree)

    def placed(self, schemas: Mapping[str, str]) -> Self:
        """With a schema for tables that it names alone."""
        tree = copied(self.tree)
        for item in tables(tree):
            item.schemaname = item.schemaname or schemas.get(item.relname, "")
        return self._with(tree)

    def filled(self, values: Mapping[int, str]) -> Self:
        """With values, as SQL, in the place of parameters."""
        tree = copied(self.tree)
        for item in list(walk(tree)):
            if item.DESCRIPTOR.name == "Node" and item.WhichOneof("node") == "param_ref":
                item.CopyFrom(expression(values[item.param_ref.number]))
        return self._with(tree)

    def narrowed(self, lookup: str) -> tuple[Self, str] | None:
        """With the conditions of a lookup, and these.

        A lookup is SELECT ... WHERE key = $1 AND more: wherever the statement says key = value,
        more is added. None where it does not, or says it all.
        """
        where = _where(lookup)
        parts = list(where.bool_expr.args) if where.HasField("bool_expr") else [where]
        keys, more = _columns(parts[0].a_expr.lexpr), parts[1:]
        if len(keys) != 1:
            return None
        (key,) = keys
        tree, said = copied(self.tree), ""
        for item in list(walk(tree)):
            found = _equality(item, key)
            if found is None or not more:
                continue
            column, value = found
            conditions = [_like(part, column.column_ref, value) for part in more]
            same = copied(item)
            item.bool_expr.boolop = postgast.pg_query_pb2.AND_EXPR
            item.bool_expr.args.extend([same, *conditions])
            said = " AND ".join(map(text_of, conditions))
        return (self._with(tree), said) if said else None

    def restored(self, lookup: str) -> dict[int, str]:
        """What parameters were that pg_stat_statements has made of a lookup's constants, as SQL."""
        found: dict[int, str] = {}
        for part in _where(lookup).bool_expr.args[1:]:
            ours, values = (self._like(side) for side in (part.a_expr.lexpr, part.a_expr.rexpr))
            for constants in (*ours, *values) if ours else ():  # also of key IN (values)
                found |= constants
        return found

    def _like(self, pattern: Any) -> list[dict[int, str]]:
        """Of each expression that is the pattern, what its constants were."""
        found = []
        for item in walk(self.tree):
            lost: dict[int, str] = {}
            if named(item, "Node") and _same(pattern, item, lost):
                found.append(lost)
        return found

    def _with(self, tree: Any) -> Self:
        return replace(self, tree=tree)

    def __str__(self) -> str:
        try:
            return str(postgast.deparse(self.tree))
        except postgast.PgQueryError as error:
            raise UnreadableError(f"it can't be written anew: {error.message}") from error


def constants(text: str) -> list[str]:
    """The constants of a list, as SQL; raises UnreadableError for what is more than that."""
    try:
        (statement,) = postgast.parse(f"SELECT {text}").stmts
        targets = [item.res_target.val for item in statement.stmt.select_stmt.target_list]
        plain = {"A_Const", "TypeCast", "TypeName", "Node", "String", "Integer", "Float", "Boolean"}
        kinds = {item.DESCRIPTOR.name for value in targets for item in walk(value)}
    except (postgast.PgQueryError, ValueError):
        targets, kinds, plain = [], set(), set()
    if not targets or kinds - plain or len(statement.stmt.select_stmt.ListFields()) > 3:
        raise UnreadableError(f"{text!r} is not a list of constants, such as 'a', 1, true")
    return [text_of(value) for value in targets]


def said_before(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the lines `-- key: value` say with which a text ends."""
    for line in takewhile(lambda line: line.lstrip().startswith("--"), reversed(lines)):
        key, colon, value = line.strip().lstrip("- ").partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _refuse_what_is_lost(tree: Any) -> None:
    """Raise UnreadableError if what is written of a tree does not mean the same.

    The library leaves some names without their quotes, such as that of a window. Who may send a
    statement may give one a name that is a statement, too.
    """
    lost = "it can't be written anew"
    try:
        again = postgast.parse(postgast.deparse(tree))
    except Exception as error:  # that of the parser, or protobuf's
        raise UnreadableError(lost) from error
    if not same(again, tree):
        raise UnreadableError(lost)


def _called(items: Sequence[Any], kinds: Mapping[str, str]) -> Iterator[list[str]]:
    """The parts of a name that messages of some kinds have in a field."""
    for item in items:
        if name := kinds.get(item.DESCRIPTOR.name):
            yield [part.string.sval for part in getattr(item, name)]


def _names(item: Any, table: Name, *, bare: bool) -> bool:
    schemas = (table.schema, "") if bare else (table.schema,)
    return item.relname == table.name and item.schemaname in schemas


def _qualified(item: Any, table: Name) -> bool:
    """Whether a column is written schema.table.column."""
    parts = [part.string.sval for part in item.fields]
    return len(parts) > 2 and parts[:2] == [table.schema, table.name]


def _where(lookup: str) -> Any:
    return postgast.parse(lookup).stmts[0].stmt.select_stmt.where_clause


def _like(part: Any, column: Any, value: Any) -> Any:
    """A condition of a lookup, of the column that is meant and with the value."""
    other = copied(part)
    for item in list(walk(other)):
        if item.DESCRIPTOR.name != "Node":
            continue
        if item.WhichOneof("node") == "param_ref":
            item.CopyFrom(value)
        elif item.WhichOneof("node") == "column_ref":
            named = item.column_ref.fields[-1]
            before = [copied(qualifier) for qualifier in column.fields[:-1]]
            kept = copied(named)
            del item.column_ref.fields[:]
            item.column_ref.fields.extend([*before, kept])
    return other


def _same(pattern: Any, item: Any, constants: dict[int, str]) -> bool:
    """Whether an expression is a pattern, whose $1 is any value and whose constants may be lost."""
    if pattern.DESCRIPTOR.name != item.DESCRIPTOR.name:
        return False
    if named(pattern, "Node"):
        if _is_value(pattern):
            return not _columns(item)
        if item.WhichOneof("node") == "param_ref" and pattern.WhichOneof("node") == "a_const":
            constants[item.param_ref.number] = text_of(pattern)
            return True
        if pattern.WhichOneof("node") == item.WhichOneof("node") == "column_ref":
            return _columns(pattern) == _columns(item)
    if named(pattern, "String"):
        return bool(pattern == item)
    ours, theirs = (
        [(d, value) for d, value in each.ListFields() if d.message_type is not None]
        for each in (pattern, item)
    )
    if [d.name for d, _ in ours] != [d.name for d, _ in theirs]:
        return False
    for (_, one), (_, other) in zip(ours, theirs, strict=True):
        pairs = list(zip(one, other, strict=False)) if hasattr(one, "append") else [(one, other)]
        if hasattr(one, "append") and len(one) != len(other):
            return False
        if not all(_same(each, that, constants) for each, that in pairs):
            return False
    return True


def _is_value(node: Any) -> bool:
    """Whether a node of a lookup is its parameter, or that in another type."""
    while node.WhichOneof("node") == "type_cast":
        node = node.type_cast.arg
    return bool(node.WhichOneof("node") == "param_ref")


def _equality(item: Any, key: str) -> tuple[Any, Any] | None:
    """The column and the value of a node `key = value`, whichever stands first."""
    if item.DESCRIPTOR.name != "Node" or item.WhichOneof("node") != "a_expr":
        return None
    found = item.a_expr
    if found.kind != postgast.pg_query_pb2.AEXPR_OP or [n.string.sval for n in found.name] != ["="]:
        return None
    for column, value in ((found.lexpr, found.rexpr), (found.rexpr, found.lexpr)):
        fields = column.column_ref.fields
        if fields and fields[-1].string.sval == key and not _columns(value):
            return copied(column), copied(value)
    return None


def _columns(message: Any) -> set[str]:
    found = (item.fields[-1] for item in walk(message) if named(item, "ColumnRef"))
    return {field.string.sval for field in found if field.string.sval}


def _numbers(message: Any) -> list[int]:
    return [item.number for item in walk(message) if named(item, "ParamRef")]


def _parameters(items: Sequence[Any]) -> dict[int, Bound | None]:
    """What is known of each parameter; of one that no condition asks for, that it may be null."""
    found: dict[int, Bound | None] = {}
    for item in items:
        if named(item, "SelectStmt"):
            found |= dict.fromkeys(_numbers(item.limit_count), Bound("", "10"))
            found |= dict.fromkeys(_numbers(item.limit_offset), Bound("", "0"))
    for item in items:
        if named(item, "A_Expr"):
            for number, bound in _compared(item):
                found.setdefault(number, bound)
    in_conditions = {
        number for item in items for part in _conditions(item) for number in _numbers(part)
    }
    every = {number for item in items for number in _numbers(item)}
    free = {number: None if number in in_conditions else Bound("", "") for number in every}
    return free | found


def _conditions(item: Any) -> Iterator[Any]:
    for name in ("where_clause", "having_clause", "quals", "join_condition"):
        if name in item.DESCRIPTOR.fields_by_name and item.HasField(name):
            yield getattr(item, name)


def _compared(item: Any) -> Iterator[tuple[int, Bound]]:
    """The parameters of `column operator parameters`, whichever stands first."""
    for one, other in ((item.lexpr, item.rexpr), (item.rexpr, item.lexpr)):
        columns = _columns(one)
        if len(columns) != 1 or _columns(other):
            continue
        operator = item.name[-1].string.sval if item.name else ""
        array = item.kind == postgast.pg_query_pb2.AEXPR_OP_ANY
        between = item.kind == postgast.pg_query_pb2.AEXPR_BETWEEN
        like = item.kind in (postgast.pg_query_pb2.AEXPR_LIKE, postgast.pg_query_pb2.AEXPR_ILIKE)
        for place, number in enumerate(_numbers(other)):
            which = ("late", "latest")[place % 2] if between else _SLICES.get(operator, "middle")
            yield number, Bound(min(columns), which, array, like)


def value_of(bound: Bound, known: Mapping[str, Mapping[str, str | None]]) -> str | None:
    """A value for a parameter, as SQL, of what is known of the columns; None: nobody knows."""
    if not bound.column:
        return bound.value or "NULL"
    value = known.get(bound.column, {}).get(bound.value)
    if value is None:
        return None
    if bound.pattern:  # a whole value would be looked up as one
        return literal(f"%{_WILD.sub('', value[:_SEARCHED])}%")
    if bound.array:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return literal("{" + f'"{escaped}"' + "}")
    return literal(value)

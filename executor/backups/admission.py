"""What may run of a backup: the statements of its definition, and the code that they would call.

A definition is data, and may be anybody's. Each of its statements has to be one of the expected
kind, about the expected relation, that does one thing of those a table is made of. So no text in a
definition ends a statement and begins another. Code is that of a role that this one trusts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from executor.database.queries import Queries
from executor.errors import BackupError, PlanError
from executor.templating.names import Name
from executor.templating.statements import Statement, split

_COLUMN = {"CONSTR_NOTNULL", "CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"}
_TABLE = {
    "CONSTR_CHECK",
    "CONSTR_NOTNULL",
    "CONSTR_PRIMARY",
    "CONSTR_UNIQUE",
    "CONSTR_EXCLUSION",
    "CONSTR_FOREIGN",
}
_CHANGES = {
    "AT_AddConstraint", "AT_SetStorage", "AT_SetCompression", "AT_SetOptions", "AT_SetStatistics",
    "AT_SetRelOptions", "AT_AttachPartition", "AT_ClusterOn", "AT_ReplicaIdentity",
}  # fmt: skip
#: what a bound is written with; anything else would be computed when the partition is made
_BOUND = {
    "a_const", "bit_string", "boolean", "column_ref", "float", "integer", "string", "type_cast",
    "type_name",
}  # fmt: skip
_WHOLE = {"comment_stmt", "alter_seq_stmt", "alter_stats_stmt"}  # of nothing but names and texts


#: what expressions name, by kind: each name as the list of its parts
Uses = dict[str, str]

_NAMES = {"func_call": ("functions", "funcname"), "a_expr": ("operators", "name"),
          "type_name": ("types", "names")}  # fmt: skip


class UntrustedCodeError(BackupError):
    """Code of a role that is not trusted would run; that says nothing of the backup."""


def check_code(queries: Queries, table: Name, doing: str, *, made: bool = False) -> None:
    """Lock a table against changes, and refuse to run code that is not trusted."""
    refuse_code(doing, named(queries.send("backups/foreign_code.sql", table=table, made=made).rows))


def named(found: Sequence[Mapping[str, Any]]) -> str:
    """Code that was found, and whose it is."""
    return ", ".join(f"{row['code']} of {row['owner']}" for row in found)


def refuse_code(doing: str, codes: str) -> None:
    """Raise UntrustedCodeError if code was found that this role does not trust."""
    if codes:
        raise UntrustedCodeError(
            f"to {doing} would run code with the rights of this role, which does not trust who"
            f" owns it: {codes}",
            hint="nothing was done; do it as the owner of the table, who loses nothing by it",
        )


def check_references(queries: Queries, keys: str, doing: str) -> None:
    """Refuse foreign keys to tables of which code that is not trusted would run in a lookup."""
    referenced = json.dumps(sorted(_referenced(keys)))
    found = queries.send("backups/foreign_plans.sql", referenced=referenced).rows
    refuse_code(doing, ", ".join(row["code"] for row in found))


def _referenced(keys: str) -> set[tuple[str, str]]:
    """The tables that statements of foreign keys refer to: schema, or nothing, and name."""
    found = (item for each in split(keys, "definition") for item in _walk(each.node))
    tables = (node.pktable for kind, node in found if kind == "constraint")
    return {(table.schemaname, table.relname) for table in tables if table.relname}


def admit(rows: Sequence[Mapping[str, Any]], backup: str) -> Uses:
    """The functions, operators and types that rows of backups/statements.sql name, as JSON.

    Raises BackupError unless each row is what it has to be.
    """
    uses: dict[str, set[tuple[str, ...]]] = {kind: set() for kind, _ in _NAMES.values()}
    for row in rows:
        try:
            statements = split(row["statement"], "definition")
        except PlanError as error:
            raise _refusal(backup, row, error.problems[0].message) from error
        if len(statements) != 1:
            raise _refusal(backup, row, f"it is {len(statements)} statements and not one")
        objection = next(_objections(statements[0], row), None)
        if objection:
            raise _refusal(backup, row, objection)
        for kind, node in _walk(statements[0].node):
            if kind in _NAMES:
                used, parts = _NAMES[kind]
                uses[used].add(tuple(part.string.sval for part in getattr(node, parts)))
    return {kind: json.dumps(sorted(names)) for kind, names in uses.items()}


def _refusal(backup: str, row: Mapping[str, Any], why: str) -> BackupError:
    return BackupError(
        f"the definition of {backup} is not that of a table: what it says of"
        f" {str(row['about'])[:100]!r} is refused, since {why}",
        hint="nothing was run; somebody may have changed it, so look at it first",
    )


def _objections(statement: Statement, row: Mapping[str, Any]) -> Iterator[str]:
    kind = statement.kind
    if kind != row["kind"]:
        yield f"it is a {kind} and not a {row['kind']}"
        return
    node = getattr(statement.node, kind)
    if any(found == "select_stmt" for found, _ in _walk(statement.node)):
        yield "it has a query in it"
    if kind == "variable_set_stmt":
        if node.name != "default_tablespace" or not node.is_local:
            yield "it sets something else"
    elif kind not in _WHOLE:
        yield from _misdirected(_relations(kind, node), row)
        yield from _RULES.get(kind, _no_rule)(node)


def _relations(kind: str, node: Any) -> list[Any]:
    if kind == "create_stats_stmt":
        return [item.range_var for item in node.relations]
    return [node.sequence if kind == "create_seq_stmt" else node.relation]


def _misdirected(relations: list[Any], row: Mapping[str, Any]) -> Iterator[str]:
    names = [(item.catalogname, item.schemaname, item.relname) for item in relations]
    if names != [("", row["schema"], row["about"])]:
        yield "it is about another relation"


def _no_rule(_: Any) -> Iterator[str]:
    yield from ()


def _table(node: Any) -> Iterator[str]:
    for item in node.table_elts:
        if item.WhichOneof("node") != "column_def":
            yield "it has more than columns"
        elif any(_contype(k.constraint) not in _COLUMN for k in item.column_def.constraints):
            yield "a column has a constraint that is not its own"
    if node.if_not_exists or node.HasField("of_typename"):
        yield "it is no table of its own"
    if bool(node.inh_relations) != node.HasField("partbound"):
        yield "it has heirs"
    if node.HasField("partbound") and any(kind not in _BOUND for kind, _ in _walk(node.partbound)):
        yield "the bound of a partition has to be computed"


def _change(node: Any) -> Iterator[str]:
    if len(node.cmds) != 1:
        yield "it does several things"
        return
    command = node.cmds[0].alter_table_cmd
    subtype = command.DESCRIPTOR.fields_by_name["subtype"].enum_type
    if subtype.values_by_number[command.subtype].name not in _CHANGES:
        yield "it does something else"
    added = getattr(command, "def")
    if added.WhichOneof("node") == "constraint":
        constraint = added.constraint
        if _contype(constraint) not in _TABLE or constraint.indexname:
            yield "it adds something else"


def _contype(constraint: Any) -> str:
    kinds = constraint.DESCRIPTOR.fields_by_name["contype"].enum_type
    return str(kinds.values_by_number[constraint.contype].name)


def _index(node: Any) -> Iterator[str]:
    if node.concurrent or node.if_not_exists:
        yield "it makes an index in another way"


_RULES = {"create_stmt": _table, "alter_table_stmt": _change, "index_stmt": _index}


def _walk(node: Any) -> Iterator[tuple[str, Any]]:
    """Every message below a node, with the name of its type as the parser's fields have it."""
    for described, value in node.ListFields():
        if described.message_type is None:
            continue
        for item in value if hasattr(value, "__len__") else (value,):
            if described.message_type.name != "Node":
                yield _snake(described.message_type.name), item
            yield from _walk(item)


def _snake(name: str) -> str:
    words = "".join("_" + c.lower() if c.isupper() else c for c in name)
    return words.lstrip("_").replace("__", "_")  # A_Const

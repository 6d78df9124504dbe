"""What a statement is and which relations it names, read off the parser's tree. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from executor.templating.statements import Statement

from .kinds import Role
from .tree import Relation, enum, is_list, messages, named, queried, relation, strings


class Said(NamedTuple):
    """One thing that a statement does: a key of KINDS, and the relations by their roles."""

    kind: str
    roles: tuple[tuple[Role, Relation], ...] = ()


_TABLES = ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE")
_OBJECTS = {
    "OBJECT_TABLE": "TABLE",
    "OBJECT_FOREIGN_TABLE": "TABLE",
    "OBJECT_COLUMN": "COLUMN",
    "OBJECT_INDEX": "INDEX",
    "OBJECT_VIEW": "VIEW",
    "OBJECT_MATVIEW": "MATERIALIZED VIEW",
    "OBJECT_SEQUENCE": "SEQUENCE",
    "OBJECT_TABCONSTRAINT": "CONSTRAINT",
    "OBJECT_TRIGGER": "TRIGGER",
    "OBJECT_RULE": "RULE",
    "OBJECT_POLICY": "POLICY",
}
_ON_A_TABLE = ("CONSTRAINT", "TRIGGER", "RULE", "POLICY")  # whose name is one of a table's

#: subcommands of ALTER TABLE
_SUBCOMMANDS = {
    "AT_AddColumn": "ADD COLUMN",
    "AT_DropColumn": "DROP COLUMN",
    "AT_ColumnDefault": "SET DEFAULT",
    "AT_DropNotNull": "DROP NOT NULL",
    "AT_SetNotNull": "SET NOT NULL",
    "AT_SetExpression": "ALTER COLUMN TYPE",
    "AT_DropExpression": "DROP EXPRESSION",
    "AT_SetStatistics": "SET STATISTICS",
    "AT_SetOptions": "SET (column options)",
    "AT_ResetOptions": "SET (column options)",
    "AT_SetStorage": "SET STORAGE",
    "AT_SetCompression": "SET COMPRESSION",
    "AT_AlterConstraint": "ALTER CONSTRAINT",
    "AT_ValidateConstraint": "VALIDATE CONSTRAINT",
    "AT_DropConstraint": "DROP CONSTRAINT",
    "AT_AlterColumnType": "ALTER COLUMN TYPE",
    "AT_ChangeOwner": "OWNER",
    "AT_ClusterOn": "CLUSTER ON",
    "AT_DropCluster": "CLUSTER ON",
    "AT_SetLogged": "SET LOGGED",
    "AT_SetUnLogged": "SET LOGGED",
    "AT_SetAccessMethod": "SET ACCESS METHOD",
    "AT_SetTableSpace": "SET TABLESPACE",
    "AT_SetRelOptions": "SET (storage parameters)",
    "AT_ResetRelOptions": "SET (storage parameters)",
    "AT_AddInherit": "INHERIT",
    "AT_DropInherit": "NO INHERIT",
    "AT_ReplicaIdentity": "REPLICA IDENTITY",
    "AT_AttachPartition": "ATTACH PARTITION",
    "AT_DetachPartition": "DETACH PARTITION",
    "AT_DetachPartitionFinalize": "DETACH PARTITION",
    "AT_AddIdentity": "IDENTITY",
    "AT_SetIdentity": "IDENTITY",
    "AT_DropIdentity": "IDENTITY",
    "AT_EnableRowSecurity": "ROW LEVEL SECURITY",
    "AT_DisableRowSecurity": "ROW LEVEL SECURITY",
    "AT_ForceRowSecurity": "ROW LEVEL SECURITY",
    "AT_NoForceRowSecurity": "ROW LEVEL SECURITY",
}
_OF_AN_INDEX = {
    "AT_AttachPartition": "ALTER INDEX ATTACH PARTITION",
    "AT_SetStatistics": "ALTER INDEX SET STATISTICS",
    "AT_SetRelOptions": "ALTER INDEX SET",
    "AT_ResetRelOptions": "ALTER INDEX SET",
}
_DML = {"insert_stmt": "INSERT", "update_stmt": "UPDATE", "delete_stmt": "DELETE"}
_DML["merge_stmt"] = "MERGE"

_QUERIES = ("select_stmt", "call_stmt", "create_table_as_stmt", *_DML)
_WITH_AN_INDEX = ("CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION")

OTHER = "other"


def read(statement: Statement) -> tuple[Said, ...]:
    """What a statement does; ALTER TABLE may do several things at once."""
    kind = statement.kind
    node = getattr(statement.node, kind)
    if kind == "alter_table_stmt":
        objects = enum(node, "objtype")
        return tuple(_altered(node, item.alter_table_cmd, objects) for item in node.cmds)
    if kind in _DML:
        return (_written(_DML[kind], node),)
    reader = _READERS.get(kind)
    return (reader(node),) if reader else (Said(OTHER),)


def renamed(statement: Statement) -> tuple[Relation, Relation] | None:
    """The relation that a statement gives another name, and that name."""
    if statement.kind == "rename_stmt":
        node = statement.node.rename_stmt
        kind = _OBJECTS.get(enum(node, "rename_type"), "")
        if kind in ("TABLE", "INDEX", "VIEW", "MATERIALIZED VIEW", "SEQUENCE"):
            old = relation(node.relation)
            return old, Relation(old.schema, node.newname)
    if statement.kind == "alter_object_schema_stmt":
        node = statement.node.alter_object_schema_stmt
        if node.HasField("relation"):
            old = relation(node.relation)
            return old, Relation(node.newschema, old.name)
    return None


def functions(statement: Statement) -> list[Relation]:
    """The functions that a query calls, each once; those without a schema are PostgreSQL's."""
    found: list[Relation] = []
    if statement.kind not in _QUERIES:
        return found
    for message, name in messages(statement.node):
        if name == "FuncCall":
            parts = strings(message.funcname)
            found.append(Relation(parts[-2] if len(parts) > 1 else "", parts[-1]))
    return list(dict.fromkeys(found))


def indexes(statement: Statement) -> list[Relation]:
    """The indexes that a statement makes by name: they are relations of the table's schema."""
    node = getattr(statement.node, statement.kind)
    if statement.kind == "index_stmt":
        return [Relation(node.relation.schemaname, node.idxname)] if node.idxname else []
    if statement.kind != "alter_table_stmt":
        return []
    given = (getattr(item.alter_table_cmd, "def").constraint for item in node.cmds)
    keys = [one.conname for one in given if enum(one, "contype") in _WITH_AN_INDEX and one.conname]
    return [Relation(node.relation.schemaname, name) for name in keys]


def defined(statement: Statement) -> tuple[Relation, bool] | None:
    """The function that a statement makes, and whether it runs with its owner's rights."""
    if statement.kind != "create_function_stmt":
        return None
    node = statement.node.create_function_stmt
    options = (item.def_elem for item in node.options)
    definer = any(item.defname == "security" and item.arg.boolean.boolval for item in options)
    return named(strings(node.funcname)), definer


def stays_empty(statement: Statement) -> bool:
    """Whether a statement makes a table of a query and leaves it without rows."""
    node = statement.node
    return statement.kind == "create_table_as_stmt" and node.create_table_as_stmt.into.skip_data


def partitioned(statement: Statement) -> bool:
    """Whether a statement makes a table with partitions."""
    return statement.kind == "create_stmt" and statement.node.create_stmt.HasField("partspec")


# -- each kind of statement


def _written(kind: str, node: Any) -> Said:
    target = relation(node.relation)
    rest = [
        item
        for field, value in node.ListFields()
        if field.message_type is not None and field.name != "relation"
        for item in (value if is_list(value) else (value,))
    ]
    return Said(kind, (("on", target), *queried(*rest)))


def _select(node: Any) -> Said:
    if node.HasField("into_clause"):
        made = relation(node.into_clause.rel)
        read = tuple((role, name) for role, name in queried(node) if name != made)
        return Said("CREATE TABLE AS", (("on", made), *read))
    return Said("SELECT", tuple(queried(node)))


def _copy(node: Any) -> Said:
    if node.is_from:
        return Said("COPY FROM", (("on", relation(node.relation)),))
    if node.HasField("relation"):
        return Said("COPY TO", (("read", relation(node.relation)),))
    return Said("COPY TO", tuple(queried(node.query)))


def _create_table(node: Any) -> Said:
    roles: list[tuple[Role, Relation]] = [("on", relation(node.relation))]
    roles += [("parent", relation(item.range_var)) for item in node.inh_relations]
    for element in node.table_elts:
        for message, name in messages(element):
            if name == "TableLikeClause":
                roles.append(("like", relation(message.relation)))
            elif name == "Constraint" and message.HasField("pktable"):
                roles.append(("referenced", relation(message.pktable)))
    part = node.HasField("partbound")
    return Said("CREATE TABLE PARTITION OF" if part else "CREATE TABLE", tuple(roles))


def _create_as(node: Any) -> Said:
    kind = "MATERIALIZED VIEW" if enum(node, "objtype") == "OBJECT_MATVIEW" else "TABLE AS"
    made = relation(node.into.rel)
    return Said(f"CREATE {kind}", (("on", made), *queried(node.query)))


def _view(node: Any) -> Said:
    kind = "CREATE OR REPLACE VIEW" if node.replace else "CREATE VIEW"
    return Said(kind, (("on", relation(node.view)), *queried(node.query)))


def _altered(node: Any, command: Any, objects: str) -> Said:
    subtype, on = enum(command, "subtype"), relation(node.relation)
    given = getattr(command, "def")
    roles: list[tuple[Role, Relation]] = [("on", on)]
    for message, name in messages(given) if command.HasField("def") else ():
        if name == "Constraint" and message.HasField("pktable"):
            roles.append(("referenced", relation(message.pktable)))
        elif name == "PartitionCmd":
            roles.append(("partition", relation(message.name)))
    if subtype in ("AT_DropConstraint", "AT_ValidateConstraint"):
        roles.append(("key", Relation(str(on), command.name)))
    if subtype in ("AT_AddInherit", "AT_DropInherit"):
        roles.append(("parent", relation(given.range_var)))
    return Said(_subcommand(subtype, objects, given), tuple(roles))


def _subcommand(subtype: str, objects: str, given: Any) -> str:
    if objects == "OBJECT_INDEX" and subtype in _OF_AN_INDEX:
        return _OF_AN_INDEX[subtype]
    if subtype == "AT_AddConstraint":
        unread = " NOT VALID" if given.constraint.skip_validation else ""
        if enum(given.constraint, "contype") == "CONSTR_FOREIGN":
            return f"ADD FOREIGN KEY{unread}"
        using = given.constraint.indexname
        return "ADD CONSTRAINT USING INDEX" if using else f"ADD CONSTRAINT{unread}"
    if subtype in ("AT_SetRelOptions", "AT_ResetRelOptions") and objects == "OBJECT_VIEW":
        return "SET (options of a view)"
    if subtype == "AT_DetachPartition" and given.partition_cmd.concurrent:
        return "DETACH PARTITION CONCURRENTLY"
    if subtype.endswith(("Trig", "TrigAll", "TrigUser")):
        return "ENABLE TRIGGER"
    if subtype.endswith("Rule"):
        return "ENABLE RULE"
    return _SUBCOMMANDS.get(subtype, "ADD CONSTRAINT")


def _drop(node: Any) -> Said:
    kind = _OBJECTS.get(enum(node, "remove_type"))
    if kind is None:
        return Said(OTHER)
    names = [strings(item.list.items) for item in node.objects]
    if kind in _ON_A_TABLE:
        names = [parts[:-1] for parts in names]
    suffix = " CONCURRENTLY" if node.concurrent else ""
    roles: list[tuple[Role, Relation]] = [("on", named(parts)) for parts in names]
    if kind == "INDEX":
        roles += [("table of", named(parts)) for parts in names]
    return Said(f"DROP {kind}{suffix}", tuple(roles))


def _rename(node: Any) -> Said:
    kind = _OBJECTS.get(enum(node, "rename_type"))
    if kind is None or not node.HasField("relation"):
        return Said(OTHER)
    verb = "ALTER" if kind in ("TRIGGER", "RULE", "POLICY") else "RENAME"
    kind = {"VIEW": "TABLE", "MATERIALIZED VIEW": "TABLE", "SEQUENCE": "TABLE"}.get(kind, kind)
    return Said(f"{verb} {kind}", (("on", relation(node.relation)),))


def _comment(node: Any) -> Said:
    kind = _OBJECTS.get(enum(node, "objtype"))
    if kind is None:
        return Said(OTHER)
    parts = strings(node.object.list.items)
    on = named(parts[:-1] if kind in ("COLUMN", *_ON_A_TABLE) else parts)
    if kind in ("VIEW", "MATERIALIZED VIEW", "SEQUENCE"):
        kind = "TABLE"
    if kind in ("RULE", "POLICY"):
        kind = "TRIGGER"
    return Said(f"COMMENT ON {kind}", (("on", on),))


def _grant(node: Any) -> Said:
    found = (item for item in node.objects if item.WhichOneof("node") == "range_var")
    roles = tuple(("on", relation(item.range_var)) for item in found)
    return Said("GRANT" if node.is_grant else "REVOKE", roles)  # type: ignore[arg-type]


def _vacuum(node: Any) -> Said:
    full = any(item.def_elem.defname == "full" for item in node.options)
    kind = ("VACUUM FULL" if full else "VACUUM") if node.is_vacuumcmd else "ANALYZE"
    return _about(kind, [item.vacuum_relation.relation for item in node.rels])


def _reindex(node: Any) -> Said:
    if any(item.def_elem.defname == "concurrently" for item in node.params):
        return _about("REINDEX CONCURRENTLY", [node.relation])
    if enum(node, "kind") == "REINDEX_OBJECT_INDEX":
        on = relation(node.relation)
        return Said("REINDEX INDEX", (("on", on), ("table of", on)))
    return _about("REINDEX TABLE", [node.relation])


def _sequence(kind: str) -> Callable[[Any], Said]:
    def read_sequence(node: Any) -> Said:
        roles: list[tuple[Role, Relation]] = [("on", relation(node.sequence))]
        for option in node.options:
            parts = strings(option.def_elem.arg.list.items)
            if option.def_elem.defname == "owned_by" and len(parts) > 1:
                roles.append(("owner", named(parts[:-1])))
        return Said(kind, tuple(roles))

    return read_sequence


def _publication(kind: str) -> Callable[[Any], Said]:
    def read_publication(node: Any) -> Said:
        found = [item.publication_obj_spec for item in node.pubobjects]
        return _about(kind, [item.pubtable.relation for item in found if item.HasField("pubtable")])

    return read_publication


def _about(kind: str, nodes: list[Any]) -> Said:
    roles: list[tuple[Role, Relation]] = [("on", relation(node)) for node in nodes]
    return Said(kind, tuple(roles))


def _on(kind: str, field: str = "relation") -> Callable[[Any], Said]:
    return lambda node: _about(kind, [getattr(node, field)])


_READERS: Mapping[str, Callable[[Any], Said]] = {
    "select_stmt": _select,
    "copy_stmt": _copy,
    "truncate_stmt": lambda node: _about("TRUNCATE", [i.range_var for i in node.relations]),
    "lock_stmt": lambda node: _about("LOCK TABLE", [i.range_var for i in node.relations]),
    "create_stmt": _create_table,
    "create_table_as_stmt": _create_as,
    "view_stmt": _view,
    "drop_stmt": _drop,
    "rename_stmt": _rename,
    "alter_object_schema_stmt": lambda node: (
        _about("SET SCHEMA", [node.relation]) if node.HasField("relation") else Said(OTHER)
    ),
    "index_stmt": lambda node: _about(
        "CREATE INDEX CONCURRENTLY" if node.concurrent else "CREATE INDEX", [node.relation]
    ),
    "reindex_stmt": _reindex,
    "cluster_stmt": _on("CLUSTER"),
    "create_trig_stmt": _on("CREATE TRIGGER"),
    "rule_stmt": _on("CREATE RULE"),
    "create_policy_stmt": _on("CREATE POLICY", "table"),
    "alter_policy_stmt": _on("ALTER POLICY", "table"),
    "refresh_mat_view_stmt": lambda node: _about(
        "REFRESH MATERIALIZED VIEW" + (" CONCURRENTLY" if node.concurrent else ""),
        [node.relation],
    ),
    "create_seq_stmt": _sequence("CREATE SEQUENCE"),
    "alter_seq_stmt": _sequence("ALTER SEQUENCE"),
    "vacuum_stmt": _vacuum,
    "create_stats_stmt": lambda node: _about(
        "CREATE STATISTICS", [item.range_var for item in node.relations]
    ),
    "comment_stmt": _comment,
    "grant_stmt": _grant,
    "create_publication_stmt": _publication("CREATE PUBLICATION"),
    "alter_publication_stmt": _publication("ALTER PUBLICATION"),
    "variable_set_stmt": lambda _: Said("SET"),
    "create_function_stmt": lambda _: Said("CREATE FUNCTION"),
}

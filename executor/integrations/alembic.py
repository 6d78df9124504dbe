"""Alembic: `op.run_plan()` and `op.rollback_plan()`, once env.py has imported this module.

Also `include_name()`, by which autogenerate looks at none of the tables that runs make beside.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, Literal

from alembic.operations import MigrateOperation, Operations
from sqlalchemy import Connection

from executor.backups.registry import REGISTRY, Registries
from executor.database.dsn import from_parameters
from executor.database.session import Connector
from executor.errors import UsageError
from executor.journal import reader

from .migration import PlanMigration

_JOURNAL = "executor"  # the schema
_PARTITIONS = "tables/partitions.sql"


class _PlanOperation(MigrateOperation):
    back = False

    def __init__(self, migration: PlanMigration) -> None:
        self.migration = migration


@Operations.register_operation("run_plan")
class RunPlan(_PlanOperation):
    """Runs a plan, or resumes its run where that stopped."""

    @classmethod
    def run_plan(cls, operations: Operations, plan: str, **given: Any) -> None:
        """Run a plan; the keywords are the fields of PlanMigration: variables, facts, dsn, …"""
        operations.invoke(cls(PlanMigration(plan=plan, **given)))

    def reverse(self) -> MigrateOperation:
        """The rollback."""
        return RollBackPlan(self.migration)


@Operations.register_operation("rollback_plan")
class RollBackPlan(_PlanOperation):
    """Undoes the newest run of a plan, or the newest with the values given."""

    back = True

    @classmethod
    def rollback_plan(cls, operations: Operations, plan: str, **given: Any) -> None:
        """Undo a plan; the keywords are those of `run_plan`."""
        operations.invoke(cls(PlanMigration(plan=plan, **given)))

    def reverse(self) -> MigrateOperation:
        """The run."""
        return RunPlan(self.migration)


@Operations.implementation_for(RunPlan)
@Operations.implementation_for(RollBackPlan)
def _perform(operations: Operations, operation: _PlanOperation) -> None:
    """Run the plan outside of the transaction that Alembic has open, or print its script."""
    context, migration = operations.get_context(), operation.migration
    if context.as_sql:
        text = migration.script(None, back=operation.back)
        with context.autocommit_block():
            context.impl.static_output(text)
        return
    if context._in_external_transaction:  # noqa: SLF001 - it is what begin_transaction() asks
        raise UsageError(
            f"the plan {migration.plan} can't run inside of a transaction which somebody else has"
            " begun on the connection of the migration: end it before context.configure()"
        )
    dsn = migration.dsn or dsn_of(operations.get_bind())
    with context.autocommit_block():
        migration.perform(dsn, back=operation.back)


def dsn_of(connection: Connection) -> str:
    """Where a connection of SQLAlchemy leads; UsageError if that can't be said in a DSN."""
    if connection.dialect.name != "postgresql":
        raise UsageError(f"the connection of the migration leads to {connection.dialect.name}")
    info = getattr(connection.connection.dbapi_connection, "info", None)
    driver = connection.dialect.driver
    if driver.startswith("psycopg") and info is not None:
        known = info.dsn_parameters if driver == "psycopg2" else info.get_parameters()
        return from_parameters({**known, "password": info.password or None})
    url = connection.engine.url
    if not url.database:
        raise UsageError(f"the URL of {driver} names no database: give op.run_plan(…, dsn=…)")
    named = url.translate_connect_args(username="user", database="dbname")
    more = {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in url.query.items()
    }
    return from_parameters({**named, **more})


_Type = Literal["schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint"]
_Parents = MutableMapping[
    Literal["schema_name", "table_name", "schema_qualified_table_name"], str | None
]


def include_name(connection: Connection, dsn: str | None = None) -> Callable[..., bool]:
    """For `context.configure(include_name=)`: leaves out partitions, and what runs have made.

    That is the journal, the registries of backups, what stands in these, and tables of runs that
    have not come to their end: the new table, and logs. Asks the database once, when it is called.
    """
    default = connection.dialect.default_schema_name
    ours = _made(dsn or dsn_of(connection))

    def included(name: str | None, type_: _Type, parent_names: _Parents) -> bool:
        if type_ == "schema":
            return name != _JOURNAL
        if type_ != "table" or name is None:
            return True
        schema = parent_names.get("schema_name") or default
        return name != REGISTRY and (schema, name) not in ours

    return included


def _made(dsn: str) -> set[tuple[str, str]]:
    """The schema and name of each partition, and of each table that is there beside another one."""
    with reader.explained(), Connector(dsn, "executor:alembic").session() as session:
        registries = Registries(session)
        parts = {(row["schema"], row["name"]) for row in registries.send_alone(_PARTITIONS).rows}
        made = reader.made_tables(session) if reader.is_installed(session) else set()
        made |= {entry.table for entry in registries.entries()}
    return parts | {(name.schema, name.name) for name in made}

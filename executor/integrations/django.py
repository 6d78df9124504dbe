"""Django: the operation `RunPlan` of a migration."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from executor.database.dsn import from_parameters
from executor.errors import UsageError

from .migration import PlanMigration

#: parameters of psycopg that libpq does not have
_OF_PSYCOPG = ("context", "cursor_factory", "prepare_threshold")


class RunPlan(Operation):
    """Runs a plan, or resumes its run where that stopped; backwards it undoes the plan.

    The migration says `atomic = False`. The keywords are the fields of PlanMigration: variables,
    options, facts, dsn, on_event. `manage.py sqlmigrate` prints the script, for psql.
    """

    reduces_to_sql = True
    reversible = True
    atomic = False

    def __init__(self, plan: str, **given: Any) -> None:
        self.migration = PlanMigration(plan=plan, **given)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay what they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: ProjectState
    ) -> None:
        """Run the plan, or print its script."""
        self._perform(app_label, schema_editor, back=False)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: ProjectState
    ) -> None:
        """Undo the plan, or print the script that does."""
        self._perform(app_label, schema_editor, back=True)

    def describe(self) -> str:
        """What `showmigrations --plan` and `sqlmigrate` say."""
        return f"Runs the plan {self.migration.plan}"

    def _perform(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *, back: bool
    ) -> None:
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        plan = self.migration.plan
        if schema_editor.atomic_migration:
            raise UsageError(
                f"the plan {plan} has transactions of its own, and can't run inside of the"
                " migration's: give the class Migration the line `atomic = False`"
            )
        if connection.in_atomic_block:
            raise UsageError(
                f"the plan {plan} can't run inside of the transaction that is open on"
                f" {connection.alias!r}: migrate outside of atomic() and of TestCase"
            )
        dsn = self.migration.dsn or dsn_of(connection)
        if schema_editor.collect_sql:
            schema_editor.collected_sql.append(self.migration.script(dsn, back=back))
        else:
            self.migration.perform(dsn, back=back)


def dsn_of(connection: BaseDatabaseWrapper) -> str:
    """Where a connection of Django leads; raises UsageError if that can't be said in a DSN."""
    if connection.vendor != "postgresql":
        raise UsageError(f"{connection.alias!r} is no PostgreSQL: a router can leave it out")
    if "assume_role" in connection.settings_dict["OPTIONS"]:
        raise UsageError(
            f"{connection.alias!r} has assume_role: give RunPlan(dsn=…) of a role that may log in"
        )
    known = connection.get_connection_params()
    return from_parameters({key: known[key] for key in known if key not in _OF_PSYCOPG})

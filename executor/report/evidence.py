"""What the journal and the catalogs say of one run, read in one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executor.database.queries import Queries
from executor.database.session import Connector
from executor.errors import UsageError
from executor.journal import reader

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of sql/report/, each by the name of its file."""

    where: str  # database, server and role
    run: Row
    steps: Sequence[Row]
    spans: Sequence[Row]
    findings: Sequence[Row]
    throughput: Sequence[Row]
    locks: Sequence[Row]
    partitions: Sequence[Row]
    backups: Sequence[Row]
    left_alone: Sequence[Row]  # registries that are not read, and why


def collect(dsn: str | None, run: int | None, plan: str | None = None) -> Evidence:
    """Read a run, or the newest one (of a plan); raises UsageError if it is not there."""
    connector = Connector(dsn, "executor:report")
    with reader.explained(), connector.session() as session:
        if not reader.is_installed(session):
            raise UsageError(
                "this database has no journal, so there is no run to report",
                hint="the journal is in the database of the plan; check --dsn",
            )

        def read(query: str, **values: Any) -> Sequence[Row]:
            return Queries(session).send(f"report/{query}.sql", **values).rows

        with session.transaction("repeatable read"):
            found = read("run", run=run, plan=plan)
            if not found:
                missing = "there is no run" + (f" {run}" if run else f" of {plan}" if plan else "")
                raise UsageError(
                    f"{missing} in this database", hint="`executor status` lists the newest runs"
                )
            (row,) = found
            number = row["id"]
            facts = reader.facts(session, number) if row["has_facts"] else None
            registries = read("registries")
            return Evidence(
                session.where,
                {**row, "facts": facts},
                steps=read("steps", run=number),
                spans=read("spans", run=number) if row["has_spans"] else (),
                findings=read("findings", run=number),
                throughput=read("throughput", run=number),
                locks=read("locks", run=number),
                partitions=read("partitions", run=number),
                backups=_backups(read, registries, row["name_timestamp"]),
                left_alone=[registry for registry in registries if registry["doubt"]],
            )


def _backups(
    read: Callable[..., Sequence[Row]], registries: Sequence[Row], timestamp: str
) -> list[Row]:
    """What a run has entered into the registries, of which each schema may have one."""
    schemas = [row["schema"] for row in registries if not row["doubt"]]
    return [row for name in schemas for row in read("backups", schema=name, timestamp=timestamp)]

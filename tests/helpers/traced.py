"""Every lock that a real run has: read at the end of each transaction, before it lets go of them."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
import pytest

from executor.database.session import Result, Session
from executor.engine import run as engine
from executor.engine.connect import RunOptions
from executor.events import Event, StepStarted
from executor.plan.loader import load
from executor.plan.variables import from_command_line
from executor.rehearse.locks import Lock, mode_of, strongest
from executor.resources import find_plan
from executor.templating.names import Name

_OWN = "SELECT relation::bigint AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted"
_NAMES = (
    "SELECT c.oid::bigint, n.nspname::text, c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S') AND c.oid >= 16384 AND n.nspname <> 'executor'"
)


def locks_of_a_run(
    plan: str, database: str, values: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> list[Lock]:
    """The strongest lock of each step on each relation, by the name that others know it by."""
    found: dict[tuple[str, str], Lock] = {}
    step = ""
    send = Session.execute

    def clock(event: Event) -> None:
        nonlocal step
        if isinstance(event, StepStarted):
            step = event.step

    with psycopg.connect(database, autocommit=True) as other:

        def names() -> Mapping[int, str]:
            rows = other.execute(_NAMES).fetchall()
            return {oid: str(Name(schema, name)) for oid, schema, name in rows}

        before = {*names().values()}

        def execute(session: Session, text: str, *, last: bool = False) -> Result:
            result = send(session, "" if text == "COMMIT" else text)
            if last or text == "COMMIT":
                now = names()  # of somebody else: what is renamed here has its old name there
                for row in send(session, _OWN).rows:
                    if (name := now.get(row["oid"], "")) in before:
                        strongest(found, Lock(step, name, mode_of(row["mode"])))
                send(session, "COMMIT")
            return result

        loaded = load(find_plan(plan))
        given = from_command_line(loaded.plan, values)
        with monkeypatch.context() as patch:
            patch.setattr(Session, "execute", execute)
            engine.run(loaded, RunOptions(dsn=database, variables=given), clock)
    return list(found.values())

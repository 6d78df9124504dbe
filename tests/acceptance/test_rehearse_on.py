"""`executor rehearse --on` uses a server that is named, and leaves nothing there."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from executor.errors import UsageError
from executor.rehearse.real import look
from executor.rehearse.server import Named
from executor.templating.names import Name
from tests.helpers.command import CANARY, ended, eventually, interruptible, one, refused, started
from tests.helpers.flagship import Connection
from tests.helpers.live import role
from tests.helpers.plans import Project, call
from tests.helpers.servers import server_of

_HEAD = "variables: {source: {type: table, default: public.t}}\nsubject: source"
_MARK = "- {name: mark, sql: mark.sql, rollback: unmark.sql}"
_TABLE = """
CREATE TABLE t (id int PRIMARY KEY, note text);
INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 200) AS n;
CREATE TABLE other (n int);
ANALYZE t;
"""
_DATABASES = "SELECT count(*) FROM pg_database WHERE datname LIKE 'executor\\_rehearsal\\_%'"
#: the step refuses a database that others may connect to, a table that they may read, and rows that are real
_MINE = """DO $$ BEGIN
  IF has_database_privilege('public', current_database(), 'CONNECT') THEN RAISE 'others may connect'; END IF;
  IF has_table_privilege('ROLE', 'public.t', 'SELECT') THEN RAISE 'others may read'; END IF;
  IF EXISTS (SELECT FROM public.t WHERE note LIKE 'note%') THEN RAISE 'real rows'; END IF;
END $$;"""


@pytest.fixture
def host(connection: Connection, server_dsn: str) -> Iterator[str]:
    """The same server, by a role that can make databases and no more."""
    with role(connection, "host") as name:
        connection.execute(f"ALTER ROLE {name} CREATEDB PASSWORD '{CANARY}'".encode())
        connection.execute(f"REVOKE pg_read_all_stats FROM {name}".encode())
        yield make_conninfo(server_dsn, user=name, password=CANARY)


def marking(project: Project, first: str = "SELECT 1;") -> Project:
    """A plan that adds a column."""
    return project.write(
        _MARK,
        head=_HEAD,
        mark=f"{first} ALTER TABLE {{{{ source | ident }}}} ADD COLUMN marked boolean;",
        unmark="ALTER TABLE {{ source | ident }} DROP COLUMN marked;",
    )


def test_all_is_made_and_dropped_there_and_its_roles_are_somebody_else(
    project: Project, database: str, connection: Connection, host: str
) -> None:
    with role(connection, "reader") as reader:
        connection.execute(
            f"{_TABLE} GRANT SELECT ON t TO {reader}; CREATE POLICY p ON other TO {reader}".encode()
        )
        marking(project, _MINE.replace("ROLE", reader))
        options = (
            "--on",
            host,
            "--writes-per-second=100",
            "--rows=100",
            "--format=json",
            "--synthetic",
        )
        done = project.call("rehearse", "--dsn", database, *options)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["works"] and len(found["runs"]) == 4
    assert 150 < found["runs"][-1]["rows"] <= found["rows"] == 200
    assert sum(run["writes"]["number"] for run in found["runs"]) > 0
    assert "which is the real server itself" in found["server"] and found["synthetic"] is True
    (left_out,) = found["not_rebuilt"]
    assert left_out.startswith("owners and rights: all belongs to executor_host_")
    assert one(connection, _DATABASES) == 0
    assert one(connection, "SELECT to_regnamespace('executor')") is None
    assert CANARY not in done.stdout + done.stderr


def test_layouts_are_tried_there_and_with_such_rows(
    project: Project, database: str, connection: Connection, host: str
) -> None:
    may_see = f"GRANT pg_read_all_stats TO {conninfo_to_dict(host)['user']}"
    connection.execute(f"{_TABLE} {may_see}".encode())
    asked = ("init", "t", "--dsn", database, "--on", host, "--synthetic")
    refused(call(*asked), 2, "--on says how layouts are tried: give --rehearse, too")
    file = project.directory / "app.sql"
    file.write_text("SELECT note FROM t WHERE id = 5;")
    done = call(*asked, "--layout=hash:id:2", "--rehearse", "--queries", str(file))
    assert done.returncode == 0, done.stderr
    page = " ".join(done.stderr.split())
    assert "on a server that --on names" in page and "with rows like its own" in page
    assert "trying hash:id:2 with 200 rows" in page
    assert "tried 1 statement, none of them much slower" in page
    assert one(connection, _DATABASES) == 0
    assert CANARY not in done.stdout + done.stderr


def test_it_is_dropped_after_a_failure_and_after_ctrl_c(
    project: Project, database: str, connection: Connection, host: str
) -> None:
    connection.execute(_TABLE.encode())
    asked = ("rehearse", "--dsn", database, "--on", host, "--rows=100")
    marking(project, "SELECT 1 / 0;")
    refused(project.call(*asked), 5, "division by zero", "nothing of the real server was changed")
    assert one(connection, _DATABASES) == 0

    marking(project, "SELECT pg_sleep(600);")
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'executor\\_rehearsal\\_%' AND query LIKE '%pg_sleep%' AND state = 'active'"
    with started(project, *asked, preexec_fn=interruptible) as process:
        eventually(connection, sleeping, 1)
        assert one(connection, _DATABASES) == 2
        process.send_signal(signal.SIGINT)
        done = ended(process)
    refused(done, 130, "interrupted")
    assert one(connection, _DATABASES) == 0


def test_it_is_dropped_also_where_it_can_not_sort_as_the_real_one(
    database: str, connection: Connection, host: str
) -> None:
    connection.execute(_TABLE.encode())
    real = look(database, Name("public", "t"), [])
    real.database = {**real.database, "collate": "xx_XX", "ctype": "xx_XX"}
    server = Named(host, real)
    server.make("whole")
    assert any("; sorts by C" in what for what in real.not_rebuilt)
    assert one(connection, _DATABASES) == 1
    server.clear()
    assert one(connection, _DATABASES) == 0


def test_another_server_is_refused_in_one_sentence(
    project: Project, database: str, connection: Connection, server_dsn: str, host: str
) -> None:
    connection.execute(_TABLE.encode())
    marking(project)
    asked = ("rehearse", "--dsn", database, "--on")
    refused(project.call(*asked, database), 2, "the database that is to be rehearsed")
    refused(project.call(*asked, server_dsn), 2, "as a superuser", "CREATE ROLE rehearsal")
    refused(project.call(*asked, "host=/nowhere"), 4, "can't connect")
    with role(connection, "weak") as weak:
        weak_dsn = make_conninfo(server_dsn, user=weak)
        refused(project.call(*asked, weak_dsn), 2, f"the role {weak} may not make databases")
        connection.execute(
            f"ALTER ROLE {weak} CREATEDB; GRANT pg_signal_backend TO {weak}".encode()
        )
        refused(project.call(*asked, weak_dsn), 2, "as a member of pg_signal_backend")
    assert one(connection, _DATABASES) == 0


def test_an_older_server_is_refused(
    database: str, connection: Connection, server_version: int
) -> None:
    older = next((n for n in (14, 15, 16, 17) if Path(f"/usr/lib/postgresql/{n}/bin/initdb").exists()), 99)  # fmt: skip
    if older >= server_version:
        pytest.skip("no older PostgreSQL is installed")
    connection.execute(_TABLE.encode())
    with server_of(Path(f"/usr/lib/postgresql/{older}/bin")) as dsn:
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("CREATE ROLE host LOGIN CREATEDB")
        real = look(database, Name("public", "t"), [])
        with pytest.raises(UsageError, match=f"PostgreSQL {older}.*is older than the real"):
            Named(make_conninfo(dsn, user="host"), real)

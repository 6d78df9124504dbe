"""A real standby: it is refused as the server of a run, and waited for as a replica."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from executor import resources
from executor.database import embedded
from executor.templating.templates import Templates
from tests.helpers.command import eventually, one, refused
from tests.helpers.plans import Project

LAG = Templates((resources.home() / "sql",)).render(
    "throttle/replication_lag.sql", {"max_lag": "64kB"}
)
LISTENS = "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'"
REPLAYED = "SELECT bool_and(replay_lsn >= pg_current_wal_lsn()) FROM pg_stat_replication"

pytestmark = pytest.mark.skipif(
    bool({"EXECUTOR_TEST_DSN", "EXECUTOR_TEST_BIN"} & set(os.environ)),
    reason="the standby is one of the embedded server",
)


@pytest.fixture(scope="module")
def primary() -> Iterator[str]:
    """A server of its own: the others need not write to a standby."""
    with embedded.temporary_server() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def standby(primary: str) -> Iterator[str]:
    """A streaming standby of the server."""
    with standby_of(primary) as dsn:
        yield dsn


@contextmanager
def standby_of(primary: str) -> Iterator[str]:
    """A streaming standby of a server."""
    with tempfile.TemporaryDirectory(prefix="executor-") as directory:
        Path(directory).chmod(0o755)  # the server is another user when we are root
        data = Path(directory) / "standby"
        subprocess.run(
            [
                *(embedded.binaries() / "pg_basebackup", "-d", primary, "-D", data),
                *("-R", "--checkpoint=fast"),
            ],
            check=True,
            capture_output=True,
        )
        for file in (data / "log", *data.glob(".s.PGSQL*")):
            file.unlink(missing_ok=True)
        owner = Path(str(conninfo_to_dict(primary)["host"])).stat()
        for path in (data, *data.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        with embedded.kept_server(data) as dsn:
            yield dsn


def test_a_standby_is_refused(standby, project: Project):
    project.write("- {name: a, sql: a.sql, rollback: nothing}", a="CREATE TABLE public.t ();")
    refused(project.call("run", "--dsn", standby), 4, "the server is a standby")


def test_the_lag_of_a_standby_is_waited_for(primary, standby):
    with (
        psycopg.connect(primary, autocommit=True) as here,
        psycopg.connect(standby, autocommit=True) as there,
    ):
        eventually(here, LISTENS, True)
        eventually(here, LAG, True)
        there.execute("SELECT pg_wal_replay_pause()")
        here.execute("CREATE TABLE public.t AS SELECT generate_series(1, 20000)")
        eventually(here, LAG, False)
        there.execute("SELECT pg_wal_replay_resume()")
        eventually(here, LAG, True)
        here.execute("CREATE ROLE blind")
        here.execute("SET ROLE blind")
        assert one(here, LAG) is False  # what is not known is no leave to go on


def test_a_fail_over_is_noticed_at_once(primary, project: Project):
    """Also before the first checkpoint of the server that was a standby."""
    project.write(
        "- {name: a, sql: a.sql, rollback: nothing}\n- {name: b, sql: b.sql, rollback: nothing}",
        a="CREATE TABLE public.a ();",
        b="CREATE TABLE public.b ();",
    )
    done = project.call("run", "--until", "a", "--dsn", primary)
    assert done.returncode == 0, done.stderr
    text = (resources.home() / "sql/journal/server.sql").read_text(encoding="utf-8")
    written = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint"
    with standby_of(primary) as promoted:
        with psycopg.connect(primary, autocommit=True) as here:
            # what the checkpoint after the promotion takes its time for
            here.execute("CREATE TABLE public.dirty AS SELECT generate_series(1, 300000)")
            eventually(here, REPLAYED, True)
        with psycopg.connect(promoted, autocommit=True) as there:
            there.execute("SELECT pg_promote()")
            timeline = one(there, f"SELECT timeline FROM ({text.rstrip().rstrip(';')}) AS server")
            assert timeline == one(there, written) == 2
        refused(project.call("run", "--dsn", promoted), 4, "before a fail-over")

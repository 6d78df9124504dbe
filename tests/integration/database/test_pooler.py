"""Through a connection pooler nothing is begun: settings of a session would reach other clients."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from executor.errors import ConnectError
from tests.helpers.command import PATIENCE
from tests.helpers.plans import Project

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")


@pytest.fixture(params=["transaction", "session"])
def pooled(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """The DSN of the test's database through a pooler."""
    server = conninfo_to_dict(database)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    directory = Path(tempfile.mkdtemp(prefix="executor-pooler-"))
    parts = {name: server[name] for name in ("host", "port", "dbname", "user") if name in server}
    target = " ".join(f"{name}={value}" for name, value in parts.items())
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\npooled = {target}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        f"unix_socket_dir =\nauth_type = any\npool_mode = {request.param}\n"
        f"ignore_startup_parameters = extra_float_digits\n"
    )
    # it refuses to be run by root; the owner of the server's socket can reach that
    owner = Path(parts["host"]).stat().st_uid if parts.get("host", "").startswith("/") else None
    other = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    user = {"user": other.pw_uid, "group": other.pw_gid} if os.geteuid() == 0 else {}
    directory.chmod(0o755)
    command = [str(PGBOUNCER), str(directory / "pgbouncer.ini")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, **user) as pooler:  # type: ignore[call-overload]
        end = time.monotonic() + PATIENCE
        while pooler.poll() is None and time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"host=127.0.0.1 port={port} dbname=pooled user=anybody"
        pooler.terminate()
    shutil.rmtree(directory)


def test_a_pooler_is_refused_at_the_start(pooled: str, project: Project) -> None:
    """What a session sets would reach the pooler's other clients."""
    project.write(
        "- {name: make, sql: make.sql, rollback: nothing}", make="CREATE TABLE public.t (n int);"
    )
    with pytest.raises(ConnectError, match="a connection pooler between"):
        project.run(pooled)

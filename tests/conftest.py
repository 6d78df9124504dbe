"""Fixtures: one server a session, one database a test, and PostgreSQL's own programs."""

from __future__ import annotations

import functools
import itertools
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from executor.database import embedded
from executor.plan import loader
from tests.helpers import servers
from tests.helpers.plans import Project

Connection = psycopg.Connection[TupleRow]

_TIERS = {"integration", "acceptance"}
PLANS = Path(__file__).parents[1] / "plans"
_numbers = itertools.count()

for _name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(
        _name, None
    )  # what is printed is compared as text; a test that wants one says so

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # the command line is started hundreds of times; what it is compiled to stays out of the sources
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "pycache")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Once, before workers do it all at the same time."""
    if not hasattr(session.config, "workerinput"):
        servers.prepare()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything but the unit tier needs a server."""
    for item in items:
        if _TIERS.intersection(item.path.parts):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session", autouse=True)
def plans_are_read_once() -> Iterator[None]:
    """The command line in this process reads each plan of the repository once: no test changes one."""
    load = loader.load
    read = functools.cache(lambda path, _directory: load(path))  # its path is shown as it was given

    def load_once(path: Path) -> loader.Loaded:
        ours = Path(path).resolve().is_relative_to(PLANS)
        return read(path, Path.cwd()) if ours else load(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "load", load_once)
        yield


@pytest.fixture(scope="session")
def server_dsn() -> Iterator[str]:
    """A server on which tests may create databases and roles."""
    with servers.any_server() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            version = connection.execute("SELECT version()").fetchone()
            print(f"\nserver: {version[0] if version else '?'}")
        yield dsn


@pytest.fixture(scope="session")
def server_version(server_dsn: str) -> int:
    """The server's major version."""
    with psycopg.connect(server_dsn) as connection:
        return connection.info.server_version // 10000


@contextmanager
def _database(server_dsn: str, name: str, template: str) -> Iterator[str]:
    """The DSN of a new database, which is dropped at the end."""
    with psycopg.connect(server_dsn, autocommit=True) as admin:
        # the files are copied: on a server without fsync that is half the time of copying page by page
        strategy = "STRATEGY FILE_COPY" if admin.info.server_version >= 150000 else ""
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}'.encode())
    try:
        yield make_conninfo(server_dsn, dbname=name)
    finally:
        with psycopg.connect(server_dsn, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
def template_of(server_dsn: str) -> Iterator[Callable[..., str]]:
    """Makes databases that those of the tests are copies of: what takes long is done once a session."""
    made: dict[object, str] = {}
    with ExitStack() as stack:

        def template_of(*preparation: Any) -> str:
            if preparation not in made:
                name = f"executor_template_{os.getpid()}_{next(_numbers)}"
                dsn = stack.enter_context(_database(server_dsn, name, "template0"))
                if preparation:
                    prepare, *arguments = preparation
                    prepare(dsn, *arguments)
                made[preparation] = name
            return made[preparation]

        yield template_of


@pytest.fixture
def database(
    server_dsn: str, template_of: Callable[..., str], request: pytest.FixtureRequest
) -> Iterator[str]:
    """The DSN of a fresh database, or of a copy of the one that the mark `prepared` names."""
    prepared = request.node.get_closest_marker("prepared")
    template = template_of(*(prepared.args if prepared else ()))
    with _database(server_dsn, f"executor_test_{os.getpid()}_{next(_numbers)}", template) as dsn:
        yield dsn


@pytest.fixture
def roomy() -> Iterator[Path]:
    """A directory that the user who runs a server for root can enter; those of pytest are closed."""
    with tempfile.TemporaryDirectory(prefix="executor-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    """A connection to the test's database, in autocommit."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def _program(name: str) -> Path:
    return Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries())) / name


@pytest.fixture(scope="session")
def dump() -> Callable[..., str]:
    """pg_dump --schema-only of a database as text, without what changes from dump to dump."""

    def dump(dsn: str, *options: str) -> str:
        done = subprocess.run(
            [_program("pg_dump"), "--schema-only", *options, dsn],
            check=True,
            capture_output=True,
            text=True,
        )
        return re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)

    return dump


@pytest.fixture(scope="session")
def psql() -> Callable[[str, str], subprocess.CompletedProcess[str]]:
    """Feeds a script to psql with ON_ERROR_STOP."""

    def psql(dsn: str, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn],
            check=False,
            input=script,
            capture_output=True,
            text=True,
        )

    return psql


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A directory for a plan of the test's own."""
    return Project(tmp_path)

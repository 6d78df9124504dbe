"""The way to a server through testcontainers; needs a Docker engine."""

from __future__ import annotations

import psycopg
import pytest

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.plan.loader import load
from executor.resources import find_plan
from tests.helpers import servers

reason = servers.docker_engine()
pytestmark = pytest.mark.skipif(
    reason is not None,
    reason=f"no Docker engine answers ({reason}); EXECUTOR_TEST_IMAGE names an image",
)


def test_a_plan_runs_on_a_server_in_a_container() -> None:
    with servers.container() as dsn:
        assert dsn is not None
        example = load(find_plan("03_assertions"))
        assert runner.run(example, RunOptions(dsn=dsn), lambda event: None).status == "succeeded"
        with psycopg.connect(dsn) as connection:
            count = connection.execute("SELECT count(*) FROM example_03.books_copy").fetchone()
            assert count == (500,)

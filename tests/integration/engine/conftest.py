"""A run that is slow enough to be controlled."""

from __future__ import annotations

import sys

import pytest

from tests.helpers.controlled import HASTY, with_workers
from tests.helpers.plans import Project


@pytest.fixture
def pace(connection, monkeypatch) -> None:
    """How long an iteration takes, for SLOW to read."""
    connection.execute("CREATE TABLE public.pace AS SELECT 0.1 AS seconds")
    monkeypatch.setattr("tests.helpers.plans.COMMAND", (sys.executable, "-c", HASTY))


@pytest.fixture
def big(project: Project, connection) -> Project:
    """Three leaves of different sizes, one of them empty, and a plan that writes down what it saw."""
    connection.execute(
        "CREATE TABLE public.big (id serial, k integer, pad text) PARTITION BY LIST (k);"
        "CREATE TABLE public.big_0 PARTITION OF public.big FOR VALUES IN (0);"
        "CREATE TABLE public.big_1 PARTITION OF public.big FOR VALUES IN (1, 2);"
        "CREATE TABLE public.big_3 PARTITION OF public.big FOR VALUES IN (3);"
        "INSERT INTO public.big (k, pad) SELECT n % 3, repeat('x', 300) FROM generate_series(1, 9000) n;"
        "CREATE TABLE public.seen (id integer)"
    )
    connection.execute("ANALYZE public.big")
    return with_workers(project, 1)

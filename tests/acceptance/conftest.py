"""A role that is not ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.flagship import Connection


@pytest.fixture
def stranger(connection: Connection) -> Iterator[None]:
    """A role that may write to the table and to nothing of ours."""
    connection.execute("CREATE ROLE executor_stranger")
    try:
        yield
    finally:
        connection.execute("DROP OWNED BY executor_stranger CASCADE; DROP ROLE executor_stranger")

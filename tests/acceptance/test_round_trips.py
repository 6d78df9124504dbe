"""Every plan of ours: there and back, there again, and once too often.

The sources that the flagship plans must know are in test_flagship_sources.py, the examples in
tests/integration/test_examples.py. Here is what neither does: a run after a rollback.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.flagship import ROOT, Connection, content, load
from tests.helpers.plans import call

PLANS = sorted([*ROOT.glob("plans/*.yaml"), *ROOT.glob("plans/alternatives/*.yaml")])
OTHERS = (  # test_adopt.py, test_range_and_list.py, test_two_levels.py
    "adopt", "events_by_month", "events_by_tenant", "events_by_month_hashed", "events_by_tenant_and_month",
)  # fmt: skip
PLANS = [path for path in PLANS if path.stem not in OTHERS]


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_there_and_back_and_there_again(
    path: object, database: str, connection: Connection, dump: Callable[..., str]
) -> None:
    load(connection, "plain_varchar")
    kept = ("--exclude-table=*.migration_backups*", "--exclude-table=*.*_backup_2*")
    before = dump(database, "--exclude-schema=executor", *kept), content(connection, "chunks")
    run = ("run", str(path), "--dsn", database, "--var", "partition_count=3")
    done = call(*run)
    assert done.returncode == 0, done.stderr
    undone = call("rollback", str(path), "--dsn", database)
    assert undone.returncode == 0, undone.stderr
    after = dump(database, "--exclude-schema=executor", *kept), content(connection, "chunks")
    assert after == before

    done = call(*run)
    assert done.returncode == 0, done.stderr
    assert content(connection, "chunks") == before[1]
    again = call(*run)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stderr

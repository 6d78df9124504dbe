"""A run holds before a step until it is released."""

from __future__ import annotations

import json
import signal

import pytest

from tests.helpers.command import ended, eventually, interruptible, one, refused, started
from tests.helpers.controlled import (
    at_least,
    each,
    events,
    hurry,
    no_transaction_is_kept_open,
    still,
    told,
)
from tests.helpers.plans import Project

pytestmark = pytest.mark.usefixtures("pace")


@pytest.fixture
def holding(project: Project, connection) -> Project:
    """A plan whose step `swap` is prepared by the step before."""
    connection.execute("CREATE TABLE public.passes (pass integer)")
    return project.write(
        """
- {name: catch_up, repeat: {until: caught_up.sql}, sql: pass.sql, rollback: nothing}
- {name: swap, retry: {prepare: catch_up}, sql: swap.sql, rollback: nothing}
""",
        caught_up="SELECT count(*) > 0 FROM public.passes",
        swap="CREATE TABLE public.swapped ();",
        **{"pass": "INSERT INTO public.passes VALUES ({{ pass }});"},
    )


HELD = "SELECT held_before FROM executor.controls"
PREPARED = "SELECT count(*) FROM public.passes WHERE pass = 0"


@pytest.mark.parametrize(("hold", "release"), [("--hold-swap", "swap"), ("--hold=swap", "resume")])
def test_a_run_holds_and_keeps_prepared_until_it_is_released(
    hold, release, holding, database, connection
):
    with started(holding, "run", hold, "--format", "json", "--dsn", database) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, f"SELECT EXISTS ({HELD} WHERE held_before = 'swap')", True)
        eventually(connection, PREPARED.replace("count(*)", "count(*) >= 3"), True)
        no_transaction_is_kept_open(connection)
        assert one(connection, "SELECT to_regclass('public.swapped')") is None
        assert "held before swap" in holding.call("status", "--dsn", database).stdout
        status = holding.call("status", "--format", "json", "--dsn", database).stdout
        assert json.loads(status)["held_before"] == "swap"
        assert told(holding, database, release) == "run 1: goes on with swap\n"
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, "SELECT to_regclass('public.swapped')") is not None
    assert one(connection, HELD) is None
    waited, went_on = events(done, "Waiting", "GoingOn")
    assert (waited["step"], went_on["step"]) == ("swap", "swap")


def test_a_paused_hold_is_not_prepared_and_swap_lifts_both(holding, database, connection):
    with started(holding, "run", "--hold-swap", "--dsn", database) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, f"SELECT EXISTS ({HELD} WHERE held_before = 'swap')", True)
        told(holding, database, "pause")
        still(connection, PREPARED)
        told(holding, database, "swap")
        assert ended(process).returncode == 0


def test_a_killed_holding_run_goes_straight_on_without_hold(holding, database, connection):
    with started(holding, "run", "--hold-swap", "--dsn", database) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, f"SELECT EXISTS ({HELD} WHERE held_before = 'swap')", True)
        process.kill()
    eventually(
        connection,
        "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ '^executor:work'",
        0,
    )
    alone = holding.call("swap", "--dsn", database)
    refused(
        alone, 2, "run 1: no executor is at work on it", f"`executor run {holding.plan}` goes on"
    )
    done = holding.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert "waiting" not in done.stderr


def test_hold_names_one_step_of_the_plan(holding, database):
    refused(holding.call("run", "--hold", "nope", "--dsn", database), 2, "has no step 'nope'")
    both = holding.call("run", "--hold", "catch_up", "--hold-swap", "--dsn", database)
    refused(both, 2, "--hold and --hold-swap name two steps")


def test_swap_fails_if_the_run_does_not_hold(project, database, connection):
    each(project)
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 1)
        refused(project.call("swap", "--dsn", database), 2, "run 1 of work does not hold")
        assert told(project, database, "resume") == "run 1: was neither paused nor held\n"
        hurry(connection)
        assert ended(process).returncode == 0


def test_ctrl_c_ends_a_holding_run_at_once(holding, database, connection):
    with started(
        holding, "run", "--hold-swap", "--dsn", database, preexec_fn=interruptible
    ) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, f"SELECT EXISTS ({HELD} WHERE held_before = 'swap')", True)
        process.send_signal(signal.SIGINT)
        refused(ended(process), 130, "interrupted")
    assert one(connection, "SELECT status FROM executor.runs") == "failed"


def test_commands_need_a_running_run(holding, database):
    commands = (["pause"], ["resume"], ["swap"], ["set", "--workers", "2"])
    for command in commands:
        done = holding.call(*command, "--dsn", database)
        refused(done, 2, "no run of work is running in this database")
    assert holding.call("run", "--dsn", database).returncode == 0
    for command in commands:
        done = holding.call(*command, "--dsn", database)
        refused(done, 2, "no run of work is running in this database")
    refused(holding.call("set", "--dsn", database), 2, "give --workers or --batch-rows")
    assert holding.call("set", "--workers", "0", "--dsn", database).returncode == 2

"""A running run is controlled from other processes, holds before a step, and is throttled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from executor import resources
from executor.cli.main import main
from executor.database import embedded
from executor.database.session import Connector
from executor.engine import gate
from executor.events import GoingOn, Waiting
from executor.templating.templates import Templates
from tests.acceptance.command import ended, eventually, interruptible, one, refused, started
from tests.plans import Project

TEMPLATES = Templates((resources.home() / "sql",))
DONE = "SELECT count(*) FROM executor.iterations WHERE status = 'succeeded'"
SLEEPERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    " AND datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%'"
)
#: sessions of the run that keep a transaction open; to ask something takes less
IN_TRANSACTION = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    " AND datname = current_database() AND state LIKE 'idle in transaction%'"
    " AND xact_start < clock_timestamp() - interval '200 ms'"
)
SEEN_TWICE_OR_NEVER = (
    "SELECT count(*) FROM (SELECT id FROM public.big EXCEPT ALL SELECT id FROM public.seen"
    " UNION ALL (SELECT id FROM public.seen EXCEPT ALL SELECT id FROM public.big)) AS wrong"
)
SEE = """
INSERT INTO public.seen SELECT id FROM ONLY {{ batch.table | ident }}
WHERE {% if batch.whole %} true {% else %} ctid >= '({{ batch.first_block }},0)'::tid
{% if batch.end_block is not none %} AND ctid < '({{ batch.end_block }},0)'::tid {% endif %}
{% endif %};
SELECT pg_sleep(seconds) FROM public.pace;
"""
SLOW = "SELECT pg_sleep(seconds) FROM public.pace;"
STILL = 1.0  # seconds in which a run that goes on would have done several iterations

#: the command line, but a run asks ten times as often what it is told, so that nobody has to wait
HASTY = """
import sys
if sys.argv[1] == "run":
    from executor.engine import gate
    gate.SECONDS = 0.1
from executor.cli.main import main
main()
"""


@pytest.fixture(autouse=True)
def pace(connection, monkeypatch) -> None:
    """How long an iteration takes, for SLOW to read."""
    connection.execute("CREATE TABLE public.pace AS SELECT 0.1 AS seconds")
    monkeypatch.setattr("tests.plans.COMMAND", (sys.executable, "-c", HASTY))


def hurry(connection) -> None:
    """What is left of the run need not be watched."""
    connection.execute("UPDATE public.pace SET seconds = 0")


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


def with_workers(project: Project, workers: int, rows: int | None = None) -> Project:
    rows = rows or 150 // workers  # a run of about six seconds, unless it hurries
    return project.write(
        f"""
- name: see
  batches: {{table: public.big, rows: {rows}}}
  workers: "{{{{ {workers} }}}}"
  sql: see.sql
  rollback: nothing
""",
        see=SEE,
    )


def each(
    project: Project, head: str = "", sql: str = SLOW, number: int = 40, **more: str
) -> Project:
    """A plan with one step of short iterations."""
    return project.write(
        f'- {{name: each, for_each: "range({number})", sql: each.sql, rollback: nothing}}',
        head=head,
        each=sql,
        **more,
    )


def at_least(connection, number: int) -> None:
    eventually(connection, "SELECT to_regclass('executor.iterations') IS NOT NULL", True)
    eventually(connection, DONE.replace("count(*)", f"count(*) >= {number}"), True)


def still(connection, query: str) -> object:
    """The value of a query, once it has been the same for a while."""
    value, since = one(connection, query), time.monotonic()
    end = since + 20
    while time.monotonic() - since < STILL:
        time.sleep(0.02)
        if (now := one(connection, query)) != value:
            assert time.monotonic() < end, f"{query} goes on"
            value, since = now, time.monotonic()
    return value


def stands_still(connection) -> bool:
    """Whether a run does nothing for a while, once it has noticed that it is to wait."""
    still(connection, DONE)
    assert one(connection, "SELECT status FROM executor.runs") == "running"
    return one(connection, IN_TRANSACTION) == 0


def events(done, *kinds: str) -> list[dict]:
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if line["event"] in kinds]


def call(project: Project, verb: str, *rest: str) -> subprocess.CompletedProcess[str]:
    """The command line in this process, which is not that of the run."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        done = CliRunner().invoke(main, [verb, str(project.plan), *rest])
    finally:
        signal.signal(signal.SIGTERM, before)
    return subprocess.CompletedProcess(verb, done.exit_code, done.stdout, done.stderr)


def told(project: Project, database: str, *arguments: str) -> str:
    """Give a command to the run, and return what it says."""
    done = call(project, *arguments, "--dsn", database)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("workers", [1, 3])
def test_a_run_pauses_between_its_batches_and_goes_on(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 3)
        assert told(big, database, "pause").startswith("run 1: paused")
        assert stands_still(connection)
        assert "paused; `executor resume`" in call(big, "status", "--dsn", database).stdout
        hurry(connection)
        assert told(big, database, "resume") == "run 1: goes on\n"
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0
    waited, went_on = events(done, "Waiting", "GoingOn")
    assert waited["event"] == "Waiting"
    assert waited["reason"].startswith("paused")
    assert went_on["seconds"] > STILL / 2


def test_a_run_pauses_between_steps_and_passes(project, database, connection):
    project.write(
        "- {name: passes, repeat: {until: done.sql}, sql: sleep.sql, rollback: nothing}\n"
        "- {name: last, sql: mark.sql, rollback: nothing}",
        done="SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'enough')",
        sleep="SELECT pg_sleep(0.1);",
        mark="CREATE TABLE public.marked ();",
    )
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(project, database, "pause")
        assert stands_still(connection)
        connection.execute("CREATE TABLE public.enough ()")
        assert stands_still(connection)
        assert one(connection, "SELECT to_regclass('public.marked')") is None
        told(project, database, "resume")
        assert ended(process).returncode == 0


def test_workers_are_added_and_taken_away(project, database, connection):
    project.write(
        """
- {name: each, for_each: "range(400)", workers: "{{ workers }}", sql: each.sql, rollback: nothing}
""",
        head="variables: {workers: 1}",
        each=SLOW,
    )
    connection.execute("UPDATE public.pace SET seconds = 0.4")
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 1)
        eventually(connection, SLEEPERS, 1)
        assert told(project, database, "set", "--workers", "5") == "run 1: workers 5\n"
        eventually(connection, SLEEPERS, 5, seconds=5)
        assert "workers set to 5" in call(project, "status", "--dsn", database).stdout
        told(project, database, "set", "--workers", "2")
        eventually(connection, SLEEPERS.replace("count(*)", "count(*) <= 2"), True, seconds=5)
        time.sleep(0.5)  # a third would have begun by then
        assert one(connection, SLEEPERS) <= 2
        eventually(connection, SLEEPERS, 2, seconds=2)
        told(project, database, "set", "--workers", "40")
        eventually(connection, SLEEPERS.replace("count(*)", "count(*) > 5"), True, seconds=10)
        hurry(connection)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert [event["workers"] for event in events(done, "WorkersChanged")] == [5, 2, 40]
    assert one(connection, DONE) == 400


def test_workers_that_find_no_connection_are_done_without(project, database, connection):
    """The run's own session, its heartbeat and its gate take three of five."""
    connection.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 4")
    name = one(connection, "SELECT current_database()")
    connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO limited')
    project.write(
        """
- {name: each, for_each: "range(12)", workers: "{{ workers }}", sql: each.sql, rollback: nothing}
""",
        head="variables: {workers: 6}",
        each="SELECT pg_sleep(0.1);",
    )
    dsn = psycopg.conninfo.make_conninfo(database, user="limited")
    try:
        done = project.call("run", "--dsn", dsn)
        assert done.returncode == 0, done.stderr
        assert "goes on with" in done.stderr
        assert one(connection, DONE) == 12
    finally:
        connection.execute("DROP OWNED BY limited; DROP ROLE limited")


def test_an_iteration_that_finds_no_connection_is_not_forgotten(project, database, connection):
    connection.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 4")
    name = one(connection, "SELECT current_database()")
    connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO limited')
    project.write(
        """
- name: each
  for_each: range(6)
  workers: 2
  transaction: false
  sql: each.sql
  rollback: nothing
""",
        each="SELECT pg_sleep(0.1);",
    )
    dsn = psycopg.conninfo.make_conninfo(database, user="limited")
    try:
        done = project.call("run", "--dsn", dsn)  # whether one is left depends on who is first
        connection.execute("ALTER ROLE limited CONNECTION LIMIT 9")
        if done.returncode:
            refused(done, 4, "too many connections")
            assert project.call("run", "--dsn", dsn).returncode == 0
        assert one(connection, DONE) == 6
    finally:
        connection.execute("DROP OWNED BY limited; DROP ROLE limited")


def test_a_step_whose_plan_has_no_workers_stays_one_after_another(project, database, connection):
    each(project, number=20)
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(project, database, "set", "--workers", "4")
        most = 0
        while process.poll() is None:
            most = max(most, one(connection, SLEEPERS))
    assert most == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_are_planned_again_and_every_row_is_seen_once(workers, big, database, connection):
    with_workers(big, workers, rows=100)
    connection.execute("UPDATE public.pace SET seconds = 0.1 * %s", [workers])
    planned = "SELECT count(*) FROM executor.iterations"
    with started(big, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 4)
        before = one(connection, planned)
        told(big, database, "set", "--batch-rows", "400")
        eventually(connection, planned.replace("count(*)", f"count(*) < {before}"), True)
        less = one(connection, planned)
        told(big, database, "set", "--batch-rows", "120")
        eventually(connection, planned.replace("count(*)", f"count(*) > {less}"), True)
        hurry(connection)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0
    assert [event["batch_rows"] for event in events(done, "BatchesPlanned")] == [400, 120]
    assert events(done, "BatchesPlanned")[-1]["iterations"] == one(connection, planned)
    assert one(connection, DONE) == one(connection, planned)


def test_a_killed_run_goes_on_with_the_batches_that_were_planned_again(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 4)
        told(big, database, "set", "--batch-rows", "400")
        eventually(connection, "SELECT count(*) < 40 FROM executor.iterations", True)
        process.kill()
    hurry(connection)
    done = big.call("run", "--format", "json", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


@pytest.mark.parametrize("seed", range(12))
def test_ranges_planned_again_cover_every_block_once(seed, big, database, connection):
    """Whatever is done or in a worker's hands, in whatever order, and however often."""
    chance = random.Random(seed)
    big.templates(see="SELECT 1;")
    assert big.run(database).status == "succeeded"
    connection.execute("UPDATE executor.iterations SET status = 'pending'")
    if seed % 3 == 0:  # grown since, or emptied
        connection.execute("INSERT INTO public.big (k) SELECT 3 FROM generate_series(1, 5000)")
    elif seed % 3 == 1:
        connection.execute("TRUNCATE public.big_1")
    for _ in range(6):
        rows = connection.execute(
            "SELECT number FROM executor.iterations WHERE status = 'pending'"
        ).fetchall()
        numbers = [number for (number,) in rows]
        done = chance.sample(numbers, len(numbers) // 5)
        held = chance.sample(numbers, len(numbers) // 6)
        connection.execute(
            "UPDATE executor.iterations SET status = 'succeeded' WHERE number = ANY (%s)", [done]
        )
        left = [number for number in numbers if number not in held]
        values = {
            "run": 1,
            "step": "see",
            "numbers": left,
            "rows": chance.choice([30, 77, 500, 4000]),
        }
        with Connector(database, "test").session() as session:
            session.execute(TEMPLATES.render("batches/plan_again.sql", values))
        gaps = connection.execute(
            "SELECT name, array_agg(DISTINCT problem) FROM ("
            "  SELECT item ->> 'name' AS name, CASE"
            "    WHEN number IS NULL THEN 'none'"
            "    WHEN lag(number) OVER leaf IS NULL AND (item ->> 'first_block')::int <> 0 THEN 'start'"
            "    WHEN lag(number) OVER leaf IS NOT NULL AND item -> 'first_block'"
            "      IS DISTINCT FROM lag(item -> 'end_block') OVER leaf THEN 'gap'"
            "    WHEN (lead(number) OVER leaf IS NULL) <> (item -> 'end_block' = 'null') THEN 'end'"
            "    WHEN (item ->> 'end_block')::int <= (item ->> 'first_block')::int THEN 'empty'"
            "    END AS problem"
            "  FROM executor.iterations WINDOW leaf AS"
            "    (PARTITION BY item ->> 'name' ORDER BY (item ->> 'first_block')::int)"
            ") AS i GROUP BY name ORDER BY name"
        ).fetchall()
        assert gaps == [("big_0", [None]), ("big_1", [None]), ("big_3", [None])]


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
        assert one(connection, IN_TRANSACTION) == 0
        assert one(connection, "SELECT to_regclass('public.swapped')") is None
        assert "held before swap" in call(holding, "status", "--dsn", database).stdout
        status = call(holding, "status", "--format", "json", "--dsn", database).stdout
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
    done = holding.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert "waiting" not in done.stderr


def test_hold_names_one_step_of_the_plan(holding, database):
    refused(call(holding, "run", "--hold", "nope", "--dsn", database), 2, "has no step 'nope'")
    both = call(holding, "run", "--hold", "catch_up", "--hold-swap", "--dsn", database)
    refused(both, 2, "--hold and --hold-swap name two steps")


def test_commands_need_a_running_run(holding, database):
    commands = (["pause"], ["resume"], ["swap"], ["set", "--workers", "2"])
    for command in commands:
        done = call(holding, *command, "--dsn", database)
        refused(done, 2, "no run of work is running in this database")
    assert call(holding, "run", "--dsn", database).returncode == 0
    for command in commands:
        done = call(holding, *command, "--dsn", database)
        refused(done, 2, "no run of work is running in this database")
    refused(call(holding, "set", "--dsn", database), 2, "give --workers or --batch-rows")
    assert call(holding, "set", "--workers", "0", "--dsn", database).returncode == 2


def test_swap_fails_if_the_run_does_not_hold(project, database, connection):
    each(project)
    with started(project, "run", "--dsn", database) as process:
        at_least(connection, 1)
        refused(call(project, "swap", "--dsn", database), 2, "run 1 of work does not hold")
        assert told(project, database, "resume") == "run 1: was neither paused nor held\n"
        hurry(connection)
        assert ended(process).returncode == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_ctrl_c_ends_a_paused_run_at_once(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--dsn", database, preexec_fn=interruptible) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert time.monotonic() - began < 3
    refused(done, 130, "interrupted; what was committed is kept")


def test_ctrl_c_ends_a_holding_run_at_once(holding, database, connection):
    with started(
        holding, "run", "--hold-swap", "--dsn", database, preexec_fn=interruptible
    ) as process:
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(connection, f"SELECT EXISTS ({HELD} WHERE held_before = 'swap')", True)
        process.send_signal(signal.SIGINT)
        refused(ended(process), 130, "interrupted")
    assert one(connection, "SELECT status FROM executor.runs") == "failed"


def test_a_pause_outlives_an_executor_that_is_killed(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        process.kill()
    with started(big, "run", "--dsn", database) as process:
        assert any("waiting: paused" in line for line in process.stderr)
        assert stands_still(connection)
        hurry(connection)
        told(big, database, "resume")
        done = ended(process)
    assert done.returncode == 0, done.stderr
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


def test_a_rollback_does_not_wait_for_an_old_pause(big, database, connection):
    with started(big, "run", "--dsn", database) as process:
        at_least(connection, 2)
        told(big, database, "pause")
        process.kill()
    assert big.call("rollback", "--dsn", database).returncode == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_a_paused_run_can_be_taken_over(workers, big, database, connection):
    with_workers(big, workers)
    with started(big, "run", "--dsn", database) as first:
        at_least(connection, 2)
        told(big, database, "pause")
        assert stands_still(connection)
        with started(big, "run", "--take-over", "--dsn", database) as second:
            refused(ended(first), 4, "another executor took run 1 over")
            hurry(connection)
            told(big, database, "resume")
            assert ended(second).returncode == 0
    assert one(connection, SEEN_TWICE_OR_NEVER) == 0


def test_a_run_waits_as_long_as_its_controls_cannot_be_read(project, database, connection):
    each(project)
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 1)
        connection.execute("ALTER TABLE executor.controls RENAME TO away")
        assert stands_still(connection)
        connection.execute("ALTER TABLE executor.away RENAME TO controls")
        at_least(connection, 10)
        row = connection.execute("DELETE FROM executor.controls RETURNING run_id").fetchone()
        assert stands_still(connection)
        hurry(connection)
        connection.execute("INSERT INTO executor.controls (run_id) VALUES (%s)", row)
        done = ended(process)
    assert done.returncode == 0, done.stderr
    reasons = [event["reason"] for event in events(done, "Waiting")]
    assert "executor.controls can't be read" in reasons[0]
    assert reasons[1:] == ["the run has no row in executor.controls"]


def test_a_gate_whose_session_was_ended_opens_another(project, database, monkeypatch):
    monkeypatch.setattr(gate, "SECONDS", 0.1)
    each(
        project,
        number=12,
        sql="SELECT pg_sleep(0.1), pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'executor:work' AND datname = current_database()"
        " AND pid <> pg_backend_pid() AND state = 'idle';",
    )
    seen: list = []
    assert project.run(database, seen).status == "succeeded"
    assert not [event for event in seen if isinstance(event, Waiting)]


THROTTLE = "throttle: [may.sql]"
MAY = "-- There is room.\nSELECT go FROM public.may"


@pytest.mark.parametrize(
    ("shut", "reason"),
    [
        ("UPDATE public.may SET go = false", "There is room."),
        ("UPDATE public.may SET go = null", "There is room."),
        ("DELETE FROM public.may", "There is room."),
        (
            "ALTER TABLE public.may RENAME go TO gone",
            'There is room. (column "go" does not exist',
        ),
    ],
    ids=["false", "null", "no row", "error"],
)
def test_a_run_waits_until_its_throttle_is_true(shut, reason, project, database, connection):
    """B30, D09: the run makes way."""
    connection.execute("CREATE TABLE public.may (go boolean); INSERT INTO public.may VALUES (true)")
    each(project, THROTTLE, may=MAY)
    with started(project, "run", "--format", "json", "--dsn", database) as process:
        at_least(connection, 3)
        connection.execute(shut)
        assert stands_still(connection)
        hurry(connection)
        connection.execute(
            "DROP TABLE public.may; CREATE TABLE public.may (go boolean); INSERT INTO public.may VALUES (true)"
        )
        done = ended(process)
    assert done.returncode == 0, done.stderr
    waited, went_on = events(done, "Waiting", "GoingOn")
    assert waited["reason"].startswith(reason)
    assert went_on["event"] == "GoingOn"


def test_a_throttle_that_does_not_answer_is_no(project, database, monkeypatch):
    short = tuple((name, value.replace("5s", "1s")) for name, value in gate._SETTINGS)
    monkeypatch.setattr(gate, "_SETTINGS", short)
    each(
        project,
        THROTTLE,
        sql="SELECT 1;",
        may="-- In time.\nSELECT pg_sleep(CASE WHEN clock_timestamp() < "
        f"to_timestamp({time.time() + 1}) THEN 60 ELSE 0 END) IS NOT NULL",
    )
    seen: list = []
    assert project.run(database, seen).status == "succeeded"
    (waited,) = [event for event in seen if isinstance(event, Waiting)]
    assert waited.reason == "In time. (canceling statement due to statement timeout)"
    (went_on,) = [event for event in seen if isinstance(event, GoingOn)]
    assert went_on.seconds < 3  # it waited for the answer before that


def test_a_throttle_is_asked_once_a_second_and_writes_nothing(project, database, connection):
    connection.execute("CREATE SEQUENCE public.asked; CREATE TABLE public.log (n integer)")
    each(project, THROTTLE, number=25, may="SELECT nextval('public.asked') > 0")
    seen: list = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("executor.engine.gate._SETTINGS", (("statement_timeout", "5s"),))
        began = time.monotonic()
        project.run(database, seen)
        took = time.monotonic() - began
    assert 3 <= one(connection, "SELECT last_value FROM public.asked") <= took + 1
    assert not [event for event in seen if isinstance(event, Waiting)]


def test_a_step_without_iterations_is_not_throttled(project, database):
    project.write(
        "- {name: once, sql: one.sql, rollback: nothing}",
        head=THROTTLE,
        one="SELECT 1;",
        may="SELECT false",
    )
    assert project.run(database).status == "succeeded"


def test_ctrl_c_ends_a_throttled_run_at_once(project, database, connection):
    project.write(
        '- {name: each, for_each: "range(9)", workers: 3, sql: each.sql, rollback: nothing}',
        head=THROTTLE,
        each="SELECT 1;",
        may="SELECT pg_sleep(4) IS NULL",
    )
    with started(project, "run", "--dsn", database, preexec_fn=interruptible) as process:
        eventually(connection, SLEEPERS, 1)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        refused(ended(process), 130, "interrupted")
    assert time.monotonic() - began < 3


def answer(connection, template: str, **values: object) -> object:
    return one(connection, TEMPLATES.render(f"throttle/{template}.sql", {"plan": "work", **values}))


def test_waiting_sessions_are_counted(database, connection):
    connection.execute("CREATE TABLE public.busy (n integer); INSERT INTO public.busy VALUES (1)")
    assert answer(connection, "waiting_sessions", max_waiting=0) is True
    with psycopg.connect(database) as owner:
        owner.execute("UPDATE public.busy SET n = 2")
        waiter = threading.Thread(target=lambda: owner_of_nothing(database))
        waiter.start()
        eventually(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", 1)
        assert answer(connection, "waiting_sessions", max_waiting=0) is False
        assert answer(connection, "waiting_sessions", max_waiting=1) is True
        owner.rollback()
        waiter.join()


def owner_of_nothing(database: str) -> None:
    with psycopg.connect(database) as waits:
        waits.execute("UPDATE public.busy SET n = 3")


def test_without_a_replica_nothing_lags(connection):
    assert answer(connection, "replication_lag", max_lag="256MB") is True


def test_a_replica_that_lags_is_noticed_and_an_unknown_lag_is_no(database, connection, tmp_path):
    """B30, D09: replicas."""
    program = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries())) / "pg_receivewal"
    connection.execute("CREATE TABLE public.wal (t text); CREATE ROLE nobody_special")
    receiver = subprocess.Popen([program, "-D", tmp_path, "-d", database, "-s", "1", "--no-sync"])
    try:
        eventually(connection, "SELECT count(write_lsn) FROM pg_stat_replication", 1)
        assert answer(connection, "replication_lag", max_lag="64MB") is True
        connection.execute("SET ROLE nobody_special")
        assert answer(connection, "replication_lag", max_lag="64MB") is False
        connection.execute("RESET ROLE")
        receiver.send_signal(signal.SIGSTOP)
        connection.execute(
            "INSERT INTO public.wal SELECT repeat('x', 1000) FROM generate_series(1, 5000)"
        )
        time.sleep(1.2)
        assert answer(connection, "replication_lag", max_lag="1MB") is False
        assert answer(connection, "replication_lag", max_lag="1GB") is True
        receiver.send_signal(signal.SIGCONT)
        lag = TEMPLATES.render("throttle/replication_lag.sql", {"max_lag": "1MB"})
        eventually(connection, lag, True)
    finally:
        receiver.kill()
        receiver.wait()
        connection.execute("DROP ROLE nobody_special")

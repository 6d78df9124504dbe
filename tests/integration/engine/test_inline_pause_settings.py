"""What a step may say in a line of its own: its SQL, a pause between iterations, settings."""

from __future__ import annotations

import re

import pytest

from executor.errors import StepError
from tests.helpers.command import one

MADE = "SELECT count(*) FROM pg_class WHERE relname = 't'"


def test_sql_may_stand_in_the_plan_itself(project, database, connection):
    project.write(
        """
        - name: make
          sql: |
            CREATE TABLE public.t (n integer);
            INSERT INTO public.t SELECT generate_series(1, {{ most }});
          rollback: DROP TABLE public.t
          assertions:
            - no_rows: {sql: "SELECT FROM public.t WHERE n > {{ most }}"}
        - name: more
          when: SELECT count(*) = {{ most }} FROM public.t
          for_each: range(2)
          sql: INSERT INTO public.t VALUES ({{ item }})
          rollback: DELETE FROM public.t WHERE n = {{ item }}
        """,
        "variables: {most: 3}",
    )
    assert project.run(database).status == "succeeded"
    assert one(connection, "SELECT count(*) FROM public.t") == 5
    assert project.rollback(database).status == "rolled_back"
    assert one(connection, MADE) == 0


def test_what_is_wrong_with_it_is_told_by_the_plan_and_the_line(project, database):
    project.write("- {name: make, sql: SELECT 1 / 0, rollback: nothing}")
    with pytest.raises(StepError) as refused:
        project.run(database)
    assert re.search(r"step make failed in .*work\.yaml:4: division by zero", str(refused.value))
    # a value does not reach SQL unquoted here either
    project.write("- {name: make, sql: \"SELECT '{{ plan }}'\", rollback: nothing}")
    done = project.call("validate")
    assert done.returncode == 3
    assert "work.yaml:4: " in done.stderr
    assert "would reach SQL unquoted" in done.stderr


def test_a_step_pauses_between_its_iterations(project, database, connection):
    project.write(
        """
        - {name: make, sql: "CREATE TABLE public.t (n integer, at timestamptz)", rollback: DROP TABLE public.t}
        - name: work
          for_each: range(3)
          pause: 300ms
          sql: INSERT INTO public.t VALUES ({{ item }}, clock_timestamp())
          rollback: nothing
        """
    )
    project.run(database)
    apart = "SELECT min(apart) >= interval '300ms' FROM (SELECT at - lag(at) OVER (ORDER BY n) AS apart FROM public.t) AS t"
    assert one(connection, apart) is True


def test_settings_of_a_step_are_those_of_its_transactions_there_and_back(
    project, database, connection
):
    project.write(
        """
        - {name: make, sql: "CREATE TABLE public.t (said text)", rollback: nothing}
        - name: work
          settings: {lock_timeout: 7min, work_mem: 3MB}
          sql: &sql INSERT INTO public.t VALUES (current_setting('lock_timeout') || current_setting('work_mem'))
          rollback: INSERT INTO public.t VALUES (current_setting('lock_timeout') || current_setting('work_mem'))
        - {name: after, sql: INSERT INTO public.t VALUES (current_setting('lock_timeout')), rollback: nothing}
        """.replace("&sql ", ""),
        "settings: {lock_timeout: 1s}",
    )
    project.run(database)
    project.rollback(database)
    said = [row for (row,) in connection.execute("SELECT said FROM public.t")]
    assert said == ["7min3MB", "1s", "7min3MB"]
    assert "SET LOCAL lock_timeout = '7min';" in project.call("render", "--print-sql").stdout

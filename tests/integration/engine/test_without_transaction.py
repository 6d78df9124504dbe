"""Steps with `transaction: false`: each statement is tried again, and no invalid index is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from executor.errors import StepError
from executor.events import Event, Retrying
from tests.helpers.plans import Project

INVALID = """
SELECT coalesce(string_agg(indexrelid::regclass::text, ' ' ORDER BY 1), '')
FROM pg_index WHERE NOT indisvalid"""
BUILD = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.t (n);"


@pytest.fixture
def work(project: Project, connection) -> Project:
    connection.execute("CREATE TABLE public.t (n integer); INSERT INTO public.t VALUES (1), (1)")
    return write(project, BUILD)


def write(project: Project, sql: str, attempts: int = 2) -> Project:
    return project.write(
        f"""
- name: index
  transaction: false
  retry: {{attempts: {attempts}, backoff: 10ms..50ms}}
  sql: index.sql
  rollback: nothing
""",
        head="settings: {lock_timeout: 50ms}",
        index=sql,
    )


def invalid(connection) -> str:
    return str(connection.execute(INVALID).fetchone()[0])


class Watched(list[Event]):
    """Events, of which the second attempt in vain lets a writer go."""

    def __init__(self, other: psycopg.Connection) -> None:
        super().__init__()
        self._other = other

    def append(self, event: Event) -> None:
        super().append(event)
        if isinstance(event, Retrying) and event.attempt == 2:
            self._other.rollback()


@contextmanager
def writer(database: str) -> Iterator[psycopg.Connection]:
    """A transaction that a build has to wait for, and the drop of what it left as well."""
    with psycopg.connect(database) as other:
        other.execute("INSERT INTO public.t VALUES (2)")
        yield other
        other.rollback()


def test_a_build_is_tried_again_until_the_writers_have_ended(work, database, connection):
    write(work, BUILD, attempts=5)
    with writer(database) as other:
        events = Watched(other)
        assert work.run(database, events).status == "succeeded"
    tried = [event for event in events if isinstance(event, Retrying)]
    assert [event.reason for event in tried[:2]] == ["lock timeout", "lock timeout"]
    assert invalid(connection) == ""
    (valid,) = connection.execute(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.i'::regclass"
    ).fetchone()
    assert valid


def test_what_a_build_left_is_named_where_it_can_not_be_dropped(work, database, connection):
    """And is not taken for the index, when the step is run again."""
    with writer(database):
        with pytest.raises(StepError, match=r"after 2 attempts.*lock timeout") as failed:
            work.run(database)
        drop = 'DROP INDEX CONCURRENTLY "public"."i";'
        assert failed.value.hint == f"what it left is invalid: {drop}"
    assert invalid(connection) == "i"
    with pytest.raises(StepError, match=r"index public\.i is there, but invalid") as failed:
        work.run(database)
    assert drop in failed.value.hint
    assert invalid(connection) == "i"
    connection.execute(drop)
    assert work.run(database).status == "succeeded"
    assert invalid(connection) == ""


@pytest.mark.parametrize("name", ["i", ""])
def test_a_build_that_fails_leaves_nothing_but_what_was_there(name, work, database, connection):
    connection.execute("CREATE INDEX other ON public.t (n)")
    connection.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'other'::regclass"
    )
    write(work, f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON public.t (n);")
    with pytest.raises(StepError, match=r"could not create unique index.*\[23505\]") as failed:
        work.run(database)
    assert failed.value.hint == ""
    assert invalid(connection) == "other"


def test_what_a_reindex_leaves_is_named_or_dropped(work, database, connection):
    connection.execute("CREATE INDEX i ON public.t (n)")
    write(work, "REINDEX INDEX CONCURRENTLY public.i;")
    with writer(database), pytest.raises(StepError, match="lock timeout") as failed:
        work.run(database)
    assert "i_ccnew" in invalid(connection)
    for name in invalid(connection).split():
        assert f'DROP INDEX CONCURRENTLY "public"."{name}";' in failed.value.hint
    assert work.run(database).status == "succeeded"

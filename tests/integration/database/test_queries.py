"""The query library, asked on a real server: transactions, and the sentences of what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from executor.database.queries import Queries, explained
from executor.database.session import Connector, DatabaseError
from executor.errors import ConnectError, SqlError
from executor.templating.templates import Templates

TEMPLATES = {
    "add.sql": "INSERT INTO public.t VALUES ({{ number }}) RETURNING *;",
    "all.sql": "SELECT * FROM public.t ORDER BY id;",
    "twice.sql": "INSERT INTO public.t VALUES (7); SELECT 1 / 0;",
    "secret.sql": "SELECT * FROM public.secret;",
}


@pytest.fixture
def queries(
    database: str, connection: psycopg.Connection[tuple[object, ...]], tmp_path: Path
) -> Iterator[Queries]:
    connection.execute("CREATE TABLE t (id int); CREATE TABLE secret ()")
    for name, text in TEMPLATES.items():
        (tmp_path / name).write_text(text)
    with Connector(database, "executor:test").session() as session:
        yield Queries(session, Templates((tmp_path,)))


def ids(queries: Queries) -> list[int]:
    return [row["id"] for row in queries.send_alone("all.sql").rows]


def test_what_is_asked_is_a_transaction_of_its_own(queries):
    assert queries.send_alone("add.sql", number=1).scalar() == 1
    with pytest.raises(DatabaseError):
        queries.send_alone("twice.sql")
    assert ids(queries) == [1]


def test_what_is_sent_is_a_part_of_the_open_transaction(queries):
    def send_and_fail() -> None:
        with queries.session.transaction():
            queries.send("add.sql", number=1)
            raise KeyError

    with pytest.raises(KeyError):
        send_and_fail()
    assert ids(queries) == []


def test_there_may_be_no_first_row(queries):
    assert queries.send_alone("all.sql").first() is None
    queries.send_alone("add.sql", number=3)
    assert queries.send_alone("all.sql").first() == {"id": 3}


def test_what_is_refused_is_one_sentence_with_its_code(queries):
    with pytest.raises(SqlError, match=r"^the rows can't be read: division by zero$") as refused:
        with explained("the rows can't be read"):
            queries.send_alone("twice.sql")
    assert (refused.value.exit_code, refused.value.sqlstate) == (5, "22012")


def test_a_right_that_is_lacking_has_a_sentence_of_its_own_if_it_is_given(queries, connection):
    name = connection.execute("SELECT 'nobody_' || pg_backend_pid()").fetchone()[0]
    connection.execute(f"CREATE ROLE {name}")
    try:
        queries.session.execute(f"SET SESSION AUTHORIZATION {name}")
        with pytest.raises(ConnectError, match=r"^it is closed: permission denied") as refused:
            with explained("it can't be read", without_right=("it is closed", "ask its owner")):
                queries.send_alone("secret.sql")
        assert refused.value.hint == "ask its owner"
        with pytest.raises(SqlError, match=r"^it can't be read: permission denied"):
            with explained("it can't be read"):
                queries.send_alone("secret.sql")
    finally:
        queries.session.execute("RESET SESSION AUTHORIZATION")
        connection.execute(f"DROP ROLE {name}")

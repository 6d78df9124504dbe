"""The application of a table that is moved while it writes, and the plan beside it."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.helpers.flagship import EXPRESSION, ROOT, SOURCES, Connection, Layout, run, run_until
from tests.helpers.plans import COMMAND

KINDS = ["plain", "partitioned"]
THREE = ("partition_count=3", "batch_rows=700")
#: statements of an application, by what is special about each
WRITES = {
    "one row": "INSERT INTO chunks SELECT * FROM another",
    "many rows": "INSERT INTO chunks SELECT * FROM another UNION ALL SELECT * FROM another UNION ALL SELECT * FROM another",
    "update": "UPDATE chunks SET content = content || '!' WHERE chunk_index = 3",
    "a null": "UPDATE chunks SET token_count = NULL, meta = NULL WHERE chunk_index = 4",
    "nothing": "UPDATE chunks SET content = '' WHERE false",
    "another key": "UPDATE chunks SET id = gen_random_uuid() WHERE chunk_index = 5 AND collection_id = 'c-7'",
    "another collection": "UPDATE chunks SET collection_id = 'c-9', chunk_index = 5000 + chunk_index WHERE collection_id = 'c-8'",
    "exchanged keys": """
      UPDATE chunks AS c SET id = CASE c.collection_id WHEN 'c-11' THEN b.id ELSE a.id END
      FROM (SELECT id FROM chunks WHERE collection_id = 'c-11' ORDER BY id LIMIT 1) AS a,
           (SELECT id FROM chunks WHERE collection_id = 'c-12' ORDER BY id LIMIT 1) AS b
      WHERE (c.id, c.collection_id) IN ((a.id, 'c-11'), (b.id, 'c-12'))""",
    "delete": "DELETE FROM chunks WHERE chunk_index = 6",
    "deleted and back": "WITH gone AS (DELETE FROM chunks WHERE collection_id = 'c-13' RETURNING *) INSERT INTO chunks SELECT * FROM gone WHERE chunk_index > 99",
    "upsert": """
      INSERT INTO chunks SELECT * FROM chunks WHERE collection_id IN ('c-14', 'c-15')
      ON CONFLICT (id, collection_id) DO UPDATE SET content = 'upserted'""",
    "cascade": "DELETE FROM collections WHERE id IN ('c-20', 'c-21')",
    "cascade of a cascade": "DELETE FROM documents WHERE id IN ('d-33', 'd-34')",
    "copy": None,
    "replica": "SET session_replication_role = replica; UPDATE chunks SET content = 'from afar' WHERE chunk_index = 7; RESET session_replication_role",
    "hijack": None,
    "rolled back": "BEGIN; DELETE FROM chunks; ROLLBACK",
    "savepoint": "BEGIN; DELETE FROM chunks WHERE chunk_index = 8; SAVEPOINT a; DELETE FROM chunks; ROLLBACK TO a; COMMIT",
    "stranger": "SET ROLE executor_stranger; UPDATE chunks SET content = 'by another' WHERE chunk_index = 9; RESET ROLE",
    "repeatable read": "BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE chunks SET content = 'rr' WHERE chunk_index = 1; COMMIT",
    "truncate": "TRUNCATE chunks",
    "truncate by cascade": "BEGIN; INSERT INTO chunks SELECT * FROM another; COMMIT; TRUNCATE collections CASCADE",
}  # fmt: skip


def load(connection: Connection, kind: str) -> None:
    """The application's table with its foreign keys, plain or in 16 HASH partitions."""
    text = (SOURCES / "hash16.sql").read_text(encoding="utf-8")
    text = text.replace("REFERENCES collections);", "REFERENCES collections ON DELETE CASCADE);")
    if kind == "plain":
        text = text.replace(") PARTITION BY HASH (collection_id);", ");")
        text = re.sub(r"DO \$\$.*?\$\$;", "", text, count=1, flags=re.DOTALL)
    connection.execute(text.encode())
    connection.execute(
        "CREATE VIEW another AS SELECT gen_random_uuid() AS id, 'c-2'::varchar AS collection_id,"
        " 'd-201'::varchar AS document_id, 1 AS chunking_config_id, random(1000, 2000000000) AS chunk_index,"
        " 'new'::text AS content, 0 AS start_offset, 1 AS end_offset, 3 AS token_count, NULL::varchar AS"
        ' embedding_vector_id, now() AS created_at, \'{"a": 1,  "a": 2}\'::json AS meta'
        if connection.info.server_version >= 170000
        else "CREATE VIEW another AS SELECT gen_random_uuid() AS id, 'c-2'::varchar AS collection_id,"
        " 'd-201'::varchar AS document_id, 1 AS chunking_config_id,"
        " 1000 + (random() * 1000000000)::int AS chunk_index, 'new'::text AS content, 0 AS start_offset,"
        " 1 AS end_offset, 3 AS token_count, NULL::varchar AS embedding_vector_id, now() AS created_at,"
        ' \'{"a": 1,  "a": 2}\'::json AS meta'
    )


def write(connection: Connection, name: str, log: str) -> None:
    """One of the writes, in a session of the application."""
    if name == "copy":
        row = connection.execute("SELECT * FROM another").fetchone()
        with connection.cursor() as cursor, cursor.copy("COPY chunks FROM STDIN") as copy:
            copy.write_row([*row[:-1], '{"a": 1,  "a": 2}'] if row else [])
    elif name == "hijack":
        connection.execute(
            f"CREATE TEMP TABLE {log} (LIKE {log}); CREATE TEMP TABLE new_rows (id int);"
            f"INSERT INTO chunks SELECT * FROM another; DROP TABLE pg_temp.{log}, pg_temp.new_rows".encode()
        )
    else:
        connection.execute(str(WRITES[name]).encode())


def named(connection: Connection, kind: str) -> str:
    """The newest table of a kind that the plan has made."""
    row = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ %s ORDER BY relname DESC",
        [f"^chunks_{kind}_[0-9]"],
    ).fetchone()
    assert row
    return str(row[0])


def events(
    database: str, *arguments: str, verb: str = "run", layout: Layout = EXPRESSION
) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """The events of a command as they come, with its process."""
    command = [*COMMAND, verb, layout.plan, "--dsn", database, "--format", "json", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            yield process, json.loads(line)
    assert process.returncode in (0, -9)


def first_reason(database: str, holder: Connection, verb: str = "run") -> str:
    """Why a command has to try again, at first; what the holder has in its way ends then."""
    reasons = []
    for _, event in events(database, verb=verb):
        if event["event"] == "Retrying":
            reasons.append(str(event["reason"]))
            holder.rollback()
    return reasons[0]


def edited(directory: Path, text: str, other: str, *variables: str) -> Layout:
    """A copy of the plan with another text in the place of one, beside the sql of that directory, if it has any."""
    plan = directory / "plans" / Path(EXPRESSION.plan).name
    plan.parent.mkdir()
    whole = (ROOT / EXPRESSION.plan).read_text(encoding="utf-8")
    plan.write_text(whole.replace(text, other))
    return Layout("edited", str(plan), variables)


def _reach(database: str, kind: str, step: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        load(connection, kind)
    if step:
        run_until(EXPRESSION, database, step, *THREE)
    else:
        done = run(EXPRESSION, database, *THREE)
        assert done.returncode == 0, done.stderr


def reached(step: str = "", kind: str = "plain") -> pytest.MarkDecorator:
    """For a test: the application's table, and the plan run to a step, or to its end."""
    return pytest.mark.prepared(_reach, kind, step)


@contextmanager
def writing(dsn: str, statement: str, pause: float) -> Iterator[list[int]]:
    """Somebody who does one thing all the time; the list has the numbers that it has returned."""
    ended = threading.Event()
    returned: list[int] = []

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while not ended.wait(pause):
                try:
                    done = connection.execute(statement.encode())
                except psycopg.errors.SerializationFailure:
                    continue  # the table was replaced while it waited
                returned.extend(row[0] for row in done)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield returned
    finally:
        ended.set()
        thread.join()

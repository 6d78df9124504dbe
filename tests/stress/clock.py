"""Holds `executor queries` against the clock, layout by layout: `python -m tests.stress.clock`.

On the demonstration's table a workload is timed with the old table and the new one, in turn, while
both stand beside each other; and it is asked what becomes of the same statements: those of a file,
of a file that is timed (--analyze), and of pg_stat_statements. A line a statement on stdout, all
figures in a JSON file. What is said and what is timed may differ near the bound: ``NEAR``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from executor.database import embedded
from executor.database.queries import Queries
from executor.database.session import Connector
from executor.templating.names import table_name
from executor.templating.rewriting import Query
from tests.helpers import servers
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Layout
from tests.helpers.live import fresh_database, migrate
from tests.helpers.plans import call

#: the demonstration has a row every three seconds, and three ways to cut a document
_AT = ("layout=range", "key_column=created_at", "range_end=2025-01-05", "default_partition=true")
LAYOUTS = [
    EXPRESSION, COLUMN, HASH,
    Layout("range", variables=(*_AT, "interval=1 hour")),
    Layout("range of 14", variables=(*_AT, "interval=6 hours")),
    Layout("list", variables=("layout=list", "key_column=chunking_config_id")),
]  # fmt: skip
_C, _D = (f"md5('{name}')::uuid" for name in ("collection 40", "document 242"))
_SMALL = "md5('collection 700')::uuid"
_HOUR = "'2025-01-02 10:00 UTC' AND created_at < '2025-01-02 11:00 UTC'"
#: what a retrieval system asks; {placeholders} are constants
WORKLOAD = {
    "one by id": "SELECT * FROM chunks WHERE id = 4711",
    "some by id": "SELECT id, content FROM chunks WHERE id IN (17, 4711, 50000, 77777)",
    "vectors found": "SELECT id, content FROM chunks WHERE embedding_vector_id = ANY ('{{{v}}}')",
    "a document": "SELECT id, content FROM chunks WHERE document_id = '{d}' ORDER BY chunk_index",
    "one place": "SELECT content FROM chunks WHERE collection_id = '{c}' AND document_id = '{d}' AND chunk_index = 3",
    "neighbours": "SELECT content FROM chunks WHERE collection_id = '{c}' AND document_id = '{d}' AND chunk_index BETWEEN 2 AND 6 ORDER BY chunk_index",
    "newest of a collection": "SELECT id, content FROM chunks WHERE collection_id = '{c}' ORDER BY created_at DESC LIMIT 20",
    "a collection's size": "SELECT count(*), sum(token_count) FROM chunks WHERE collection_id = '{c}'",
    "a small collection": "SELECT id, chunk_index FROM chunks WHERE collection_id = '{s}'",
    "search a collection": "SELECT id FROM chunks WHERE collection_id = '{c}' AND content LIKE '%garden morning%'",
    "newest of all": "SELECT id, created_at FROM chunks ORDER BY created_at DESC LIMIT 50",
    "an hour by config": f"SELECT chunking_config_id, count(*) FROM chunks WHERE created_at >= {_HOUR} GROUP BY 1",
    "an hour of a collection": f"SELECT id FROM chunks WHERE collection_id = '{{c}}' AND created_at >= {_HOUR}",
    "page by id": "SELECT id, content FROM chunks WHERE id > 60000 ORDER BY id LIMIT 100",
    "latest time": "SELECT max(created_at) FROM chunks",
    "count": "SELECT count(*) FROM chunks",
    "sizes of collections": "SELECT collection_id, count(*), sum(token_count) FROM chunks GROUP BY collection_id",
    "tokens by config": "SELECT chunking_config_id, avg(token_count) FROM chunks GROUP BY 1",
    "languages": "SELECT meta ->> 'language' AS language, count(*) FROM chunks GROUP BY 1",
    "without a vector": "SELECT id FROM chunks WHERE embedding_vector_id IS NULL LIMIT 100",
    "with its title": "SELECT d.title, c.content FROM chunks AS c JOIN documents AS d ON d.id = c.document_id WHERE c.id = 4711",
    "titles of a collection": "SELECT d.title, count(c.id) FROM documents AS d LEFT JOIN chunks AS c ON c.document_id = d.id WHERE d.collection_id = '{c}' GROUP BY d.title",
    "newest of a config": "SELECT id FROM chunks WHERE chunking_config_id = 2 ORDER BY created_at DESC LIMIT 20",
    "id and all keys": "SELECT * FROM chunks WHERE id = 4711 AND collection_id = '{k}' AND chunking_config_id = {o} AND created_at = '{t}'",
    "set a vector": "UPDATE chunks SET embedding_vector_id = 'new' WHERE id = 4711",
    "touch a document": "UPDATE chunks SET token_count = token_count + 1 WHERE document_id = '{d}'",
    "delete a document": "DELETE FROM chunks WHERE document_id = '{d}'",
    "insert": "INSERT INTO chunks (collection_id, document_id, chunking_config_id, chunk_index, content, token_count) VALUES ('{c}', '{d}', 1, 100000, 'new', 3)",
}  # fmt: skip
_VALUES = """
SELECT {c} AS c, {d} AS d, {s} AS s, collection_id AS k, chunking_config_id AS o, created_at AS t,
  (SELECT string_agg(md5('vector ' || n), ',') FROM generate_series(5, 95000, 9500) AS n) AS v
FROM chunks WHERE id = 4711
"""
#: what logs for the run and for the way back is there for a time only
_UNLOGGED = """
DO $$ DECLARE t record; BEGIN
  ALTER TABLE chunks DISABLE TRIGGER USER;
  FOR t IN SELECT tgrelid::regclass AS on_table, tgname FROM pg_trigger
    WHERE tgname ~ '^executor' AND NOT tgisinternal AND tgparentid = 0 AND tgenabled <> 'D'
  LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', t.on_table, t.tgname); END LOOP;
END $$"""
_TABLES = ("chunks", "chunks_new")
_WAYS = ("file", "timed", "server")
_ANSWERED = 0.05  # milliseconds
_BOUND, _NEAR = 2.0, 1.25  # of a statement; a quarter is within what a clock says the next time
_CONSTANT = re.compile(r"\$\d+(, \$\d+)*|'[^']*'|\b\d+\b(, \b\d+\b)*")
_LEAST, _MOST, _SECONDS = 9, 31, 1.5  # times that a statement is timed with either table


def main() -> int:
    """Measure all that is asked for; 1 where a statement is said to be what it is clearly not."""
    given = _given()
    binaries = Path(given.bin) if given.bin else embedded.binaries()
    options = "-c shared_preload_libraries=pg_stat_statements -c shared_buffers=1GB -c max_wal_size=8GB -c max_parallel_workers_per_gather=0 -c timezone=UTC"
    figures: list[dict[str, Any]] = []
    with servers.server_of(binaries, options) as dsn:
        for layout in LAYOUTS:
            if not given.layout or layout.name in given.layout:
                with fresh_database(dsn) as database:
                    figures += _layout(layout, database, given.rows)
                Path(given.output).write_text(json.dumps(figures, indent=1))
    return min(_tell(figures), 1)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--bin", help="programs of PostgreSQL; those of the embedded one by default"
    )
    parser.add_argument("--layout", action="append", choices=[layout.name for layout in LAYOUTS])
    parser.add_argument("-o", "--output", default="clock.json")
    return parser.parse_args()


def _layout(layout: Layout, dsn: str, rows: int) -> Iterator[dict[str, Any]]:
    print(f"{layout}: filling", file=sys.stderr)
    statements = _fill(dsn, rows)
    migrate(dsn, layout=layout, until="verify")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write("".join(f"{text};\n" for text in statements.values()))
        file.flush()
        given = ("--queries", file.name)
        by_file = _asked(layout, dsn, *given)
        timed = _asked(layout, dsn, *given, "--analyze")
    by_server = {_key(item["query"]): item for item in _asked(layout, dsn)}
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        version = connection.info.server_version // 10000
        connection.execute(_UNLOGGED)
        connection.execute("VACUUM ANALYZE documents")
        for (name, text), *said in zip(statements.items(), by_file, timed, strict=True):
            before, after = _time(connection, text)
            found = dict(zip(_WAYS, (*said, by_server.get(_key(text), {})), strict=True))
            of = {"version": version, "layout": str(layout), "name": name}
            yield {**of, "before": before, "after": after, **found}


def _fill(dsn: str, rows: int) -> dict[str, str]:
    """The demonstration's tables, and the workload, each statement sent some times."""
    with Connector(dsn, "benchmark").session() as session:
        for part in ("schema", "rows", "finish"):
            with session.transaction():
                Queries(session).send(f"demo/{part}.sql", rows=rows)
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        connection.execute("VACUUM (ANALYZE) chunks")
        cursor = connection.execute(_VALUES.format(c=_C, d=_D, s=_SMALL).encode())
        row = cursor.fetchone()
        assert row and cursor.description
        values = {column.name: value for column, value in zip(cursor.description, row, strict=True)}
        statements = {name: text.format(**values) for name, text in WORKLOAD.items()}
        connection.execute("SELECT pg_stat_statements_reset()")
        for text in statements.values():
            for _ in range(20):
                with connection.transaction(force_rollback=True):
                    connection.execute(text.encode())
    return statements


def _asked(layout: Layout, dsn: str, *options: str) -> list[dict[str, Any]]:
    done = call("queries", layout.plan, "--dsn", dsn, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["statements"]
    return found


def _key(text: str) -> str:
    """A statement without its constants, as pg_stat_statements keeps it."""
    return " ".join(_CONSTANT.sub("?", text.replace(" /*, ... */", "")).split())


def _time(connection: psycopg.Connection[Any], text: str) -> tuple[float, float]:
    """Milliseconds that a statement takes with the old table and the new one; a quarter took less.

    They are those of the server's process on a processor: all is cached, and whatever else the
    machine has to do is no part of it. What a client and a server take to answer each other is added.
    """
    clock = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    query, tables = Query.read(text), [table_name(f"public.{name}") for name in _TABLES]
    both = [str(query.for_table(tables[0], table, bare=True)).encode() for table in tables]
    times: tuple[list[float], list[float]] = ([], [])
    began = time.perf_counter()
    while len(times[0]) < _LEAST or (
        len(times[0]) < _MOST and time.perf_counter() - began < _SECONDS
    ):
        for sent, spent in zip(both, times, strict=True):
            with connection.transaction(force_rollback=True):
                started = int(clock.read_text().split()[0])
                cursor = connection.execute(sent)
                if cursor.description:
                    cursor.fetchall()
                spent.append((int(clock.read_text().split()[0]) - started) / 1e6 + _ANSWERED)
    before, after = (sorted(spent[2:])[(len(spent) - 2) // 4] for spent in times)
    return before, after


def _tell(figures: list[dict[str, Any]]) -> int:
    """A line a statement; how many are said to be what they are clearly not."""
    wrong = 0
    for item in figures:
        times = item["after"] / item["before"]
        marks = []
        for way in _WAYS:
            said = item[way].get("outcome", "not asked")
            off = said in ("same", "slower") and (times > _BOUND) != (said == "slower")
            near = 1 / _NEAR < times / _BOUND < _NEAR
            wrong += off and not near
            ratio = f" {item[way]['ratio']:.2f}" if item[way].get("ratio") else ""
            mark = (" near" if near else " WRONG") if off else ""
            marks.append(f"{way} {said}{ratio}{mark}")
        clock = f"{item['before']:9.3f} -> {item['after']:9.3f} ms, {times:6.2f} times"
        print(
            f"{item['version']} {item['layout']:<12} {item['name']:<24} {clock}: {'; '.join(marks)}"
        )
    return wrong


if __name__ == "__main__":
    sys.exit(main())

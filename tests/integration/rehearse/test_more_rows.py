"""The rows of a sample are there several times over, whatever its unique keys are."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.rows import TupleRow

from executor.database.queries import Queries
from executor.database.session import Connector
from executor.rehearse.other_size import more_rows
from executor.templating.names import Name

_REFERRED = 'CREATE TABLE r (id int PRIMARY KEY); INSERT INTO r VALUES (1); CREATE TABLE "T ""1" '
CASES = {
    "no key": "(n int)",
    "a sequence": "(id bigserial PRIMARY KEY, n int)",
    "an identity": "(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)",
    "a uuid": "(id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n int)",
    "a number": '("n%1" int PRIMARY KEY)',
    "a place": "(r int REFERENCES r, place int, n int, UNIQUE (r, place))",
    "a text twice": "(a text UNIQUE, n timestamptz, UNIQUE (a, n))",
    "a time": "(at timestamptz PRIMARY KEY)",
    "some of them": "(id int, n int, UNIQUE (id), made int GENERATED ALWAYS AS (n + 1) STORED)",
}
ROWS = {
    "a sequence": "(n) SELECT n",
    "an identity": "(n) SELECT n",
    "a uuid": "(n) SELECT n",
    "a number": "SELECT n * 1000",
    "a place": "SELECT 1, n, n",
    "a text twice": "SELECT 'code ' || n, now()",
    "a time": "SELECT timestamptz '2026-01-01' + n * interval '1 day'",
    "some of them": "SELECT n, n",
}


@pytest.mark.parametrize("case", CASES)
def test_there_are_as_many_as_wanted(
    case: str, database: str, connection: psycopg.Connection[TupleRow]
) -> None:
    table = Name("public", 'T "1')
    rows = f'INSERT INTO "T ""1" {ROWS.get(case, "SELECT n")} FROM generate_series(1, 100) AS n'
    connection.execute(f"{_REFERRED}{CASES[case]}; {rows}".encode())
    with Connector(database, "test").session() as session:
        made = more_rows(Queries(session), session, table, 100, 950)
    count = connection.execute('SELECT count(*) FROM "T ""1"').fetchone()
    assert count == (100 + made,)
    # of numbers between others, some are taken already
    assert made == 850 or (case == "a number" and made > 700)

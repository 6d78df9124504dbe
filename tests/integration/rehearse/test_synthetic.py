"""Rows made by statistics: as many, as different and as wide as the real ones, and none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.errors import SqlError
from executor.rehearse import rebuild
from executor.rehearse.real import Real, look
from executor.rehearse.rebuild import Dump
from executor.rehearse.server import serving
from executor.rehearse.synthetic import Made
from executor.templating.names import Name
from tests.helpers.command import one
from tests.helpers.flagship import Connection
from tests.helpers.live import role

#: all that is real has SECRET in it, in every type that could hold it
TABLES = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN code AS text CHECK (VALUE ~ '^SECRET');
CREATE TABLE owners (name varchar(40) PRIMARY KEY, note text);
CREATE TABLE places (a int, b uuid, PRIMARY KEY (a, b));
CREATE TABLE "t ""1" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner varchar(40) NOT NULL REFERENCES owners,
  a int, b uuid, FOREIGN KEY (a, b) REFERENCES places,
  above bigint CONSTRAINT above REFERENCES "t ""1",
  short char(4) NOT NULL UNIQUE,
  status text NOT NULL CHECK (status IN ('new', 'it''s done')),
  mail text CONSTRAINT mail CHECK (mail ~ '@' AND length(mail) = 9),
  kind text NOT NULL CHECK (kind = 'good' AND length(kind) = 4), secret text, blob bytea, doc jsonb NOT NULL, tags text[],
  price numeric(10, 2) CHECK (price > 0), day date, "at" timestamptz, mood mood NOT NULL, flag boolean, amount smallint,
  code code, shape point, long text, lower text GENERATED ALWAYS AS (lower(secret)) STORED,
  UNIQUE (owner, "at"), CHECK (day <= "at")
);
CREATE UNIQUE INDEX ON "t ""1" (lower(secret));
CREATE TABLE owned (t bigint REFERENCES "t ""1", owner varchar(40) REFERENCES owners, PRIMARY KEY (t, owner));
INSERT INTO owners SELECT 'SECRET owner ' || n, 'SECRET' FROM generate_series(1, 50) AS n;
INSERT INTO places SELECT n, md5('SECRET' || n)::uuid FROM generate_series(1, 20) AS n;
INSERT INTO "t ""1" (owner, a, b, above, short, status, mail, kind, secret, blob, doc, tags, price, day, "at", mood, flag, amount, code, shape, long)
SELECT 'SECRET owner ' || CASE WHEN n % 2 = 0 THEN 1 ELSE 1 + n % 50 END, 1 + n % 20, md5('SECRET' || 1 + n % 20)::uuid, nullif(n - 1, 0), n::text,
  CASE WHEN n % 3 = 0 THEN 'new' ELSE 'it''s done' END, 'SECRET@' || 10 + n % 90, 'good', CASE WHEN n % 4 > 0 THEN 'SECRET ' || repeat('x', 60) || n END,
  'SECRET'::bytea, '{"SECRET": 1}', ARRAY['SECRET'], 10 + n, '2025-01-01'::date + n % 100, '2025-06-01'::timestamptz + n * interval '1 min', 'sad', n % 10 = 0, n % 7,
  'SECRET' || n, point(1, 2), 'SECRET' || (SELECT string_agg(md5(n || ' ' || piece), '') FROM generate_series(1, 100) AS piece)
FROM generate_series(1, 1000) AS n;
INSERT INTO owned SELECT n, 'SECRET owner ' || 1 + n % 50 FROM generate_series(1, 300) AS n;
ANALYZE;
"""
SUBJECT = '"t ""1"'


@contextmanager
def made(
    database: str, host: str | None, table: Name, rows: int, directory: Path
) -> Iterator[tuple[Real, Connection]]:
    """The rehearsal of a database with made rows, and what is known of it."""
    real = look(database, table, [])
    with serving(host, real) as server:
        dump = Dump(real, directory)
        rebuild.begin(server, real, dump, "whole")
        real.drawn = Made(server, real, "whole").draw(rows)
        rebuild.finish(server, real, dump, "whole")
        with psycopg.connect(server.at("whole"), autocommit=True) as there:
            yield real, there


@pytest.fixture
def host(connection: Connection, server_dsn: str) -> Iterator[str]:
    """The same server, by a role that can make databases."""
    with role(connection, "host") as name:
        connection.execute(f"ALTER ROLE {name} CREATEDB".encode())
        yield make_conninfo(server_dsn, user=name)


def test_no_real_text_is_there_and_all_that_holds_of_the_real_rows_holds(
    database: str, connection: Connection, host: str, tmp_path: Path
) -> None:
    connection.execute(TABLES.encode())
    with made(database, host, Name("public", "owned"), 200, tmp_path) as (real, there):
        missing = real.not_rebuilt[1:]  # after what is said of owners and rights
        assert [what.partition(":")[0] for what in missing] == [
            'rows that above of public."t ""1" refers to',
            'values of code of public."t ""1"',
            'values of shape of public."t ""1"',
            'the check mail of public."t ""1"',
        ], missing
        assert real.drawn["public.owned"] == 200
        for table in ("owners", "places", SUBJECT, "owned"):
            # nothing of what the server knows of it either
            for what in (table, f"(SELECT * FROM pg_stats WHERE tablename = '{table}')"):
                for (row,) in there.execute(f"SELECT x::text FROM {what} AS x".encode()):
                    assert "SECRET" not in row and b"SECRET".hex() not in row
        kept = "SELECT count(*) = (SELECT count(*) FROM pg_stats WHERE tablename = 'owned') FROM pg_stats WHERE tablename = 'owned'"
        assert one(there, kept) is True
        constraints = "SELECT count(*) FROM pg_constraint WHERE contype IN ('p', 'u', 'f', 'c') AND conname <> 'mail'"
        assert one(there, constraints) == one(connection, constraints)
        indexes = "SELECT count(*) FROM pg_index WHERE indrelid >= 16384 AND indisvalid"
        assert one(there, indexes) == one(connection, indexes)


def test_they_are_like_the_real_ones_on_a_server_of_our_own_with_all_owners(
    database: str, connection: Connection, tmp_path: Path
) -> None:
    with role(connection, "first") as first, role(connection, "second") as second:
        owners = f"ALTER TABLE owners OWNER TO {first}; ALTER TABLE {SUBJECT} OWNER TO {second};"
        connection.execute(f"{TABLES} {owners} REVOKE ALL ON owners FROM PUBLIC".encode())
        with made(database, None, Name("public", 't "1'), 800, tmp_path) as (real, there):
            like_the_real_ones(real, there, first)


def like_the_real_ones(real: Real, there: Connection, first: str) -> None:
    """Assert that shares, ranges and rights are those of the real tables."""
    assert real.drawn['public."t ""1"'] == 800

    def about(what: str) -> object:
        return one(there, f"SELECT {what} FROM {SUBJECT}")

    def share(condition: str) -> float:
        return float(str(about(f"avg(({condition})::integer)")))

    most_common = f"(SELECT owner FROM {SUBJECT} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
    assert 0.4 < share(f"owner = {most_common}") < 0.6  # half of them belong to one owner
    assert 0.15 < share("secret IS NULL") < 0.35
    assert 0.05 < share("flag") < 0.2
    assert about("min(price) >= 11 AND max(price) <= 1010") is True
    assert about("min(day) >= '2025-01-01' AND max(day) < '2025-04-12'") is True
    assert about("bool_and(mood = 'sad') IS NOT NULL AND count(DISTINCT status) = 2") is True
    assert 60 < float(str(about("avg(length(secret))"))) < 80
    assert (
        2500 < float(str(about("avg(length(long))"))) < 5000
    )  # is kept apart, so statistics know little
    assert about("min(id) >= 1 AND count(DISTINCT id) = 800") is True
    following = (
        f"SELECT nextval(pg_get_serial_sequence('{SUBJECT}', 'id')) > max(id) FROM {SUBJECT}"
    )
    assert one(there, following) is True

    rights = "SELECT count(*) FROM pg_class, aclexplode(relacl) AS a WHERE relname = 'owners' AND NOT EXISTS (SELECT FROM pg_roles WHERE oid = a.grantee AND rolname = '"
    assert one(there, f"{rights}{first}')") == 0


@pytest.mark.parametrize(
    ("table", "analyzed", "said"),
    [
        ("(k text, n int) PARTITION BY LIST (k)", "t", ""),
        ("(k text, n int) PARTITION BY LIST (k)", "t1, t2", ""),  # as autovacuum does it
        ("(k int, n int) PARTITION BY RANGE (n)", "t", ""),
        ("(k text, n int) PARTITION BY HASH (k)", "", ""),
        ("(k text, n int, p point NOT NULL DEFAULT '1,2') PARTITION BY HASH (k)", "t", ""),
        ("(k point NOT NULL, n int) PARTITION BY RANGE (n)", "t", "no values can be made for k"),
    ],
)  # fmt: skip
def test_they_fit_the_partitions_or_it_is_said_why_there_are_none(
    table: str,
    analyzed: str,
    said: str,
    database: str,
    connection: Connection,
    host: str,
    tmp_path: Path,
) -> None:
    bounds = {"LIST": ("IN ('a')", "IN ('b', 'c')"), "RANGE": ("FROM (0) TO (50)", "FROM (70) TO (200)")}  # fmt: skip
    hashed = ("WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 2, REMAINDER 1)")
    one_of, other = next((b for what, b in bounds.items() if what in table), hashed)
    odd = {"text": ("'a'", "'c'"), "int": ("1", "2"), "point": ("point '1,2'", "point '3,4'")}
    first, second = odd[table.split()[1].rstrip(",")]
    values = f"CASE n % 2 WHEN 0 THEN {first} ELSE {second} END, CASE n % 2 WHEN 0 THEN n % 50 ELSE 70 + n END"
    connection.execute(
        f"CREATE TABLE t {table}; CREATE TABLE t1 PARTITION OF t FOR VALUES {one_of};"
        f"CREATE TABLE t2 PARTITION OF t FOR VALUES {other};"
        f"INSERT INTO t SELECT {values} FROM generate_series(1, 100) AS n".encode()
    )
    if analyzed:
        connection.execute(f"ANALYZE {analyzed}".encode())
    if said:
        with (
            pytest.raises(SqlError, match=said),
            made(database, host, Name("public", "t"), 50, tmp_path),
        ):
            pass
        return
    with made(database, host, Name("public", "t"), 50, tmp_path) as (real, there):
        assert real.drawn["public.t"] == 50
        told = [what for what in real.not_rebuilt if "ANALYZE knows nothing" in what]
        assert len(told) == (not analyzed)
        assert one(there, "SELECT count(DISTINCT tableoid) FROM t") == 2

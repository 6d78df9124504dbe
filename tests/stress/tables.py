"""The application's tables, the shadow of its largest one, and the comparison of both."""

from __future__ import annotations

import psycopg

from tests.stress.scenario import Scenario

CHUNKS = "public.chunks"
SHADOW = "stress.shadow"
COLUMNS = (
    "id",
    "collection_id",
    "document_id",
    "chunking_config_id",
    "chunk_index",
    "content",
    "token_count",
    "created_at",
    "meta",
)
NAMES = ", ".join(COLUMNS)

#: configurations that nobody deletes
CONFIGS = (1, 2, 3)

_PARENTS = """
CREATE TABLE collections (id varchar PRIMARY KEY, owner integer NOT NULL);
CREATE TABLE documents (id varchar PRIMARY KEY, collection_id varchar NOT NULL
  REFERENCES collections ON DELETE CASCADE);
CREATE INDEX ON documents (collection_id);
CREATE TABLE chunking_configs (id integer PRIMARY KEY, owner integer);
INSERT INTO chunking_configs VALUES (1), (2), (3);
INSERT INTO collections SELECT format('c%s-%s', w, i), w
  FROM generate_series(0, {writers} - 1) AS w, generate_series(0, {collections} - 1) AS i;
INSERT INTO documents SELECT format('d%s-%s', substr(id, 2), n), id
  FROM collections, generate_series(0, 3) AS n;
"""

_CHUNKS = """
CREATE TABLE chunks (
  gone integer,
  id {id} NOT NULL,
  collection_id varchar NOT NULL REFERENCES collections ON DELETE CASCADE,
  document_id varchar REFERENCES documents ON DELETE CASCADE{deferrable},
  chunking_config_id integer NOT NULL REFERENCES chunking_configs,
  chunk_index integer NOT NULL,
  content text,
  token_count integer CHECK (token_count >= 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  meta json,
  {keys}
) {storage};
{partitions}
ALTER TABLE chunks DROP COLUMN gone;
CREATE INDEX ON chunks (collection_id);
CREATE INDEX ON chunks (document_id) WHERE token_count IS NOT NULL;
CREATE INDEX ON chunks (chunking_config_id);
INSERT INTO chunks ({names})
SELECT
  {new_id}, c.id, CASE WHEN n % 5 > 0 THEN format('d%s-%s', substr(c.id, 2), n % 4) END, 1 + n % 3, n,
  repeat(md5(n::text), n % 9), n % 50, '2025-08-11 12:00+00'::timestamptz + n * interval '1 second',
  format('{{"n": %s,  "n": 1e5}}', n)::json
FROM generate_series(1, {rows}) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM collections) AS c
  ON c.place = n % c.total;
CREATE SCHEMA stress;
CREATE TABLE stress.shadow AS SELECT {names} FROM chunks;
ALTER TABLE stress.shadow ADD PRIMARY KEY (id);
CREATE INDEX ON stress.shadow (collection_id);
"""

_LEAVES = """
DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE chunks_p%s PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER %1$s)%s',
                   i, '{storage}');
  END LOOP;
END
$$;
"""


def create(connection: psycopg.Connection, scenario: Scenario, tablespace: str | None) -> None:
    """Make all tables, and fill them."""
    hash16 = scenario.source == "hash16"
    storage = f" TABLESPACE {tablespace}" if tablespace else ""
    new_id = {
        "uuid": "md5(n::text)::uuid",
        "hash16": "md5(n::text)::uuid",
        "bigserial": "nextval('chunks_id_seq')",
    }
    script = (_PARENTS + _CHUNKS).format(
        writers=scenario.writers,
        collections=scenario.collections,
        id="bigserial" if scenario.source == "bigserial" else "uuid DEFAULT gen_random_uuid()",
        deferrable=" DEFERRABLE INITIALLY DEFERRED" if hash16 else "",
        keys="PRIMARY KEY (id, collection_id), UNIQUE (collection_id, document_id, chunk_index)"
        if hash16
        else "PRIMARY KEY (id)",
        storage="PARTITION BY HASH (collection_id)" if hash16 else storage,
        partitions=_LEAVES.format(storage=storage) if hash16 else "",
        names=NAMES,
        new_id=new_id[scenario.source],
        rows=scenario.rows,
    )
    connection.execute(script.encode())


def differences(connection: psycopg.Connection, left: str, right: str, what: str) -> list[str]:
    """Up to ten rows that only one of two queries has; each has an id and a text."""
    rows = connection.execute(
        f"SELECT 'only in {what.split(maxsplit=1)[0]}', * FROM (({left}) EXCEPT ALL ({right})) AS l"
        f" UNION ALL SELECT 'only in {what.rsplit(maxsplit=1)[-1]}', * FROM (({right}) EXCEPT ALL ({left})) AS r"
        " ORDER BY 2 LIMIT 10".encode()
    ).fetchall()
    return [f"{side}: {row}" for side, row in rows]


def rows_of(table: str, without: str = "") -> str:
    """A query of all rows of a table as text, the id first, but for those whose key is in a log."""
    where = (
        f" WHERE NOT EXISTS (SELECT FROM {without} AS k"
        " WHERE k.id = r.id AND k.collection_id = r.collection_id)"
    )
    return f"SELECT ROW({NAMES})::text FROM {table} AS r{where if without else ''}"

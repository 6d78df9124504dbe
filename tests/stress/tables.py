"""The application's tables, the shadow of its largest one, and the comparison of both."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from tests.stress.layouts import BEGIN
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
  {new_id}, c.id, CASE WHEN n % 5 > 0 THEN format('d%s-%s', substr(c.id, 2), n % 4) END, 1 + n % 3, {index},
  repeat(md5(n::text), n % 9), n % 50, '{begin}'::timestamptz + n * interval '{pace}',
  format('{{"n": %s,  "n": 1e5}}', n)::json
FROM generate_series(1, {rows}) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM collections) AS c
  ON c.place = n % c.total;
CREATE SCHEMA stress;
CREATE TABLE stress.shadow AS SELECT {names} FROM chunks;
ALTER TABLE stress.shadow ADD PRIMARY KEY (id);
CREATE INDEX ON stress.shadow (collection_id);
"""

_HASH = """
DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE chunks_p%s PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER %1$s)%s',
                   i, '{storage}');
  END LOOP;
END
$$;
"""


_RANGE = """
CREATE TABLE chunks_early PARTITION OF chunks FOR VALUES FROM (MINVALUE) TO ('2025-08-20'){storage};
CREATE TABLE chunks_late PARTITION OF chunks FOR VALUES FROM ('2025-08-20') TO ('2025-09-10'){storage};
CREATE TABLE chunks_default PARTITION OF chunks DEFAULT{storage};
"""

_LIST = """
CREATE TABLE chunks_1 PARTITION OF chunks FOR VALUES IN (1, 2){storage};
CREATE TABLE chunks_default PARTITION OF chunks DEFAULT{storage};
"""

#: intervals over values: one has parts of a third level, one is no table of parts, one was attached with columns in its own order
_TWO_LEVELS = """
CREATE TABLE chunks_early PARTITION OF chunks FOR VALUES FROM (MINVALUE) TO ('2025-08-20') PARTITION BY LIST (chunking_config_id);
CREATE TABLE chunks_early_1 PARTITION OF chunks_early FOR VALUES IN (1, 2){storage};
CREATE TABLE chunks_early_default PARTITION OF chunks_early DEFAULT{storage};
CREATE TABLE chunks_late PARTITION OF chunks FOR VALUES FROM ('2025-08-20') TO ('2025-09-10') PARTITION BY LIST (chunking_config_id);
CREATE TABLE chunks_late_1 PARTITION OF chunks_late FOR VALUES IN (1) PARTITION BY HASH (collection_id);
CREATE TABLE chunks_late_1_0 PARTITION OF chunks_late_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0){storage};
CREATE TABLE chunks_late_1_1 PARTITION OF chunks_late_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1){storage};
CREATE TABLE chunks_late_default PARTITION OF chunks_late DEFAULT{storage};
CREATE TABLE chunks_default PARTITION OF chunks DEFAULT{storage};
CREATE TABLE chunks_late_2 (
  meta json, created_at timestamptz NOT NULL DEFAULT clock_timestamp(), token_count integer, content text,
  chunk_index integer NOT NULL, chunking_config_id integer NOT NULL, document_id varchar, collection_id varchar NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(), gone integer, CONSTRAINT chunks_token_count_check CHECK (token_count >= 0)){storage};
ALTER TABLE chunks_late ATTACH PARTITION chunks_late_2 FOR VALUES IN (2);
"""

#: by source: keys, what it is partitioned by, and its partitions
_FORMS = {
    "hash16": (
        "PRIMARY KEY (id, collection_id), UNIQUE (collection_id, document_id, chunk_index)",
        "PARTITION BY HASH (collection_id)",
        _HASH,
    ),
    "range": ("PRIMARY KEY (id, created_at)", "PARTITION BY RANGE (created_at)", _RANGE),
    "list": (
        "PRIMARY KEY (id, chunking_config_id)",
        "PARTITION BY LIST (chunking_config_id)",
        _LIST,
    ),
    "two_levels": (
        "PRIMARY KEY (id, created_at, chunking_config_id, collection_id)",
        "PARTITION BY RANGE (created_at)",
        _TWO_LEVELS,
    ),
}


def create(connection: psycopg.Connection, scenario: Scenario, tablespace: str | None) -> None:
    """Make all tables, and fill them."""
    storage = f" TABLESPACE {tablespace}" if tablespace else ""
    serial = scenario.source == "bigserial"
    keys, by, leaves = _FORMS.get(scenario.source, ("PRIMARY KEY (id)", storage, ""))
    script = (_PARENTS + _CHUNKS).format(
        writers=scenario.writers,
        collections=scenario.collections,
        id="bigserial" if serial else "uuid DEFAULT gen_random_uuid()",
        deferrable=" DEFERRABLE INITIALLY DEFERRED" if scenario.source == "hash16" else "",
        keys=keys,
        storage=by,
        partitions=leaves.format(storage=storage),
        names=NAMES,
        new_id="nextval('chunks_id_seq')" if serial else "md5(n::text)::uuid",
        index="n / 10 * 1000000 + n % 10" if "chunk_index" in scenario.columns else "n",
        begin=BEGIN,
        pace="1 hour" if "created_at" in scenario.columns else "1 second",
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


def rows_of(table: str, log: str = "", keys: Sequence[str] = ()) -> str:
    """A query of all rows of a table as text, the id first, but for those whose keys are in a log."""
    same = " AND ".join(f"k.{key} = r.{key}" for key in keys)
    where = f" WHERE NOT EXISTS (SELECT FROM {log} AS k WHERE {same})" if log else ""
    return f"SELECT ROW({NAMES})::text FROM {table} AS r{where}"


def relations(connection: psycopg.Connection) -> set[str]:
    """The tables in the application's schema, but the executor's copies and its register."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname !~ 'backup'"
        " AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    return {name for (name,) in rows}


def columns_of(connection: psycopg.Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table]
    ).fetchall()
    return [name for (name,) in rows]


def misplaced(connection: psycopg.Connection) -> list[str]:
    """Rows that are not what the bounds of their partition, as the catalog says them, promise."""
    leaves = connection.execute(
        "SELECT relid::regclass::text, pg_get_partition_constraintdef(relid) FROM pg_partition_tree(%s) WHERE isleaf",
        [CHUNKS],
    ).fetchall()
    parts = [
        f"(SELECT '{leaf}', id FROM ONLY {leaf} WHERE ({bound}) IS NOT TRUE LIMIT 5)"
        for leaf, bound in leaves
        if bound
    ]
    rows = connection.execute(" UNION ALL ".join(parts).encode()).fetchall() if parts else []
    return [f"outside its partition's bounds: {row}" for row in rows]

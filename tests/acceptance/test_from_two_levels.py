"""From two levels, ours or somebody's own, to any layout: under somebody who writes, and back with what was written since."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.command import one
from tests.helpers.flagship import HASH_PLAN, LIST_PLAN, PLAIN_PLAN, Connection, content, schema
from tests.helpers.online import writing
from tests.helpers.plans import call

Dump = Callable[..., str]

COLUMNS = """
CREATE TABLE parents (id integer PRIMARY KEY);
INSERT INTO parents SELECT generate_series(0, 9);
CREATE TABLE t (
  gone integer, id integer NOT NULL, tenant text NOT NULL, at timestamptz NOT NULL, note text NOT NULL DEFAULT '',
  parent integer NOT NULL REFERENCES parents ON DELETE CASCADE, PRIMARY KEY (id, tenant, at)
)"""
ROWS = """
CREATE INDEX t_note ON t (note);
CREATE TABLE looks (id integer, tenant text, at timestamptz);
ALTER TABLE looks ADD CONSTRAINT looks_t FOREIGN KEY (id, tenant, at) REFERENCES t ON UPDATE CASCADE ON DELETE CASCADE;
INSERT INTO t (id, tenant, at, parent)
SELECT i, (ARRAY['Big tenant', 'acme', 'x' || i])[1 + i % 3], timestamptz '2025-01-31 00:00+00' + i * interval '6 hours', i % 10
FROM generate_series(1, 400) AS i;
INSERT INTO looks SELECT id, tenant, at FROM t WHERE id % 5 = 0;
"""

#: RANGE over LIST: a part that was attached with columns of its own order, one that is divided once more, one that is not divided
OWN = f"""
{COLUMNS} PARTITION BY RANGE (at);
CREATE TABLE t_early PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2025-02-20 00:00+00') PARTITION BY LIST (tenant);
CREATE TABLE t_early_acme PARTITION OF t_early FOR VALUES IN ('acme');
CREATE TABLE t_early_default PARTITION OF t_early DEFAULT;
CREATE TABLE t_late PARTITION OF t FOR VALUES FROM ('2025-02-20 00:00+00') TO ('2025-04-01 00:00+00') PARTITION BY LIST (tenant);
CREATE TABLE t_late_acme PARTITION OF t_late FOR VALUES IN ('acme') PARTITION BY HASH (id);
CREATE TABLE t_late_acme_0 PARTITION OF t_late_acme FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t_late_acme_1 PARTITION OF t_late_acme FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE t_late_default PARTITION OF t_late DEFAULT;
CREATE TABLE t_default PARTITION OF t DEFAULT;
ALTER TABLE t DROP COLUMN gone;
CREATE TABLE t_late_big (parent integer NOT NULL, note text NOT NULL DEFAULT '', at timestamptz NOT NULL, tenant text NOT NULL, id integer NOT NULL);
ALTER TABLE t_late ATTACH PARTITION t_late_big FOR VALUES IN ('Big tenant');
CREATE INDEX t_late_big_alone ON t_late_big (parent);
{ROWS}"""
PLAIN = f"{COLUMNS}; ALTER TABLE t DROP COLUMN gone; {ROWS}"

LAYOUTS = {
    "expression": (LIST_PLAN, "key_column=tenant", "partition_count=3"),
    "column": (LIST_PLAN, "key_column=tenant", "partition_count=3", "routing=column"),
    "hash": (HASH_PLAN, "key_column=tenant", "partition_count=3"),
    "range": (LIST_PLAN, "layout=range", "key_column=at", "range_end=2025-06-01"),
    "list": (LIST_PLAN, "layout=list", "key_column=tenant", "min_share=10"),
    "range_hash": (LIST_PLAN, "layout=range_hash", "key_column=at", "range_end=2025-06-01", "sub_key_column=id", "sub_count=2"),
    "list_range": (LIST_PLAN, "layout=list_range", "key_column=tenant", "min_share=10", "sub_key_column=at", "interval=3 months", "range_end=2025-06-01"),
    "plain": (PLAIN_PLAN,),
}  # fmt: skip

#: somebody makes a note longer, and moves a row to another partition and back
LONGER = """
UPDATE t SET note = note || '.', at = CASE WHEN at < '2025-04-20' THEN at + interval '20 days' ELSE at - interval '20 days' END{}
WHERE id = 1 + floor(random() * 400) RETURNING 1
"""
TENANT = ", tenant = CASE tenant WHEN 'acme' THEN 'Big tenant' WHEN 'Big tenant' THEN 'acme' ELSE tenant END"
TREE = "SELECT array_agg(relid::text || ' ' || coalesce(pg_get_expr(relpartbound, relid), '') ORDER BY relid::text) FROM pg_partition_tree('t') JOIN pg_class ON oid = relid"

#: somebody's own and ours; `make stress` draws the other pairs
CELLS = [
    ("own", "column"),
    ("own", "range_hash"),
    ("own", "plain"),
    ("range_hash", "list_range"),
    ("list_range", "list_range"),
    ("expression", "list_range"),
]


def command(verb: str, layout: str, database: str) -> tuple[str, ...]:
    plan, *given = LAYOUTS[layout]
    if verb != "run":
        return (verb, plan, "--dsn", database)
    return (
        verb,
        plan,
        "--dsn",
        database,
        *(f"--var={value}" for value in ("source=public.t", *given)),
    )


@pytest.mark.parametrize(("before", "after"), CELLS)
def test_there_and_back(
    before: str, after: str, database: str, connection: Connection, dump: Dump
) -> None:
    connection.execute((OWN if before == "own" else PLAIN).encode())
    given_up = {layout: ["--accept=looks_t"] for layout in ("expression", "column")}
    more = ["--accept=t_late_big_alone"] if before == "own" else []
    if before != "own":
        done = call(*command("run", before, database), *given_up.get(before, []))
        assert done.returncode == 0, done.stderr
    if before not in given_up:
        more += given_up.get(after, [])
    more += ["--again"] if before == after else []
    as_it_was, tree = schema(dump, database), one(connection, TREE)
    total = "SELECT sum(length(note)), count(*), sum(id) FROM t"
    sums = connection.execute(total.encode()).fetchone()
    with writing(
        database, LONGER.format("" if after == "column" else TENANT), pause=0.005
    ) as written:
        done = call(*command("run", after, database), *more)
    assert done.returncode == 0, done.stderr
    assert sums
    assert written
    assert connection.execute(total.encode()).fetchone() == (sums[0] + len(written), *sums[1:])
    assert one(connection, TREE) != tree
    key = ", partition_key" if after == "column" else ""
    value = ", abs(hashtext('later') % 3)" if key else ""
    connection.execute(
        f"INSERT INTO t (id, tenant, at, parent{key}) VALUES (1000, 'later', '2025-04-02 00:00+00', 3{value});"
        "DELETE FROM t WHERE id % 7 = 0; UPDATE t SET note = 'later' WHERE id % 5 = 0;"
        "DELETE FROM parents WHERE id = 8;"  # where the key into the table was given up, nothing follows
        "DELETE FROM looks AS l WHERE NOT EXISTS (SELECT FROM t WHERE (t.id, t.tenant, t.at) = (l.id, l.tenant, l.at))".encode()
    )
    rows = content(connection, "t"), content(connection, "looks")
    undone = call(*command("rollback", after, database))
    assert undone.returncode == 0, undone.stderr
    assert (content(connection, "t"), content(connection, "looks")) == rows
    assert one(connection, TREE) == tree
    if before == "own":  # else what watches the partitions is the plan's own, and gone
        assert schema(dump, database) == as_it_was

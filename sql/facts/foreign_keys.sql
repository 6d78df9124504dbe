-- The foreign keys, first those that forbid a delete in the referenced table. One that is not yet validated has its
-- definition as if it were. `on_delete` is null if a key does not come along: one of a single partition. Those that refer
-- to the table itself are told apart (incoming_keys).
SELECT
  c.conname AS name,
  CASE WHEN c.conrelid <> whole.oid THEN c.conrelid::regclass::text END AS partition_sql,
  regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
  c.confrelid::regclass::text AS referenced_sql,
  CASE
    WHEN c.conrelid <> whole.oid THEN NULL
    WHEN to_jsonb(c) ->> 'conenforced' = 'false' THEN 'nothing'  -- from 18 on
    WHEN c.confdeltype IN ('a', 'r') THEN 'forbid'
    ELSE 'follow'
  END AS on_delete,
  c.confdeltype IN ('a', 'r') AS forbids_delete,
  coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
  c.convalidated AS validated,
  obj_description(c.oid, 'pg_constraint') AS comment
FROM (SELECT to_regclass({{ source | literal }})::oid) AS whole (oid)
JOIN pg_constraint AS c
  ON c.conrelid IN (
{% include 'facts/fragments/tree.sql' %}
)
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid NOT IN (
{% include 'facts/fragments/tree.sql' %}
)
ORDER BY c.conrelid <> whole.oid, c.confdeltype NOT IN ('a', 'r'), c.conname, c.conrelid::regclass::text COLLATE "C"

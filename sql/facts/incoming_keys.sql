-- The foreign keys that refer to the table or to one of its partitions, those of the table itself, too: the new table
-- has none of them, so they can only be given up. `has_unique_key`: the new table could have it, as it is unique there as
-- a whole in what is referenced. One that is not yet validated has its definition as if it were.
SELECT
  c.conname::text AS name,
  c.conrelid::regclass::text AS relation,
  c.conrelid::regclass::text AS relation_sql,
  r.relowner::regrole::text AS owner,
  r.relkind = 'p' AS partitioned,
  c.conrelid IN (
{% include 'facts/fragments/tree.sql' %}
  ) AS of_itself,
  (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity AS identity,
  regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
  CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_delete,
  {% if routing == 'hash' %}EXISTS (
    SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (c.confkey)
    WHERE i.indexrelid = c.conindid AND a.attname = {{ key_column | literal }})
  {%- else %}false{% endif %} AS has_unique_key,
  coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
  c.convalidated AS validated,
  obj_description(c.oid, 'pg_constraint') AS comment
FROM pg_constraint AS c
JOIN pg_class AS r ON r.oid = c.conrelid
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN (
{% include 'facts/fragments/tree.sql' %}
)
ORDER BY c.conrelid::regclass::text COLLATE "C", c.conname

-- The indexes of the table (or of a partition that is partitioned itself) that one of its partitions lacks: those of
-- CREATE INDEX ON ONLY. `name` is that of the index to be made. Where it has one of that name, that is to be attached. What is
-- to be detached gets none. Expressions of a role that is not trusted are not said again: between the check and then they could
-- get code of its own.
SELECT
  n.nspname::text AS schema, child.relname::text AS partition, format('%I.%I', n.nspname, child.relname) AS relation, child.relkind = 'p' AS is_parted,
  {% include 'tables/short_name.sql' %} AS name,
  i.indexrelid::regclass::text AS parent_sql,
  i.indisunique AS unique, coalesce(con.contype = 'p', false) AS primary, con.oid IS NOT NULL AS is_constraint,
  {% include 'tables/rest.sql' %} AS body_sql,
  pg_get_constraintdef(con.oid) AS constraint_sql,
  made.oid IS NOT NULL AS is_there,
  made.is_constraint AS is_there_as_constraint
FROM (
{% include 'facts/fragments/tree.sql' %}
) AS tree
JOIN pg_index AS i ON i.indrelid = tree.oid
JOIN pg_class AS c ON c.oid = i.indexrelid AND c.relkind = 'I'
JOIN pg_class AS r ON r.oid = i.indrelid
JOIN pg_inherits AS of_table ON of_table.inhparent = i.indrelid
JOIN pg_class AS child ON child.oid = of_table.inhrelid AND child.relkind IN ('r', 'p')
JOIN pg_namespace AS n ON n.oid = child.relnamespace
LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.contype IN ('p', 'u') AND con.conrelid = i.indrelid
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(c.oid), format('CREATE %sINDEX %I ON ONLY %s ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, r.oid::regclass)
) AS shape (definition, head)
CROSS JOIN LATERAL (SELECT child.relname || '_' || CASE WHEN starts_with(c.relname, r.relname || '_') THEN substr(c.relname, length(r.relname) + 2) ELSE c.relname END) AS long (name)
LEFT JOIN LATERAL (
  SELECT m.oid, EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = m.oid AND k.contype IN ('p', 'u')) AS is_constraint
  FROM pg_class AS m JOIN pg_index AS mi ON mi.indexrelid = m.oid
  WHERE m.relnamespace = child.relnamespace AND m.relname = {% include 'tables/short_name.sql' %}

    AND mi.indrelid = child.oid AND (mi.indisvalid OR m.relkind = 'I')
) AS made ON true
WHERE NOT i.indisvalid AND {% include 'maintain/is_spoken.sql' %} AND NOT EXISTS (
  SELECT FROM pg_inherits AS a JOIN pg_index AS own ON own.indexrelid = a.inhrelid
  WHERE a.inhparent = i.indexrelid AND own.indrelid = child.oid)
AND (n.nspname, child.relname) NOT IN (SELECT expired.schema, expired.name FROM (
{% include 'maintain/facts/expired.sql' %}
) AS expired)
ORDER BY child.relkind <> 'p', child.relname, c.relname

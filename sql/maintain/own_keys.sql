{## The unique indexes and keys that the partition `keyed.oid` has of its own, not as a part of the table: a SELECT of what their names have
    after that of the partition, how the index is made, and the constraint, if it is one. -##}
SELECT CASE WHEN starts_with(x.relname, r.relname || '_') THEN substr(x.relname, length(r.relname) + 2) ELSE x.relname END AS stem,
  {% include 'tables/rest.sql' %} AS body_sql,
  pg_get_constraintdef(k.oid) AS constraint_sql
FROM pg_index AS i
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_class AS r ON r.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = r.relnamespace
LEFT JOIN pg_constraint AS k ON k.conindid = x.oid AND k.conrelid = r.oid AND k.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(x.oid), format('CREATE UNIQUE INDEX %I ON %s%I.%I ', x.relname, CASE WHEN x.relkind = 'I' THEN 'ONLY ' END, n.nspname, r.relname)
) AS shape (definition, head)
WHERE i.indrelid = keyed.oid AND i.indisunique AND i.indisvalid AND NOT x.relispartition AND {% include 'maintain/is_spoken.sql' %}

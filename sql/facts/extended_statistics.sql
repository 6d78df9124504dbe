-- The extended statistics of the table: what follows the name, up to FROM.
SELECT
  s.stxname::text AS name,
  n.nspname::text AS schema,
  s.stxowner = c.relowner AS is_owners,
  substr(shape.definition, length(shape.head) + 1, length(shape.definition) - length(shape.head)
    - length(' FROM ' || s.stxrelid::regclass)) AS body_sql,
  nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) AS target,
  obj_description(s.oid, 'pg_statistic_ext') AS comment
FROM pg_statistic_ext AS s
JOIN pg_class AS c ON c.oid = s.stxrelid
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL (
  SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I', n.nspname, s.stxname)
) AS shape (definition, head)
WHERE s.stxrelid = to_regclass({{ source | literal }})
ORDER BY n.nspname, s.stxname

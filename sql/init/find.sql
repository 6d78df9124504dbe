-- What bears a name: in its schema, or in every schema if none was said; if there is nothing, one row that says what
-- may have been meant. Reads the catalogs alone.
SELECT
  n.nspname::text AS schema,
  c.relname::text AS name,
  c.oid::regclass::text AS shown,
  CASE
    WHEN c.oid IS NULL THEN 'there is no table ' || {{ source | string | literal }}
    WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN format('%s may not use the schema of %s', quote_ident(current_user), c.oid::regclass)
    WHEN c.relispartition THEN format('%s is a partition of %s', c.oid::regclass, pg_partition_root(c.oid)::regclass)
    WHEN c.relkind NOT IN ('r', 'p') THEN format('%s is %s', c.oid::regclass, CASE c.relkind
      WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table' WHEN 'S' THEN 'a sequence'
      WHEN 'i' THEN 'an index' WHEN 'I' THEN 'an index' ELSE 'no table' END)
    WHEN c.relpersistence = 't' THEN format('%s is a temporary table', c.oid::regclass)
    WHEN parent.name IS NOT NULL THEN format('%s inherits from %s', c.oid::regclass, parent.name)
  END AS refused,
  CASE
    WHEN c.oid IS NULL THEN did_you_mean || 'Name one as schema.table'
    WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, current_user)
    WHEN c.relispartition THEN 'name that table'
    WHEN parent.name IS NOT NULL THEN 'INHERIT and partitions do not mix: ALTER TABLE ... NO INHERIT first'
    ELSE 'name a table'
  END AS hint
FROM (SELECT) AS always
LEFT JOIN (pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace)
  ON c.relname = {{ source.name | literal }}
{% if in_schema %}
  AND n.nspname = {{ source.schema | literal }}
{% else %}
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
{% endif %}
LEFT JOIN LATERAL (
  SELECT min(i.inhparent::regclass::text) AS name FROM pg_inherits AS i WHERE i.inhrelid = c.oid AND NOT c.relispartition
) AS parent ON true
CROSS JOIN (
{% include 'repartition/check/similar_tables.sql' %}
) AS similar_tables (did_you_mean)
ORDER BY n.nspname <> 'public', n.nspname

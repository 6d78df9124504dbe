-- What bears this name, looked up in the catalogs alone: no right on the table is needed.
SELECT
  c.relkind::text AS kind,
  c.relispartition AS is_partition,
  pg_partition_root(c.oid)::regclass::text AS parent,
  pg_get_partkeydef(c.oid) AS partitioned_by,
  has_schema_privilege(n.oid, 'USAGE') AS may_use_schema,
  quote_ident(n.nspname) AS schema,
  quote_ident(current_user) AS role,
  current_database()::text AS database
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = {{ source.schema | literal }} AND c.relname = {{ source.name | literal }};

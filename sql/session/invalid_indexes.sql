-- The indexes of a table, or of an index's table, or of all tables, that are of no use: their build was not
-- finished. Where another session holds the lock of a build, it may be finished yet.
SELECT i.indexrelid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
  EXISTS (
    SELECT FROM pg_locks AS l
    WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND l.pid <> pg_backend_pid()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.mode = 'ShareUpdateExclusiveLock') AS building
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i'
{% if relation %}
  AND i.indrelid = coalesce(
    (SELECT x.indrelid FROM pg_index AS x WHERE x.indexrelid = to_regclass({{ relation | literal }})),
    to_regclass({{ relation | literal }}))
{% endif %}
ORDER BY 2, 3;

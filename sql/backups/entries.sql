{## The entries of the registry of a schema with what can be said of each without reading it: a SELECT
    without its semicolon. Read as JSON, so that a registry without the newer columns answers as well.
    The table is found by its oid; its name alone may mean another one by now. -##}
SELECT
  (e.j ->> 'id')::bigint AS id,
  {{ schema | literal }}::text AS schema,
  e.j ->> 'backup_table_name' AS name,
  e.j ->> 'original_table_name' AS original,
  coalesce(e.j ->> 'kind', 'backup') AS kind,
  coalesce((e.j ->> 'is_backup')::boolean, coalesce(e.j ->> 'kind', 'backup') = 'backup') AS is_backup,
  (e.j ->> 'record_count')::bigint AS rows,
  coalesce((SELECT sum(pg_total_relation_size(relid)) FROM (
    SELECT found.oid AS relid UNION SELECT relid FROM pg_partition_tree(found.oid)) AS tree), (e.j ->> 'size_bytes')::bigint)::bigint AS size_bytes,
  to_char((e.j ->> 'created_at')::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS created_at,
  extract(epoch FROM now() - (e.j ->> 'created_at')::timestamptz)::bigint AS age_seconds,
  to_char((e.j ->> 'retention_until')::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS retention_until,
  coalesce((e.j ->> 'retention_until')::timestamptz < now(), false) AS expired,
  CASE
    WHEN found.oid IS NULL AND named.oid IS NULL THEN 'missing'
    WHEN coalesce(said.misplaced, said.begun, e.j ->> 'finding') IS NOT NULL THEN 'changed'
    WHEN (e.j ->> 'retention_until')::timestamptz < now() THEN 'expired'
    ELSE 'valid' END AS status,
  said.misplaced,
  again.oid IS NOT NULL AS moved,
  CASE WHEN found.oid IS NOT NULL OR named.oid IS NOT NULL
    THEN coalesce(said.misplaced, said.begun, e.j ->> 'finding') END AS difference,
  e.j ->> 'migration_revision' AS revision,
  e.j ->> 'run' AS run,
  found.oid::bigint AS oid,
  e.j ->> 'digest' AS digest,
  to_char((e.j ->> 'verified_at')::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS verified_at,
  to_char((e.j ->> 'drilled_at')::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS drilled_at,
  e.j ->> 'drill_finding' AS drill_finding,
  to_char((e.j ->> 'started')::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS dropping_since,
  e.j ->> 'table_oid' IS NOT NULL AS identified,
  coalesce(obj_description(found.oid, 'pg_class') LIKE mark.comment, false) AS marked,
  to_regclass(format('%I.%I', {{ schema | literal }}::text, e.j ->> 'original_table_name')) IS NOT NULL AS original_exists,
  e.j -> 'definition' AS definition,
  e.j -> 'way_back' AS way_back
FROM {{ registry | ident }} AS r
CROSS JOIN LATERAL (SELECT to_jsonb(r)) AS e (j)
CROSS JOIN LATERAL (
  SELECT to_regclass(format('%I.%I', {{ schema | literal }}::text, e.j ->> 'backup_table_name'))::oid
) AS named (oid)
CROSS JOIN LATERAL (
  SELECT CASE WHEN e.j ->> 'table_oid' IS NULL THEN named.oid
    ELSE (SELECT c.oid FROM pg_class AS c WHERE c.oid = (e.j ->> 'table_oid')::oid AND c.relkind IN ('r', 'p')) END
) AS found (oid)
CROSS JOIN LATERAL (
  -- the comment that executor gave to the table that it made or replaced
  SELECT CASE WHEN e.j ->> 'kind' = 'old_table' THEN 'Replaced by executor (%run ' || (e.j ->> 'run') || ')%'
    ELSE 'Backup of %, made by executor%(run ' || (e.j ->> 'run') || ')%' END
) AS mark (comment)
LEFT JOIN LATERAL (
  -- name and comment are right, and the oid is not: dumped and restored, and to be compared before it counts
  SELECT c.oid FROM pg_class AS c
  WHERE c.oid = named.oid AND c.relkind IN ('r', 'p') AND c.oid IS DISTINCT FROM found.oid
    AND obj_description(c.oid, 'pg_class') LIKE mark.comment
    AND coalesce(obj_description(found.oid, 'pg_class'), '') NOT LIKE mark.comment
) AS again ON true
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN again.oid IS NOT NULL THEN 'it was dumped and restored; executor backups verify says whether it is the same'
      WHEN found.oid IS NULL AND named.oid IS NOT NULL THEN 'another table has its name'
      WHEN found.oid <> named.oid OR named.oid IS NULL THEN format('it is called %s now', found.oid::regclass) END,
    CASE WHEN e.j ->> 'started' IS NOT NULL THEN 'its cleanup was begun' END
) AS said (misplaced, begun)
ORDER BY (e.j ->> 'created_at')::timestamptz DESC, 1 DESC

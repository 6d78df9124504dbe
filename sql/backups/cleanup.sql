-- What a cleanup does with the expired entries of a registry, and why not with the others: drop, forget
-- (there is no table any more), keep (it is still wanted), blocked (something is in the way). An expired
-- backup goes only if another one of the same table stays that is in order: the one named in `keeper`.
{% with writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

WITH entry AS (
{% include 'backups/entries.sql' %}
), verified AS (
  SELECT id, original, expired, row_number() OVER (PARTITION BY original ORDER BY expired, id DESC) AS place
  FROM entry
  WHERE is_backup AND oid IS NOT NULL AND difference IS NULL AND marked AND verified_at IS NOT NULL
), item AS (
  SELECT
    e.*,
    v.id AS keeper,
    ARRAY(SELECT e.oid::oid WHERE e.oid IS NOT NULL UNION SELECT relid::oid FROM pg_partition_tree(e.oid::oid)
          UNION SELECT ours.oid FROM (
{% include 'backups/way_back.sql' %}
          ) AS ours WHERE ours.kind = 'VIEW') AS tree,
    (SELECT c.relowner::regrole FROM pg_class AS c WHERE c.oid = e.oid AND c.relowner NOT IN (
{% include 'backups/owners.sql' %}
    )) AS stranger
  FROM entry AS e
  LEFT JOIN verified AS v ON v.original = e.original AND v.place = 1
  CROSS JOIN LATERAL (SELECT e.schema, e.original, e.run, e.oid, e.way_back) AS entry
  WHERE e.expired
)
SELECT
  item.id, item.schema, item.name, item.original, item.kind, item.size_bytes, item.retention_until, item.oid, item.way_back, item.run,
  CASE WHEN item.is_backup AND item.oid IS NOT NULL THEN item.keeper END AS keeper,
  split_part(verdict.said, ': ', 1) AS action,
  substr(verdict.said, length(split_part(verdict.said, ': ', 1)) + 3) AS reason
FROM item
LEFT JOIN LATERAL (
  SELECT string_agg(DISTINCT d.object, ', ') AS objects
  FROM (
{% include 'backups/dependents.sql' %}
  ) AS d
) AS dependents ON true
CROSS JOIN LATERAL (
  SELECT CASE
{% if journal %}
    WHEN EXISTS (SELECT FROM executor.runs AS r WHERE r.name_timestamp = item.run AND r.status IN ('running', 'failed'))
      THEN 'keep: its run has not come to its end'
{% endif %}
    WHEN item.oid IS NULL AND item.status = 'missing' THEN 'forget: its table is gone'
    WHEN NOT item.identified
      THEN 'blocked: an older tool has made it and did not record which table it is; verify it, and drop it by hand'
    WHEN item.misplaced IS NOT NULL THEN 'blocked: ' || item.misplaced
    WHEN item.difference IS NOT NULL AND item.dropping_since IS NULL THEN 'blocked: it has changed: ' || item.difference
    WHEN NOT item.marked THEN 'blocked: the comment by which executor knows its tables is not on it'
    WHEN item.stranger IS NOT NULL
      THEN format('blocked: it belongs to %s, who owns no table %s', item.stranger, item.original)
    WHEN dependents.objects IS NOT NULL THEN format('blocked: %s would have to go with it; drop or change that first', dependents.objects)
    WHEN item.is_backup AND item.keeper IS NULL
      THEN format('keep: there is no verified backup of %s beside it', item.original)
    WHEN item.is_backup AND item.keeper = item.id
      THEN format('keep: it is the only verified backup of %s; executor backups create makes a newer one', item.original)
    WHEN item.kind = 'old_table' AND NOT item.original_exists
      THEN format('keep: there is no table %s, whose old rows it holds', item.original)
    ELSE 'drop: expired on ' || item.retention_until END
) AS verdict (said)
ORDER BY item.id

-- What forbids that the table be replaced by a restored one; each row is a reason. Views, rules, functions
-- and policies that read the table as a whole are bound to the new one, so they are none.
WITH item AS (
  SELECT ARRAY(SELECT {{ live | literal }}::regclass::oid
               UNION SELECT relid::oid FROM pg_partition_tree({{ live | literal }}::regclass)) AS tree
)
SELECT format('%s hangs on it', string_agg(DISTINCT d.object, ', ')) AS reason
FROM item
CROSS JOIN LATERAL (
{% include 'backups/dependents.sql' %}
) AS d
WHERE NOT (d.table_oid = {{ live | literal }}::regclass AND (coalesce(d.view_kind <> 'm', false) OR d.class IN ('pg_proc', 'pg_policy')))
HAVING count(*) > 0
UNION ALL
SELECT format('publication %s names it', string_agg(DISTINCT quote_ident(p.pubname), ', '))
FROM item
JOIN pg_publication_rel AS r ON r.prrelid = ANY (item.tree)
JOIN pg_publication AS p ON p.oid = r.prpubid
HAVING count(*) > 0
UNION ALL
SELECT 'its way back is open; executor rollback brings the old table back and keeps later writes'
FROM item
WHERE EXISTS (
  SELECT FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid WHERE t.tgrelid = ANY (item.tree) AND {% include 'repartition/log/is_way_back.sql' %})
{% if journal %}
UNION ALL
SELECT format('run %s of %s works on it and has not come to its end', r.id, r.plan)
FROM executor.runs AS r
WHERE r.status IN ('running', 'failed')
  AND EXISTS (SELECT FROM jsonb_each_text(r.variables) AS v WHERE v.value = {{ live | string | literal }})
{% endif %}

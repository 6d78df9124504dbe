{## Why rows can't be moved out of the default partition: a SELECT of sentences. In scope: what with.sql has. -##}
SELECT format('%s refers to the table, which does not let go of rows that it refers to', {% include 'tables/listed.sql' %})
FROM whole JOIN pg_constraint AS f ON f.confrelid IN (whole.oid, whole.default_oid) AND f.contype = 'f'
CROSS JOIN LATERAL (SELECT f.conrelid::regclass::text) AS listed (name)
HAVING count(*) > 0
UNION ALL
SELECT format('they are %s, and max_rows is {{ max_rows }}: give more by --var max_rows in a quiet hour, as writers wait while they are copied', sum(movable.rows))
FROM movable HAVING sum(movable.rows) > {{ max_rows }}
UNION ALL
SELECT format('publication %s of all tables would publish them a second time', {% include 'tables/listed.sql' %})
FROM pg_publication AS p CROSS JOIN LATERAL (SELECT p.pubname::text) AS listed (name)
WHERE p.puballtables HAVING count(*) > 0
UNION ALL
SELECT format('%s depends on the default partition itself', {% include 'tables/listed.sql' %})
FROM part AS d
JOIN pg_depend AS dep ON dep.refclassid = 'pg_class'::regclass AND dep.refobjid IN (d.oid, (SELECT reltype FROM pg_class WHERE oid = d.oid)) AND dep.deptype = 'n'
  AND dep.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)
CROSS JOIN LATERAL (SELECT pg_describe_object(dep.classid, dep.objid, 0)) AS listed (name)
WHERE d.is_default HAVING count(*) > 0
UNION ALL
SELECT format('%s is a foreign table', quote_ident(part.name)) FROM part WHERE part.is_default AND part.is_foreign
UNION ALL
SELECT format('%s would not see them where they are then: a REPEATABLE READ transaction, or one with a cursor', {% include 'tables/listed.sql' %})
FROM (
{% with least = '1 second' %}
{% include 'tables/snapshots_before.sql' %}
{% endwith %}
) AS listed (name) HAVING count(*) > 0
UNION ALL
-- Their new home is made like the newest partition, and the default partition like that.
SELECT format('%s of the default partition would be lost with it; give it to the whole table, or take it away', {% include 'tables/listed.sql' %})
FROM part AS d CROSS JOIN LATERAL pg_partition_tree(d.oid) AS leaf
CROSS JOIN LATERAL (
  SELECT 'trigger ' || quote_ident(t.tgname) FROM pg_trigger AS t WHERE t.tgrelid = leaf.relid AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'policy ' || quote_ident(p.polname) FROM pg_policy AS p WHERE p.polrelid = leaf.relid
  UNION ALL
  SELECT 'row level security' FROM pg_class AS c WHERE c.oid = leaf.relid AND c.relrowsecurity
  UNION ALL
  SELECT 'constraint ' || quote_ident(k.conname) FROM pg_constraint AS k
  WHERE k.conrelid = leaf.relid AND k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.coninhcount = 0 AND k.conparentid = 0
  UNION ALL
  SELECT 'unique index ' || quote_ident(x.relname) FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
  WHERE i.indrelid = leaf.relid AND i.indisunique AND NOT x.relispartition AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.oid AND k.conrelid = i.indrelid)
  UNION ALL
  SELECT 'place in publication ' || quote_ident(p.pubname) FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid WHERE r.prrelid = leaf.relid
) AS listed (name)
WHERE d.is_default HAVING count(*) > 0

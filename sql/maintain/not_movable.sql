{## Why rows can't be moved out of the default partition: a SELECT of sentences. In scope: what with.sql has. -##}
SELECT way_back.said FROM whole CROSS JOIN LATERAL (
{% include 'maintain/way_back.sql' %}
) AS way_back (said)
UNION ALL
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
SELECT format('publication %s of all tables in its schema would publish them a second time', {% include 'tables/listed.sql' %})
-- the catalog of those is not there before PostgreSQL 15, but what depends on what is told everywhere
FROM pg_depend AS of_schema
JOIN pg_depend AS of_publication ON of_publication.classid = of_schema.classid AND of_publication.objid = of_schema.objid AND of_publication.refclassid = 'pg_publication'::regclass
JOIN pg_publication AS p ON p.oid = of_publication.refobjid CROSS JOIN LATERAL (SELECT p.pubname::text) AS listed (name)
WHERE of_schema.classid = to_regclass('pg_catalog.pg_publication_namespace') AND of_schema.refclassid = 'pg_namespace'::regclass
  AND of_schema.refobjid IN (SELECT c.relnamespace FROM whole JOIN pg_class AS c ON c.oid IN (whole.oid, whole.default_oid)) HAVING count(*) > 0
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
SELECT format('%s would not see them where they are then: a REPEATABLE READ transaction, one with a cursor, or a statement that goes on', {% include 'tables/listed.sql' %})
FROM (
{% with when = 'early' %}
{% include 'tables/snapshots_before.sql' %}
{% endwith %}
) AS listed (name, mark) HAVING count(*) > 0
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
  WHERE k.conrelid = leaf.relid AND k.contype IN ('c', 'f', 'x') AND k.coninhcount = 0 AND k.conparentid = 0
  UNION ALL
  SELECT 'index ' || quote_ident(x.relname) FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_class AS r ON r.oid = i.indrelid
  WHERE i.indrelid = leaf.relid AND NOT x.relispartition AND NOT (i.indisunique AND i.indisvalid AND {% include 'maintain/is_spoken.sql' %})
  UNION ALL
  -- a key that the newest partition has, too, comes with that
  SELECT 'key ' || own.stem FROM (SELECT leaf.relid) AS keyed (oid) CROSS JOIN LATERAL (
{% include 'maintain/own_keys.sql' %}
  ) AS own
  WHERE NOT EXISTS (
    SELECT FROM pg_partition_tree((SELECT n.oid FROM part AS n WHERE NOT n.is_default AND NOT n.is_foreign ORDER BY n.lower_at DESC NULLS LAST LIMIT 1)) AS tree
    CROSS JOIN LATERAL (SELECT tree.relid) AS keyed (oid) CROSS JOIN LATERAL (
{% include 'maintain/own_keys.sql' %}
    ) AS newest WHERE newest.body_sql = own.body_sql)
  UNION ALL
  SELECT format('%s of the column %I', lost.what, a.attname)
  FROM whole JOIN pg_attribute AS w ON w.attrelid = whole.oid AND w.attnum > 0 AND NOT w.attisdropped
  JOIN pg_attribute AS a ON a.attrelid = leaf.relid AND a.attname = w.attname AND NOT a.attisdropped
  CROSS JOIN LATERAL (
    SELECT 'NOT NULL' WHERE a.attnotnull AND NOT w.attnotnull AND NOT EXISTS (
      SELECT FROM pg_constraint AS p WHERE p.conrelid = leaf.relid AND p.contype = 'p' AND a.attnum = ANY (p.conkey))
    UNION ALL
    SELECT 'default' WHERE a.attgenerated = ''
      AND (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)
        IS DISTINCT FROM (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d WHERE d.adrelid = w.attrelid AND d.adnum = w.attnum)
  ) AS lost (what)
  UNION ALL
  SELECT 'statistics ' || quote_ident(s.stxname) FROM pg_statistic_ext AS s WHERE s.stxrelid = leaf.relid
  UNION ALL
  SELECT 'grant to ' || CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END
  FROM pg_class AS c CROSS JOIN LATERAL (
    SELECT a.grantee FROM aclexplode(c.relacl) AS a
    UNION SELECT a.grantee FROM pg_attribute AS col CROSS JOIN LATERAL aclexplode(col.attacl) AS a WHERE col.attrelid = c.oid
  ) AS acl WHERE c.oid = leaf.relid AND acl.grantee <> c.relowner
  UNION ALL
  SELECT 'comment on ' || quote_ident(c.relname) FROM pg_class AS c
  WHERE c.oid = leaf.relid AND EXISTS (SELECT FROM pg_description AS d WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid)
  UNION ALL
  SELECT 'place in publication ' || quote_ident(p.pubname) FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid WHERE r.prrelid = leaf.relid
) AS listed (name)
WHERE d.is_default HAVING count(*) > 0
UNION ALL
SELECT format('the newest partition has %s of its own, which the default partition lacks, so rows could be twice there; give it to that, too', {% include 'tables/listed.sql' %})
FROM (SELECT n.oid FROM part AS n WHERE NOT n.is_default AND NOT n.is_foreign ORDER BY n.lower_at DESC NULLS LAST LIMIT 1) AS n
CROSS JOIN LATERAL pg_partition_tree(n.oid) AS leaf CROSS JOIN LATERAL (SELECT leaf.relid) AS keyed (oid) CROSS JOIN LATERAL (
{% include 'maintain/own_keys.sql' %}
) AS own
CROSS JOIN LATERAL (SELECT 'key ' || own.stem) AS listed (name)
WHERE NOT EXISTS (
  SELECT FROM whole CROSS JOIN LATERAL pg_partition_tree(whole.default_oid) AS tree
  CROSS JOIN LATERAL (SELECT tree.relid) AS keyed (oid) CROSS JOIN LATERAL (
{% include 'maintain/own_keys.sql' %}
  ) AS of_default WHERE of_default.body_sql = own.body_sql)
HAVING count(*) > 0

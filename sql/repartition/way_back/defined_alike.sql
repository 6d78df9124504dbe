{## Stops if the tables `source` and `arriving` have not the same columns and checks, and with `keys` the same
    foreign keys, but for those to the table itself, which are given up; `advice` says what to do then. -##}
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  arriving regclass := {{ arriving | literal }};
  differences text;
BEGIN
  WITH definition AS (
    SELECT
      a.attrelid AS table_oid, 'column ' || quote_ident(a.attname) AS part,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 0)::regcollation,
        CASE WHEN a.attnotnull AND a.attname <> {{ key_column | literal }} THEN 'not null' END,
        pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity, ''), nullif(a.attgenerated, '')) AS text
    FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid IN (source, arriving) AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'partition_key'
    UNION ALL
    -- a foreign key may still be that of the partitions alone
    SELECT DISTINCT tree.root, 'constraint ' || quote_ident(conname),
      CASE contype WHEN 'c' THEN pg_get_constraintdef(oid) ELSE 'a foreign key' END
    FROM pg_constraint
    JOIN (
      SELECT source AS root, source AS relation UNION ALL SELECT arriving, arriving
      UNION ALL (SELECT source, relid FROM pg_partition_tree(source) WHERE isleaf AND relid <> source ORDER BY relid LIMIT 1)
      UNION ALL (SELECT arriving, relid FROM pg_partition_tree(arriving) WHERE isleaf AND relid <> arriving ORDER BY relid LIMIT 1)
    ) AS tree ON tree.relation = conrelid AND (tree.relation = tree.root OR contype = 'f')
    WHERE contype IN ('c'{% if keys %}, 'f'{% endif %}) AND conparentid = 0 AND conname <> 'partition_key_check'
      AND confrelid NOT IN (SELECT source UNION SELECT arriving UNION SELECT relid FROM pg_partition_tree(source) UNION SELECT relid FROM pg_partition_tree(arriving))
      AND (pg_identify_object('pg_constraint'::regclass, oid, 0)).identity <> ALL ({% include 'repartition/check/accepted.sql' %})
  )
  SELECT string_agg(format('%s of %s (%s)', part, coalesce(here.table_oid, there.table_oid)::regclass,
                           coalesce(here.text, there.text)), ', ' ORDER BY part)
  INTO differences
  FROM (SELECT * FROM definition WHERE table_oid = source) AS here
  FULL JOIN (SELECT * FROM definition WHERE table_oid = arriving) AS there USING (part, text)
  WHERE here.part IS NULL OR there.part IS NULL;
  IF differences IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s and %s are not defined alike: only one of them has %s', source, arriving, differences),
      HINT = {{ advice | literal }};
  END IF;
END
$executor$;

{## What a row has to be for it to be there once more: of each unique index one column becomes another, by the number of the
    repetition. It is none that refers to another table, and the last of those that are easy to change, as keys begin with whom a
    row belongs to. A number becomes one between the least and the greatest where there is room, as in a sample, and else one beyond. -##}
WITH t AS (
  SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ table.schema | literal }} AND c.relname = {{ table.name | literal }}
), col AS (
  SELECT a.attname::text AS name, a.attnum, format('t.%I', a.attname) AS value,
    EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = t.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)) AS refers,
    CASE
      WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' THEN 'default'
      WHEN a.atttypid = 'uuid'::regtype THEN 'uuid'
      WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype) THEN 'number'
      WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN 'text'
      WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) THEN 'time'
    END AS form
  FROM t
  JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
), chosen AS (
  SELECT DISTINCT ON (i.indexrelid) col.attnum
  FROM t
  JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisunique
  JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS u (number, place) ON u.place <= i.indnkeyatts
  JOIN col ON col.attnum = u.number AND col.form IS NOT NULL AND NOT col.refers
  ORDER BY i.indexrelid, array_position(ARRAY['default', 'uuid', 'number', 'text', 'time'], col.form), u.place DESC
)
SELECT
  col.name,
  CASE WHEN chosen.attnum IS NULL THEN value ELSE CASE form
    WHEN 'uuid' THEN format('md5(%1$s::text || '' '' || again.number)::uuid', value)
    WHEN 'text' THEN format('left(%1$s, -8) || left(md5(%1$s || '' '' || again.number), 8)', value)
    WHEN 'time' THEN format('%1$s + again.number * interval ''1 microsecond''', value)
    ELSE format(
      'CASE WHEN (SELECT max(%1$I)::numeric - min(%1$I) FROM %2$s) > 2 * {{ most }}'
      ' THEN (SELECT min(%1$I) FROM %2$s) + mod(abs(hashtextextended(%3$s::text, again.number)::numeric), (SELECT max(%1$I)::numeric - min(%1$I) FROM %2$s))'
      ' ELSE %3$s + again.number * (SELECT max(%1$I)::numeric - min(%1$I) + 1 FROM %2$s) END',
      col.name, {{ table | ident | literal }}, value)
  END END AS value_sql
FROM col LEFT JOIN (SELECT DISTINCT attnum FROM chosen) AS chosen USING (attnum)
WHERE chosen.attnum IS NULL OR form <> 'default'
ORDER BY attnum

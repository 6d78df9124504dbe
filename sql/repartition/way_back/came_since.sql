{## The indexes and extended statistics that the table has got since the swap and the old one lacks: a SELECT
    without its semicolon. An index that came since is none that the migration has made. The
    `statement` makes the same on the old table, under a name by which the swap back finds it; it is null where
    that can't be: the old table has no column partition_key, and not the partitions to have indexes alone. -##}
SELECT 'index ' || i.indexrelid::regclass AS object,
  CASE
    WHEN i.indrelid <> whole.oid OR NOT i.indisvalid OR shape.body ~ '\mpartition_key\M' THEN NULL
    WHEN short.taken THEN NULL  -- by an index of the old table that has given this name up
    WHEN con.oid IS NOT NULL
    THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', whole.kept, short.name, pg_get_constraintdef(con.oid))
      || coalesce(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', short.name, whole.kept, obj_description(con.oid, 'pg_constraint')), '')
    ELSE format('CREATE %s %I ON %s%s', shape.kind, short.name, whole.kept, shape.body)
  END || coalesce(format('; COMMENT ON INDEX %s.%I IS %L', c.relnamespace::regnamespace, short.name, obj_description(c.oid, 'pg_class')), '') AS statement
FROM (SELECT {{ source | literal }}::regclass AS oid, {{ old | literal }}::regclass AS kept) AS whole
JOIN pg_index AS i ON i.indrelid = whole.oid OR i.indrelid IN (SELECT relid FROM pg_partition_tree(whole.oid))
JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
{% include 'repartition/indexes/shape.sql' %}
CROSS JOIN LATERAL (SELECT c.relname || {{ ('_old_' ~ timestamp) | literal }}) AS long (name)
CROSS JOIN LATERAL (
  SELECT given.name, to_regclass(format('%s.%I', c.relnamespace::regnamespace, given.name)) IS NOT NULL
  FROM (SELECT CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END) AS given (name)
) AS short (name, taken)
{% from 'repartition/indexes/which.sql' import wanted, of_whole with context %}
WHERE NOT EXISTS (
    SELECT
    FROM unnest({{ wanted | map(attribute='stem') | list | literal }}::text[]) AS own (stem)
    JOIN pg_class AS part ON part.oid = i.indrelid AND part.oid <> whole.oid
    CROSS JOIN LATERAL (SELECT part.relname || '_' || own.stem) AS long (name)
    WHERE c.relname = CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END)
  AND NOT (i.indrelid = whole.oid AND c.relname = ANY ({{ of_whole | map(attribute='name') | list | literal }}::name[]))
  AND shape.kind || shape.body NOT IN (
    SELECT shape.kind || shape.body
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
{% include 'repartition/indexes/shape.sql' %}
    WHERE i.indrelid = whole.kept)
UNION ALL
SELECT format('statistics %I.%I', n.nspname, s.stxname),
  CASE WHEN shape.columns !~ '\mpartition_key\M' THEN
    format('CREATE STATISTICS %1$s%2$s ON %3$s FROM %4$s; ALTER STATISTICS %1$s OWNER TO %5$s; COMMENT ON STATISTICS %1$s IS %6$L', short.name,
      ' (' || (SELECT string_agg(CASE kind WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' ELSE 'mcv' END, ', ')
               FROM unnest(s.stxkind) AS kind WHERE kind IN ('d', 'f', 'm')) || ')',
      shape.columns, {{ old | literal }}::regclass, s.stxowner::regrole, obj_description(s.oid, 'pg_statistic_ext')) END
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL (SELECT pg_get_statisticsobjdef_columns(s.oid)) AS shape (columns)
CROSS JOIN LATERAL (SELECT s.stxname || {{ ('_old_' ~ timestamp) | literal }}) AS long (name)
CROSS JOIN LATERAL (
  SELECT format('%I.%I', n.nspname,
    CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END)
) AS short (name)
WHERE s.stxrelid = {{ source | literal }}::regclass AND NOT EXISTS (
  SELECT FROM pg_statistic_ext AS own
  WHERE own.stxrelid = {{ old | literal }}::regclass AND own.stxnamespace = s.stxnamespace AND own.stxkind = s.stxkind
    AND pg_get_statisticsobjdef_columns(own.oid) = shape.columns)

{## What the table, or a materialized view on it, has got since the swap and the one that comes back lacks, of indexes,
    extended statistics and triggers of single partitions: a SELECT without its semicolon. An index that came since is
    none that the migration has made. The `statement` makes the same on what comes back, under a name by which the swap
    back finds it; it is null where that can't be, as `why` says. `said` are the facts of the table in use. -##}
{% from 'layout/own.sql' import own with context %}
{% from 'repartition/earlier.sql' import earlier with context %}
{% from 'repartition/indexes/which.sql' import wanted, of_whole with context %}
WITH pair (relation, kept, is_table) AS (
  VALUES ({{ source | literal }}::regclass, {{ old | literal }}::regclass, true)
{% for view in facts.materialized_views if view.name in said.materialized_views | selectattr('schema', 'equalto', view.schema) | map(attribute='name') %}
    , (format('%I.%I', {{ view.schema | literal }}, {{ view.name | literal }})::regclass, format('%I.%I', {{ view.schema | literal }}, {{ (view.name ~ '_old_' ~ timestamp) | short_name | literal }})::regclass, false)
{% endfor %}
), index AS (
  SELECT pair.*, i.indexrelid, i.indrelid, i.indisvalid, c.relname AS name, c.relnamespace::regnamespace AS schema, shape.*,
    i.indrelid = pair.relation AND pair.is_table AND c.relname = ANY ({{ of_whole | map(attribute='name') | list | literal }}::name[]) AS has_own_name,
    i.indrelid = pair.relation AND pair.is_table AND c.relname = ANY ({{ of_whole | rejectattr('primary') | map(attribute='name') | select('in', facts.indexes | rejectattr('of_leaves') | map(attribute='name') | list) | list | literal }}::name[]) AS is_alike
  FROM pair
  JOIN pg_index AS i ON i.indrelid = pair.relation OR i.indrelid IN (SELECT relid FROM pg_partition_tree(pair.relation))
  JOIN pg_class AS c ON c.oid = i.indexrelid AND NOT c.relispartition
{% include 'repartition/indexes/shape.sql' %}
  WHERE NOT EXISTS (
      SELECT
      FROM unnest({{ wanted | map(attribute='stem') | list | literal }}::text[]) AS own (stem)
      JOIN pg_class AS part ON part.oid = i.indrelid AND part.oid <> pair.relation
      CROSS JOIN LATERAL (SELECT part.relname || '_' || own.stem) AS long (name)
      WHERE c.relname = {% include 'tables/short_name.sql' %})
    AND shape.kind || shape.body NOT IN (
      SELECT shape.kind || shape.body
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
{% include 'repartition/indexes/shape.sql' %}
      WHERE i.indrelid = pair.kept)
), statistic AS (
  SELECT pair.*, s.*, n.nspname, shape.columns
  FROM pair
  JOIN pg_statistic_ext AS s ON s.stxrelid = pair.relation
  JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  CROSS JOIN LATERAL (SELECT pg_get_statisticsobjdef_columns(s.oid)) AS shape (columns)
  WHERE NOT EXISTS (
    SELECT FROM pg_statistic_ext AS own
    WHERE own.stxrelid = pair.kept AND own.stxnamespace = s.stxnamespace AND own.stxkind = s.stxkind
      AND pg_get_statisticsobjdef_columns(own.oid) = shape.columns)
)
SELECT object, CASE WHEN why IS NULL THEN statement END AS statement, why
FROM (
  SELECT format('index %s.%I', index.schema, index.name) AS object,
    CASE
      WHEN index.indrelid <> index.relation THEN 'it is of a partition alone'
      WHEN NOT index.indisvalid THEN 'it is invalid'
      WHEN index.body ~ {{ ('\\m' ~ own.column ~ '\\M') | literal }} AND {{ (added_columns != [] and not earlier.owns_key) | literal }} THEN {{ ('there is no column ' ~ own.column) | literal }}
      WHEN to_regclass(format('%s.%I', index.schema, short.name)) IS NOT NULL THEN 'what had its name before comes back'
    END AS why,
    CASE WHEN con.oid IS NOT NULL
      THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', index.kept, short.name, pg_get_constraintdef(con.oid))
        || coalesce(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', short.name, index.kept, obj_description(con.oid, 'pg_constraint')), '')
      ELSE format('CREATE %s %I ON %s%s', index.kind, short.name, index.kept, index.body)
    END || coalesce(format('; COMMENT ON INDEX %s.%I IS %L', index.schema, short.name, obj_description(index.indexrelid, 'pg_class')), '')
      || coalesce((
        SELECT string_agg(format('; ALTER INDEX %s.%I ALTER COLUMN %s SET STATISTICS %s', index.schema, short.name, a.attnum, a.attstattarget), '')
        FROM pg_attribute AS a WHERE a.attrelid = index.indexrelid AND a.attstattarget >= 0), '') AS statement
  FROM index
  LEFT JOIN pg_constraint AS con ON con.conindid = index.indexrelid AND con.conrelid = index.indrelid AND con.contype IN ('p', 'u')
  CROSS JOIN LATERAL (SELECT index.name || {{ ('_old_' ~ timestamp) | literal }}) AS long (name)
  CROSS JOIN LATERAL (
    SELECT {% include 'tables/short_name.sql' %}
  ) AS short (name)
  WHERE index.is_alike OR NOT index.has_own_name
  UNION ALL
  SELECT format('statistics %I.%I', statistic.nspname, statistic.stxname),
    CASE
      WHEN statistic.columns ~ {{ ('\\m' ~ own.column ~ '\\M') | literal }} AND {{ (added_columns != [] and not earlier.owns_key) | literal }} THEN {{ ('there is no column ' ~ own.column) | literal }}
      WHEN EXISTS (SELECT FROM pg_statistic_ext AS x WHERE x.stxnamespace = statistic.stxnamespace AND x.stxname = short.name)
        THEN 'what had its name before comes back'
    END,
    format('CREATE STATISTICS %1$s%2$s ON %3$s FROM %4$s; ALTER STATISTICS %1$s OWNER TO %5$s; COMMENT ON STATISTICS %1$s IS %6$L', short.path,
      ' (' || (SELECT string_agg(CASE kind WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' ELSE 'mcv' END, ', ')
               FROM unnest(statistic.stxkind) AS kind WHERE kind IN ('d', 'f', 'm')) || ')',
      statistic.columns, statistic.kept, statistic.stxowner::regrole, obj_description(statistic.oid, 'pg_statistic_ext'))
      || CASE WHEN statistic.stxstattarget >= 0 THEN format('; ALTER STATISTICS %s SET STATISTICS %s', short.path, statistic.stxstattarget) ELSE '' END
  FROM statistic
  CROSS JOIN LATERAL (SELECT statistic.stxname || {{ ('_old_' ~ timestamp) | literal }}) AS long (name)
  CROSS JOIN LATERAL (
    SELECT kept.name, format('%I.%I', statistic.nspname, kept.name)
    FROM (SELECT {% include 'tables/short_name.sql' %}) AS kept (name)
  ) AS short (name, path)
{% for item in said.triggers if not item.on_table %}
  UNION ALL
  SELECT {{ ('trigger ' ~ (item.name | ident) ~ ' on ' ~ (item.relation | ident)) | literal }}, 'it is of a partition alone', NULL
{% endfor %}
) AS came

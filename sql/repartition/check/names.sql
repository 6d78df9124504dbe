-- Whether the names of the new objects are free. Tables, sequences, indexes and types share theirs.
WITH wanted (name) AS (
  VALUES ({{ target.name | literal }}), {% if backup == 'copy' %}({{ backup_table.name | literal }}), {% endif %}({{ old.name | literal }}),
    ({{ log.name | literal }}), ({{ back_log.name | literal }})
  UNION ALL
  SELECT {{ (source.name + '_part_') | literal }}
    || lpad(item::text, greatest(2, length(({{ partition_count }} - 1)::text)), '0')
  FROM generate_series(0, {{ partition_count }} - 1) AS item
), taken AS (
  SELECT name
  FROM wanted
  WHERE EXISTS (
      SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND c.relname = wanted.name)
    OR EXISTS (
      SELECT FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND t.typname = wanted.name)
  UNION ALL
  SELECT p.proname || '()'
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname = {{ source.schema | literal }} AND p.pronargs = 0
    AND p.proname IN ({{ (source | suffix('_partition_key')).name | literal }}, {{ log.name | literal }},
      {{ back_log.name | literal }}, {{ sync.name | literal }}, {{ back_sync.name | literal }}, {{ old.name | literal }})
  UNION ALL
  SELECT 'constraint ' || conname FROM pg_constraint
  WHERE conrelid = to_regclass({{ source | literal }}) AND conname = 'partition_key_check'
  UNION ALL
  SELECT DISTINCT 'trigger ' || tgname FROM pg_trigger
  WHERE tgname IN ('zz_partition_key', 'executor_insert', 'executor_update', 'executor_delete', 'executor_truncate',
                   'executor_guard')
    AND (tgrelid = to_regclass({{ source | literal }})
      OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass({{ source | literal }}))))
), numbered AS (
  SELECT name, row_number() OVER (ORDER BY name) AS place, count(*) OVER () AS total FROM taken
)
SELECT
  {{ ('names in the schema ' ~ source.schema) | literal }} AS subject,
  'free' AS expected,
  coalesce('already taken: ' || string_agg(name, ', ' ORDER BY place)
    || CASE WHEN max(total) > 5 THEN format(' and %s more', max(total) - 5) ELSE '' END
    || '; an earlier run that was not rolled back? Rename or drop what has them', 'free') AS actual,
  count(*) = 0 AS passed
FROM numbered
WHERE place <= 5

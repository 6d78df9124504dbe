-- How the columns are analyzed, where that was set: the target, and how many values there are (`distinct_values`),
-- which holds for all partitions together.
SELECT
  a.attname AS name,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END::integer AS target,
  (SELECT o.option_value FROM pg_options_to_table(a.attoptions) AS o
   WHERE o.option_name IN ('n_distinct', 'n_distinct_inherited')
   ORDER BY o.option_name DESC LIMIT 1) AS distinct_values
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL) AND a.attname <> ALL ({{ dropped_columns | default([]) | literal }}::text[])
ORDER BY a.attnum

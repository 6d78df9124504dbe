{## Columns that can't be compared, as findings. ##}
SELECT
  'column ' || name AS subject,
  coalesce(expected, 'absent') AS expected,
  coalesce(actual, 'absent') AS actual,
  false AS passed
FROM pg_temp.executor_columns
WHERE expected IS DISTINCT FROM actual

{## The columns of both tables by name, with their types, and what of them is hashed; `ignore` may be on the
   right alone. ##}
DROP TABLE IF EXISTS pg_temp.executor_columns;
CREATE TEMP TABLE executor_columns ON COMMIT DROP AS
SELECT name, l.position, l.type AS expected, r.type AS actual, l.hashed
FROM (
  SELECT
    a.attname::text AS name, a.place AS position, format_type(a.atttypid, a.atttypmod) AS type,
{% include 'tables/hashed_columns.sql' %}
    AS hashed
  FROM (
    SELECT attname, atttypid, atttypmod, row_number() OVER (ORDER BY attnum) AS place
    FROM pg_attribute
    WHERE attrelid = {{ left | name | literal }}::regclass AND attnum > 0 AND NOT attisdropped
  ) AS a
) AS l
FULL JOIN (
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
  WHERE attrelid = {{ right | name | literal }}::regclass AND attnum > 0 AND NOT attisdropped
) AS r USING (name)
{% set ignored = [ignore] if ignore is string else ignore %}
WHERE l.position IS NOT NULL OR name <> ALL ({{ ignored | literal }}::text[]);

{## The columns of both tables by name, with their types; `ignore` may be on the right alone. A type's
   own output says everything, a cast to text need not: char loses its blanks, and what the types of
   extensions lose is theirs to say. So only built-in types are cast, which is faster. ##}
DROP TABLE IF EXISTS pg_temp.executor_columns;
CREATE TEMP TABLE executor_columns ON COMMIT DROP AS
SELECT name, l.position, l.type AS expected, r.type AS actual, l.as_text
FROM (
  SELECT
    attname::text AS name, attnum AS position, format_type(atttypid, atttypmod) AS type,
    format(CASE WHEN atttypid < 16384 AND atttypid <> 'bpchar'::regtype
      THEN '%I::text' ELSE 'ROW(%I)::text' END, attname) AS as_text
  FROM pg_attribute
  WHERE attrelid = {{ left | name | literal }}::regclass AND attnum > 0 AND NOT attisdropped
) AS l
FULL JOIN (
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
  WHERE attrelid = {{ right | name | literal }}::regclass AND attnum > 0 AND NOT attisdropped
) AS r USING (name)
{% set ignored = [ignore] if ignore is string else ignore %}
WHERE l.position IS NOT NULL OR name <> ALL ({{ ignored | literal }}::text[]);

-- The columns of the table that have values of their own: not those that are generated.
SELECT a.attname::text AS name
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum

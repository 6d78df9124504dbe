{## Whether the table can have this layout. ##}
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
  'a stored column of a type that can be hashed',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN key.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    WHEN NOT key.can_be_hashed THEN format_type(key.atttypid, key.atttypmod)
      || CASE WHEN key.of_enum THEN ', a domain over an enum, which PostgreSQL can''t compare' ELSE '' END || '; choose another one with --var key_column=...'
    ELSE format_type(key.atttypid, key.atttypmod)
  END,
  source.oid IS NULL OR coalesce(key.attgenerated = ''
    AND key.can_be_hashed, false)
FROM source
LEFT JOIN key ON true

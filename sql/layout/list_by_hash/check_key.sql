{## Whether the table can have this layout. ##}
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
  'a stored column of type uuid, text, varchar, char, smallint, integer or bigint',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN key.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    -- The partition is chosen by the hash of the value as text: of equal values it must be the same for ever.
    WHEN NOT key.base_type = ANY (types.known) THEN format_type(key.atttypid, key.atttypmod) || ', ' || CASE
        WHEN key.of_enum THEN 'a domain over an enum, which PostgreSQL can''t compare'
        WHEN key.typtype = 'e' THEN 'whose labels may be renamed'
        WHEN key.base_type = ANY (types.as_set) THEN 'whose text depends on settings of the session'
        WHEN key.base_type = ANY (types.same) THEN 'which this layout doesn''t take'
        ELSE 'of which equal values may differ as text' END || '; ' || advice.said
    WHEN NOT rules.collisdeterministic THEN 'a nondeterministic collation, under which equal values '
      'may be stored differently; ' || advice.said
    ELSE format_type(key.atttypid, key.atttypmod)
  END,
  source.oid IS NULL OR coalesce(key.attgenerated = ''
    AND key.base_type = ANY (types.known) AND coalesce(rules.collisdeterministic, true), false)
FROM source
LEFT JOIN key ON true
LEFT JOIN pg_collation AS rules ON rules.oid = key.attcollation
CROSS JOIN (
  SELECT ARRAY['uuid', 'text', 'varchar', 'bpchar', 'int2', 'int4', 'int8']::regtype[]::oid[],
    ARRAY['bytea', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'money', 'float4', 'float8']::regtype[]::oid[],
    ARRAY['bool', 'oid', 'name', '"char"', 'macaddr', 'macaddr8', 'pg_lsn', 'xid', 'tid']::regtype[]::oid[]
) AS types (known, as_set, same)
CROSS JOIN LATERAL (
  SELECT CASE WHEN key.can_be_hashed THEN 'use the plan with hash partitions' ELSE 'choose another one with --var key_column=...' END
) AS advice (said)

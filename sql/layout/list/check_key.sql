{## Whether the table can have this layout. ##}
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
  'a stored column of type text, varchar, smallint, integer, bigint, uuid, date, boolean, or of an enum',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN a.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN a.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    WHEN NOT ({% include 'layout/list/can_be_listed.sql' %}) THEN format_type(a.atttypid, a.atttypmod)
      || CASE WHEN rules.collisdeterministic IS false THEN ', of a nondeterministic collation' ELSE '' END || '; choose another one with --var key_column=...'
    ELSE format_type(a.atttypid, a.atttypmod)
  END,
  source.oid IS NULL OR coalesce(a.attgenerated = '' AND {% include 'layout/list/can_be_listed.sql' %}, false)
FROM source
LEFT JOIN key AS a ON true
LEFT JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_collation AS rules ON rules.oid = a.attcollation
UNION ALL
SELECT
  {{ ('values of ' ~ key_column) | literal }}, {{ ('at least one that ' ~ min_share ~ ' percent of the rows have') | literal }},
{% if facts.bounds | length > 1 %}
  {{ ((facts.bounds | length - 1) | string ~ (' have' if facts.bounds | length > 2 else ' has') ~ ' a partition of their own, the others share the default one') | literal }}, true
{% else %}
  CASE WHEN listed.can_be THEN 'none that was found; a lower one with --var min_share=..., or another column with --var key_column=...' ELSE 'none yet' END, NOT listed.can_be
{% endif %}
FROM source
LEFT JOIN key AS a ON true
LEFT JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_collation AS rules ON rules.oid = a.attcollation
CROSS JOIN LATERAL (SELECT source.oid IS NOT NULL AND coalesce(a.attgenerated = '' AND {% include 'layout/list/can_be_listed.sql' %}, false)) AS listed (can_be)

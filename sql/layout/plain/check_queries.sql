{## Its statements do what they do; only what has found one of its partitions reads the whole table now. ##}
SELECT
  'queries' AS subject, 'read what they read before' AS expected,
  CASE WHEN c.relkind = 'p' THEN 'read one large table, by its indexes: where ' || pg_get_partkeydef(c.oid)
    || ' has left out partitions nothing is left out any more, and a DELETE of old rows takes the place of dropping a partition'
    ELSE 'read what they read before' END AS actual,
  c.relkind IS DISTINCT FROM 'p' AS passed
FROM source LEFT JOIN pg_class AS c ON c.oid = source.oid

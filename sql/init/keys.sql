{## What is unique: the primary key first. Of an expression there is no column. -##}
  SELECT
    k.relname::text AS name,
    i.indisprimary AS primary,
    i.indpred IS NOT NULL AS partial,
    (SELECT jsonb_agg(a.attname ORDER BY p.place)
     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS p (attnum, place)
     LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = p.attnum
     WHERE p.place <= i.indnkeyatts) AS columns
  FROM pg_index AS i
  JOIN pg_class AS k ON k.oid = i.indexrelid
  WHERE i.indrelid = to_regclass({{ source | literal }}) AND i.indisunique AND i.indisvalid
  ORDER BY NOT i.indisprimary, k.relname

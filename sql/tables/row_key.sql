{## The unique index by which a row of the table `whole.oid` is known: that of the primary key, or else the smallest one
    without nulls. A SELECT of pg_index without its semicolon, for a LATERAL join. -##}
SELECT i.* FROM pg_index AS i
WHERE i.indrelid = whole.oid
  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
LIMIT 1

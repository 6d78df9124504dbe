{## One 64-bit hash of all columns of a row `r`, as text for format() and EXECUTE: an expression. The
    columns are those of {{ source }}. Types whose equal values look alike are hashed as they are, four
    times as fast; the others, such as 1.0 and 1.00, as text. A null is not an empty text. -##}
(SELECT format('hash_record_extended(ROW(%s), 0)', string_agg(
    CASE
      WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN format('r.%I COLLATE "C"', a.attname)
      WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype, 'uuid'::regtype,
        'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'bytea'::regtype) THEN format('r.%I', a.attname)
      ELSE format('r.%I::text COLLATE "C"', a.attname)
    END, ', ' ORDER BY a.attnum))
  FROM pg_attribute AS a
  WHERE a.attrelid = {{ source | literal }}::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attname <> 'partition_key')

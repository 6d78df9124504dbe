{## One 64-bit hash of all columns of a row `r`, as text for format() and EXECUTE: an expression. The
    columns are those of {{ source }}. A null is not an empty text. The hash of a row is a sum over its
    columns; it is hashed again, so that a sum over rows tells when values have changed rows. -##}
(SELECT format('hash_numeric_extended(hash_record_extended(ROW(%s), 0)::numeric, 0)', string_agg(
{% include 'tables/hashed_columns.sql' %}
    , ', ' ORDER BY a.place))
  FROM (
    SELECT attname, atttypid, row_number() OVER (ORDER BY attnum) AS place
    FROM pg_attribute
    WHERE attrelid = {{ source | literal }}::regclass AND attnum > 0 AND NOT attisdropped
      AND attname <> 'partition_key') AS a)

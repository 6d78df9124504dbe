{% include 'assertions/fragments/columns.sql' %}

-- The digest of each side: every column of every row as text, in no order. A column's hash is seeded
-- with its place, so swapped columns differ, and null is no text; the row's hash is hashed again, so
-- that values can't move from row to row unnoticed; sums over rows count doubles, too. Text is hashed
-- by its bytes, whatever its collation calls equal.
DO $executor$
DECLARE
  row_hash text;
  bucket text;
  side record;
BEGIN
  SELECT
    string_agg(format('coalesce(hashtextextended(%I::text COLLATE "C", %s), %2$s)', name, position),
               ' # ' ORDER BY position),
    (array_agg(format('abs(hashtext(%I::text COLLATE "C") %% {{ buckets }})', name)
               ORDER BY position))[1]
  INTO row_hash, bucket
  FROM pg_temp.executor_columns WHERE expected = actual;
  FOR side IN VALUES ('left', {{ left | name | literal }}), ('right', {{ right | name | literal }})
  LOOP
    EXECUTE format('DROP TABLE IF EXISTS pg_temp.executor_%s', side.column1);
    EXECUTE format(
      'CREATE TEMP TABLE executor_%s ON COMMIT DROP AS
       SELECT %s AS bucket, count(*) AS rows, sum(hashint8extended(%s, 0)) AS digest
       FROM %s GROUP BY 1',
      side.column1, coalesce(bucket, '0'), coalesce(row_hash, '0'), side.column2);
  END LOOP;
END
$executor$;

SELECT
  'column ' || name AS subject,
  coalesce(expected, 'absent') AS expected,
  coalesce(actual, 'absent') AS actual,
  false AS passed
FROM pg_temp.executor_columns
WHERE expected IS DISTINCT FROM actual
UNION ALL
SELECT
  'all rows',
  format('%s rows, digest %s', coalesce(l.rows, 0), coalesce(l.digest, 0)),
  format('%s rows, digest %s', coalesce(r.rows, 0), coalesce(r.digest, 0)),
  (l.rows, l.digest) IS NOT DISTINCT FROM (r.rows, r.digest)
FROM
  (SELECT sum(rows) AS rows, sum(digest) AS digest FROM pg_temp.executor_left) AS l,
  (SELECT sum(rows) AS rows, sum(digest) AS digest FROM pg_temp.executor_right) AS r
UNION ALL
SELECT
  'bucket ' || bucket,
  format('%s rows, digest %s', coalesce(l.rows, 0), coalesce(l.digest, 0)),
  format('%s rows, digest %s', coalesce(r.rows, 0), coalesce(r.digest, 0)),
  (l.rows, l.digest) IS NOT DISTINCT FROM (r.rows, r.digest)
FROM pg_temp.executor_left AS l
FULL JOIN pg_temp.executor_right AS r USING (bucket);

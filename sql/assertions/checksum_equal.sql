{% include 'tables/steady.sql' %}
{% include 'assertions/fragments/columns.sql' %}

-- The digests of both sides in one statement, so in one snapshot: every column of every row, in no order.
-- The hash of a row is a sum over its columns, each in its place, so it is hashed again, twice: values can't
-- move from row to row unnoticed. Sums over rows count doubles, too. Text is hashed by its bytes, whatever
-- its collation calls equal. UNION ALL computes the hash below the sums, once, in parallel where it can.
DO $executor$
DECLARE
  hash text;
  bucket text;
  side text := 'SELECT %L AS side, %s AS bucket, %s AS hash FROM %s AS r';
BEGIN
  SELECT
    format('hash_record_extended(ROW(%s), 0)', string_agg(hashed, ', ' ORDER BY position)),
    format('coalesce(abs(hash_record(ROW(%s)) %% {{ buckets }}), 0)', (array_agg(hashed ORDER BY position))[1])
  INTO hash, bucket
  FROM pg_temp.executor_columns WHERE expected = actual;
  DROP TABLE IF EXISTS pg_temp.executor_digests;
  -- there are few groups, though the planner can't know it: it would sort all rows
  PERFORM set_config('executor.enable_sort', current_setting('enable_sort'), true), set_config('enable_sort', 'off', true);
  EXECUTE 'CREATE TEMP TABLE executor_digests ON COMMIT DROP AS
    SELECT side, bucket, count(*) AS rows,
      sum(hashint8extended(hash, hash)) AS digest, sum(hashint8extended(hash, ~hash)) AS second_digest
    FROM ('
    || format(side, 'left', bucket, hash, $rows${% with table = left %}{% include 'assertions/fragments/rows.sql' %}{% endwith %}$rows$)
    || ' UNION ALL '
    || format(side, 'right', bucket, hash, $rows${% with table = right %}{% include 'assertions/fragments/rows.sql' %}{% endwith %}$rows$)
    || ') AS hashed GROUP BY side, bucket';
  PERFORM set_config('enable_sort', current_setting('executor.enable_sort'), true);
END
$executor$;

WITH shown AS (
  SELECT
    side, bucket,
    format('%s rows, digest %s', sum(rows), left(encode(sha256(
      format('%s %s', sum(digest), sum(second_digest))::bytea), 'hex'), 32)) AS text
  FROM pg_temp.executor_digests
  GROUP BY GROUPING SETS ((side, bucket), (side))
  UNION ALL
  SELECT NULL, NULL, NULL -- empty tables have a total, too
),
compared AS (
  SELECT
    bucket,
    coalesce(max(text) FILTER (WHERE side = 'left'), '0 rows') AS expected,
    coalesce(max(text) FILTER (WHERE side = 'right'), '0 rows') AS actual
  FROM shown
  GROUP BY bucket
  ORDER BY bucket NULLS FIRST
)
{% include 'assertions/fragments/column_findings.sql' %}
UNION ALL
SELECT
  coalesce('bucket ' || bucket || ' of {{ buckets }}', 'all rows'), expected, actual, expected = actual
FROM compared;

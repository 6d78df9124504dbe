{% include 'assertions/fragments/without.sql' %}
{% include 'assertions/fragments/columns.sql' %}

-- The digests of both sides in one statement, so in one snapshot: every column of every row as text, in
-- no order. A column's hash is seeded with its place, so swapped columns differ, and null is no text;
-- a row's hash is hashed again, so that values can't move from row to row unnoticed; sums over rows
-- count doubles, too. All that twice, with other seeds. Text is hashed by its bytes, whatever its
-- collation calls equal. OFFSET 0 computes the hashes before the rows are grouped, not sorted.
DO $executor$
DECLARE
  hash text;
  second_hash text;
  bucket text;
  side text := 'SELECT %L AS side, bucket, count(*) AS rows,
      sum(hashint8extended(hash, 0)) AS digest, sum(hashint8extended(second_hash, 1)) AS second_digest
    FROM (SELECT %s AS bucket, %s AS hash, %s AS second_hash FROM %s AS r OFFSET 0) AS hashed
    GROUP BY bucket';
BEGIN
  SELECT
    string_agg(format('coalesce(hashtextextended(%s COLLATE "C", %s), %2$s)',
                      as_text, position), ' # ' ORDER BY position),
    string_agg(format('coalesce(hashtextextended(%s COLLATE "C", %s), %2$s)',
                      as_text, position + 10000), ' # ' ORDER BY position),
    (array_agg(format('coalesce(abs(hashtext(%s COLLATE "C") %% {{ buckets }}), 0)', as_text)
               ORDER BY position))[1]
  INTO hash, second_hash, bucket
  FROM pg_temp.executor_columns WHERE expected = actual;
  hash := coalesce(hash, '0');
  second_hash := coalesce(second_hash, '0');
  bucket := coalesce(bucket, '0');
  DROP TABLE IF EXISTS pg_temp.executor_digests;
  EXECUTE 'CREATE TEMP TABLE executor_digests ON COMMIT DROP AS '
    || format(side, 'left', bucket, hash, second_hash, $rows${% with table = left %}{% include 'assertions/fragments/rows.sql' %}{% endwith %}$rows$)
    || ' UNION ALL '
    || format(side, 'right', bucket, hash, second_hash, $rows${% with table = right %}{% include 'assertions/fragments/rows.sql' %}{% endwith %}$rows$);
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

-- Rows that are not where the partition's own definition says: after an upgrade that changes hashtext() or a
-- collation, or an edited function, the rows stay where they were and queries by the key miss them. The
-- conditions are PostgreSQL's: the partition constraint, and the checks of the key's columns. The rows are
-- read through the table, since whoever may read it need not have a right on its partitions. The checks are code of
-- the table's owner: where he is not trusted, there may be none of a function of his.
{% from 'layout/own.sql' import own with context %}
{% with written = [], read = [source], called = [] %}
{% include 'security/refuse_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source CONSTANT regclass := {{ source | literal }};
  conditions text;
  leaves bigint;
  estimate float8;
  sample text := '';
  found text;
BEGIN
  -- Of 1,000 conditions a row passes 60 or so to find its own: they stand in groups.
  SELECT
    string_agg(format('WHEN executor_relid <= %L THEN CASE executor_relid %s END', last, branches), E'\n' ORDER BY last),
    sum(number), sum(rows)
  INTO conditions, leaves, estimate
  FROM (
    SELECT max(oid) AS last, count(*) AS number, sum(rows) AS rows,
      string_agg(format('WHEN %L THEN (%s) IS FALSE', oid, condition), E'\n') AS branches
    FROM (
      SELECT
        c.oid, row_number() OVER (ORDER BY c.oid) / 30 AS place,
        greatest(pg_stat_get_live_tuples(c.oid), c.reltuples, 0) AS rows,
        concat_ws(' AND ',
          coalesce('(' || nullif(pg_get_partition_constraintdef(c.oid), '') || ')', 'true'),
          (SELECT string_agg(format('((%s) IS NOT FALSE)', pg_get_expr(k.conbin, k.conrelid)), ' AND ')
           FROM pg_constraint AS k
           WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated
             AND EXISTS (
               SELECT FROM pg_attribute AS a
               WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
                 AND (a.attname = {{ own.column | literal }} OR a.attname IN (
                   SELECT key.attname FROM pg_partitioned_table AS t
                   JOIN pg_attribute AS key ON key.attrelid = t.partrelid AND key.attnum = ANY (t.partattrs::int2[])
                   WHERE t.partrelid = source))))) AS condition
      FROM pg_partition_tree(source) AS t
      JOIN pg_class AS c ON c.oid = t.relid
      WHERE t.isleaf
    ) AS leaf
    GROUP BY place
  ) AS groups;

  IF leaves > 0 THEN
{% if not deep %}
    -- Of a large table the first block of every partition, which has its oldest rows, and blocks by chance.
    IF estimate > leaves * {{ sample_rows }} THEN
      sample := format($sample$ WHERE ctid < '(1,0)'
        UNION ALL SELECT tableoid, * FROM %s TABLESAMPLE SYSTEM (%s) WHERE ctid >= '(1,0)'
      $sample$, source, round((leaves * {{ sample_rows }} * 100 / estimate)::numeric, 6));
    END IF;
{% endif %}
    -- The conditions stand above the scans: within, each partition would plan those of all.
    EXECUTE format($query$
      SELECT json_agg(json_build_object('partition', relid::regclass::text, 'seen', seen, 'wrong', wrong, 'all', %L::boolean))
      FROM (
        SELECT executor_relid AS relid, count(*) AS seen, count(*) FILTER (WHERE CASE %s END) AS wrong
        FROM (SELECT tableoid AS executor_relid, * FROM %s %s) AS r
        GROUP BY executor_relid
      ) AS p
    $query$, sample = '', conditions, source, sample) INTO found;
  END IF;
  PERFORM set_config('executor.found', coalesce(found, '[]'), true);
END
$executor$;
SELECT
  'misplaced_rows' AS name,
  CASE WHEN sum(wrong) > 0 THEN 'critical' ELSE 'ok' END AS level,
  coalesce(sum(wrong), 0)::float8 AS value,
  format(CASE WHEN count(*) = 0 THEN 'there are no rows' WHEN bool_and("all") THEN '%s of all %s rows' ELSE '%s in a sample of %s rows; --deep reads all' END,
      CASE WHEN sum(wrong) > 0 THEN trim(to_char(sum(wrong), '999,999,999,999,990')) ELSE 'none' END,
      trim(to_char(sum(seen), '999,999,999,999,990')))
    || CASE WHEN sum(wrong) > 0 THEN format('; in %s partitions: %s%s', count(*) FILTER (WHERE wrong > 0),
         array_to_string((array_agg(format('%s (%s)', partition, wrong) ORDER BY wrong DESC, partition) FILTER (WHERE wrong > 0))[1:3], ', '),
         CASE WHEN count(*) FILTER (WHERE wrong > 0) > 3 THEN ', ...' ELSE '' END) ELSE '' END AS message,
  'queries by the key miss them; docs/monitoring.md says how to move them' AS hint
FROM json_to_recordset(current_setting('executor.found')::json) AS f (partition text, seen bigint, wrong bigint, "all" boolean);

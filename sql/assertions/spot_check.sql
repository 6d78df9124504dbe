{% include 'tables/steady.sql' %}
{% include 'assertions/fragments/columns.sql' %}

-- Sampled rows of either side, looked up on the other by key. Small tables are sampled by the hash of
-- the key; of large ones only some pages are read.
DO $executor$
DECLARE
  key text[] := {{ ([key] if key is string else key) | literal }}::text[];
  same text;
  shown text;
  differs text;
  sampling text;
  side record;
BEGIN
  IF key = '{}' THEN
    SELECT array_agg(a.attname::text ORDER BY k.place) INTO key
    FROM (
      SELECT i.indkey::int2[] AS attnums, i.indnkeyatts
      FROM pg_index AS i
      WHERE i.indrelid = {{ left | name | literal }}::regclass
        AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
      LIMIT 1
    ) AS i
    CROSS JOIN LATERAL unnest(i.attnums) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a
      ON a.attrelid = {{ left | name | literal }}::regclass AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts;
  END IF;
  IF key IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = 'spot_check finds no key of ' || {{ left | name | literal }},
      HINT = 'name the columns that identify a row: key: [a, b]';
  END IF;
  -- a type's own output: a cast to text may be anybody's function
  SELECT
    string_agg(format('s.%I = o.%1$I', k), ' AND '),
    string_agg(format('%L || CASE WHEN s.%I IS DISTINCT FROM NULL THEN concat(s.%2$I) END', k || '=', k), ' || '', '' || ')
  INTO same, shown FROM unnest(key) AS k;
  SELECT string_agg(
    format('CASE WHEN ROW(s.%I)::text COLLATE "C" IS DISTINCT FROM ROW(o.%1$I)::text COLLATE "C" THEN %1$L END', name),
    ', ' ORDER BY position)
  INTO differs FROM pg_temp.executor_columns WHERE expected = actual;

  DROP TABLE IF EXISTS pg_temp.executor_spots;
  CREATE TEMP TABLE executor_spots (side text, key text, found boolean, differs text[]) ON COMMIT DROP;
  FOR side IN
    SELECT 'left' AS name, {{ left | name | literal }} AS own, {{ right | name | literal }} AS other
    UNION ALL
    SELECT 'right', {{ right | name | literal }}, {{ left | name | literal }}
  LOOP
    SELECT CASE WHEN pages > 5000
      THEN format('TABLESAMPLE SYSTEM (%s) REPEATABLE (1)', round(100.0 * greatest(200, {{ sample }}) / pages, 4))
      ELSE '' END
    INTO sampling
    FROM (
      SELECT sum(pg_relation_size(relid)) / current_setting('block_size')::bigint AS pages
      FROM (SELECT side.own::regclass AS relid UNION SELECT relid FROM pg_partition_tree(side.own::regclass)) AS t
    ) AS size;
    EXECUTE format(
      'INSERT INTO pg_temp.executor_spots
       SELECT %L, %s, o.%I IS NOT NULL, array_remove(ARRAY[%s]::text[], NULL)
       FROM (
         SELECT r.* FROM %s AS r %s
{% if without is not none %}
         NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_left_out FROM %s) AS without
         WHERE executor_left_out IS NULL
{% endif %}
         ORDER BY hashtext((%s)::text) LIMIT {{ sample }}) AS s
       LEFT JOIN %s AS o ON %s',
      side.name, shown, key[1], differs, side.own, sampling,
{% if without is not none %}
      {{ without | name | literal }},
{% endif %}
      (SELECT format('ROW(%s)', string_agg('r.' || quote_ident(k), ', ')) FROM unnest(key) AS k),
      side.other, same);
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
  CASE side WHEN 'left' THEN 'sampled rows of the left table' ELSE 'sampled rows of the right table' END,
  count(s.side) || ' equal on the other side',
  count(*) FILTER (WHERE s.found AND s.differs = '{}') || ' equal',
  count(s.side) = count(*) FILTER (WHERE s.found AND s.differs = '{}')
FROM (VALUES ('left'), ('right')) AS sides (side)
LEFT JOIN pg_temp.executor_spots AS s USING (side)
GROUP BY side
UNION ALL
(SELECT
  'row ' || key || ' of the ' || side || ' table',
  'the same on the other side',
  CASE WHEN found THEN 'differs in ' || array_to_string(differs, ', ') ELSE 'missing' END,
  false
FROM pg_temp.executor_spots
WHERE NOT found OR differs <> '{}'
ORDER BY side, key
LIMIT 20);

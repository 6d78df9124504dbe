-- What is compared of two tables: the columns of both by name, with their types, and what of them is hashed on either side.
-- Columns that are `ignored` are not compared, in whichever they are; those in `types` have that type in the second one: they
-- are hashed as it, or both as it and as they are in the first one, if a value could be lost on the way; those that are `computed` are there alone, and compared with that expression of the first.
CREATE OR REPLACE FUNCTION pg_temp.executor_compared_columns(first regclass, second regclass, ignored text[], types jsonb, computed jsonb)
RETURNS TABLE (name text, place bigint, expected text, actual text, hashed text, hashed_there text, bare text, is_computed boolean, is_lossy boolean) LANGUAGE sql AS $function$
SELECT name, l.place, l.type, r.type, l.hashed, l.hashed_there, l.bare, l.is_computed, l.is_lossy
FROM (
  SELECT
    told.name, told.place, told.type, told.bare, told.is_computed, told.both_here IS NOT NULL AS is_lossy,
    coalesce(told.both_here, here.hashed) AS hashed, coalesce(told.both_there, there.hashed) AS hashed_there
  FROM (
    SELECT
      a.attname::text AS name, row_number() OVER (ORDER BY a.attnum) AS place, false AS is_computed, coalesce(change.type_oid, a.atttypid) AS atttypid,
      coalesce(change.type_name, format_type(a.atttypid, a.atttypmod)) AS type,
      change.bare,
      CASE WHEN change.type_oid IS NULL THEN format('r.%I', a.attname) ELSE format('CAST(r.%I AS %s)', a.attname, change.bare) END AS reading,
      ways.here AS both_here, ways.there AS both_there
    FROM pg_attribute AS a
    CROSS JOIN LATERAL (SELECT types ->> a.attname) AS said (type)
    CROSS JOIN LATERAL (
{% include 'tables/named_type.sql' %}
    ) AS change
    LEFT JOIN LATERAL (
{% include 'tables/hashed_both_ways.sql' %}
    ) AS ways ON true
    WHERE attrelid = first AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT
      key, 2000, true, new.type_oid, new.type_name, new.bare,
      format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r)', value, new.type_name), NULL, NULL
    FROM jsonb_each_text(computed)
    CROSS JOIN LATERAL (SELECT types ->> key) AS said (type)
    CROSS JOIN LATERAL (
{% include 'tables/named_type.sql' %}
    ) AS new
  ) AS told
  CROSS JOIN LATERAL (
    SELECT
{% include 'tables/hashed_columns.sql' %}
    FROM (SELECT told.reading, told.atttypid, told.place) AS a
  ) AS here (hashed)
  CROSS JOIN LATERAL (
    SELECT
{% include 'tables/hashed_columns.sql' %}
    FROM (SELECT CASE WHEN told.is_computed THEN format('r.%I', told.name) ELSE told.reading END AS reading, told.atttypid, told.place) AS a
  ) AS there (hashed)
) AS l
FULL JOIN (
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
  WHERE attrelid = second AND attnum > 0 AND NOT attisdropped
) AS r USING (name)
WHERE name <> ALL (ignored)
$function$;

-- The rows of a table without those whose key is in another one, as an item of FROM. The columns of that one are those
-- that both have in common, so no key need be named.
CREATE OR REPLACE FUNCTION pg_temp.executor_rows(compared text, without text) RETURNS text LANGUAGE sql AS $function$
SELECT CASE WHEN without IS NULL THEN compared::regclass::text ELSE format(
  '(SELECT r.* FROM %s AS r NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_left_out FROM %s) AS without '
  'WHERE executor_left_out IS NULL)', compared::regclass, without::regclass) END
$function$;

-- The digests of both sides in one statement, so in one snapshot: every column of every row, in no order.
-- The hash of a row is a sum over its columns, each in its place, so it is hashed again, twice: values can't
-- move from row to row unnoticed. Sums over rows count doubles, too. Text is hashed by its bytes, whatever
-- its collation calls equal. UNION ALL computes the hash below the sums, once, in parallel where it can.
CREATE OR REPLACE FUNCTION pg_temp.executor_checksum_equal(
  first text, second text, buckets integer, without text DEFAULT NULL, ignored text[] DEFAULT '{}',
  types jsonb DEFAULT '{}', computed jsonb DEFAULT '{}')
RETURNS TABLE (subject text, expected text, actual text, passed boolean) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  hash text;
  hash_there text;
  bucket text;
  bucket_there text;
  side text := 'SELECT %L AS side, %s AS bucket, %s AS hash FROM %s AS r';
BEGIN
  SELECT
    format('hash_record_extended(ROW(%s), 0)', string_agg(hashed, ', ' ORDER BY place, name)),
    format('hash_record_extended(ROW(%s), 0)', string_agg(hashed_there, ', ' ORDER BY place, name)),
    format('coalesce(abs(hash_record(ROW(%s)) %% %s), 0)', (array_agg(hashed ORDER BY place))[1], buckets),
    format('coalesce(abs(hash_record(ROW(%s)) %% %s), 0)', (array_agg(hashed_there ORDER BY place))[1], buckets)
  INTO hash, hash_there, bucket, bucket_there
  FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected = actual;
  RETURN QUERY
    SELECT 'column ' || name, coalesce(expected, 'absent'), coalesce(actual, 'absent'), false
    FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected IS DISTINCT FROM actual;
  -- there are few groups, though the planner can't know it: it would sort all rows
  PERFORM set_config('executor.enable_sort', current_setting('enable_sort'), true), set_config('enable_sort', 'off', true);
  RETURN QUERY EXECUTE format($query$
    WITH digests AS (
      SELECT side, bucket, count(*) AS rows,
        sum(hashint8extended(hash, hash)) AS digest, sum(hashint8extended(hash, ~hash)) AS second_digest
      FROM (%s UNION ALL %s) AS hashed GROUP BY side, bucket
    ), shown AS (
      SELECT
        side, bucket,
        format('%%s rows, digest %%s', sum(rows), left(encode(sha256(
          format('%%s %%s', sum(digest), sum(second_digest))::bytea), 'hex'), 32)) AS text
      FROM digests
      GROUP BY GROUPING SETS ((side, bucket), (side))
      UNION ALL
      SELECT NULL, NULL, NULL -- empty tables have a total, too
    ), compared AS (
      SELECT
        bucket,
        coalesce(max(text) FILTER (WHERE side = 'left'), '0 rows') AS expected,
        coalesce(max(text) FILTER (WHERE side = 'right'), '0 rows') AS actual
      FROM shown
      GROUP BY bucket
      ORDER BY bucket NULLS FIRST
    )
    SELECT coalesce('bucket ' || bucket || ' of %s', 'all rows'), expected, actual, expected = actual FROM compared
    $query$,
    format(side, 'left', bucket, hash, pg_temp.executor_rows(first, without)),
    format(side, 'right', bucket_there, hash_there, pg_temp.executor_rows(second, without)), buckets);
  PERFORM set_config('enable_sort', current_setting('executor.enable_sort'), true);
END
$function$;

-- Sampled rows of either side, looked up on the other by key. Small tables are sampled by the hash of
-- the key; of large ones only some pages are read.
CREATE OR REPLACE FUNCTION pg_temp.executor_spot_check(
  first text, second text, sample integer, without text DEFAULT NULL, ignored text[] DEFAULT '{}', key text[] DEFAULT '{}',
  types jsonb DEFAULT '{}', computed jsonb DEFAULT '{}')
RETURNS TABLE (subject text, expected text, actual text, passed boolean) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  same text;
  shown text;
  differs text;
  sampling text;
  spots text;
  side record;
BEGIN
  IF key = '{}' THEN
    SELECT array_agg(a.attname::text ORDER BY k.place) INTO key
    FROM (SELECT first::regclass::oid) AS whole (oid)
    CROSS JOIN LATERAL (
{% with leaves = false %}
{% include 'tables/row_key.sql' %}
{% endwith %}
    ) AS i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = first::regclass AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts;
  END IF;
  IF key IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = 'spot_check finds no key of ' || first,
      HINT = 'name the columns that identify a row: key: [a, b]';
  END IF;
  -- a type's own output: a cast to text may be anybody's function
  SELECT
    string_agg(format('s.%I = o.%1$I', k), ' AND '),
    string_agg(format('%L || CASE WHEN s.%I IS DISTINCT FROM NULL THEN concat(s.%2$I) END', k || '=', k), ' || '', '' || ')
  INTO same, shown FROM unnest(key) AS k;
  FOR side IN SELECT 'left' AS name, first AS own, second AS other UNION ALL SELECT 'right', second, first LOOP
    SELECT string_agg(
      CASE WHEN is_lossy
        THEN format('CASE WHEN (SELECT %2$s FROM (SELECT s.*) AS r) IS DISTINCT FROM (SELECT %3$s FROM (SELECT o.*) AS r) THEN %1$L END', name,
          CASE side.name WHEN 'left' THEN hashed ELSE hashed_there END, CASE side.name WHEN 'left' THEN hashed_there ELSE hashed END)
        ELSE format('CASE WHEN ROW(%2$s)::text COLLATE "C" IS DISTINCT FROM ROW(%3$s)::text COLLATE "C" THEN %1$L END', name,
          CASE WHEN bare IS NULL THEN format('s.%I', name) ELSE format('CAST(s.%I AS %s)', name, bare) END,
          CASE WHEN bare IS NULL THEN format('o.%I', name) ELSE format('CAST(o.%I AS %s)', name, bare) END) END,
      ', ' ORDER BY place)
    INTO differs FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected = actual AND NOT is_computed;
    SELECT CASE WHEN pages > 5000
      THEN format('TABLESAMPLE SYSTEM (%s) REPEATABLE (1)', round(100.0 * greatest(200, sample) / pages, 4))
      ELSE '' END
    INTO sampling
    FROM (
      SELECT sum(pg_relation_size(relid)) / current_setting('block_size')::bigint AS pages
      FROM (SELECT side.own::regclass AS relid UNION SELECT relid FROM pg_partition_tree(side.own::regclass)) AS t
    ) AS size;
    spots := concat_ws(' UNION ALL ', spots, format(
      '(SELECT %L AS side, %s AS key, o.%I IS NOT NULL AS found, array_remove(ARRAY[%s]::text[], NULL) AS differs
       FROM (
         SELECT r.* FROM %s AS r %s %s
         ORDER BY hashtext((%s)::text) LIMIT %s) AS s
       LEFT JOIN %s AS o ON %s)',
      side.name, shown, key[1], differs, side.own::regclass, sampling,
      CASE WHEN without IS NOT NULL THEN format('NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_left_out FROM %s) AS without
         WHERE executor_left_out IS NULL', without::regclass) END,
      (SELECT format('ROW(%s)', string_agg('r.' || quote_ident(k), ', ')) FROM unnest(key) AS k), sample,
      side.other::regclass, same));
  END LOOP;
  RETURN QUERY
    SELECT 'column ' || name, coalesce(expected, 'absent'), coalesce(actual, 'absent'), false
    FROM pg_temp.executor_compared_columns(first, second, ignored, types, computed) WHERE expected IS DISTINCT FROM actual;
  RETURN QUERY EXECUTE format($query$
    WITH spots AS MATERIALIZED (%s)
    SELECT
      format('sampled rows of the %%s table', side),
      count(s.side) || ' equal on the other side',
      count(*) FILTER (WHERE s.found AND s.differs = '{}') || ' equal',
      count(s.side) = count(*) FILTER (WHERE s.found AND s.differs = '{}')
    FROM (VALUES ('left'), ('right')) AS sides (side)
    LEFT JOIN spots AS s USING (side)
    GROUP BY side
    UNION ALL
    (SELECT
      'row ' || key || ' of the ' || side || ' table',
      'the same on the other side',
      CASE WHEN found THEN 'differs in ' || array_to_string(differs, ', ') ELSE 'missing' END,
      false
    FROM spots
    WHERE NOT found OR differs <> '{}'
    ORDER BY side, key
    LIMIT 20)
    $query$, spots);
END
$function$;

-- What statistics and definitions say of the columns of some tables, and nothing of a row: how much is null, how many values there
-- are and how often the most common come, how wide they are, and of numbers and times the least and the greatest. The words are
-- those of types, checks and bounds of partitions.
WITH RECURSIVE t (oid) AS (
  SELECT unnest({{ tables | literal }}::bigint[]::oid[])
), tree (root, oid) AS (
  SELECT oid, oid FROM t
  UNION ALL
  SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), base (attrelid, attnum, oid, typmod, not_null) AS (
  SELECT a.attrelid, a.attnum, a.atttypid, a.atttypmod, a.attnotnull
  FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  UNION ALL
  -- a value of a domain is made as one of what it stands on
  SELECT b.attrelid, b.attnum, y.typbasetype, greatest(b.typmod, y.typtypmod), b.not_null OR y.typnotnull
  FROM base AS b JOIN pg_type AS y ON y.oid = b.oid AND y.typtype = 'd'
), col AS (
  SELECT b.attrelid, b.attnum, a.attname, a.atttypid, b.not_null, y.typcategory = 'A' AS is_list, one.oid AS type,
    a.atthasdef OR a.attidentity <> '' AS has_default,
    CASE WHEN one.oid IN ('varchar'::regtype, 'bpchar'::regtype) AND b.typmod > 4 THEN b.typmod - 4
      WHEN one.oid = 'name'::regtype THEN 63 WHEN one.oid = '"char"'::regtype THEN 1 END AS at_most,
    EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = b.attrelid AND k.contype = 'f' AND b.attnum = ANY (k.conkey)) AS refers,
    EXISTS (SELECT FROM pg_partitioned_table AS p WHERE p.partrelid = b.attrelid AND b.attnum = ANY (p.partattrs)) AS divides,
    CASE
      WHEN one.typtype = 'e' OR one.oid = 'bool'::regtype THEN 'word'
      WHEN one.oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 'whole'
      WHEN one.oid IN ('numeric'::regtype, 'float4'::regtype, 'float8'::regtype) THEN 'fraction'
      WHEN one.oid = 'date'::regtype THEN 'day'
      WHEN one.oid IN ('timestamp'::regtype, 'timestamptz'::regtype) THEN 'moment'
      WHEN one.oid IN ('time'::regtype, 'interval'::regtype) THEN 'span'
      WHEN one.oid = 'uuid'::regtype THEN 'uuid'
      WHEN one.oid IN ('json'::regtype, 'jsonb'::regtype) THEN 'json'
      WHEN one.oid = 'bytea'::regtype THEN 'bytes'
      WHEN one.oid IN ('inet'::regtype, 'cidr'::regtype) THEN 'address'
      WHEN one.typcategory = 'S' THEN 'text'
    END AS form
  FROM base AS b
  JOIN pg_attribute AS a USING (attrelid, attnum)
  JOIN pg_type AS y ON y.oid = b.oid AND y.typtype <> 'd'
  JOIN pg_type AS one ON one.oid = CASE WHEN y.typcategory = 'A' THEN y.typelem ELSE y.oid END
), chosen AS (
  -- of each unique index one column by which rows can be told apart; none that refers to others, and the last of those that are
  -- easy to make, as keys begin with whom a row belongs to
  SELECT DISTINCT ON (i.indexrelid) col.attrelid, col.attnum
  FROM t
  JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisunique
  JOIN LATERAL (
    SELECT number, place FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place) WHERE place <= i.indnkeyatts
    UNION ALL
    SELECT d.refobjsubid, 0 FROM pg_depend AS d  -- of an expression
    WHERE 0 = ANY (i.indkey) AND d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = t.oid
  ) AS u ON true
  JOIN col ON col.attrelid = t.oid AND col.attnum = u.number AND NOT col.refers AND NOT col.is_list
  WHERE col.form NOT IN ('word', 'json')
  ORDER BY i.indexrelid, array_position(ARRAY['uuid', 'whole', 'fraction', 'text', 'moment'], col.form), u.place DESC
), stat AS (
  SELECT col.attrelid, col.attnum,
    avg(s.null_frac)::float8 AS null_share,
    -- of partitions that each have values of their own, all together
    greatest(
      CASE WHEN bool_or(col.divides) THEN sum(greatest(s.n_distinct, 0)) ELSE max(s.n_distinct) END,
      sum(CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(c.reltuples, 0) END))::float8 AS distinct_values,
    max(s.avg_width) AS width,
    -- too wide to be looked at, and kept apart (TOAST): the width is that of what points there
    bool_and(s.most_common_vals IS NULL AND s.histogram_bounds IS NULL) AS is_apart,
    CASE WHEN count(*) = 1 THEN min(s.most_common_freqs::text)::float8[] END AS shares,
    -- labels of a type, which are in its definition
    (array_agg(CASE WHEN col.form = 'word' AND NOT col.is_list THEN s.most_common_vals::text END ORDER BY c.reltuples DESC))[1]::text[] AS labels,
    min(CASE WHEN col.form IN ('whole', 'fraction') AND NOT col.is_list THEN (
      SELECT min(v) FROM unnest(s.histogram_bounds::text::numeric[] || s.most_common_vals::text::numeric[]) AS v WHERE v NOT IN ('NaN', 'Infinity', '-Infinity')) END) AS least_number,
    max(CASE WHEN col.form IN ('whole', 'fraction') AND NOT col.is_list THEN (
      SELECT max(v) FROM unnest(s.histogram_bounds::text::numeric[] || s.most_common_vals::text::numeric[]) AS v WHERE v NOT IN ('NaN', 'Infinity', '-Infinity')) END) AS greatest_number,
    min(CASE WHEN col.form IN ('day', 'moment') AND NOT col.is_list THEN (
      SELECT min(v) FROM unnest(s.histogram_bounds::text::timestamptz[] || s.most_common_vals::text::timestamptz[]) AS v WHERE isfinite(v)) END) AS least_moment,
    max(CASE WHEN col.form IN ('day', 'moment') AND NOT col.is_list THEN (
      SELECT max(v) FROM unnest(s.histogram_bounds::text::timestamptz[] || s.most_common_vals::text::timestamptz[]) AS v WHERE isfinite(v)) END) AS greatest_moment
  FROM col
  JOIN tree ON tree.root = col.attrelid
  JOIN pg_class AS c ON c.oid = tree.oid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = col.attname AND s.inherited = (c.relkind = 'p')
  -- autovacuum never analyzes a partitioned table, but its partitions
  WHERE tree.oid = tree.root OR NOT EXISTS (
    SELECT FROM pg_class AS r JOIN pg_namespace AS m ON m.oid = r.relnamespace
    JOIN pg_stats AS whole ON whole.schemaname = m.nspname AND whole.tablename = r.relname AND whole.inherited
    WHERE r.oid = tree.root)
  GROUP BY 1, 2
), apart AS (
  SELECT DISTINCT ON (stat.attrelid) stat.attrelid, stat.attnum, toasted.width
  FROM stat
  JOIN col USING (attrelid, attnum)
  JOIN (
    SELECT tree.root, (sum(pg_relation_size(c.reltoastrelid)) / greatest(sum(c.reltuples), 1))::integer AS width
    FROM tree JOIN pg_class AS c USING (oid) WHERE c.reltoastrelid <> 0 GROUP BY 1
  ) AS toasted ON toasted.root = stat.attrelid
  WHERE stat.is_apart AND col.form IN ('text', 'json', 'bytes')
  ORDER BY 1, 2
)
SELECT
  col.attrelid::bigint AS "table",
  col.attname::text AS name,
  col.attnum::integer AS place,
  format_type(a.atttypid, a.atttypmod) AS type_sql,
  col.form,
  col.is_list,
  col.not_null,
  col.has_default,
  col.at_most,
  chosen.attnum IS NOT NULL AS is_unique,
  stat.attnum IS NOT NULL AS is_known,
  CASE WHEN col.not_null THEN 0 ELSE coalesce(stat.null_share, 0) END::float8 AS null_share,
  greatest(coalesce(stat.distinct_values, 1000), 1)::float8 AS distinct_values,
  greatest(coalesce(stat.width, 32), 4) + coalesce(apart.width, 0) AS width,
  -- how many of the values that are not null are among the one, two, three most common ones
  ARRAY(
    SELECT least(sum(share) OVER (ORDER BY place) / greatest(1 - stat.null_share, 0.001), 1)
    FROM unnest(stat.shares) WITH ORDINALITY AS u (share, place) ORDER BY place LIMIT 100)::float8[] AS sums,
  coalesce(stat.least_number::text, stat.least_moment::text) AS least,
  coalesce(stat.greatest_number::text, stat.greatest_moment::text) AS greatest,
  CASE
    WHEN col.type = 'bool'::regtype THEN coalesce(stat.labels, '{t,f}')
    WHEN col.form = 'word' THEN coalesce(stat.labels, '{}') || ARRAY(
      SELECT e.enumlabel::text FROM pg_enum AS e WHERE e.enumtypid = col.type AND e.enumlabel::text <> ALL (coalesce(stat.labels, '{}')) ORDER BY e.enumsortorder)
    WHEN col.form = 'text' THEN ARRAY(
      SELECT DISTINCT replace(word[1], '''''', '''')
      FROM (
        SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k
        WHERE k.contype = 'c' AND (k.conrelid = col.attrelid AND col.attnum = ANY (k.conkey) OR k.contypid = col.atttypid)
        UNION ALL
        SELECT pg_get_expr(c.relpartbound, c.oid) FROM tree JOIN pg_class AS c USING (oid)
        WHERE tree.root = col.attrelid AND col.divides AND c.relispartition
      ) AS defined (what)
      CROSS JOIN LATERAL regexp_matches(defined.what, '''((?:[^'']|'''')*)''', 'g') AS word)
    ELSE '{}'
  END AS words
FROM col
JOIN pg_attribute AS a USING (attrelid, attnum)
LEFT JOIN (SELECT DISTINCT attrelid, attnum FROM chosen) AS chosen USING (attrelid, attnum)
LEFT JOIN stat USING (attrelid, attnum)
LEFT JOIN apart USING (attrelid, attnum)
ORDER BY 1, 3

{## The columns, and how their values are spread as ANALYZE has seen it, where the role may see that. `low` and `high` are
    seconds since 1970 for times (and for uuids of version 7, whose first 48 bits are one), numbers for integers. Not one
    value of text is read out. -##}
  SELECT
    a.attname::text AS name,
    a.attnum::integer AS position,
    format_type(a.atttypid, a.atttypmod) AS type,
    kind.of AS kind,
    a.attnotnull AS not_null,
    a.attgenerated <> '' AS generated,
    coalesce(pg_get_expr(d.adbin, d.adrelid) ~* '\m(now\(\)|current_timestamp|current_date|clock_timestamp\(\)|localtimestamp)', false) AS defaults_to_now,
    has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS may_read,
    s.null_frac IS NOT NULL AS analyzed,
    s.null_frac::numeric AS null_share,
    CASE WHEN s.n_distinct >= 0 THEN s.n_distinct ELSE -s.n_distinct * greatest(size.rows, 0) END::numeric AS different,
    s.correlation::numeric AS correlation,
    coalesce(s.most_common_freqs[1], 0)::numeric AS top_share,
    common.many::integer AS large_values,  -- which have 5 % of the rows or more
    coalesce(common.share, 0)::numeric AS large_share,
    ends.low, ends.high,
    CASE kind.of WHEN 'integer' THEN greatest(ends.high, sequence.last_value)
      / CASE base.oid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END END AS range_used,
    EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisvalid AND i.indkey[0] = a.attnum) AS leads_index,
    (SELECT min(f.confrelid::regclass::text) FROM pg_constraint AS f
     WHERE f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]) AS refers_to
  FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  CROSS JOIN LATERAL (
{% include 'tables/base_type.sql' %}
  ) AS base
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN base.oid = ANY (ARRAY['timestamptz', 'timestamp', 'date']::regtype[]::oid[]) THEN 'time'
      WHEN base.oid = ANY (ARRAY['int2', 'int4', 'int8']::regtype[]::oid[]) THEN 'integer'
      WHEN base.oid = 'uuid'::regtype THEN 'uuid'
      WHEN base.oid = ANY (ARRAY['text', 'varchar', 'bpchar']::regtype[]::oid[]) THEN 'text'
      WHEN (SELECT typtype FROM pg_type WHERE oid = a.atttypid) = 'e' THEN 'enum'
      ELSE 'other' END
  ) AS kind (of)
  CROSS JOIN LATERAL (
    SELECT sum(greatest(p.reltuples, 0)) AS rows FROM pg_class AS p
    WHERE p.relkind <> 'p' AND p.oid IN (
{% include 'facts/fragments/tree.sql' %}
    )
  ) AS size
  LEFT JOIN LATERAL (
    SELECT * FROM pg_stats AS s
    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
    ORDER BY s.inherited DESC LIMIT 1
  ) AS s ON true
  LEFT JOIN LATERAL (
    SELECT count(*) AS many, sum(f) AS share FROM unnest(s.most_common_freqs) AS f WHERE f >= 0.05
  ) AS common ON true
  LEFT JOIN LATERAL (
    SELECT min(value.number) AS low, max(value.number) AS high
    FROM unnest(s.histogram_bounds::text::text[] || s.most_common_vals::text::text[]) AS v (text)
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN kind.of = 'time' AND v.text !~ 'infinity|BC$' THEN extract(epoch FROM v.text::timestamptz)::numeric
        WHEN kind.of = 'integer' THEN v.text::numeric
        WHEN kind.of = 'uuid' AND substr(v.text, 15, 1) = '7'
          THEN (('x' || lpad(replace(left(v.text, 13), '-', ''), 16, '0'))::bit(64)::bigint / 1000)::numeric
      END
    ) AS value (number)
    WHERE kind.of IN ('time', 'integer', 'uuid')
  ) AS ends ON true
  LEFT JOIN LATERAL (
    SELECT max(CASE WHEN has_sequence_privilege(q.oid, 'USAGE, SELECT') THEN pg_sequence_last_value(q.oid) END)::numeric AS last_value
    FROM pg_depend AS p
    JOIN pg_class AS q ON q.relkind = 'S' AND q.oid IN (p.objid, p.refobjid)
    WHERE p.classid = 'pg_class'::regclass AND p.objid = q.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
      OR p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = q.oid
  ) AS sequence ON true
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum

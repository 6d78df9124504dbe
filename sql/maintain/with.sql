{## What the facts of `maintain` have in common: a WITH of
    whole: the table, if it is in RANGE partitions of one column of a type that goes with `interval`: its key and its default partition
    part: its partitions; their bounds as texts, and as positions that can be compared (null: none)
    clock: what time it is
    readable: the table, if reading its partitions runs no code of a role that is not trusted; the check names that code
    found: how many rows the default partition has of which interval (null: of none)
    present: the interval that is written to now
    kept: where that begins which is to be kept, as an interval's number and as a position; null: all is
    gap: the intervals between the last partition and the present
    movable: of `found` what partitions can be made for
    wanted: the intervals that there should be partitions for
    missing: those partitions, where there are none -##}
{% from 'layout/range/interval.sql' import amount, unit, zone, head with context %}
{% set cell %}{% include 'layout/range/cell.sql' %}{% endset %}
WITH whole AS (
  SELECT p.partrelid AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relowner AS owner, a.attname::text AS key,
    format_type(a.atttypid, NULL) AS type, nullif(p.partdefid, 0) AS default_oid
  FROM pg_partitioned_table AS p
  JOIN pg_class AS c ON c.oid = p.partrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = to_regclass({{ source | literal }}) AND p.partstrat = 'r' AND p.partnatts = 1
    AND format_type(a.atttypid, NULL) IN ({% include 'maintain/key_types.sql' %})
), part AS MATERIALIZED (
  SELECT child.*, lower.position AS lower_at, upper.position AS upper_at
  FROM (
    SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'p' AS is_parted, c.relkind = 'f' AS is_foreign, c.relowner AS owner, whole.type,
      (SELECT sum(pg_relation_size(tree.relid)) FROM pg_partition_tree(c.oid) AS tree WHERE tree.isleaf) AS bytes,
      bound.said = 'DEFAULT' AS is_default, coalesce((to_jsonb(i) ->> 'inhdetachpending')::boolean, false) AS pending,
      substring(bound.said FROM '^FOR VALUES FROM \(''?([^'')]*)') AS lower_value, substring(bound.said FROM ' TO \(''?([^'')]*)') AS upper_value
    FROM whole
    JOIN pg_inherits AS i ON i.inhparent = whole.oid
    JOIN pg_class AS c ON c.oid = i.inhrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) AS bound (said)
  ) AS child
{% for side in ('lower', 'upper') %}
  CROSS JOIN LATERAL (
    SELECT {% include 'maintain/position.sql' %}

    FROM (SELECT CASE WHEN said.value NOT IN ('MINVALUE', 'MAXVALUE') THEN said.value END, child.type
          FROM (SELECT child.{{ (side ~ '_value') | ident }}) AS said (value)) AS key (value, type)
  ) AS {{ side | ident }} (position)
{% endfor %}
), clock AS (
  SELECT {% if clock %}{{ clock | literal }}::timestamptz{% else %}now(){% endif %} AS at
), readable AS MATERIALIZED (
  -- Facts are read before the check asks for it, and the planner computes what is constant in an index or a check.
  SELECT whole.oid FROM whole CROSS JOIN LATERAL (SELECT whole.oid) AS looked_up (oid)
  WHERE {% include 'security/foreign_plans.sql' %}
    IS NULL AND NOT EXISTS (
      SELECT FROM part JOIN LATERAL pg_partition_tree(part.oid) AS tree ON true JOIN pg_class AS c ON c.oid = tree.relid
      WHERE c.relkind NOT IN ('r', 'p') AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
      ))
), found AS MATERIALIZED (
  -- What would come to stand in the place of the partition at this moment is not run: a view can't be sampled, and
  -- concat() calls no cast. ts_stat() counts the rows of a query that is known only now, by a word in each
  SELECT CASE WHEN stat.word <> 'none' THEN stat.word::bigint END AS number, stat.ndoc::bigint AS rows
  FROM whole
  JOIN readable USING (oid)
  JOIN pg_class AS c ON c.oid = whole.default_oid AND pg_has_role(c.relowner, 'USAGE')
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL ts_stat(format(
    'SELECT array_to_tsvector(ARRAY[coalesce((' || {{ cell | literal }} || ')::text, ''none'')]) FROM (SELECT nullif(concat(r.%I), ''''), %L FROM %I.%I AS r%s) AS key (value, type)',
    whole.key, whole.type, n.nspname, c.relname, CASE WHEN c.relkind <> 'f' THEN ' TABLESAMPLE SYSTEM (100)' END)) AS stat
), present AS MATERIALIZED (
{% if unit %}
  SELECT {% include 'layout/range/cell.sql' %} AS number
  FROM clock CROSS JOIN LATERAL (SELECT clock.at::text, 'timestamp with time zone') AS key (value, type)
{% else %}
  -- that of the highest row, but for rows that lie far above all others
  SELECT greatest(top.number, (SELECT max(found.number) FROM found WHERE found.number <= top.number + {{ most }})) AS number
  FROM (
    SELECT coalesce((
      SELECT {% include 'layout/range/cell.sql' %}

      FROM readable CROSS JOIN part
      CROSS JOIN LATERAL (SELECT part.lower_value, part.type) AS key (value, type)
      CROSS JOIN LATERAL ts_stat(format('SELECT array_to_tsvector(ARRAY[''row'']) FROM (SELECT FROM %I.%I%s LIMIT 1) AS r', part.schema, part.name,
        CASE WHEN NOT part.is_foreign THEN ' TABLESAMPLE SYSTEM (100)' END)) AS stat
      WHERE part.lower_at IS NOT NULL ORDER BY part.lower_at DESC LIMIT 1), (
      SELECT {% include 'layout/range/cell.sql' %}

      FROM part CROSS JOIN LATERAL (SELECT part.lower_value, part.type) AS key (value, type)
      WHERE part.lower_at IS NOT NULL ORDER BY part.lower_at LIMIT 1), 0)
  ) AS top (number)
{% endif %}
), kept AS MATERIALIZED (
{% if not keep %}
  SELECT NULL::bigint AS number, NULL::numeric AS position
{% elif unit %}
  SELECT {% include 'layout/range/cell.sql' %} AS number,
    extract(epoch FROM CASE WHEN whole.type IN ('timestamp with time zone', 'uuid') THEN bound.local AT TIME ZONE {{ zone | literal }} ELSE bound.local AT TIME ZONE 'UTC' END)::numeric AS position
  FROM whole CROSS JOIN clock
  CROSS JOIN LATERAL (SELECT (clock.at AT TIME ZONE {{ zone | literal }}) - {{ keep | literal }}::interval) AS bound (local)
  CROSS JOIN LATERAL (SELECT bound.local::text, 'timestamp without time zone') AS key (value, type)
{% else %}
  -- One row with a high number must not take all others away. So the present is here no higher than the column's sequence has
  -- come, and lies in the highest partition that is at least half as large as most are.
  SELECT floor(bound.position / {{ amount }})::bigint AS number, bound.position
  FROM (
    SELECT least(max(part.lower_at) FILTER (WHERE part.bytes >= usual.bytes / 2),
      (SELECT max(coalesce(CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.seqrelid) END, s.seqstart))
       FROM whole JOIN pg_attribute AS a ON a.attrelid = whole.oid AND a.attname = whole.key
       JOIN pg_sequence AS s ON s.seqrelid = to_regclass(pg_get_serial_sequence(quote_ident(whole.schema) || '.' || quote_ident(whole.name), whole.key))))
    FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY bytes) FROM part WHERE NOT is_default AND bytes > 0) AS usual (bytes)
    JOIN part ON NOT part.is_default AND part.bytes > 0
  ) AS highest (position)
  CROSS JOIN LATERAL (SELECT floor(highest.position / {{ amount }}) * {{ amount }} - {{ keep | literal }}::numeric) AS bound (position)
{% endif %}
), gap AS MATERIALIZED (
  SELECT span.first, present.number - 1 AS last, greatest(present.number - span.first, 0) AS size
  FROM present CROSS JOIN kept
  CROSS JOIN LATERAL (
    SELECT greatest(kept.number, {% include 'layout/range/cell.sql' %})
    FROM part
    CROSS JOIN LATERAL (SELECT part.upper_value, part.type) AS key (value, type)
    WHERE part.upper_at IS NOT NULL AND part.lower_at IS NOT NULL AND {% include 'layout/range/cell.sql' %} <= present.number
    ORDER BY part.upper_at DESC LIMIT 1
  ) AS span (first)
), movable AS MATERIALIZED (
  SELECT found.number, found.rows FROM found CROSS JOIN present
  WHERE found.number IS NOT NULL{% if not unit %} AND found.number <= present.number{% endif %}
    AND (SELECT count(*) FROM found) <= {{ most }}
), wanted AS MATERIALIZED (
  SELECT number, max(rows) AS rows
  FROM (
    SELECT s.number, 0 AS rows FROM present CROSS JOIN LATERAL generate_series(present.number, present.number + {{ ahead }}) AS s (number)
    UNION ALL
    SELECT s.number, 0 FROM gap CROSS JOIN LATERAL generate_series(gap.first, gap.last) AS s (number) WHERE gap.size <= {{ most }}
    UNION ALL
    SELECT number, rows FROM movable
  ) AS each
  GROUP BY number
), missing AS MATERIALIZED (
  -- of an interval the part that no partition has
  SELECT wanted.number AS cell, wanted.rows, named.name, start.value AS lower_value, stop.value AS upper_value, start.position AS lower_at, stop.position AS upper_at,
    to_regclass(format('%I.%I', whole.schema, named.name)) IS NOT NULL AS taken
  FROM whole CROSS JOIN wanted
  CROSS JOIN LATERAL (SELECT wanted.number) AS cell (number)
  CROSS JOIN LATERAL (SELECT whole.type) AS key (type)
  CROSS JOIN LATERAL (
{% include 'layout/range/bounds.sql' %}
  ) AS bounds
  CROSS JOIN (
    -- as the newest partition is called, where such names were taken once
    SELECT coalesce((
      SELECT substring(substr(part.name, {{ head | length + 1 }}) FROM '^_p([2-9])_')::integer
      FROM part WHERE part.lower_at IS NOT NULL AND starts_with(part.name, {{ head | literal }}) ORDER BY part.lower_at DESC LIMIT 1), 1)
  ) AS nth (number)
  CROSS JOIN LATERAL (SELECT bounds.name) AS plain (name)
  CROSS JOIN LATERAL (SELECT {% include 'layout/range/nth_name.sql' %}) AS named (name)
{% for side, endless in (('lower', '-Infinity'), ('upper', 'Infinity')) %}
  CROSS JOIN LATERAL (
    SELECT coalesce({% include 'maintain/position.sql' %}, {{ endless | literal }})
    FROM (SELECT bounds.{{ (side ~ '_value') | ident }}, whole.type) AS key (value, type)
  ) AS {{ side | ident }} (position)
{% endfor %}
  LEFT JOIN part AS before ON NOT before.is_default AND coalesce(before.lower_at, '-Infinity') <= lower.position AND coalesce(before.upper_at, 'Infinity') > lower.position
  CROSS JOIN LATERAL (SELECT CASE WHEN before.oid IS NULL THEN bounds.lower_value ELSE before.upper_value END,
                             CASE WHEN before.oid IS NULL THEN lower.position ELSE coalesce(before.upper_at, 'Infinity') END) AS start (value, position)
  LEFT JOIN LATERAL (
    SELECT part.lower_value AS value, part.lower_at AS position FROM part
    WHERE part.lower_at >= start.position AND part.lower_at < upper.position ORDER BY part.lower_at LIMIT 1
  ) AS after ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN after.position IS NULL THEN bounds.upper_value ELSE after.value END, coalesce(after.position, upper.position)) AS stop (value, position)
  WHERE start.position < stop.position
)

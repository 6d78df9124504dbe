{## What the facts of `maintain` have in common: a WITH of
    whole: the table, if it is in RANGE partitions of one column of a type that goes with `interval`: its key and its default partition
    part: its partitions; their bounds as texts, and as positions that can be compared (null: none)
    clock: what time it is
    readable: the table, if reading its partitions runs no code of a role that is not trusted; the check names that code
    found: how many rows the default partition has of which interval (null: of none)
    present: the interval that is written to now
    sequence: where that of the key has come, if it has one; filled: the partitions with rows, how many intervals are empty before each
      (`empty`), and whether it lies far above others (`is_far`); both for `keep` of a number alone
    kept: where that begins which is to be kept, as an interval's number and as a position; null: all is
    gap: the intervals between the last partition and the present
    movable: of `found` what partitions can be made for
    wanted: the intervals that there should be partitions for
    bounded: those intervals, with their bounds; piece: what of them no partition has
    missing: the partitions for these -##}
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
      -- an empty one can have a TOAST table of a page
      (SELECT sum(CASE WHEN pg_relation_size(tree.relid) > 0 THEN pg_table_size(tree.relid) ELSE 0 END) FROM pg_partition_tree(c.oid) AS tree WHERE tree.isleaf) AS bytes,
      bound.said = 'DEFAULT' AS is_default, i.inhdetachpending AS pending,
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
{% if keep and not unit %}
), sequence AS MATERIALIZED (
  SELECT max(coalesce(CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.seqrelid) END, s.seqstart))::numeric AS position
  FROM whole JOIN pg_attribute AS a ON a.attrelid = whole.oid AND a.attname = whole.key
  JOIN pg_sequence AS s ON s.seqrelid = to_regclass(pg_get_serial_sequence(quote_ident(whole.schema) || '.' || quote_ident(whole.name), whole.key))
), filled AS MATERIALIZED (
  SELECT after.name, after.lower_at, after.empty, after.bytes >= usual.bytes / 2 AS is_large,
    coalesce(max(after.empty) OVER (ORDER BY after.lower_at NULLS FIRST), 0) > {{ ahead }} AS is_far
  FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY bytes) FROM part WHERE NOT is_default AND bytes > 0) AS usual (bytes)
  CROSS JOIN (
    SELECT part.name, part.lower_at, part.bytes,
      floor((part.lower_at - lag(part.upper_at) OVER (ORDER BY part.lower_at NULLS FIRST)) / {{ amount }}) AS empty
    FROM part WHERE NOT part.is_default AND part.bytes > 0
  ) AS after
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
  -- come, and lies in the highest partition that is at least half as large as most are. Without a sequence it lies in the
  -- second highest of them, and above `ahead` intervals without a row none counts.
  SELECT floor(bound.position / {{ amount }})::bigint AS number, bound.position
  FROM sequence
  CROSS JOIN LATERAL (
    SELECT CASE WHEN sequence.position IS NOT NULL THEN least(max(filled.lower_at), sequence.position)
      ELSE (array_agg(filled.lower_at ORDER BY filled.lower_at DESC NULLS LAST) FILTER (WHERE NOT filled.is_far))[2] END
    FROM filled WHERE filled.is_large
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
), bounded AS MATERIALIZED (
  SELECT wanted.number AS cell, wanted.rows, bounds.name, bounds.lower_value, bounds.upper_value, lower.position AS lower_at, upper.position AS upper_at
  FROM whole CROSS JOIN wanted
  CROSS JOIN LATERAL (SELECT wanted.number) AS cell (number)
  CROSS JOIN LATERAL (SELECT whole.type) AS key (type)
  CROSS JOIN LATERAL (
{% include 'layout/range/bounds.sql' %}
  ) AS bounds
{% for side, endless in (('lower', '-Infinity'), ('upper', 'Infinity')) %}
  CROSS JOIN LATERAL (
    SELECT coalesce({% include 'maintain/position.sql' %}, {{ endless | literal }})
    FROM (SELECT bounds.{{ (side ~ '_value') | ident }}, whole.type) AS key (value, type)
  ) AS {{ side | ident }} (position)
{% endfor %}
), piece AS MATERIALIZED (
  -- of an interval what no partition has; there can be several of it
  SELECT bounded.cell, lower(span.of) AS lower_at, upper(span.of) AS upper_at, row_number() OVER (PARTITION BY bounded.cell ORDER BY lower(span.of)) AS place
  FROM bounded CROSS JOIN kept
  CROSS JOIN LATERAL unnest(
    nummultirange(numrange(bounded.lower_at, bounded.upper_at))
    - coalesce((SELECT range_agg(numrange(coalesce(part.lower_at, '-Infinity'), coalesce(part.upper_at, 'Infinity'))) FROM part WHERE NOT part.is_default), '{}')
  ) AS span (of)
  WHERE NOT isempty(span.of) AND (bounded.rows > 0 OR kept.position IS NULL OR upper(span.of) > kept.position)
), missing AS MATERIALIZED (
  SELECT piece.cell, bounded.rows, named.name, start.value AS lower_value, stop.value AS upper_value, piece.lower_at, piece.upper_at,
    to_regclass(format('%I.%I', whole.schema, named.name)) IS NOT NULL AS taken
  FROM whole CROSS JOIN piece JOIN bounded USING (cell)
  CROSS JOIN (
    -- as the newest partition is called, where such names were taken once
    SELECT coalesce((
      SELECT substring(substr(part.name, {{ head | length + 1 }}) FROM '^_p([2-9])_')::integer
      FROM part WHERE part.lower_at IS NOT NULL AND starts_with(part.name, {{ head | literal }}) ORDER BY part.lower_at DESC LIMIT 1), 1)
  ) AS nth (number)
  CROSS JOIN LATERAL (SELECT bounded.name) AS plain (name)
  CROSS JOIN LATERAL (
    -- a partition of the same interval can have its name already, and then the next one is x2
    SELECT free.name FROM (
      SELECT each.number, short.name
      FROM generate_series(1, 100) AS each (number)
      CROSS JOIN LATERAL (SELECT {% include 'layout/range/nth_name.sql' %} || CASE WHEN each.number > 1 THEN 'x' || each.number ELSE '' END) AS long (name)
      CROSS JOIN LATERAL (SELECT {% include 'tables/short_name.sql' %}::text) AS short (name)
      WHERE NOT EXISTS (SELECT FROM part WHERE part.schema = whole.schema AND part.name = short.name)
      ORDER BY each.number OFFSET piece.place - 1 LIMIT 1
    ) AS free
  ) AS named (name)
  CROSS JOIN LATERAL (SELECT CASE WHEN piece.lower_at = bounded.lower_at THEN bounded.lower_value
    ELSE (SELECT part.upper_value FROM part WHERE part.upper_at = piece.lower_at LIMIT 1) END) AS start (value)
  CROSS JOIN LATERAL (SELECT CASE WHEN piece.upper_at = bounded.upper_at THEN bounded.upper_value
    ELSE (SELECT part.lower_value FROM part WHERE part.lower_at = piece.upper_at LIMIT 1) END) AS stop (value)
)

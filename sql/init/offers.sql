-- Which layouts the table can have, what each does to keys, foreign keys and statements, and which one is best: from the
-- facts that facts.sql has asked, and nothing else. Of a layout that somebody chose, what was chosen holds.
WITH facts AS (
  SELECT {{ facts | literal }}::jsonb AS f
), said AS (
  SELECT r.* FROM facts, jsonb_to_record(f -> 'table' -> 0) AS r (
    role text, partitioned boolean, partitioned_by text, partitions numeric, rows numeric, bytes numeric, inserts numeric,
    updates numeric, deletes numeric, seconds numeric)
), ukey AS (
  SELECT r.* FROM facts, jsonb_to_recordset(f -> 'keys') AS r (name text, "primary" boolean, partial boolean, columns jsonb)
), fkey AS (
  SELECT r.* FROM facts, jsonb_to_recordset(f -> 'foreign_keys') AS r (
    name text, incoming boolean, relation text, identity text, of_itself boolean, partitioned boolean, needs_scan boolean, columns jsonb)
), used AS (
  SELECT r.name, r.calls, r.conflicts, r.equal / nullif(r.calls, 0) AS equal, r.compared / nullif(r.calls, 0) AS compared
  FROM facts, jsonb_to_recordset(f -> 'statements') AS r (name text, calls numeric, equal numeric, compared numeric, conflicts jsonb)
), col AS (
  SELECT r.*, used.equal, used.compared, quote_ident(r.name) AS quoted,
    CASE WHEN r.name ~ '[:/"]' THEN '"' || replace(r.name, '"', '""') || '"' ELSE r.name END AS spelled,
    (SELECT count(*) FROM ukey WHERE ukey.columns ? r.name) AS in_keys,
    EXISTS (SELECT FROM ukey WHERE ukey.primary AND ukey.columns ? r.name) AS in_primary,
    CASE WHEN used.equal IS NULL THEN format('Whether statements say %I = value is not known.', r.name)
      WHEN used.equal = 0 THEN format('No statement that pg_stat_statements knows says %I = value.', r.name)
      ELSE format('%s %% of the calls say %I = value.', greatest(round(100 * used.equal), 1), r.name) END AS asked_by,
    CASE WHEN used.compared IS NULL THEN format('Whether statements compare %I is not known.', r.name)
      WHEN used.compared = 0 THEN format('No statement that pg_stat_statements knows compares %I.', r.name)
      ELSE format('%s %% of the calls compare %I.', greatest(round(100 * used.compared), 1), r.name) END AS compared_by,
    CASE WHEN r.different IS NULL THEN format('How many values %I has is not known before ANALYZE.', r.name)
      WHEN r.top_share = 0 THEN format('%I has some %s values, none of them frequent.', r.name, to_char(r.different, 'FM999,999,999,999,990'))
      ELSE format('%I has some %s values, the most frequent in %s %% of the rows.', r.name, to_char(r.different, 'FM999,999,999,999,990'), trim_scale(round(100 * r.top_share, 2))) END AS spread,
    format('%I says %s%s.', r.name, CASE r.kind WHEN 'integer' THEN 'in which order rows came' ELSE 'when a row came' END, ': ' || nullif(concat_ws(', ',
      CASE WHEN r.defaults_to_now THEN 'it is the present time by default' END,
      CASE WHEN abs(r.correlation) > 0.8 THEN format('rows stand in its order (correlation %s)', round(r.correlation, 2)) END,
      CASE WHEN r.leads_index THEN 'an index begins with it' END), '')) AS when_it_came
  FROM facts, jsonb_to_recordset(f -> 'columns') AS r (
    name text, position integer, type text, kind text, not_null boolean, generated boolean, defaults_to_now boolean, may_read boolean,
    analyzed boolean, null_share numeric, different numeric, correlation numeric, top_share numeric, large_values integer,
    large_share numeric, low numeric, high numeric, range_used numeric, leads_index boolean, refers_to text)
  LEFT JOIN used ON used.name = r.name
), outgrown AS (
  SELECT * FROM col WHERE range_used > 0.5 AND type IN ('smallint', 'integer') AND in_keys > 0 ORDER BY range_used DESC LIMIT 1
), tab AS (
  SELECT said.*,
    coalesce(inserts > 0 AND inserts >= 10 * (updates + deletes), false) AS append_only,
    (SELECT count(*) FROM ukey) AS keys,
    (SELECT name FROM col ORDER BY in_primary DESC, position LIMIT 1) AS first_column,
    outgrown.name AS outgrown, outgrown.quoted AS outgrown_quoted, outgrown.type AS outgrown_type, outgrown.range_used AS outgrown_used
  FROM said LEFT JOIN outgrown ON true
), offer AS (
{% for layout in layouts %}
{% set chosen = choice if choice.layout == layout else nothing %}
{% with wanted = chosen.column, measure = chosen.measure, sub_wanted = chosen.sub_column, sub_measure = chosen.sub_measure %}
  SELECT * FROM (
{% include 'layout/' ~ layout ~ '/offer.sql' %}
  ) AS offer_{{ loop.index }}
{% endwith %}
{% if not loop.last %}
  UNION ALL
{% endif %}
{% endfor %}
), narrow AS (
  -- what is unique, and no longer is as a whole
  SELECT offer.layout, ukey.*,
    (SELECT string_agg(coalesce(quote_ident(c), 'an expression'), ', ' ORDER BY place) FROM jsonb_array_elements_text(ukey.columns) WITH ORDINALITY AS e (c, place)) AS shown,
    (SELECT string_agg(quote_ident(c), ', ' ORDER BY place) FROM jsonb_array_elements_text(offer.divided_by) WITH ORDINALITY AS e (c, place)
     WHERE NOT ukey.columns ? c) AS missing
  FROM offer JOIN ukey ON offer.uniqueness = 'none' OR offer.uniqueness = 'contain' AND NOT ukey.columns @> offer.divided_by
), lost AS (
  -- as sql/repartition/check/incoming_keys.sql has it, by what facts/incoming_keys.sql names as obstacle
  SELECT offer.layout, fkey.*, referred.is_lost AS by_key
  FROM offer
  JOIN fkey ON fkey.incoming
  CROSS JOIN LATERAL (SELECT offer.uniqueness = 'none' OR offer.uniqueness = 'contain' AND NOT fkey.columns @> offer.divided_by) AS referred (is_lost)
  WHERE referred.is_lost OR fkey.needs_scan AND (fkey.partitioned OR fkey.of_itself AND offer.uniqueness <> 'all')
)
SELECT
  offer.layout, offer.spec, offer.refused, offer.what, offer.variables, offer.extends, offer.reason, offer.copies, offer.uniqueness <> 'all' AS divides,
  CASE WHEN offer.copies AND tab.outgrown IS NOT NULL THEN jsonb_build_array(jsonb_build_object('name', tab.outgrown, 'type', 'bigint')) ELSE '[]' END AS outgrown,
  CASE WHEN offer.refused IS NULL AND NOT tab.partitioned THEN offer.points ELSE 0 END::float AS points,
  CASE
    WHEN offer.uniqueness = 'all' THEN 'no partitions'
    WHEN offer.partitions = 1 THEN '1 partition'
    WHEN offer.partitions > filled.number THEN format('%s partitions, %s of them with rows, %s on average', offer.partitions, filled.number, pg_size_pretty(offer.each_bytes::bigint))
    ELSE offer.partitions || ' partitions' || coalesce(' of ' || pg_size_pretty(offer.each_bytes::bigint) || ' on average', '') END AS partitions,
  CASE
    WHEN tab.keys = 0 THEN 'there are none; a key has to be made first'
    WHEN k.names IS NULL THEN 'as before'
    WHEN offer.uniqueness = 'none' THEN k.names || ': unique within a partition only; no primary key on the table'
    ELSE coalesce('primary key ' || k.primary || ' becomes (' || k.primary_shown || ', ' || k.primary_missing || ')', '') END AS keys,
  -- one by which the rows are divided has all rows of a value in one partition
  coalesce((SELECT jsonb_agg(format('unique (%s) holds within a partition only: duplicates can come in, and a rollback stops on them', narrow.shown) ORDER BY narrow.name)
    FROM narrow
    WHERE narrow.layout = offer.layout AND NOT (narrow.primary AND offer.uniqueness = 'contain') AND NOT narrow.columns @> offer.divided_by), '[]') AS narrowed,
  CASE
    WHEN k.names IS NULL THEN 'as before'
    WHEN offer.uniqueness = 'none' THEN 'works without columns only (DO NOTHING), and fails with them'
    ELSE concat_ws('; ', 'fails with (' || k.primary_shown || '): name (' || k.primary_shown || ', ' || k.primary_missing || ')',
      'fails with the columns of ' || k.others) END
    || CASE WHEN failing.calls > 0 THEN format(' (%s calls have it)', failing.calls) ELSE '' END AS on_conflict,
  concat_ws('; ',
    CASE WHEN (SELECT count(*) FROM fkey WHERE NOT incoming) > 0 THEN 'those of the table come along' END,
    CASE WHEN (SELECT count(*) FROM fkey WHERE incoming) = 0 THEN NULL
      WHEN gone.by_key IS NULL AND gone.by_version IS NULL THEN 'those that refer to it are moved along' END,
    'given up, as nothing unique is left that they could refer to: ' || gone.by_key,
    'given up, as before PostgreSQL 18 a partitioned table can get one only with a scan: ' || gone.by_version) AS foreign_keys,
  CASE
    WHEN offer.finds = 'all' THEN 'as before'
    WHEN offer.finds = 'expression' THEN format('look into all %s, unless they also compare abs(hashtext(%s::text) %% %s)', offer.partitions, offer.divided_by ->> 0, offer.partitions)
    ELSE format('look into %s by %s', CASE offer.finds WHEN 'equal' THEN 'one partition' ELSE 'one or a few partitions' END,
        (SELECT string_agg(quote_ident(c), ' and ') FROM jsonb_array_elements_text(offer.divided_by) AS c))
      || CASE WHEN called.calls > 0 THEN format(' (%s %% of the calls)', round(100 * CASE offer.finds WHEN 'equal' THEN key.equal ELSE key.compared END)) ELSE '' END
      || ', and into all by anything else' END AS statements,
  coalesce((SELECT jsonb_agg(jsonb_build_object('name', identity, 'relation', relation) ORDER BY identity) FROM lost WHERE lost.layout = offer.layout), '[]') AS lost
FROM offer
CROSS JOIN tab
CROSS JOIN LATERAL (SELECT round(tab.bytes / nullif(offer.each_bytes, 0)) AS number) AS filled
LEFT JOIN col AS key ON key.name = offer.divided_by ->> 0
LEFT JOIN used AS called ON called.name IS NULL
CROSS JOIN LATERAL (
  SELECT {% include 'tables/listed.sql' %} AS names,
    max(narrow.name) FILTER (WHERE narrow.primary) AS primary, max(narrow.shown) FILTER (WHERE narrow.primary) AS primary_shown,
    max(narrow.missing) FILTER (WHERE narrow.primary) AS primary_missing,
    (SELECT {% include 'tables/listed.sql' %} FROM narrow AS listed WHERE listed.layout = offer.layout AND NOT listed.primary) AS others
  FROM narrow CROSS JOIN LATERAL (SELECT narrow.name) AS listed
  WHERE narrow.layout = offer.layout
) AS k
CROSS JOIN LATERAL (
  SELECT sum(c.calls) AS calls FROM jsonb_to_recordset(called.conflicts) AS c (names jsonb, by_name boolean, calls numeric)
  WHERE EXISTS (
    SELECT FROM narrow
    WHERE narrow.layout = offer.layout
      AND CASE WHEN c.by_name THEN narrow.name = c.names ->> 0 ELSE narrow.columns @> c.names AND c.names @> narrow.columns END)
) AS failing
CROSS JOIN LATERAL (
  SELECT
    (SELECT {% include 'tables/listed.sql' %}
     FROM lost CROSS JOIN LATERAL (SELECT lost.name || ' of ' || lost.relation) AS listed (name)
     WHERE lost.layout = offer.layout AND lost.by_key) AS by_key,
    (SELECT {% include 'tables/listed.sql' %}
     FROM lost CROSS JOIN LATERAL (SELECT lost.name || ' of ' || lost.relation) AS listed (name)
     WHERE lost.layout = offer.layout AND NOT lost.by_key) AS by_version
) AS gone
ORDER BY points DESC, array_position({{ layouts | literal }}::text[], offer.layout)

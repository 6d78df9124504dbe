{## How far the bound is away: a SELECT of a finding, without its semicolon. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if unit and below.value %}
SELECT
  'time to the bound' AS subject, {{ ('at least ' ~ margin ~ ', and as long as validating may take') | literal }} AS expected,
  format('%s from now on%s. Validating reads %s, at 100 MB a second in %s, and keeps VACUUM away meanwhile. Rows at or beyond %s are refused from the step bound to the swap',
    date_trunc('minute', left_over.time), CASE WHEN left_over.time < needed.time THEN ': too little. Give a later bound: --var bound=...' ELSE '' END,
    pg_size_pretty(size.bytes), date_trunc('second', needed.reading), {{ below.value | literal }}) AS actual,
  left_over.time >= needed.time AS passed
FROM (SELECT {% include 'adopt/range/at.sql' %} - statement_timestamp()) AS left_over (time)
CROSS JOIN (SELECT coalesce(pg_table_size(to_regclass({{ source | literal }})), 0)) AS size (bytes)
CROSS JOIN LATERAL (SELECT size.bytes / 1e8 * interval '1 second', greatest({{ margin | literal }}::interval, size.bytes / 1e8 * interval '1 second')) AS needed (reading, time)
{% else %}
SELECT
  'room to the bound' AS subject, 'some' AS expected,
  CASE WHEN seen.last IS NULL THEN 'no rows' ELSE format('%s numbers from the last row on. Rows at or beyond %s are refused from the step bound to the swap',
    {{ (below.value or '0') | literal }}::numeric - CASE WHEN {{ (below.value != '') | literal }} THEN seen.last::numeric END, {{ below.value | literal }}) END AS actual,
  true AS passed
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (last text)
{% endif %}

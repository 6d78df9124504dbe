{## How long a partition is, how many there will be and how large one with rows is on average: `measure`, or what makes some 12
    to 200 `partitions` with rows, of 1 to 50 GB. `made` are those that range/span.sql has made: to the present, and `ahead`,
    which is the default of the plan, more. Needs the column `k` and the table `tab`. -##}
{% set ahead = 3 %}
SELECT step.shown, step.seconds, step.refused, many.partitions, many.made, tab.bytes / many.partitions AS each_bytes
FROM (
{% if measure %}
  SELECT
    CASE WHEN k.kind = 'integer' THEN {{ measure | literal }} ELSE coalesce(part[1], '1') || ' ' || lower(part[2]) || CASE WHEN part[1]::numeric > 1 THEN 's' ELSE '' END END AS shown,
    CASE WHEN k.kind = 'integer' THEN CASE WHEN {{ measure | literal }} ~ '^[1-9][0-9]{0,17}$' THEN {{ measure | literal }}::text::numeric END
      ELSE coalesce(part[1], '1')::numeric * unit.seconds END AS seconds,
    CASE
      WHEN k.kind = 'integer' AND {{ measure | literal }} !~ '^[1-9][0-9]{0,17}$' THEN format('an interval of %s is a number, such as 1000000', k.quoted)
      WHEN k.kind <> 'integer' AND unit.seconds IS NULL THEN format('an interval of %s is hour, day, week, month or year, or several such as "3 months"', k.quoted)
    END AS refused,
    0 AS penalty
  FROM (SELECT regexp_match({{ measure | literal }}, '^(?:([1-9][0-9]{0,3}) ?)?(hour|day|week|month|year)s?$', 'i')) AS parsed (part)
  LEFT JOIN (VALUES ('hour', 3600), ('day', 86400), ('week', 604800), ('month', 2629746), ('year', 31556952)) AS unit (name, seconds)
    ON unit.name = lower(part[2])
{% else %}
  SELECT '1 ' || unit.name AS shown, unit.seconds, NULL AS refused, unit.penalty
  FROM (VALUES ('month', 2629746, 0), ('day', 86400, 0.1), ('year', 31556952, 0.2), ('hour', 3600, 0.3)) AS unit (name, seconds, penalty)
  WHERE k.kind <> 'integer'
  UNION ALL
  -- some fifty, of a round number
  SELECT round.number::text, round.number, NULL, 0
  FROM (SELECT 10 ^ floor(log(greatest(coalesce(k.high - k.low, 0) / 50, 1000)))) AS power (of_ten)
  CROSS JOIN LATERAL (SELECT trunc(power.of_ten * CASE WHEN coalesce(k.high - k.low, 0) / 50 >= 5 * power.of_ten THEN 5 ELSE 1 END)) AS round (number)
  WHERE k.kind = 'integer'
{% endif %}
) AS step (shown, seconds, refused, penalty)
CROSS JOIN LATERAL (
  -- the number of the interval, as range/cell.sql has it
  SELECT
    max(cell.number) FILTER (WHERE place = 'high') AS high, max(cell.number) FILTER (WHERE place = 'low') AS low, max(cell.number) AS last
  FROM (VALUES ('low', k.low), ('high', k.high), ('now', CASE WHEN k.kind <> 'integer' AND k.high IS NOT NULL THEN extract(epoch FROM now())::numeric END)) AS ends (place, at)
  CROSS JOIN LATERAL (
    SELECT floor(CASE
      WHEN k.kind = 'integer' THEN ends.at / nullif(step.seconds, 0)
      WHEN step.shown ~ '(month|year)' THEN (extract(year FROM local.time) * 12 + extract(month FROM local.time) - 1)
        / round(step.seconds / 2629746)
      ELSE (ends.at - extract(epoch FROM timestamp '2001-01-01')::numeric) / nullif(step.seconds, 0) END)
    FROM (SELECT CASE WHEN k.kind <> 'integer' THEN to_timestamp(ends.at::float) AT TIME ZONE 'UTC' END) AS local (time)
  ) AS cell (number)
) AS span
CROSS JOIN LATERAL (SELECT span.high - span.low + 1 AS partitions, span.last - span.low + 1 + {{ ahead | literal }} AS made) AS many
ORDER BY step.penalty + coalesce(greatest(0, ln(12 / many.partitions)) + greatest(0, ln(many.partitions / 200))
  + 0.5 * greatest(0, ln(2 ^ 30 / greatest(tab.bytes / many.partitions, 1)))
  + greatest(0, ln(greatest(tab.bytes / many.partitions, 1) / (50 * 2 ^ 30))), 0)
LIMIT 1

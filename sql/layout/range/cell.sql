{## The number of the interval in which a value of the key lies: an expression of type bigint. Null for what lies in none:
    infinity, NaN, a number of more intervals than bigint can count, and times before the year 1 or after the year 289,999. In scope: key.value, key.type, both text. The session's TimeZone is UTC.
    Numbers count from 0; months and years from the year 0; hours, days and weeks from 2001-01-01, a Monday. -##}
{% from 'layout/range/interval.sql' import amount, unit, zone with context %}
{% if not unit -%}
(SELECT CASE WHEN at.number BETWEEN -9223372036854775808 AND 9223372036854775807 THEN at.number::bigint END
  FROM (SELECT floor(key.value::numeric / {{ amount }})) AS at (number))
{%- else -%}
(SELECT CASE WHEN isfinite(local.time) AND local.time >= '0001-01-01' THEN
{%- if unit in ('month', 'year') %} floor((extract(year FROM local.time) * 12 + extract(month FROM local.time) - 1) / {{ amount * (12 if unit == 'year' else 1) }})::bigint
{%- else %} floor(extract(epoch FROM local.time - timestamp '2001-01-01') / {{ amount * {'hour': 3600, 'day': 86400, 'week': 604800}[unit] }})::bigint
{%- endif %} END
  FROM (SELECT CASE key.type
      WHEN 'uuid' THEN to_timestamp(('x0000' || left(replace(key.value, '-', ''), 12))::bit(64)::bigint / 1000.0) AT TIME ZONE {{ zone | literal }}
      WHEN 'timestamp with time zone' THEN key.value::timestamptz AT TIME ZONE {{ zone | literal }}
      ELSE key.value::timestamp END WHERE key.type = 'uuid' OR key.value !~ '^(29|[3-9]\d|\d{3})\d{4}') AS local (time))
{%- endif -%}

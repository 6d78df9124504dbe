{## Whether the intervals divide the column, which --var `chosen_by` names: a finding, of `key`. ##}
{% from 'layout/range/interval.sql' import unit with context %}
{% set named_by = chosen_by | default('key_column') %}
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
  {% if unit %}'a stored column of type timestamptz, timestamp, date, or uuid (version 7), which intervals of time divide'{% else %}'a stored column of type bigint, integer, smallint or numeric (without decimals, and long enough for the last bound), which a number divides'{% endif %},
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN key.attnum IS NULL THEN {{ ('no such column; choose one with --var ' ~ named_by ~ '=...') | literal }}
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    WHEN NOT divided.can_be THEN format_type(key.atttypid, key.atttypmod) || {{ ('; choose another one with --var ' ~ named_by ~ '=..., or another --var interval=... than ' ~ interval) | literal }}
    ELSE format_type(key.atttypid, key.atttypmod)
  END,
  source.oid IS NULL OR coalesce(key.attgenerated = '' AND divided.can_be, false)
FROM source
LEFT JOIN key ON true
CROSS JOIN LATERAL (
  -- a bound is a whole number, and the column has to hold it as such
  SELECT format_type(key.atttypid, NULL) = ANY ({% include 'layout/range/types.sql' %}) AND NOT (key.atttypid = 'numeric'::regtype AND key.atttypmod >= 0 AND (
    ((key.atttypmod - 4) & 2047) <> 0{% for upper in (facts.bounds | map(attribute='upper') | select | list)[-1:] if not unit %} OR {{ upper | literal }}::numeric >= 10::numeric ^ ((key.atttypmod - 4) >> 16){% endfor %}))
) AS divided (can_be)

{## What happens to a row that lies in no interval of the column `ranged`. -##}
{% if facts.bounds and not default_partition %}
{% set first = facts.bounds | first %}
{% set last = facts.bounds | last %}
{% if first.lower or last.upper %}
UNION ALL
SELECT
  'rows in no partition', 'are taken',
  {{ ('one with ' ~ ranged ~ (' before ' ~ first.lower if first.lower else '') ~ (' or' if first.lower and last.upper else '')
    ~ (' from ' ~ last.upper ~ ' on' if last.upper else '') ~ ': INSERT and UPDATE of it fail after the swap, "no partition of relation found for row". '
    'Let `executor maintain` make partitions in time; what else may come is taken with --var default_partition=true') | literal }},
  false
FROM source
{% endif %}
{% endif %}

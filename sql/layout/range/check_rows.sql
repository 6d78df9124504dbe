{## That every row has a partition: a query to count those that have none, to be added to others. ##}
{% if facts.bounds and not default_partition %}
{% set first = facts.bounds | first %}
{% set last = facts.bounds | last %}
    UNION ALL
    SELECT {{ ('rows that no partition holds') | literal }}, '0',
      {{ ('lie before ' ~ (first.lower or 'any value') ~ ', or at or after ' ~ (last.upper or 'any value') ~ '; delete or change them, or make a partition for them: '
        '--var default_partition=true, or range_start and range_end') | literal }},
      {% if first.lower or last.upper %}format('SELECT count(*) FROM %s WHERE {% if first.lower %}%2$I < %3$L{% endif %}{% if first.lower and last.upper %} OR {% endif %}{% if last.upper %}%2$I >= %4$L{% endif %}', source, {{ key_column | literal }}, {{ first.lower | literal }}, {{ last.upper | literal }}){% else %}'SELECT 0'{% endif %},
      NULL
    WHERE source IS NOT NULL
{% endif %}

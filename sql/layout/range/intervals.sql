{## The intervals from key.first to key.last, by `place`, and the default partition last, whose place is null: a SELECT without its semicolon.
    `lower` and `upper` are null at the end of what the type holds. None where there would be more than 5,000. In scope: `key`, of span.sql. -##}
SELECT cell.number AS place, bounds.name, bounds.lower_value AS lower, bounds.upper_value AS upper, printed.bound_sql
FROM generate_series(key.first, CASE WHEN key.last - key.first < 5000 AND key.last < 9e18 THEN key.last::bigint END) AS cell (number)
CROSS JOIN LATERAL (
{% include 'layout/range/bounds.sql' %}
) AS bounds
-- as the catalog prints it: an integer without quotes unless it is negative
CROSS JOIN LATERAL (SELECT CASE WHEN key.type = 'integer' THEN regexp_replace(bounds.bound, '''(\d+)''', '\1', 'g') ELSE bounds.bound END) AS printed (bound_sql)
{% if default_partition %}
UNION ALL
SELECT NULL, {{ (source | suffix('_default')).name | literal }}, NULL, NULL, 'DEFAULT'
{% endif %}

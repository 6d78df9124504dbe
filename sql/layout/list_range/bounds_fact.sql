{## The partitions: those of LIST (each with its number in `branch`, and its stem), and of each the intervals, by `place`, with what
    their names have after that. A SELECT without its semicolon. -##}
{% from 'layout/range/interval.sql' import head with context %}
SELECT (row_number() OVER (ORDER BY branch.number, part.place) - 1)::integer AS number,
  branch.number AS branch, branch.value, branch.stem, branch.bound_sql AS branch_bound_sql,
  (dense_rank() OVER (ORDER BY part.place) - 1)::integer AS place, part.lower, part.upper, part.bound_sql,
  CASE WHEN part.bound_sql = 'DEFAULT' THEN '_default' ELSE substr(part.name, {{ head | length + 1 }}) END AS suffix
FROM (
{% include 'layout/list/bounds_fact.sql' %}
) AS branch
{% with key_column = sub_key_column %}
CROSS JOIN (
{% include 'layout/range/span.sql' %}
) AS key
CROSS JOIN LATERAL (
{% include 'layout/range/intervals.sql' %}
) AS part
{% endwith %}
ORDER BY 1

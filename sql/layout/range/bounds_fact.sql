{## The partitions, from the lowest on, and the default one last: a SELECT without its semicolon, as intervals.sql finds them. Where
    such names are taken they are <table>_p2_202601 and so on. -##}
{% from 'layout/range/interval.sql' import head with context %}
SELECT (row_number() OVER (ORDER BY part.place) - 1)::integer AS number, named.name,
  format('%I.%I', {{ source.schema | literal }}, named.name) AS identity, part.lower, part.upper, part.bound_sql
FROM (
{% include 'layout/range/span.sql' %}
) AS key
CROSS JOIN LATERAL (
{% include 'layout/range/intervals.sql' %}
) AS part
CROSS JOIN (SELECT {% include 'facts/fragments/free_number.sql' %}) AS nth (number)
CROSS JOIN LATERAL (SELECT part.name::text) AS plain (name)
CROSS JOIN LATERAL (
  SELECT CASE WHEN part.bound_sql = 'DEFAULT' AND nth.number > 1 THEN {{ head | literal }} || '_p' || nth.number || '_default'
    ELSE {% include 'layout/range/nth_name.sql' %} END
) AS named (name)
ORDER BY 1

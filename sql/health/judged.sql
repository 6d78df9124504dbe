{## The partitions, and which of them is a default partition: it takes what no other one takes and has no
    share of the rows, so it is compared with nothing. A SELECT without its semicolon. -##}
SELECT p.*, coalesce(pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false) AS is_default
FROM (
{% include 'health/partitions.sql' %}
) AS p
JOIN pg_class AS c ON c.oid = p.oid

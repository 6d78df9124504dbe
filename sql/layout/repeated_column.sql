{## The column of few values of which some have many rows each, such as tenants: `wanted`, or the one that has most for it.
    It has to belong to something: a state of work is no tenant. -##}
SELECT col.*, large_values BETWEEN 2 AND 20 AND large_share >= 0.5 AND top_share < 0.95 AS counts
FROM col, tab
{% if wanted %}
WHERE col.name = {{ wanted | literal }}
{% else %}
WHERE kind IN ('text', 'integer', 'uuid') AND NOT generated AND (not_null OR null_share = 0)
  AND different BETWEEN 2 AND 2000 AND large_values > 1
  AND (in_keys > 0 OR refers_to IS NOT NULL OR equal >= 0.2)
  AND name !~* '(status|state|type|kind|level|version|priority)$'
ORDER BY 8 * (in_keys = tab.keys AND tab.keys > 0)::int + 10 * coalesce(equal, 0) + 4 * least(in_keys, 1)
  + 3 * (refers_to IS NOT NULL)::int + 2 * leads_index::int DESC, position
LIMIT 1
{% endif %}

{## The column of the table whose values are many and even, by which rows are looked up: `wanted`, or the one that has most
    for it. -##}
SELECT col.* FROM col, tab
{% if wanted %}
WHERE col.name = {{ wanted | literal }}
{% else %}
WHERE kind IN ('uuid', 'text', 'integer') AND NOT generated AND (not_null OR null_share = 0)
  AND coalesce(different >= 100 AND top_share < 0.1, true) AND (in_keys > 0 OR leads_index OR equal > 0)
ORDER BY 8 * (in_keys = tab.keys AND tab.keys > 0)::int + 30 * coalesce(equal, 0) + 3 * in_primary::int + 2 * leads_index::int
  + (kind <> 'text')::int DESC, position
LIMIT 1
{% endif %}

{## The column of the table by whose values its rows come: `wanted`, or the one that has most for it. Times that are set
    again, or long after the row came, are none. A SELECT without its semicolon, for a LATERAL join. -##}
SELECT col.*,
  col.kind IN ('time', 'integer') OR col.kind = 'uuid' AND col.low IS NOT NULL AS can_order,
  -- what shows that the table is kept or asked by this column
  in_keys > 0 OR leads_index OR compared >= 0.2 OR tab.append_only AND coalesce(abs(correlation) > 0.8, defaults_to_now) AS counts
FROM col, tab
{% if wanted %}
WHERE col.name = {{ wanted | literal }}
{% else %}
WHERE kind = 'time' AND NOT generated AND (not_null OR null_share = 0)
  AND name !~* 'updat|modif|delet|expir|remov|finish|complet|(^|_)(edit|end|last|sync|retry|next|due|birth|valid)'
ORDER BY 8 * least(in_keys, 1) + 6 * coalesce(compared, 0) + 4 * defaults_to_now::int + 3 * leads_index::int
  + 2 * coalesce(abs(correlation) > 0.8, false)::int + (name ~* 'creat|insert|occur|event|log|time|date|start|_at$')::int DESC, position
LIMIT 1
{% endif %}

{## What the planner makes of a statement without its values. -##}
EXPLAIN (SUMMARY, FORMAT JSON) EXECUTE executor_query_{{ number }}{% if parameters %} ({% for each in range(parameters) %}NULL{% if not loop.last %}, {% endif %}{% endfor %}){% endif %};

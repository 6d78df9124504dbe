{## What holds while a statement is explained: it ends with the savepoint. Names are looked for where the role that sent it
    looks for them; what a statement calls was asked for before. -##}
SET LOCAL transaction_read_only = on;
SET LOCAL statement_timeout = {{ timeout | literal }};
SET LOCAL lock_timeout = '200ms';
SET LOCAL jit = off;
{% if generic %}
SET LOCAL plan_cache_mode = force_generic_plan;
{% endif %}
SET LOCAL search_path = {% for schema in path %}{{ schema | ident }}, {% endfor %}pg_temp;

{## Refuses to go on if to plan a query on one of the tables `looked_up`, a list of regclass texts, would run code of others,
    as foreign_plans.sql says. -##}
{% if looked_up %}
CALL pg_temp.executor_refuse_foreign_plans(ARRAY[{% for name in looked_up %}{{ name | string | literal }}{% if not loop.last %}, {% endif %}{% endfor %}]);
{% endif %}

{## Whether the column partition_key of the table is none of the application's but an earlier run's, as own_key.sql knows it:
    an expression. -##}
EXISTS (
{% include 'layout/own_key.sql' %}
)
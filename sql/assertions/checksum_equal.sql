-- The digests of both tables are equal: of every column of every row.
{% include 'tables/steady.sql' %}
SELECT * FROM pg_temp.executor_checksum_equal({{ left | name | literal }}, {{ right | name | literal }}
{%- if without is not none %}, without => {{ without | name | literal }}{% endif %}
{%- set ignored = [ignore] if ignore is string else ignore %}
{%- if ignored %}, ignored => {{ ignored | literal }}{% endif %}
{%- for column in changes if column.name is string and column.type is string %}{% if loop.first %}, types => jsonb_build_object({% else %}, {% endif %}{{ column.name | literal }}, {{ column.type | literal }}{% if loop.last %}){% endif %}{% endfor %}
{%- for column in changes if column.name is string and column.expression is string %}{% if loop.first %}, computed => jsonb_build_object({% else %}, {% endif %}{{ column.name | literal }}, {{ column.expression | literal }}{% if loop.last %}){% endif %}{% endfor %}, buckets => {{ buckets }});

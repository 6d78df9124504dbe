-- The digests of both tables are equal: of every column of every row.
{% include 'tables/steady.sql' %}
SELECT * FROM pg_temp.executor_checksum_equal({{ left | name | literal }}, {{ right | name | literal }}
{%- if without is not none %}, without => {{ without | name | literal }}{% endif %}
{%- set ignored = [ignore] if ignore is string else ignore %}
{%- if ignored %}, ignored => {{ ignored | literal }}{% endif %}, buckets => {{ buckets }});

-- Sampled rows of either table are the same in the other one.
{% include 'tables/steady.sql' %}
SELECT * FROM pg_temp.executor_spot_check({{ left | name | literal }}, {{ right | name | literal }}
{%- if without is not none %}, without => {{ without | name | literal }}{% endif %}
{%- set ignored = [ignore] if ignore is string else ignore %}
{%- if ignored %}, ignored => {{ ignored | literal }}{% endif %}
{%- set keys = [key] if key is string else key %}
{%- if keys %}, key => {{ keys | literal }}{% endif %}
, sample => {{ sample }});

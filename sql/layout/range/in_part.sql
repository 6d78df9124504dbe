{## That a key of the log is in the share of a pass: a condition, to be added to others. What is unique on a partition alone wants
    that all keys of an interval are in one share, and those of the default partition, before the first and after the last. ##}
{% from 'layout/narrow.sql' import narrow with context %}
{% set intervals = facts.bounds | rejectattr('bound_sql', 'equalto', 'DEFAULT') | list %}
{% set ends = intervals | map(attribute='lower') | select | list + intervals[-1:] | map(attribute='upper') | select | list %}

    AND (executor_of = 1 OR {% if narrow %}coalesce(width_bucket({{ key_column | ident }}, {{ ends | literal }}) % {{ ends | length + (0 if intervals and intervals[0].lower and intervals[-1].upper else 1) }}, 0) % executor_of{% else %}{% include 'layout/by_value.sql' %}{% endif %} = executor_part)
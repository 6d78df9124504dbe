{## That a key of the log is in the share of a pass: a condition, to be added to others. What is unique on a partition alone wants
    that all keys of the default one are in one share. ##}
{% from 'layout/narrow.sql' import narrow with context %}

    AND (executor_of = 1 OR {% if narrow %}coalesce(array_position({{ facts.bounds | map(attribute='value') | select | unique | list | literal }}::text[], {% with alias = '' %}{% include 'layout/list/as_text.sql' %}{% endwith %}), 0) % executor_of{% else %}{% include 'layout/by_value.sql' %}{% endif %} = executor_part)
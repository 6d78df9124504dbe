{## What its statements do afterwards. ##}
{% include 'layout/unique_within.sql' %}
{% include 'layout/on_conflict.sql' %}
{% include 'layout/moves.sql' %}
{% with key_column = sub_key_column %}
{% include 'layout/moves.sql' %}
{% endwith %}
{% include 'layout/without_key.sql' %}
{% with ranged = ranged | default(key_column) %}
{% include 'layout/range/outside.sql' %}
{% endwith %}

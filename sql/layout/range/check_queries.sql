{## What its statements do afterwards. ##}
{% include 'layout/unique_within.sql' %}
{% include 'layout/on_conflict.sql' %}
{% include 'layout/moves.sql' %}
{% include 'layout/without_key.sql' %}
{% with ranged = key_column %}
{% include 'layout/range/outside.sql' %}
{% endwith %}

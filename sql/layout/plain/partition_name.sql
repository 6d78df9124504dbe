{## The rows are in the new table itself. ##}
{% set of_item = target %}

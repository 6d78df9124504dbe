{## The name of the partition `item`: `of_item`, that of its branch and of its interval; and its branch, by value or number as of one level. ##}
{% set branch = {'name': source} %}
{% set of_item = source %}
{% if item is defined and facts.bounds %}
{% set part = facts.bounds[item] %}
{% set branch = {'name': source | suffix(part.stem), 'bound_sql': part.branch_bound_sql} %}
{% set of_item = branch.name | suffix(part.suffix) %}
{% endif %}

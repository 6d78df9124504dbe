{## The name of the partition `item`: `of_item`, that of its interval and of its number in that; and its branch. ##}
{% set branch = {'name': source} %}
{% set of_item = source %}
{% if item is defined and facts.bounds %}
{% set interval = facts.bounds[item // sub_count] %}
{% set branch = {'name': interval.identity | name, 'bound_sql': interval.bound_sql} %}
{% set digits = [2, (sub_count - 1) | string | length] | max %}
{% set of_item = branch.name | suffix('_%0*d' | format(digits, item % sub_count)) %}
{% endif %}

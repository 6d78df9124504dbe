{## Whether the row `alias` belongs to one of the partitions `numbers`: a condition. ##}
{% set gone, values = numbers, facts.bounds | selectattr('place', 'equalto', 0) | map(attribute='value') | select | list %}
(false{% for part in facts.bounds if part.number in gone %}
 OR ({% if part.value is not none %}{% include 'layout/list/as_text.sql' %} = {{ part.value | literal }}{% else %}{% include 'layout/list/as_text.sql' %} <> ALL ({{ values | literal }}::text[]){% endif %}

  {%- with key_column = sub_key_column, numbers = [part.place], facts = {'bounds': facts.bounds | selectattr('branch', 'equalto', 0) | list} %} AND {% include 'layout/range/in_missing.sql' %}{% endwith %})
{% endfor %})

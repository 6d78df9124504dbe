{## Whether the row `alias` belongs to one of the partitions `numbers`: a condition. To the default one, the last, does what is in none
    of the others. ##}
{% set default = facts.bounds | length - 1 %}
({% include 'layout/list/as_text.sql' %} = ANY ({{ facts.bounds | selectattr('number', 'in', numbers) | map(attribute='value') | select | list | literal }}::text[])
  {%- if default in numbers %} OR {% include 'layout/list/as_text.sql' %} <> ALL ({{ facts.bounds | map(attribute='value') | select | list | literal }}::text[]){% endif %})
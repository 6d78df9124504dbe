{## Whether the row `alias` belongs to one of the partitions `numbers`: a condition. To the default one, the last, does what is in none
    of the others. ##}
{% set default = facts.bounds | length - 1 %}
({{ alias | ident }}.{{ key_column | ident }}::text = ANY ({{ facts.bounds | selectattr('number', 'in', numbers) | map(attribute='value') | select | list | literal }}::text[])
  {%- if default in numbers %} OR {{ alias | ident }}.{{ key_column | ident }}::text <> ALL ({{ facts.bounds | map(attribute='value') | select | list | literal }}::text[]){% endif %})
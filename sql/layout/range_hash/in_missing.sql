{## Whether the row `alias` belongs to one of the partitions `numbers`: a condition. Of an interval that is gone as a whole, nobody
    can be asked for the hash, and nobody need be. ##}
{% set gone = numbers %}
(false{% for place in range(facts.bounds | length) %}
{% set of_interval = gone | select('ge', place * sub_count) | select('lt', (place + 1) * sub_count) | list %}
{% if of_interval %}
{% with numbers = [place] %} OR {% include 'layout/range/in_missing.sql' %}{% endwith %}
{% if of_interval | length < sub_count %} AND EXISTS (SELECT FROM unnest({{ of_interval | literal }}::integer[]) AS number
  WHERE satisfies_hash_partition({{ facts.bounds[place].identity | literal }}::regclass, {{ sub_count }}, number % {{ sub_count }}, {{ alias | ident }}.{{ sub_key_column | ident }})){% endif %}
{% endif %}
{% endfor %})

{## The foreign keys into the table whose work triggers do after the swap, as `enforcers`: each `key` with the names of its functions,
    `checks` on the table that refers and `keeps` on this one, and with what the names of its triggers end in:
    {% from 'repartition/incoming_keys/enforcers.sql' import enforcers with context %} ##}
{% set found = namespace(keys=[]) %}
{% for key in facts.incoming_keys | selectattr('by_trigger') %}
{% set ending = '_key' ~ loop.index ~ '_' ~ timestamp %}
{% set found.keys = found.keys + [{'key': key, 'checks': source | suffix('_check' ~ ending), 'keeps': source | suffix('_keeps' ~ ending), 'ending': ending}] %}
{% endfor %}
{% set enforcers = found.keys %}

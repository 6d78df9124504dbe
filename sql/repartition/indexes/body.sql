{## What follows the table in the CREATE INDEX of `index`. -##}
{% if index.body_sql and not (index.primary and routing != 'expression') %}
{{ index.body_sql }}
{%- else %}
USING btree {% include 'repartition/indexes/columns.sql' %}
{%- for parameter in index.parameters %}{% if loop.first %} WITH ({% else %}, {% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% if loop.last %}){% endif %}{% endfor %}
{% endif %}

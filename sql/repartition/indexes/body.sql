{## What follows the table in the CREATE INDEX of `index`. -##}
{% if index.body_sql and index not in of_layout %}
{{ index.body_sql }}
{%- else %}
USING btree {% include 'repartition/indexes/columns.sql' %}
{%- for parameter in index.parameters %}{% if loop.first %} WITH ({% else %}, {% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% if loop.last %}){% endif %}{% endfor %}
{% endif %}

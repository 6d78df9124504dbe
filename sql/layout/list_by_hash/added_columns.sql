{## The columns that it has besides. ##}
{% from 'repartition/earlier.sql' import earlier with context %}
{% if not earlier.owns_key or facts.new_columns -%}
,
  partition_key integer CONSTRAINT {{ (source.name ~ '_partition_key_not_null') | short_name | ident }} NOT NULL
{%- endif %}
{%- if routing == 'column' %},
  CONSTRAINT partition_key_check CHECK (partition_key = {% include 'layout/list_by_hash/key.sql' %})
{%- endif %}
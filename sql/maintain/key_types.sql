{## The types of a key that go with the interval, as literals. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if not unit -%}
'smallint', 'integer', 'bigint', 'numeric'
{%- else -%}
'timestamp with time zone', 'timestamp without time zone', 'uuid'{% if unit != 'hour' %}, 'date'{% endif %}
{%- endif -%}

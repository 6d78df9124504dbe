{## Where a value of the key lies, as a number: an expression of type numeric, by which bounds are compared. Of times the
    seconds since 1970, of a uuid of version 7 those of its time. In scope: key.value, key.type, both text. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if not unit -%}
key.value::numeric
{%- else -%}
CASE key.type
    WHEN 'uuid' THEN ('x0000' || left(replace(key.value, '-', ''), 12))::bit(64)::bigint / 1000.0
    WHEN 'timestamp with time zone' THEN extract(epoch FROM key.value::timestamptz)
    ELSE extract(epoch FROM key.value::timestamp) END::numeric
{%- endif -%}

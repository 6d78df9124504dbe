{## When the bound is reached, where it is one of time: an expression of type timestamptz. -##}
{% from 'layout/range/interval.sql' import zone with context %}
{% if below.type == 'uuid' -%}
to_timestamp(('x0000' || left(replace({{ below.value | literal }}, '-', ''), 12))::bit(64)::bigint / 1000.0)
{%- elif below.type == 'timestamp with time zone' -%}
{{ below.value | literal }}::timestamptz
{%- else -%}
{{ below.value | literal }}::timestamp AT TIME ZONE {{ zone | literal }}
{%- endif %}
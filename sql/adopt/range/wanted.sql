{## Which column is asked for, a text. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if unit %}'a stored column of type timestamptz, timestamp, date, or uuid (version 7), which intervals of time divide'
{%- else %}'a stored column of type bigint, integer, smallint or numeric, which a number divides'{% endif %}
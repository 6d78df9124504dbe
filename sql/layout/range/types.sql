{## The types of a key that the interval divides, as format_type() prints them: an array. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if unit %}ARRAY['date', 'timestamp without time zone', 'timestamp with time zone', 'uuid']{% else %}ARRAY['smallint', 'integer', 'bigint', 'numeric']{% endif %}

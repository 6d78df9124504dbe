{## The types that an interval divides: an array. -##}
{% from 'layout/range/interval.sql' import unit with context %}
{% if unit %}'{date,timestamp,timestamptz,uuid}'::regtype[]{% else %}'{int2,int4,int8,numeric}'::regtype[]{% endif %}
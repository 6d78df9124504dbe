{## The extended statistics of the source for the new table, under names that the swap knows. -##}
{% for statistics in facts.extended_statistics %}
{% set schema, name = statistics.schema, (statistics.name ~ '_new_' ~ timestamp) | short_name %}
CREATE STATISTICS {{ schema | ident }}.{{ name | ident }}{{ statistics.body_sql }} FROM {{ target | ident }};
{% if statistics.target is not none %}
ALTER STATISTICS {{ schema | ident }}.{{ name | ident }} SET STATISTICS {{ statistics.target }};
{% endif %}
{% if statistics.comment is not none %}
COMMENT ON STATISTICS {{ schema | ident }}.{{ name | ident }} IS {{ statistics.comment | literal }};
{% endif %}
{% endfor %}

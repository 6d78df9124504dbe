{## Gives the relation {{ of_schema }}.{{ of_name }} the extended statistics `said`, facts, under their names with `ending`. -##}
{% for statistics in said %}
{% set schema, name = statistics.schema, (statistics.name ~ ending) | short_name %}
CREATE STATISTICS {{ schema | ident }}.{{ name | ident }}{{ statistics.body_sql }} FROM {{ of_schema | ident }}.{{ of_name | ident }};
{% if statistics.target is not none %}
ALTER STATISTICS {{ schema | ident }}.{{ name | ident }} SET STATISTICS {{ statistics.target }};
{% endif %}
{% if statistics.comment is not none %}
COMMENT ON STATISTICS {{ schema | ident }}.{{ name | ident }} IS {{ statistics.comment | literal }};
{% endif %}
{% if statistics.owner_sql is not none %}
ALTER STATISTICS {{ schema | ident }}.{{ name | ident }} OWNER TO {{ statistics.owner_sql }};
{% endif %}
{% endfor %}

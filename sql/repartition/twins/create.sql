-- A materialized view can't be re-pointed, and filling one takes time. So each that reads the table
-- gets a twin on the new table, with the same indexes; the swap exchanges their names.
{% set ending = '_new_' ~ timestamp %}
{% for view in facts.materialized_views %}
{% set twin = (view.name ~ ending) | short_name %}
{% if loop.first %}
-- The twins are created while the new table bears the name, so that each definition is right as it stands; and while a
-- twin bears the name of its view, where others read that.
ALTER TABLE {{ source | ident }} RENAME TO {{ old.name | ident }};
ALTER TABLE {{ target | ident }} RENAME TO {{ source.name | ident }};
{% endif %}
CREATE MATERIALIZED VIEW {{ view.schema | ident }}.{{ twin | ident }} USING {{ view.method | ident }}
{%- if view.options_sql is not none %} WITH ({{ view.options_sql }}){% endif %}
{%- if view.tablespace is not none %} TABLESPACE {{ view.tablespace | ident }}{% endif %} AS
{{ view.definition_sql }}
WITH NO DATA;
-- What fills it and builds its indexes does so as its owner; and default privileges must not show it to those who
-- can't read the view.
CALL pg_temp.executor_keep_private(format('%I.%I', {{ view.schema | literal }}, {{ twin | literal }})::regclass, format('%I.%I', {{ view.schema | literal }}, {{ view.name | literal }})::regclass);
{% if view.has_readers %}
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ view.name | ident }} RENAME TO {{ ('-' ~ twin) | short_name | ident }};
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ twin | ident }} RENAME TO {{ view.name | ident }};
{% endif %}
{% endfor %}
{% for view in facts.materialized_views if view.has_readers %}
{% set twin = (view.name ~ ending) | short_name %}
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ view.name | ident }} RENAME TO {{ twin | ident }};
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ ('-' ~ twin) | short_name | ident }} RENAME TO {{ view.name | ident }};
{% endfor %}
{% if facts.materialized_views %}
ALTER TABLE {{ source | ident }} RENAME TO {{ target.name | ident }};
ALTER TABLE {{ old | ident }} RENAME TO {{ source.name | ident }};
SET LOCAL statement_timeout = 0;
{% endif %}
{% for index in facts.materialized_view_indexes %}
{% set twin, name = (index.relation ~ ending) | short_name, (index.name ~ ending) | short_name %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
CREATE {% if index.is_unique %}UNIQUE {% endif %}INDEX {{ name | ident }} ON {{ index.schema | ident }}.{{ twin | ident }}{{ index.body_sql }};
{% if index.is_clustered %}
ALTER MATERIALIZED VIEW {{ index.schema | ident }}.{{ twin | ident }} CLUSTER ON {{ name | ident }};
{% endif %}
{% for expression in index.statistics_targets %}
ALTER INDEX {{ index.schema | ident }}.{{ name | ident }} ALTER COLUMN {{ expression.column }} SET STATISTICS {{ expression.target }};
{% endfor %}
{% endfor %}
{% for column in facts.materialized_view_targets %}
{% set twin = (column.relation ~ ending) | short_name %}
{% if column.target is not none %}
ALTER MATERIALIZED VIEW {{ column.schema | ident }}.{{ twin | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS {{ column.target }};
{% endif %}
{% if column.options_sql is not none %}
ALTER MATERIALIZED VIEW {{ column.schema | ident }}.{{ twin | ident }} ALTER COLUMN {{ column.name | ident }} SET ({{ column.options_sql }});
{% endif %}
{% endfor %}
{% for item in facts.materialized_view_statistics %}
{% with said = [item], of_schema = item.relation_schema, of_name = (item.relation ~ ending) | short_name %}
{% include 'tables/create_statistics.sql' %}
{% endwith %}
{% endfor %}

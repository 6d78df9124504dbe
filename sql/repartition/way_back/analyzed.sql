{## How the columns and the extended statistics of the table, and of materialized views on it, are analyzed may have been
    changed since the swap: those that come back are analyzed so, too. -##}
{% set option = 'n_distinct_inherited' if facts.table[0].partitioned else 'n_distinct' %}
{% for column in now.statistics_targets if column not in facts.statistics_targets and column.name in now.columns | map(attribute='name') %}
{% set was = facts.statistics_targets | selectattr('name', 'equalto', column.name) | first | default({'target': none, 'distinct_values': none}) %}
{% if column.target != was.target %}
ALTER TABLE {{ old | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS {{ column.target if column.target is not none else -1 }};
{% endif %}
{% if column.distinct_values != was.distinct_values and column.distinct_values is not none %}
ALTER TABLE {% if facts.table[0].partitioned %}ONLY {% endif %}{{ old | ident }} ALTER COLUMN {{ column.name | ident }} SET ({{ option | ident }} = {{ column.distinct_values | literal }});
{% endif %}
{% endfor %}
{% for column in facts.statistics_targets %}
{% set is = now.statistics_targets | selectattr('name', 'equalto', column.name) | first | default({'target': none, 'distinct_values': none}) %}
{% if column.target is not none and now.statistics_targets | selectattr('name', 'equalto', column.name) | list == [] %}
ALTER TABLE {{ old | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS -1;
{% endif %}
{% if column.distinct_values is not none and is.distinct_values is none %}
ALTER TABLE {% if facts.table[0].partitioned %}ONLY {% endif %}{{ old | ident }} ALTER COLUMN {{ column.name | ident }} RESET (n_distinct, n_distinct_inherited);
{% endif %}
{% endfor %}
{% for column in now.materialized_view_targets if column not in facts.materialized_view_targets %}
{% for view in facts.materialized_views if view.schema == column.schema and view.name == column.relation %}
{% set twin = (view.name ~ '_old_' ~ timestamp) | short_name %}
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ twin | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS {{ column.target if column.target is not none else -1 }};
{% if column.options_sql is not none %}
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ twin | ident }} ALTER COLUMN {{ column.name | ident }} SET ({{ column.options_sql }});
{% endif %}
{% endfor %}
{% endfor %}
{% for is in now.extended_statistics + now.materialized_view_statistics %}
{% for was in facts.extended_statistics + facts.materialized_view_statistics if was.schema == is.schema and was.name == is.name and was.body_sql == is.body_sql and was.target != is.target %}
ALTER STATISTICS {{ was.schema | ident }}.{{ (was.name ~ '_old_' ~ timestamp) | short_name | ident }} SET STATISTICS {{ is.target if is.target is not none else -1 }};
{% endfor %}
{% endfor %}

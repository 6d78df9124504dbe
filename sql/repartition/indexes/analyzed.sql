{## How the columns of the new table are analyzed: as those of the source. ##}
{% for column in facts.statistics_targets %}
{% if column.target is not none %}
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS {{ column.target }};
{% endif %}
{% if column.distinct_values is not none %}
{% if partitioned %}
-- What n_distinct says of the one table, n_distinct_inherited says of all partitions together.
{% endif %}
ALTER TABLE ONLY {{ target | ident }} ALTER COLUMN {{ column.name | ident }} SET ({% if partitioned %}n_distinct_inherited{% else %}n_distinct{% endif %} = {{ column.distinct_values | literal }});
{% endif %}
{% endfor %}

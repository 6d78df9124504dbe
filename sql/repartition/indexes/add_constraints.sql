-- What had to wait for the rows, or for all partitions: checks that the source has not validated, and
-- how its columns are analyzed.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% with written = [target], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% for check in facts.checks if not check.validated %}
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ check.name | ident }} {{ check.definition_sql }};
{% endfor %}
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

-- What had to wait for the rows, or for all partitions: checks that the source has not validated, and
-- how its columns are analyzed.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
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
-- What n_distinct says of the one table, n_distinct_inherited says of all partitions together.
ALTER TABLE ONLY {{ target | ident }} ALTER COLUMN {{ column.name | ident }} SET (n_distinct_inherited = {{ column.distinct_values | literal }});
{% endif %}
{% endfor %}

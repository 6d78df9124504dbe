-- What had to wait for the rows: checks that the source has not validated.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
{% with written = [target], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% for check in facts.checks if not check.validated %}
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ check.name | ident }} {{ check.definition_sql }};
{% endfor %}

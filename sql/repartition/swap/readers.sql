
-- Views, rules, functions and policies are bound to a table and not to its name: said again, they are
-- bound to the one that has the name now, and keep owner, grants, comments, defaults and triggers.
{% for reader in said.readers if reader.statement_sql is not none %}
{{ reader.statement_sql }};
{% endfor %}

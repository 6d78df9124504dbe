-- Whose code would run with the rights of this session when {{ table | ident }} is read as a whole{% if written %} and written to{% endif %}.
WITH relations (oid, written) AS (SELECT to_regclass({{ table | literal }})::oid, {{ written | literal }})
SELECT * FROM (
{% include 'security/foreign_code.sql' %}
) AS foreign_code;

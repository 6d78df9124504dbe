-- Where this session's role looks for names, and whether the table's name alone means it.
SELECT found.path, known.bare, known.presumed
FROM (SELECT r.oid AS role FROM pg_roles AS r WHERE r.rolname = session_user) AS asked
{% include 'queries/path.sql' %}

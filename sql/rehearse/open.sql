{## All roles may make things in some schemas, and refer to the tables of those that nobody can become, as long as a database is
    made anew. -##}
{% for schema in schemas %}
GRANT USAGE, CREATE ON SCHEMA {{ schema | ident }} TO {{ open | ident }};
{% endfor %}
{% for table in tables %}
GRANT REFERENCES ON {{ table | ident }} TO {{ open | ident }};
{% endfor %}

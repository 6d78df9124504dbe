{## Who writes instead of a superuser may write to all tables, as that one may. -##}
{% for schema in schemas %}
GRANT USAGE ON SCHEMA {{ schema | ident }} TO {{ writer | ident }};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{ schema | ident }} TO {{ writer | ident }};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {{ schema | ident }} TO {{ writer | ident }};
{% endfor %}

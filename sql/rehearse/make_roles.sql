{## The roles of the real server by name. They can log in, as nobody but us reaches the server, and none is a superuser. Besides
    there are three: one that can become the others, and makes what they own; one by which they may make things in all schemas;
    and one that writes to tables of a superuser. The one that runs the plan, if it is a superuser in truth, and those who are as
    powerful, make their own: nobody can become them. -##}
CREATE ROLE {{ maker | ident }} LOGIN BYPASSRLS;
CREATE ROLE {{ open | ident }};
CREATE ROLE {{ writer | ident }} LOGIN BYPASSRLS;
GRANT pg_read_all_data, {{ open | ident }} TO {{ maker | ident }};
{% for role in roles %}
CREATE ROLE {{ role.name | ident }} LOGIN
  {% if not role.inherits %} NOINHERIT {% endif %} {% if role.creates_roles %} CREATEROLE {% endif %}
  {% if role.creates_databases %} CREATEDB {% endif %} {% if role.replicates %} REPLICATION {% endif %}
  {% if role.bypasses_policies %} BYPASSRLS {% endif %};
GRANT {{ open | ident }} TO {{ role.name | ident }} WITH INHERIT TRUE, SET FALSE;
{% if not role.as_powerful %}
GRANT {{ role.name | ident }} TO {{ maker | ident }} WITH INHERIT TRUE;
{% endif %}
{% endfor %}
{% for role in roles if role.as_powerful %}{% for other in roles if not other.as_powerful %}
GRANT {{ other.name | ident }} TO {{ role.name | ident }} WITH INHERIT TRUE, SET FALSE;
{% endfor %}{% endfor %}

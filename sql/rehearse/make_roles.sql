{## The roles of the real server by name. They can log in, as nobody but us reaches the server, and none is a superuser. Besides
    there is one that writes to tables of a superuser. -##}
CREATE ROLE {{ writer | ident }} LOGIN BYPASSRLS;
{% for role in roles %}
CREATE ROLE {{ role.name | ident }} LOGIN
  {% if not role.inherits %} NOINHERIT {% endif %} {% if role.creates_roles %} CREATEROLE {% endif %}
  {% if role.creates_databases %} CREATEDB {% endif %} {% if role.replicates %} REPLICATION {% endif %}
  {% if role.bypasses_policies %} BYPASSRLS {% endif %};
{% endfor %}

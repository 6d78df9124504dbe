{## Who may connect to it, which on a server that is not ours is nobody else; and who may make schemas in it. -##}
{% if not ours %}
REVOKE ALL ON DATABASE {{ name | ident }} FROM PUBLIC;
{% endif %}
{% for role in makers %}
GRANT CREATE ON DATABASE {{ name | ident }} TO {{ role | ident }};
{% endfor %}
ALTER DATABASE {{ name | ident }} ALLOW_CONNECTIONS true

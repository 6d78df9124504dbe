{## Who may make schemas in it. -##}
{% for role in makers %}
GRANT CREATE ON DATABASE {{ name | ident }} TO {{ role | ident }};
{% endfor %}

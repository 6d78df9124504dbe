{## All has been made anew: the roles have what they have in truth, and the one that runs the plan, if it is a superuser, is one. -##}
DROP ROLE {{ open | ident }}, {{ maker | ident }};
{% for role in roles if role.as_powerful %}{% for other in roles if not other.as_powerful %}
REVOKE {{ other.name | ident }} FROM {{ role.name | ident }};
{% endfor %}{% endfor %}
{% for role in roles %}{% for group in role.member_of %}
GRANT {{ group | ident }} TO {{ role.name | ident }};
{% endfor %}{% endfor %}
{% for role in roles if role.super %}
ALTER ROLE {{ role.name | ident }} SUPERUSER;
{% endfor %}

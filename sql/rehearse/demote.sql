{## What promote.sql has given is taken away; lower.sql comes next. -##}
{% for role in roles if role.super %}
ALTER ROLE {{ role.name | ident }} NOSUPERUSER;
{% endfor %}
{% for role in roles %}{% for group in role.member_of %}
REVOKE {{ group | ident }} FROM {{ role.name | ident }};
{% endfor %}{% endfor %}

{## A database can be made anew, and by nobody who is powerful. There are two roles besides: one that can become the others, and
    makes what they own; and one by which they may make things in all schemas. The one that runs the plan, if it is a superuser in
    truth, and those who are as powerful, make their own: nobody can become them. -##}
CREATE ROLE {{ maker | ident }} LOGIN BYPASSRLS;
CREATE ROLE {{ open | ident }};
GRANT pg_read_all_data, {{ open | ident }} TO {{ maker | ident }};
{% for role in roles %}
GRANT {{ open | ident }} TO {{ role.name | ident }} WITH INHERIT TRUE, SET FALSE;
{% if not role.as_powerful %}
GRANT {{ role.name | ident }} TO {{ maker | ident }} WITH INHERIT TRUE;
{% endif %}
{% endfor %}
{% for role in roles if role.as_powerful %}{% for other in roles if not other.as_powerful %}
GRANT {{ other.name | ident }} TO {{ role.name | ident }} WITH INHERIT TRUE, SET FALSE;
{% endfor %}{% endfor %}

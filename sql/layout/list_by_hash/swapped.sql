{## Nobody but the owner of the table is to own what fires for it. -##}
{% from 'repartition/earlier.sql' import ending with context %}
{% for owner in facts.owner if routing == 'expression' %}
ALTER FUNCTION {{ source | suffix(ending) | ident }}() OWNER TO {{ owner.role_sql }};
{% endfor %}

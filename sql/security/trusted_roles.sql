{## The roles whose code and rows may work with the rights of this session, as who_is_trusted.sql says: a SELECT of oids,
    without its semicolon. The sessions of the flagship plan have it as a function. -##}
{% if session is defined and session in ['security/session.sql', 'repartition/session.sql'] %}
SELECT oid FROM pg_temp.executor_trusted_roles() AS trusted (oid)
{% else %}
{% include 'security/who_is_trusted.sql' %}
{% endif %}

{## Why the registry of backups `registry.oid` is neither read nor written, or NULL, as why_doubt.sql says: an expression.
    The sessions of the flagship plan have it as a function. -##}
{% if session is defined and session == 'repartition/session.sql' %}
pg_temp.executor_registry_doubt(registry.oid)
{% else %}
{% include 'backups/why_doubt.sql' %}
{% endif %}

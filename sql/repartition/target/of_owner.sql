{## Whether `made`, a row of pg_class, belongs to the owner of the table, to the one that it had when the run began, or to a role that
    this session trusts. -##}
(made.relowner::regrole::text = ANY ({{ facts.owner | map(attribute='name') | list | literal }}::text[]) OR made.relowner IN (
SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }}) UNION ALL (
{% include 'security/trusted_roles.sql' %}
)))

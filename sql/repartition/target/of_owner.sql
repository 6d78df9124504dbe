{## Whether `made`, a row of pg_class, belongs to the owner of the table, or to a role that this session trusts. -##}
(made.relowner::regrole::text = ANY ({{ facts.owner | map(attribute='name') | list | literal }}::text[]) OR made.relowner IN (
{% include 'security/trusted_roles.sql' %}
))

{## Gives the table `relation` to the owner of the source and to nobody else, as keep_private.sql says. -##}
DO $executor$
DECLARE
  executor_relation CONSTANT regclass := {{ relation | literal }};
  executor_owner CONSTANT oid := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
{% include 'security/keep_private.sql' %}
$executor$;

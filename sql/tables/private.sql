{## Gives the table `relation` to the owner of the source and to nobody else, as keep_private.sql says. -##}
DO $executor$
DECLARE
  kept CONSTANT regclass := {{ relation | literal }};
  owner_of CONSTANT regclass := {{ source | literal }};
{% include 'security/keep_private.sql' %}
$executor$;

{## Gives what restored.sql has made to the owner of {{ owner }} alone, if there is any. -##}
DO $executor$
DECLARE
  function CONSTANT text := format('%I.%I', {{ target.schema | literal }}, {{ (target | suffix('_partition_key')).name | literal }});
  owner_of CONSTANT regclass := {{ owner | literal }};
{% include 'security/keep_function_private.sql' %}
$executor$;

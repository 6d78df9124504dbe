{## Gives what restored.sql has made to the owner of {{ owner }} alone, if there is any. -##}
DO $executor$
DECLARE
  function CONSTANT text := (
    SELECT f.oid::regprocedure FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = {{ target | literal }}::regclass AND t.tgname = 'zz_partition_key'
      AND f.oid = to_regprocedure(format('%I.%I()', {{ target.schema | literal }}, {{ (target | suffix('_partition_key')).name | literal }})));
  owner_of CONSTANT regclass := {{ owner | literal }};
{% include 'security/keep_function_private.sql' %}
$executor$;

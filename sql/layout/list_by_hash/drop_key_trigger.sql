-- IF EXISTS: a printed script undoes every step, also one that was skipped.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
{% from 'repartition/earlier.sql' import ending with context %}
DO $executor$
DECLARE
  stray record;
BEGIN
{% with functions = [source | suffix(ending)] %}
{% include 'repartition/log/drop_strays.sql' %}
{% endwith %}
END
$executor$;
DROP FUNCTION IF EXISTS {{ source | suffix(ending) | ident }}();

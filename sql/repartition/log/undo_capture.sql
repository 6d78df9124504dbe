-- Ends the log of what is written to the table, and drops the functions that need it.
-- Lock: ACCESS EXCLUSIVE on the table and its partitions; short, and given up after lock_timeout, which counts for all of
-- them together.
DO $executor$
DECLARE
  stray record;
BEGIN
{% with functions = [log, back_log] %}
{% include 'repartition/log/drop_strays.sql' %}
{% endwith %}
END
$executor$;

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};
LOCK TABLE {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
SET LOCAL statement_timeout = 0;
{% with relation = source %}
{% include 'repartition/log/drop.sql' %}
{% endwith %}
DROP FUNCTION IF EXISTS {{ back_log | ident }}();
DROP FUNCTION IF EXISTS {{ sync | ident }}(boolean, integer, integer);

-- Ends the log of what is written to the table, and drops the functions that need it.
-- Lock: ACCESS EXCLUSIVE on the table; short, and given up after lock_timeout.
DO $executor$
DECLARE
  stray record;
BEGIN
{% with functions = [log, back_log] %}
{% include 'repartition/log/drop_strays.sql' %}
{% endwith %}
END
$executor$;
{% with relation = source %}
{% include 'repartition/log/drop.sql' %}
{% endwith %}
DROP FUNCTION IF EXISTS {{ back_log | ident }}();
DROP FUNCTION IF EXISTS {{ sync | ident }}(boolean, integer, integer);

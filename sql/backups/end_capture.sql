-- Ends the log for the way back in the next partition of the table in use, and says how many are left.
-- Lock: ACCESS EXCLUSIVE on that partition, for an instant, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

CREATE TEMPORARY TABLE captures ON COMMIT DROP AS
SELECT capture.*
FROM (
{% include 'backups/entry.sql' %}
) AS entry
CROSS JOIN LATERAL (
{% include 'backups/captures.sql' %}
) AS capture;

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT name, relation::regclass AS relation FROM pg_temp.captures
    WHERE relation = (SELECT min(c.relation) FROM pg_temp.captures AS c)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.name, item.relation);
  END LOOP;
END
$executor$;

SELECT greatest(count(DISTINCT relation) - 1, 0) AS left FROM pg_temp.captures;

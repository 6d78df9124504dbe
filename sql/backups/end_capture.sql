-- Asks for what ends the log for the way back in the next partition of the table in use.
-- Lock: ACCESS EXCLUSIVE on that partition, for an instant, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

SELECT format('DROP TRIGGER %I ON %s', name, relation::regclass) AS statement
FROM (
  SELECT capture.*, min(capture.relation) OVER () AS next
  FROM (
{% include 'backups/entry.sql' %}
  ) AS entry
  CROSS JOIN LATERAL (
{% include 'backups/captures.sql' %}
  ) AS capture
) AS captures
WHERE relation = next
ORDER BY name;

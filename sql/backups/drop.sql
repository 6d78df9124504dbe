-- Deletes an entry, and asks for what drops what it stands for, with what it has for the way back. Never CASCADE: what
-- hangs on it stops this.
-- Lock: ACCESS EXCLUSIVE on what is dropped, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

-- asked before anything goes: what it reads is how a view is known
CREATE TEMPORARY TABLE going ON COMMIT DROP AS
SELECT ours.*
FROM (
{% include 'backups/entry.sql' %}
) AS entry
CROSS JOIN LATERAL (
{% include 'backups/way_back.sql' %}
) AS ours;

DELETE FROM {{ registry | ident }} WHERE id = {{ id }};

SELECT statement
FROM (
  SELECT 1 AS phase, place, format('DROP MATERIALIZED VIEW %s', oid::regclass) AS statement FROM pg_temp.going WHERE kind = 'VIEW'
{% if oid %}
  UNION ALL
  SELECT 2, 0, format('DROP TABLE %s', {{ oid }}::regclass)
{% endif %}
  UNION ALL
  SELECT 3, place, format('DROP FUNCTION %s', oid::regprocedure) FROM pg_temp.going WHERE kind = 'FUNCTION'
  UNION ALL
  SELECT 4, place, format('DROP TABLE %s', oid::regclass) FROM pg_temp.going WHERE kind = 'LOG'
) AS drops
ORDER BY phase, place;

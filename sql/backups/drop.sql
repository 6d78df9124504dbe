-- Drops what an entry stands for, with what it has for the way back, and the entry. Never CASCADE: what
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

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT oid::regclass AS view FROM pg_temp.going WHERE kind = 'VIEW' ORDER BY place LOOP
    EXECUTE format('DROP MATERIALIZED VIEW %s', item.view);
  END LOOP;
{% if oid %}
  EXECUTE format('DROP TABLE %s', {{ oid }}::regclass);
{% endif %}
  FOR item IN SELECT oid::regprocedure AS function FROM pg_temp.going WHERE kind = 'FUNCTION' ORDER BY place LOOP
    EXECUTE format('DROP FUNCTION %s', item.function);
  END LOOP;
  FOR item IN SELECT oid::regclass AS log FROM pg_temp.going WHERE kind = 'LOG' LOOP
    EXECUTE format('DROP TABLE %s', item.log);
  END LOOP;
END
$executor$;

DELETE FROM {{ registry | ident }} WHERE id = {{ id }};

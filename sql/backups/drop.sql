-- Drops what an entry stands for, with what it has for the way back, and the entry. Never CASCADE: what
-- hangs on it stops this.
-- Lock: ACCESS EXCLUSIVE on what is dropped, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

DO $executor$
DECLARE
  way_back jsonb := (SELECT r.way_back FROM {{ registry | ident }} AS r WHERE r.id = {{ id }});
  item record;
BEGIN
  FOR item IN
    SELECT c.oid::regclass AS view
    FROM jsonb_array_elements_text(way_back -> 'views') WITH ORDINALITY AS noted (name, place)
    JOIN pg_class AS c ON c.oid = to_regclass(noted.name) AND c.relkind = 'm'
    ORDER BY noted.place
  LOOP
    EXECUTE format('DROP MATERIALIZED VIEW %s', item.view);
  END LOOP;
{% if oid %}
  EXECUTE format('DROP TABLE %s', {{ oid }}::regclass);
{% endif %}
  FOR item IN
    SELECT p.oid::regprocedure AS function
    FROM jsonb_array_elements_text(way_back -> 'functions') AS noted (name)
    JOIN pg_proc AS p ON p.oid = to_regprocedure(noted.name)
  LOOP
    EXECUTE format('DROP FUNCTION %s', item.function);
  END LOOP;
  FOR item IN
    SELECT c.oid::regclass AS log
    FROM pg_class AS c
    WHERE c.oid = to_regclass(way_back ->> 'log') AND obj_description(c.oid, 'pg_class') LIKE 'Keys of what was written to the table%'
  LOOP
    EXECUTE format('DROP TABLE %s', item.log);
  END LOOP;
END
$executor$;

DELETE FROM {{ registry | ident }} WHERE id = {{ id }};

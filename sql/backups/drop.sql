-- Drops what an entry stands for, with what it has for the way back, and the entry. Never CASCADE: what
-- hangs on it stops this.
-- Lock: ACCESS EXCLUSIVE on what is dropped.
DO $executor$
DECLARE
  way_back jsonb := (SELECT r.way_back FROM {{ registry | ident }} AS r WHERE r.id = {{ id }});
  item record;
BEGIN
  FOR item IN
    SELECT c.oid::regclass AS view
    FROM jsonb_array_elements_text(way_back -> 'views') WITH ORDINALITY AS noted (oid, place)
    JOIN pg_class AS c ON c.oid = noted.oid::oid AND c.relkind = 'm'
    ORDER BY noted.place
  LOOP
    EXECUTE format('DROP MATERIALIZED VIEW %s', item.view);
  END LOOP;
{% if oid %}
  EXECUTE format('DROP TABLE %s', {{ oid }}::regclass);
{% endif %}
  FOR item IN
    SELECT p.oid::regprocedure AS function
    FROM jsonb_array_elements_text(way_back -> 'functions') AS noted (oid)
    JOIN pg_proc AS p ON p.oid = noted.oid::oid
  LOOP
    EXECUTE format('DROP FUNCTION %s', item.function);
  END LOOP;
  FOR item IN
    SELECT c.oid::regclass AS log
    FROM pg_class AS c
    WHERE c.oid = (way_back ->> 'log')::oid AND obj_description(c.oid, 'pg_class') LIKE 'Keys of what was written to the table%'
  LOOP
    EXECUTE format('DROP TABLE %s', item.log);
  END LOOP;
END
$executor$;

DELETE FROM {{ registry | ident }} WHERE id = {{ id }};

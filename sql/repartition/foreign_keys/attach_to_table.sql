-- The next foreign key that forbids a delete, for the table as a whole. It adopts the equal, validated keys
-- of its partitions, so no row is read again. One a transaction, so that never two referenced tables are
-- locked.
-- Lock: SHARE ROW EXCLUSIVE on the table, ACCESS EXCLUSIVE on the referenced table, whose triggers for the
-- partitions are joined: about 1 ms for each partition. It asks for both without that first, so it
-- waits three times, each time for lock_timeout at most.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% with first = source, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

DO $executor$
DECLARE
  key record;
BEGIN
  SELECT lacking.*, note.comment INTO key
  FROM (
{% with whole = source %}
{% include 'repartition/foreign_keys/unattached.sql' %}
{% endwith %}
  ) AS lacking
  LEFT JOIN (
{% with kept = old %}
{% include 'repartition/way_back/noted_keys.sql' %}
{% endwith %}
  ) AS note ON note.name = lacking.conname
  ORDER BY lacking.conname LIMIT 1;
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', {{ source | literal }}, key.conname, key.definition);
  IF key.comment IS NOT NULL THEN
    EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.conname, {{ source | literal }}, key.comment);
  END IF;
END
$executor$;

-- Ends the way back of a run, whose old table is about to be dropped: what is written to the table is not
-- logged any more, and the journal says so. From here on there is no rollback of that run.
-- Its last statement asks for those that do that.
-- Lock: ACCESS EXCLUSIVE on the table in use, for an instant, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

UPDATE {{ registry | ident }} SET started = now() WHERE id = {{ id }};

{% if journal %}
-- the higher epoch shuts out a rollback that is about to begin
UPDATE executor.runs AS r
SET epoch = epoch + 1, closed = format('its old table %s was dropped by executor backups cleanup on %s', {{ table.name | literal }}, to_char(now(), 'YYYY-MM-DD'))
WHERE name_timestamp = {{ run | literal }} AND variables ->> 'old' = {{ table | string | literal }} AND status = 'succeeded';

DO $executor$
BEGIN
  IF EXISTS (SELECT FROM executor.runs WHERE name_timestamp = {{ run | literal }} AND status IN ('running', 'failed')) THEN
    RAISE EXCEPTION 'a rollback of its run has just begun';
  END IF;
END
$executor$;
{% endif %}

SELECT format('DROP TRIGGER %I ON %s', capture.name, capture.relation::regclass) AS statement
FROM (
{% include 'backups/entry.sql' %}
) AS entry
CROSS JOIN LATERAL (
{% include 'backups/captures.sql' %}
) AS capture
WHERE NOT capture.partition
ORDER BY capture.relation, capture.name;

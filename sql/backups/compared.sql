-- Whether a new backup holds what its original holds in this snapshot.
{% include 'backups/measure.sql' %}

{% with schema = registry.schema, writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

SELECT e.record_count = content.record_count AND e.digest = content.digest AS same, e.record_count AS rows,
  to_char(e.retention_until, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS retention_until
FROM {{ registry | ident }} AS e
CROSS JOIN (
{% include 'tables/digest.sql' %}
) AS content
WHERE e.table_oid = {{ backup | literal }}::regclass

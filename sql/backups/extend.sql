-- Lengthens the retention of an entry: from its end, or from now if that has passed. Not one that is
-- kept for ever, or whose cleanup was begun.
{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

UPDATE {{ registry | ident }}
SET retention_until = greatest(retention_until, now()) + make_interval(days => {{ days }})
WHERE id = {{ id }} AND retention_until IS NOT NULL AND started IS NULL
RETURNING to_char(retention_until::timestamptz, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS retention_until;

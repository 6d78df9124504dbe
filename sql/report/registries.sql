-- The registries of backups in this database that can be read; `doubt` says why one is left alone.
SELECT schema, doubt
FROM (
{% include 'backups/registries.sql' %}
) AS registry
WHERE readable OR doubt IS NOT NULL

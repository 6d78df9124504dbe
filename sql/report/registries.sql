-- The registries of backups in this database that can be read.
SELECT schema
FROM (
{% include 'backups/registries.sql' %}
) AS registry
WHERE readable

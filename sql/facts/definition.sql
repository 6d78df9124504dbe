-- The whole definition of the table, for the registry of backups, where the old table is the backup: when it is entered,
-- it has lost its foreign keys, and the names of its indexes and sequences. As text, since nothing but a restore reads it.
SELECT {{ source.name | literal }} AS name, CAST({% include 'tables/definition.sql' %} AS text) AS definition
FROM (SELECT to_regclass({{ source | literal }}) AS executor_original) AS asked
WHERE executor_original IS NOT NULL AND {{ (backup == 'old_table') | literal }}

{## Enters `table` into the registry as `kind`, with its retention and the definition of `original`: the
    table that a backup is of, or the old table itself. -##}
DO $executor$
DECLARE
  executor_kept CONSTANT regclass := {{ table | literal }};
  executor_original CONSTANT regclass := {{ original | literal }};
  executor_kind CONSTANT text := {{ kind | literal }};
  executor_definition CONSTANT jsonb := NULL;
{% include 'backups/registered.sql' %}
$executor$;

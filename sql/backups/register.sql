{## Enters `table` into the registry as `kind`, with its retention and the definition of `original`: the
    table that a backup is of, or the old table itself. With `of_plan` it calls procedures that the sessions of a plan
    have. -##}
{% if of_plan %}
CALL pg_temp.executor_measure({{ table | literal }});
CALL pg_temp.executor_note_sequences({{ original | literal }});
{% else %}
{% include 'backups/measure.sql' %}

{% with relation = original %}
{% include 'backups/sequences.sql' %}
{% endwith %}
{% endif %}

INSERT INTO {{ source.schema | ident }}.migration_backups (
  backup_table_name, original_table_name, record_count, migration_revision, retention_until,
  kind, run, table_oid, size_bytes, digest, verified_at, definition
)
SELECT
  {{ table.name | literal }},
  {{ source.name | literal }},
  content.record_count,
  {{ revision | literal }},
  now() + {{ retention | literal }}::interval,
  {{ kind | literal }},
  {{ timestamp | literal }},
  {{ table | literal }}::regclass,
  (SELECT sum(pg_total_relation_size(relid)) FROM (
    SELECT {{ table | literal }}::regclass AS relid
    UNION SELECT relid FROM pg_partition_tree({{ table | literal }}::regclass)) AS tree),
  content.digest,
  now(),
{% if of_plan %}
  pg_temp.executor_definition({{ original | literal }})
{% else %}
{% include 'tables/definition.sql' %}
{% endif %}

FROM (
{% include 'tables/digest.sql' %}
) AS content{% if not of_plan %} CROSS JOIN (SELECT {{ original | literal }}::regclass) AS defined (relation){% endif %};

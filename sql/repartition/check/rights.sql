-- Whether the role of this session may do all that the plan does. Reads the catalogs.
{% set validated = facts.incoming_keys | selectattr('kept') | selectattr('validated') | selectattr('enforced') | map(attribute='relation') | unique | list %}
{% with written = [], read = [source] + validated, called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), me AS (
  SELECT rolname::text AS name, rolsuper FROM pg_roles WHERE rolname = current_user
)
SELECT
  'owner' AS subject,
  format('%s, or a role of which it is a member', me.name) AS expected,
  CASE WHEN count(tree.oid) = 0 THEN me.name
    ELSE {% include 'tables/listed.sql' %} END
    || CASE WHEN coalesce(bool_and(pg_has_role(tree.relowner, 'USAGE')), true) THEN ''
       ELSE '; run the plan as the owner' END AS actual,
  coalesce(bool_and(pg_has_role(tree.relowner, 'USAGE')), true) AS passed
FROM me LEFT JOIN tree ON true
CROSS JOIN LATERAL (SELECT tree.relowner::regrole::text) AS listed (name)
GROUP BY me.name
UNION ALL
-- What is on the table comes to be on the new one, to which the plan writes.
SELECT
  'code with the rights of this role', 'none of a role that has fewer',
  coalesce(nullif(current_setting('executor.foreign_code'), '')
    || format('; run the plan as the owner of the table, %s, or as a role that is a member of it and nothing else. '
              'Or drop this, or let a role own it that you trust', (SELECT pg_get_userbyid(relowner) FROM source)), 'none'),
  current_setting('executor.foreign_code') = ''
UNION ALL
SELECT
  {{ ('schema ' ~ source.schema) | literal }}, 'CREATE for this role and for the owner of the table',
  coalesce('not for ' || {% include 'tables/listed.sql' %}
    || format('; GRANT CREATE ON SCHEMA %I', {{ source.schema | literal }}), 'granted'),
  count(listed.name) = 0
FROM me
LEFT JOIN source ON true
LEFT JOIN LATERAL (
  SELECT me.name
  WHERE NOT has_schema_privilege(to_regnamespace(quote_ident({{ source.schema | literal }})), 'CREATE')
  UNION ALL
  -- giving the new table to the owner needs it too, unless a superuser does it
  SELECT source.relowner::regrole::text
  WHERE NOT me.rolsuper AND source.oid IS NOT NULL AND source.relowner <> me.name::regrole
    AND NOT has_schema_privilege(source.relowner, to_regnamespace(quote_ident({{ source.schema | literal }})), 'CREATE')
) AS listed (name) ON true
UNION ALL
-- those of the new table, and of the twins of materialized views, are made beside them
SELECT
  'schemas of extended statistics', 'USAGE and CREATE for this role',
  coalesce(format('not on %s; GRANT USAGE, CREATE ON SCHEMA, or drop the statistics', {% include 'tables/listed.sql' %}), 'granted'),
  count(statistics.schema) = 0
FROM (VALUES (NULL::text){% for item in facts.extended_statistics + facts.materialized_view_statistics %}, ({{ item.schema | literal }}){% endfor %}) AS statistics (schema)
CROSS JOIN LATERAL (SELECT quote_ident(statistics.schema)) AS listed (name)
WHERE NOT (has_schema_privilege(to_regnamespace(quote_ident(statistics.schema)), 'USAGE')
  AND has_schema_privilege(to_regnamespace(quote_ident(statistics.schema)), 'CREATE'))
UNION ALL
-- they give their names to those
SELECT
  'owner of extended statistics', format('%s, or a role of which it is a member', me.name),
  coalesce({% include 'tables/listed.sql' %} || '; ALTER STATISTICS ... OWNER TO, or drop them', me.name),
  count(statistics.name) = 0
FROM me
LEFT JOIN (VALUES (NULL::text, NULL::text, NULL::text){% for item in facts.extended_statistics + facts.materialized_view_statistics if not item.may_alter %}, ({{ item.schema | literal }}, {{ item.name | literal }}, {{ item.owner | literal }}){% endfor %}) AS statistics (schema, name, owner)
  ON statistics.name IS NOT NULL
CROSS JOIN LATERAL (SELECT quote_ident(statistics.schema) || '.' || quote_ident(statistics.name) || ' of ' || statistics.owner) AS listed (name)
GROUP BY me.name
UNION ALL
SELECT
  'temporary tables', 'TEMPORARY on the database',
  CASE WHEN may.make THEN 'granted' ELSE format('not granted; GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), me.name) END,
  may.make
FROM me
CROSS JOIN LATERAL (SELECT has_database_privilege(current_database(), 'TEMPORARY')) AS may (make)
UNION ALL
SELECT
  'referenced tables', 'REFERENCES on each',
  coalesce('not on ' || {% include 'tables/listed.sql' %} || '; GRANT REFERENCES', 'granted'),
  count(f.confrelid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND NOT has_table_privilege(f.confrelid, 'REFERENCES')
CROSS JOIN LATERAL (SELECT f.confrelid::regclass::text) AS listed (name)
UNION ALL
-- A key into the table is dropped there, and added again.
SELECT
  'owner of the tables that refer to the table', format('%s, or a role of which it is a member', me.name),
  coalesce({% include 'tables/listed.sql' %}
    || '; their foreign keys are dropped and added again in the swap: run the plan as a role that is a member of both owners, and may use the schemas', me.name),
  count(f.oid) = 0
FROM me
LEFT JOIN (pg_constraint AS f JOIN pg_class AS r ON r.oid = f.conrelid)
  ON f.contype = 'f' AND f.confrelid IN (SELECT oid FROM tree) AND f.conparentid = 0
  AND NOT (pg_has_role(r.relowner, 'USAGE') AND has_schema_privilege(r.relnamespace, 'USAGE'))
CROSS JOIN LATERAL (SELECT f.conrelid::regclass || ' of ' || r.relowner::regrole) AS listed (name)
GROUP BY me.name
{% if old_snapshots == 'wait' %}
UNION ALL
SELECT
  'sessions of other roles', 'can be seen',
  CASE WHEN sees.is_so THEN 'can be seen'
    ELSE format('can''t; an older transaction could miss rows in the new table unnoticed. GRANT pg_read_all_stats TO %I, '
                'or --var old_snapshots=allow', me.name) END,
  sees.is_so
FROM me
CROSS JOIN LATERAL (SELECT me.rolsuper OR pg_has_role('pg_read_all_stats', 'USAGE')) AS sees (is_so)
{% else %}
UNION ALL
-- the plan waits for what it can't see, and would wait for ever
SELECT
  'lag of the replicas', 'can be seen',
  CASE WHEN sees.is_so THEN 'can be seen' ELSE format('can''t; GRANT pg_read_all_stats TO %I', me.name) END,
  sees.is_so
FROM me
CROSS JOIN LATERAL (SELECT me.rolsuper OR pg_has_role('pg_read_all_stats', 'USAGE')
                      OR NOT EXISTS (SELECT FROM pg_stat_replication)) AS sees (is_so)
{% endif %}
UNION ALL
SELECT
  'registry of backups', 'may be read and written, and only by roles that this one trusts',
  coalesce(
    registry.oid::regclass || ': ' || doubt.said || CASE WHEN doubt.said LIKE 'it is another table %' THEN ''
      ELSE '. Run the plan as its owner, or see docs/backups.md: whose a registry is' END,
    CASE WHEN may.write THEN 'may be' ELSE format('%s belongs to %s, and this role may not write to it; run the plan as that role, '
      'or let it ALTER TABLE %1$s OWNER TO the owner of the table', registry.oid::regclass, (SELECT relowner::regrole FROM pg_class WHERE oid = registry.oid)) END),
  doubt.said IS NULL AND may.write
FROM (SELECT to_regclass(format('%I.migration_backups', {{ source.schema | literal }}))::oid AS oid) AS registry
CROSS JOIN LATERAL (
  SELECT CASE WHEN registry.oid IS NOT NULL THEN
{% include 'backups/registry_doubt.sql' %}
  END
) AS doubt (said)
CROSS JOIN LATERAL (
  SELECT registry.oid IS NULL OR has_table_privilege(registry.oid, 'SELECT') AND has_table_privilege(registry.oid, 'INSERT')
    AND has_table_privilege(registry.oid, 'UPDATE') AND has_table_privilege(registry.oid, 'DELETE')
) AS may (write)
UNION ALL
-- With row_security off a filtered read is an error; here it is a sentence, before anything is done.
SELECT
  'row level security', 'lets this role see every row',
  coalesce('hides rows of ' || {% include 'tables/listed.sql' %}
    || '; run the plan as the owner without FORCE, or as a role with BYPASSRLS', 'lets it'),
  count(tree.oid) = 0
FROM source
LEFT JOIN tree ON row_security_active(tree.oid)
CROSS JOIN LATERAL (SELECT tree.oid::regclass::text) AS listed (name)

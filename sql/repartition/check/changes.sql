-- What will be different with the new table, and what may hold up the run; none of it stops the plan.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% import 'layout/' ~ layout ~ '/shape.sql' as shape with context %}
-- Reads the catalogs{% if shape.even | default(false) %}, and the key of every row{% endif %}.
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

DO {% set body %}

DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass({{ source | literal }}) AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  most bigint := 0;
  total bigint := 0;
  by_ctid text;
  by_only text;
BEGIN
{% if shape.even | default(false) %}
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = source AND attname = {{ key_column | literal }}) THEN
    SELECT coalesce(max(n), 0), coalesce(sum(n), 0) INTO most, total
    FROM (SELECT count(*) AS n FROM {{ source | ident }} AS r GROUP BY r.{{ key_column | ident }}) AS counted;
  END IF;
{% endif %}
{% if partitioned %}
  BEGIN  -- the extension may be missing, not loaded by the server, or silent about others' statements
    EXECUTE (
      SELECT format($query$
SELECT coalesce(
  min(regexp_replace(left(query, 100), '\s+', ' ', 'g')) FILTER (
    WHERE query ~* '\mctid\M' AND query !~* '\mtableoid\M|executor' AND strpos(lower(query), lower(%1$L)) > 0
      AND strpos(lower(query), lower(%2$L)) = 0),
  CASE WHEN NOT bool_or(query = '<insufficient privilege>') THEN 'none' END),
-- a foreign key asks with an operator of pg_catalog
coalesce(
  min(regexp_replace(left(query, 100), '\s+', ' ', 'g')) FILTER (
    WHERE query ~* ('\mONLY\s*\(?\s*[^[:space:](),;]*' || %4$L || '(?![[:alnum:]_$])')
      AND query !~* '^(\s|--[^\n]*\n)*(ALTER|LOCK)\M|OPERATOR\(pg_catalog\.|executor' AND strpos(lower(query), lower(%2$L)) = 0),
  CASE WHEN NOT bool_or(query = '<insufficient privilege>') THEN 'none' END)
FROM %3$I.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
$query$, {{ source.name | literal }}, {{ target.name | literal }}, n.nspname,
        regexp_replace({{ source.name | literal }}, '([^[:alnum:]_])', '\\\1', 'g'))
      FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements') INTO by_ctid, by_only;
  EXCEPTION WHEN OTHERS THEN
    by_ctid := NULL;
    by_only := NULL;
  END;
{% endif %}
  PERFORM set_config('executor.findings',
    jsonb_build_object('most', most, 'total', total, 'by_ctid', by_ctid, 'by_only', by_only)::text, true);
END
{% endset %}{{ body | dollar_quoted }};

WITH source AS (
  SELECT to_regclass({{ source | literal }}) AS oid
), tree AS (
  SELECT oid FROM source WHERE oid IS NOT NULL
  UNION SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree
), key AS (
  SELECT a.* FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
), size AS (
  SELECT coalesce(sum(pg_table_size(oid)), 0) AS heap, coalesce(sum(pg_indexes_size(oid)), 0) AS indexes
  FROM tree
)
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% set item = numbers | first | default(0) %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% from 'repartition/indexes/which.sql' import wanted with context %}
{% set of_tables = [target, backup_table, old, log, back_log, sync, back_sync] %}
SELECT
  'disk space' AS subject,
  'about ' || pg_size_pretty({{ 3 if backup == 'copy' else 2 }} * heap + indexes) || ' free' AS expected,
  pg_size_pretty(heap + indexes) || ' used by the table; {% if backup == 'copy' %}backup, {% endif %}new table and WAL come on top, and how much is '
    'free can''t be seen from here' AS actual,
  true AS passed
FROM size
UNION ALL
SELECT
  'names of what is made', 'at most 63 bytes',
  coalesce('cut, with a digest of the whole name in them: ' || {% include 'tables/listed.sql' %}, 'at most 63 bytes'),
  count(listed.name) = 0
FROM (VALUES (NULL)
{% for name in of_tables | map(attribute='name') if not name.startswith(source.name) %}
  , ({{ name | literal }})
{% endfor %}
{% set first = partition.name %}
{% if not first.startswith(source.name) %}
  , ({{ first | literal }})
{% endif %}
{% for index in wanted if (first ~ '_' ~ index.stem) | short_name != first ~ '_' ~ index.stem %}
  , ({{ (first ~ '_' ~ index.stem) | short_name | literal }})
{% endfor %}
) AS listed (name)
{% if create %}
UNION ALL
SELECT
  'table ' || {{ source | string | literal }}, 'there',
  CASE
    WHEN oid IS NOT NULL THEN 'there'
    ELSE 'there is no table ' || {{ source | string | literal }} || '; an empty one with the columns id, '
      || quote_ident({{ key_column | literal }}) || ', document_id, chunking_config_id, chunk_index, content, '
      'start_offset, end_offset, token_count, embedding_vector_id, meta, created_at, updated_at will be made'
  END,
  oid IS NOT NULL
FROM source
{% endif %}
{% if shape.even | default(false) %}
UNION ALL
SELECT
  'largest ' || quote_ident({{ key_column | literal }}), 'at most 3 times the average partition',
  CASE WHEN spread.total = 0 THEN 'no rows'
    ELSE format('%s of %s rows, %s times', spread.most, spread.total,
                round(spread.most::numeric * {{ numbers | length }} / spread.total, 1)) END,
  spread.most * {{ numbers | length }} <= 3 * spread.total
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS spread (most bigint, total bigint)
{% endif %}
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
{% for column in key_columns %}
UNION ALL
SELECT
  'column ' || quote_ident({{ column | literal }}), 'NOT NULL',
  CASE WHEN a.attnotnull IS NOT FALSE THEN 'NOT NULL'
    ELSE 'may be null now; the new table refuses rows without it' END,
  a.attnotnull IS NOT FALSE
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attname = {{ column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
-- A row is routed before its triggers fire; changing the key then is an error on a partitioned table.
SELECT
  'BEFORE INSERT row triggers', 'none that changes ' || quote_ident({{ column | literal }}),
  coalesce({% include 'tables/listed.sql' %} || ': if one sets the column, inserts will fail', 'none'),
  count(t.oid) = 0
FROM source
LEFT JOIN pg_trigger AS t
  ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgtype & 7 = 7
CROSS JOIN LATERAL (SELECT t.tgname::text) AS listed (name)
{% endfor %}
{% if partitioned %}
UNION ALL
-- A partition's own key changes rows of that partition alone.
SELECT
  'ON UPDATE of foreign keys over ' || quote_ident({{ key_column | literal }}), 'NO ACTION',
  coalesce({% include 'tables/listed.sql' %} || ': while the plan runs, changing the key of a referenced row '
    'can fail; before and afterwards it works', 'NO ACTION'),
  count(f.oid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND f.conparentid = 0 AND f.confupdtype NOT IN ('a', 'r')
  AND (SELECT key.attnum FROM key) = ANY (f.conkey)
CROSS JOIN LATERAL (SELECT f.conname::text) AS listed (name)
{% endif %}
UNION ALL
SELECT
  'writers that name a partition', 'none',
  CASE WHEN c.relkind = 'p' THEN 'refused after the swap: the partitions of now belong to the old table then' ELSE 'none' END,
  c.relkind IS DISTINCT FROM 'p'
FROM source LEFT JOIN pg_class AS c ON c.oid = source.oid
{% if partitioned %}
UNION ALL
-- One ctid is then in every partition, and such a statement meets rows that it does not mean.
SELECT
  'statements that find rows by ctid alone', 'none',
  CASE
    WHEN seen.by_ctid = 'none' THEN 'none'
    WHEN seen.by_ctid IS NOT NULL THEN
      seen.by_ctid || ': will change or delete other rows, too; let it find them by (tableoid, ctid) or by the key'
    ELSE 'there is no pg_stat_statements that this role may read. Look through the application, and at other servers that '
      'write to the table: postgres_fdw finds rows so in every UPDATE and DELETE that it can''t hand over as a whole'
      || coalesce(', as it may do by the foreign table ' || (
        SELECT {% include 'tables/listed.sql' %} FROM (
{% include 'repartition/check/foreign_tables.sql' %}
        ) AS f CROSS JOIN LATERAL (SELECT f.relation::regclass::text) AS listed (name)), '')
  END,
  seen.by_ctid = 'none'
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (by_ctid text)
UNION ALL
SELECT
  'statements that say ONLY', 'none',
  CASE
    WHEN seen.by_only = 'none' THEN 'none'
    WHEN seen.by_only IS NOT NULL THEN seen.by_only || ': will find no row; leave the word out, which is the same today'
    ELSE 'there is no pg_stat_statements that this role may read; look through the application'
  END,
  seen.by_only = 'none'
FROM jsonb_to_record(current_setting('executor.findings')::jsonb) AS seen (by_only text)
UNION ALL
-- A row that moves is deleted from one partition and inserted into another. BEFORE triggers of the update come first.
SELECT
  'row triggers when ' || quote_ident({{ key_column | literal }}) || ' of a row is updated', 'are fired by UPDATE',
  coalesce('where the row moves to another partition, which PostgreSQL does by DELETE and INSERT: '
    || {% include 'tables/listed.sql' %}, 'are fired by UPDATE'),
  count(t.oid) = 0
FROM source
LEFT JOIN pg_trigger AS t
  ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 1 = 1
  AND (t.tgtype & 12 <> 0 OR t.tgtype & 18 = 16)
CROSS JOIN LATERAL (
  SELECT quote_ident(t.tgname) || ' (' || t.tgfoid::regproc || ') ' || CASE
    WHEN t.tgtype & 12 = 0 THEN 'is not fired at all'
    ELSE 'by ' || concat_ws(' and ', CASE WHEN t.tgtype & 18 = 18 THEN 'UPDATE' END, CASE WHEN t.tgtype & 8 = 8 THEN 'DELETE' END,
                            CASE WHEN t.tgtype & 4 = 4 THEN 'INSERT' END) END
) AS listed (name)
{% endif %}
UNION ALL
SELECT
  'event triggers that see a new table', 'none',
  coalesce({% include 'tables/listed.sql' %}
    || ': if one adds to a table what the source has not (a trigger, row level security, a policy, a column), the run stops there', 'none'),
  count(e.oid) = 0
FROM source
LEFT JOIN pg_event_trigger AS e
  ON e.evtenabled <> 'D' AND e.evtevent = 'ddl_command_end'
  AND (e.evttags IS NULL OR e.evttags && ARRAY['CREATE TABLE', 'CREATE TABLE AS'])
CROSS JOIN LATERAL (SELECT quote_ident(e.evtname) || ' (' || e.evtfoid::regproc || ')') AS listed (name)
UNION ALL
SELECT
  'foreign keys', 'validated',
  coalesce({% include 'tables/listed.sql' %} || ': will be validated', 'validated'),
  count(f.oid) = 0
FROM source
LEFT JOIN pg_constraint AS f
  ON f.conrelid = source.oid AND f.contype = 'f' AND f.conparentid = 0 AND NOT f.convalidated
  AND to_jsonb(f) ->> 'conenforced' IS DISTINCT FROM 'false'
CROSS JOIN LATERAL (SELECT f.conname::text) AS listed (name)
UNION ALL
SELECT
  'sessions that may hold up the swap', 'none',
  coalesce({% include 'tables/listed.sql' %} || '; they end, or the swap waits for them', 'none'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT format('prepared transaction %L', gid) AS name
  FROM pg_prepared_xacts WHERE database = current_database()
  UNION ALL
  SELECT format('pid %s (%s, in a transaction for %s)', pid, coalesce(nullif(application_name, ''), usename::text),
                date_trunc('second', clock_timestamp() - xact_start))
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND (xact_start < clock_timestamp() - interval '5 minutes' OR application_name = 'pg_dump')
  UNION ALL
  SELECT holder FROM (
{% with said = facts %}
{% include 'repartition/swap/of_sessions.sql' %}
{% endwith %}
  ) AS of_session
) AS listed ON true
UNION ALL
SELECT
  'age of the table', 'less than autovacuum_freeze_max_age',
  coalesce(max(age(c.relfrozenxid)), 0)
    || CASE WHEN coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
       THEN '' ELSE '; a vacuum to prevent wraparound does not make way for the swap: VACUUM (FREEZE) first' END,
  coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
FROM source LEFT JOIN pg_class AS c ON c.oid IN (SELECT oid FROM tree) AND c.relkind = 'r'
{% set aside = facts.watched | selectattr('is_taken') | list %}
UNION ALL
SELECT
  'views and functions to watch the partitions', 'called as ever', {% if aside %}{{ ((aside[:5] | map(attribute='name') | join(', ')) ~ (' and ' ~ (aside | length - 5) ~ ' more' if aside | length > 5 else '') ~ ' exist already'
    ~ (' and watch ' ~ aside[0].watches if aside[0].watches is not none else '') ~ ' and are left as they are: ' ~ aside[0].name ~ ' is called '
    ~ (aside[0].called or 'nothing, for that is taken, too, and is left out')
    ~ (', and so on' if aside | length > 1 else '')) | literal }}{% else %}'called as ever'{% endif %},
  {{ (not aside) | literal }}
UNION ALL
{% with parts = numbers | length %}
{% include 'repartition/check/incoming_keys.sql' %}
{% endwith %}
UNION ALL
{% include 'repartition/check/named.sql' %}
UNION ALL
{% include 'repartition/check/grantors.sql' %}

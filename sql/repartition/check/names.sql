-- Whether the names of the new objects are free. Tables, sequences, indexes and types share theirs.
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% from 'repartition/indexes/which.sql' import of_whole with context %}
{% from 'repartition/earlier.sql' import logs with context %}
{% from 'repartition/indexes/which.sql' import wanted with context %}
{% from 'layout/branches.sql' import branches with context %}
WITH part (name) AS (
  SELECT name FROM (VALUES (NULL)
{% for some in numbers | batch(5) %}
{% for item in some %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
 , ({{ partition.name | literal }})
{%- endfor %}

{% endfor %}
{% for branch in branches %}
    , ({{ branch.name.name | literal }})
{% endfor %}
  ) AS part (name) WHERE name IS NOT NULL
), wanted (name) AS (
  VALUES ({{ target.name | literal }}), {% if backup == 'copy' %}({{ backup_table.name | literal }}), {% endif %}({{ old.name | literal }}),
    ({{ log.name | literal }}), ({{ back_log.name | literal }})
{% for index in of_whole if index not in facts.indexes or index.of_leaves %}
    , ({{ index.name | literal }})
{% endfor %}
  UNION ALL
  SELECT name FROM part
  UNION ALL
  -- their indexes
  SELECT {% include 'tables/short_name.sql' %}::text
  FROM (SELECT name FROM part UNION ALL SELECT {{ target.name | literal }}) AS part
  CROSS JOIN unnest({{ wanted | map(attribute='stem') | list | literal }}::text[]) AS of (stem)
  CROSS JOIN LATERAL (SELECT part.name || '_' || of.stem) AS long (name)
), taken (name, is_ours) AS (
  SELECT name, EXISTS (
    SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_partition_tree(to_regclass({{ source | literal }})) AS part ON part.relid = c.oid
    WHERE n.nspname = {{ source.schema | literal }} AND c.relname = wanted.name)
  FROM wanted
  WHERE EXISTS (
      SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND c.relname = wanted.name)
    OR EXISTS (
      SELECT FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND t.typname = wanted.name)
  UNION ALL
  SELECT p.oid::regprocedure::text, false FROM pg_proc AS p
  WHERE p.oid IN (to_regprocedure({{ (log ~ '()') | literal }}), to_regprocedure({{ (back_log ~ '()') | literal }}), to_regprocedure({{ (old ~ '()') | literal }}),
    to_regprocedure({{ (sync ~ '(boolean, integer, integer)') | literal }}), to_regprocedure({{ (back_sync ~ '(boolean, integer, integer)') | literal }}))
  UNION ALL
  SELECT DISTINCT 'trigger ' || tgname, false FROM pg_trigger
  WHERE tgname IN ({% for what in ['insert', 'update', 'delete', 'truncate'] %}{{ (logs ~ '_' ~ what) | literal }}, {% endfor %}'executor_guard')
    AND (tgrelid = to_regclass({{ source | literal }})
      OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass({{ source | literal }}))))
{% include 'layout/' ~ layout ~ '/other_names.sql' %}
)
SELECT
  {{ ('names in the schema ' ~ source.schema) | literal }} AS subject,
  'free' AS expected,
  coalesce('already taken: ' || {% include 'tables/listed.sql' %} || CASE WHEN bool_or(is_ours)
    THEN '; partitions of the table itself have them: roll back the run that made it, or rename them'
    ELSE '; an earlier run that was not rolled back? Rename or drop what has them' END, 'free') AS actual,
  count(*) = 0 AS passed
FROM taken AS listed
UNION ALL
SELECT
  'names of what is made', 'each once',
  {% include 'tables/listed.sql' %} || ' would be there twice; rename what it is called by, such as an index, or choose another layout', false
FROM (SELECT name FROM wanted GROUP BY name HAVING count(*) > 1) AS listed
HAVING count(*) > 0

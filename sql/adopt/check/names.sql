-- Whether the names of the new objects are free. Tables, sequences, indexes and types share theirs.
WITH wanted (name) AS (
  VALUES ({{ target.name | literal }}), ({{ old.name | literal }})
{% for part in facts.partitions %}
    , ({{ part.name | literal }})
{% endfor %}
), taken (name) AS (
  SELECT name FROM wanted
  WHERE EXISTS (
      SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND c.relname = wanted.name)
    OR EXISTS (
      SELECT FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
      WHERE n.nspname = {{ source.schema | literal }} AND t.typname = wanted.name)
  UNION ALL
  SELECT 'constraint ' || conname FROM pg_constraint
  WHERE conrelid = to_regclass({{ source | literal }}) AND conname = 'executor_bound'
)
SELECT
  {{ ('names in the schema ' ~ source.schema) | literal }} AS subject, 'free' AS expected,
  coalesce('already taken: ' || {% include 'tables/listed.sql' %} || '; an earlier run that was not rolled back? Rename or drop what has them', 'free') AS actual,
  count(*) = 0 AS passed
FROM taken AS listed

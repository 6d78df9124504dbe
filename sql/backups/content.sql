-- What a backup holds now: rows, digest, and the columns that a definition has and the table has not alike.
{% include 'backups/measure.sql' %}

SELECT
  content.record_count AS rows,
  content.digest,
  {{ table | literal }}::regclass::oid::bigint AS oid,
  (SELECT string_agg(format('%s %s', coalesce(now.name, said.name), CASE
      WHEN said.name IS NULL THEN 'is new'
      WHEN now.name IS NULL THEN 'is missing'
      ELSE format('is %s and was %s', now.type, said.type) END), ', ' ORDER BY coalesce(now.place, said.place))
   FROM (
     SELECT c ->> 'name' AS name, c ->> 'type' AS type, place
     FROM jsonb_array_elements({{ definition | literal }}::jsonb -> 'relations' -> 0 -> 'columns') WITH ORDINALITY AS given (c, place)
   ) AS said
   FULL JOIN (
     SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, row_number() OVER (ORDER BY attnum) AS place
     FROM pg_attribute WHERE attrelid = {{ table | literal }}::regclass AND attnum > 0 AND NOT attisdropped
   ) AS now ON (now.name, now.place) = (said.name, said.place)
   WHERE {{ definition | literal }}::jsonb IS NOT NULL AND (now.name IS NULL OR said.name IS NULL OR now.type <> said.type)) AS columns
FROM (
{% include 'tables/digest.sql' %}
) AS content

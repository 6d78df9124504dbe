-- Whether the publications of the table can go on with the new one: under its name, and so that no UPDATE or DELETE
-- starts to fail for what identifies a row. Who may alter them is asked in statements.sql; what subscribers have to know
-- is in subscribers.sql. Reads the catalogs.
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), leaf AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.relkind = 'r' AND c.oid IN (
{% include 'facts/fragments/tree.sql' %}
  )
), publication AS (
{% include 'repartition/check/published.sql' %}
), key AS (
  SELECT i.indisexclusion, ARRAY(
    SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])) AS columns
  FROM source JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
), identity AS (
  -- what the partitions will have of it, as the oldest that holds rows now
  SELECT leaf.relreplident AS kind,
    leaf.relreplident = 'i' AND NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indrelid = source.oid AND i.indisreplident) AS becomes_full
  FROM source, leaf ORDER BY leaf.oid LIMIT 1
), list AS (
  -- an UPDATE fails if the list of columns has not all that identifies a row
  SELECT publication.*, (
    SELECT string_agg(quote_ident(name), ', ')
    FROM unnest({{ (unique_needs or []) | literal }}::text[]) AS name
    WHERE identity.kind = 'd' AND EXISTS (SELECT FROM key)
      AND name NOT IN (SELECT jsonb_array_elements_text(publication.columns))) AS missing,
    identity.becomes_full
  FROM publication, identity
  WHERE publication.publishes_changes AND publication.columns <> '[]'
), found (subject, advice, name) AS (
  SELECT 'publications that would name partitions',
    'subscribers know none of the new partitions, and receive nothing more of them. Before the run ALTER PUBLICATION ... SET '
      '(publish_via_partition_root = true) and tell its subscribers; or publish the table in a publication of its own',
    'publication ' || quote_ident(name) || ' (' || CASE
      WHEN others <> '{}' THEN 'publishes via partition roots would change what subscribers receive of '
        || (SELECT {% include 'tables/listed.sql' %} FROM unnest(others) AS listed (name))
      WHEN source.relkind = 'p' THEN 'names the partitions of now'
      ELSE 'can be altered by ' || quote_ident(owner) || ' alone' END || ')'
  FROM publication, source
  WHERE NOT via_root AND (others <> '{}' OR source.relkind = 'p' OR NOT is_named AND NOT may_alter)
    -- accepted, it stays as it is, which a list or a filter forbids
    AND NOT (accepted AND columns = '[]' AND where_sql IS NULL)
  UNION ALL
  SELECT 'partitions published one by one',
    'they are the old table''s then, and subscribers receive nothing more. Publish the whole table instead: ALTER PUBLICATION ... '
      'DROP TABLE its partitions, ADD TABLE the table, SET (publish_via_partition_root = true). Or give them up: accept: [their names]',
    object.identity
  FROM source
  JOIN pg_publication_rel AS r ON r.prrelid <> source.oid AND r.prrelid IN (
{% include 'facts/fragments/tree.sql' %}
  )
  CROSS JOIN pg_identify_object('pg_publication_rel'::regclass, r.oid, 0) AS object
  WHERE object.identity <> ALL ({% include 'repartition/check/accepted.sql' %})
  UNION ALL
  SELECT 'lists of columns in publications',
    'what identifies a row of a partition has to be in the list, else every UPDATE and DELETE fails after the swap. '
{% if (unique_needs or []) | select('in', added_columns) | list %}
      'Publish the table without a list',
{% else %}
      'Add it to the list (ALTER PUBLICATION ... DROP TABLE, ADD TABLE in one transaction), or publish the table without a list',
{% endif %}
    format('%I without %s', name, coalesce(missing, 'a column that is not in it'))
  FROM list WHERE missing IS NOT NULL OR becomes_full
  UNION ALL
  SELECT 'replica identity',
    'the partitions will have one like it, and an UPDATE or DELETE that is published would fail. ALTER TABLE ... REPLICA '
      'IDENTITY FULL first, on all of them',
    CASE WHEN key.indisexclusion THEN 'primary key WITHOUT OVERLAPS of ' || source.oid::regclass
      ELSE other.oid::regclass || ' unlike ' || leaf.oid::regclass END
  FROM source
  JOIN leaf ON leaf.oid = (SELECT min(oid) FROM leaf)
  LEFT JOIN key ON leaf.relreplident = 'd' AND key.indisexclusion
  LEFT JOIN leaf AS other ON other.relreplident <> leaf.relreplident
  WHERE EXISTS (SELECT FROM publication WHERE publishes_changes) AND (key.indisexclusion OR other.oid IS NOT NULL)
)
SELECT
  kind.subject,
  kind.expected,
  coalesce({% include 'tables/listed.sql' %} || '; ' || max(listed.advice)
    || CASE kind.subject WHEN 'publications that would name partitions' THEN
         '. Or leave them as they are: accept: [publication NAME]' ELSE '' END, kind.expected) AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('publications that would name partitions', 'none, or accepted by the plan'),
    ('partitions published one by one', 'none, or accepted by the plan'),
    ('lists of columns in publications', 'contain what identifies a row'),
    ('replica identity', 'the same in all partitions, where changes are published')
) AS kind (subject, expected)
LEFT JOIN found AS listed USING (subject)
GROUP BY kind.subject, kind.expected

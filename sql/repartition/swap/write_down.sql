
-- What hangs on the old table, and what reads it, as the statements that will say the same of the new
-- one. Written down now, while the name means the old table.
CREATE TEMPORARY TABLE swap_properties ON COMMIT DROP AS
{% with side = 'leaving' %}
{% include 'tables/properties.sql' %}
{% endwith %};

-- GRANT takes no lock that would keep it out meanwhile, so the privileges are looked at again later.
CREATE TEMPORARY TABLE swap_privileges ON COMMIT DROP AS
SELECT c.oid, c.relacl, (SELECT array_agg(a.attacl ORDER BY a.attnum) FROM pg_attribute AS a
                         WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)::text AS column_acls
FROM pg_temp.swap_pairs AS pair
JOIN pg_class AS c ON c.oid = pair.leaving;

{% include 'tables/readers.sql' %}

{% include 'repartition/log/no_foreign_sync.sql' %}
{% include 'tables/readers_same.sql' %}

-- Publications that name the table. Their row filters and column lists are younger than PostgreSQL 14.
CREATE TEMPORARY TABLE swap_publications ON COMMIT DROP AS
SELECT
  p.pubname,
  format('ALTER PUBLICATION %I ADD TABLE %s', p.pubname, r.prrelid::regclass)
    || CASE WHEN to_jsonb(r) ->> 'prattrs' IS NULL THEN '' ELSE (
         SELECT ' (' || string_agg(quote_ident(name), ', ') || ')'
         FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') AS name) END
    || coalesce(' WHERE (' || (to_jsonb(t) ->> 'rowfilter') || ')', '') AS statement
FROM pg_publication AS p
JOIN pg_publication_rel AS r ON r.prpubid = p.oid AND r.prrelid = {{ source | literal }}::regclass
LEFT JOIN pg_publication_tables AS t
  ON t.pubname = p.pubname AND t.schemaname = {{ source.schema | literal }} AND t.tablename = {{ source.name | literal }};

-- Changes in a partition are published under the partition's name, which no subscriber knows, unless
-- the publication says otherwise.
CREATE TEMPORARY TABLE swap_roots ON COMMIT DROP AS
{% if back %}
SELECT p.*
FROM pg_publication AS p
WHERE to_jsonb(p.pubname) <@ (({% include 'repartition/way_back/noted.sql' %}) -> 'publications');
{% else %}
SELECT p.*
FROM pg_publication AS p
WHERE NOT p.pubviaroot AND EXISTS (
  SELECT FROM pg_publication_tables AS t
  JOIN pg_namespace AS n ON n.nspname = t.schemaname
  JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.tablename
  WHERE t.pubname = p.pubname AND (c.oid = {{ source | literal }}::regclass
    OR c.oid IN (SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass))));

DO $executor$
DECLARE
  others text;
BEGIN
  SELECT string_agg(DISTINCT format('%I publishes %s', p.pubname, pg_partition_root(c.oid)::regclass), ', ') INTO others
  FROM pg_temp.swap_roots AS p
  JOIN pg_publication_rel AS r ON r.prpubid = p.oid
  JOIN pg_class AS c ON c.oid = r.prrelid AND (c.relkind = 'p' OR c.relispartition)
  WHERE pg_partition_root(c.oid) <> {{ source | literal }}::regclass;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a publication of %s has to publish via partition roots from now on, and that would change '
                       'what its other subscribers receive: %s', {{ source | literal }}::regclass, others),
      HINT = 'Nothing was swapped. Set publish_via_partition_root there yourself, or publish the table in a publication of its own.';
  END IF;
END
$executor$;
{% endif %}

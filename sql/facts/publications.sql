-- The publications that publish the table: whether they name it, which of its columns and rows, under whose names
-- they publish partitions, and which other partitioned tables they publish.
SELECT
  p.pubname::text AS name,
  pg_has_role(p.pubowner, 'USAGE') AS may_alter,
  p.pubviaroot AS via_root,
  named.prrelid IS NOT NULL AS is_named,
  CASE WHEN to_jsonb(named) ->> 'prattrs' IS NULL THEN '' ELSE (
    SELECT ' (' || string_agg(quote_ident(name), ', ') || ')' FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') AS name) END
    || coalesce(' WHERE (' || (to_jsonb(t) ->> 'rowfilter') || ')', '') AS list_sql,
  ARRAY(
    SELECT DISTINCT pg_partition_root(c.oid)::regclass::text
    FROM pg_publication_rel AS r JOIN pg_class AS c ON c.oid = r.prrelid AND (c.relkind = 'p' OR c.relispartition)
    WHERE r.prpubid = p.oid AND pg_partition_root(c.oid) <> to_regclass({{ source | literal }})
    ORDER BY 1) AS others
FROM pg_publication AS p
LEFT JOIN pg_publication_rel AS named ON named.prpubid = p.oid AND named.prrelid = to_regclass({{ source | literal }})
-- column lists and row filters are younger than PostgreSQL 14
LEFT JOIN pg_publication_tables AS t
  ON named.prrelid IS NOT NULL AND t.pubname = p.pubname AND t.schemaname = {{ source.schema | literal }} AND t.tablename = {{ source.name | literal }}
WHERE CASE WHEN p.puballtables THEN to_regclass({{ source | literal }}) IS NOT NULL ELSE named.prrelid IS NOT NULL OR EXISTS (
  SELECT FROM pg_get_publication_tables(p.pubname::text) AS published
  WHERE published.relid IN (
{% include 'facts/fragments/tree.sql' %}
)) END
ORDER BY p.pubname

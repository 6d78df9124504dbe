-- The publications that publish the table: whether they name it, which of its columns and rows, under whose names
-- they publish partitions, which other partitioned tables they publish, and whether that is accepted as it is.
SELECT
  p.pubname::text AS name,
  pg_get_userbyid(p.pubowner)::text AS owner,
  pg_has_role(p.pubowner, 'USAGE') AS may_alter,
  p.pubviaroot AS via_root,
  p.pubupdate OR p.pubdelete AS publishes_changes,
  'publication ' || quote_ident(p.pubname) = ANY ({% include 'repartition/check/accepted.sql' %}) AS accepted,
  named.prrelid IS NOT NULL AS is_named,
  CASE WHEN to_jsonb(named) ->> 'prattrs' IS NULL THEN '[]' ELSE to_jsonb(t) -> 'attnames' END AS columns,
  to_jsonb(t) ->> 'rowfilter' AS where_sql,
  ARRAY(
    SELECT a.attname::text FROM pg_attribute AS a
    WHERE a.attrelid = named.prrelid AND a.attnum::text IN (
      SELECT var[1] FROM regexp_matches(to_jsonb(named) ->> 'prqual', ':varattno (\d+)', 'g') AS var)
    ORDER BY a.attnum) AS filtered,
  ARRAY(
    SELECT DISTINCT other.root::regclass::text
    FROM (
      SELECT pg_partition_root(r.prrelid) FROM pg_publication_rel AS r WHERE r.prpubid = p.oid
      UNION ALL
      SELECT c.oid FROM pg_class AS c WHERE p.puballtables AND c.relkind = 'p' AND NOT c.relispartition
      UNION ALL
      -- those of its schemas; a CASE, as it would look at every table if it publishes all
      SELECT pg_partition_root(relid)
      FROM unnest(CASE WHEN NOT p.puballtables THEN ARRAY(SELECT relid FROM pg_get_publication_tables(p.pubname::text)) END) AS relid
    ) AS other (root)
    WHERE other.root NOT IN (
      SELECT oid FROM unnest(ARRAY[to_regclass({{ source | literal }}), to_regclass({{ target | literal }}), to_regclass({{ old | literal }})])
        AS ours (oid) WHERE oid IS NOT NULL)
    ORDER BY 1) AS others
FROM pg_publication AS p
LEFT JOIN pg_publication_rel AS named ON named.prpubid = p.oid AND named.prrelid = to_regclass({{ source | literal }})
-- column lists and row filters are younger than PostgreSQL 14
LEFT JOIN pg_publication_tables AS t
  ON named.prrelid IS NOT NULL AND t.pubname = p.pubname AND t.schemaname = {{ source.schema | literal }} AND t.tablename = {{ source.name | literal }}
WHERE CASE
  WHEN p.puballtables THEN to_regclass({{ source | literal }}) IS NOT NULL
  WHEN named.prrelid IS NOT NULL THEN true
  -- one that names partitions does not publish the table
  ELSE EXISTS (
    SELECT FROM pg_get_publication_tables(p.pubname::text) AS published
    WHERE published.relid IN (
{% include 'facts/fragments/tree.sql' %}
    )) AND NOT EXISTS (
    SELECT FROM pg_publication_rel AS r
    WHERE r.prpubid = p.oid AND r.prrelid IN (
{% include 'facts/fragments/tree.sql' %}
    ))
END
ORDER BY p.pubname

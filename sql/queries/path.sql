{## Where the role `asked.role` looks for names: `found.path`, an array of schemas, as it is set for the role in this database,
    for the role, for the database, or by default. It is not set for our own queries.
    `known` is what the name of the table alone means there. -##}
CROSS JOIN LATERAL (
  SELECT array_agg(part.schema ORDER BY part.place) AS path
  FROM (
    SELECT CASE WHEN btrim(item.part) = '"$user"' THEN pg_get_userbyid(asked.role)::text
      ELSE replace(btrim(btrim(item.part), '"'), '""', '"') END AS schema, item.place
    FROM unnest(string_to_array(coalesce(
      (SELECT substring(one FROM '^search_path=(.*)$')
       FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS one
       WHERE one LIKE 'search\_path=%' AND s.setrole IN (0, asked.role)
         AND s.setdatabase IN (0, (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()))
       ORDER BY s.setrole = 0, s.setdatabase = 0 LIMIT 1),
      (SELECT boot_val FROM pg_settings WHERE name = 'search_path')), ',')) WITH ORDINALITY AS item (part, place)
  ) AS part
  WHERE part.schema <> ''
) AS found
CROSS JOIN LATERAL (
  -- whether the name alone means the table: as far as can be told where there is none on the path, which then was another
  -- when the statement was sent, as a client may set it when it connects
  SELECT coalesce(first.schema = {{ left.schema | literal }}, true) AS bare, first.schema IS NULL AS presumed
  FROM (SELECT (
    SELECT n.nspname::text
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relname = {{ left.name | literal }} AND n.nspname = ANY (found.path)
    ORDER BY array_position(found.path, n.nspname::text) LIMIT 1)) AS first (schema)
) AS known

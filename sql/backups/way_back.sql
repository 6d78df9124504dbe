{## What the run of an entry has made for the way back, of what the entry notes: (kind, oid, place), kinds VIEW,
    FUNCTION and LOG. A SELECT without its semicolon; the including query has the entry as `entry`. An entry is
    written by people who are trusted, and yet nothing is dropped because it stands there: a function and the log
    are beside the table, have a name between its name, which may be cut, and the run's timestamp, and an owner of owners.sql; a
    materialized view is named after the run, and reads the old table or another such view. -##}
SELECT 'VIEW' AS kind, noted.oid, noted.place
FROM (
  SELECT c.oid, listed.place, c.relname
  FROM jsonb_array_elements_text(entry.way_back -> 'views') WITH ORDINALITY AS listed (name, place)
  JOIN pg_class AS c ON c.oid = to_regclass(listed.name) AND c.relkind = 'm'
) AS noted
-- a name that was cut, before a letter of up to four bytes, has a digest in front instead
WHERE (noted.relname LIKE '%\_old\_' || entry.run OR octet_length(noted.relname) >= 60 AND noted.relname ~ '^[0-9a-f]{8}_')
  AND EXISTS (
    SELECT FROM pg_rewrite AS r
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE r.ev_class = noted.oid AND d.refobjid <> r.ev_class AND (
      d.refobjid = entry.oid OR d.refobjid IN (SELECT relid FROM pg_partition_tree(entry.oid::oid))
      OR d.refobjid IN (SELECT c.oid FROM jsonb_array_elements_text(entry.way_back -> 'views') AS listed (name)
                        JOIN pg_class AS c ON c.oid = to_regclass(listed.name) AND c.relkind = 'm'
                          AND (c.relname LIKE '%\_old\_' || entry.run OR octet_length(c.relname) >= 60 AND c.relname ~ '^[0-9a-f]{8}_'))))
UNION ALL
SELECT 'FUNCTION', p.oid, listed.place
FROM jsonb_array_elements_text(entry.way_back -> 'functions') WITH ORDINALITY AS listed (name, place)
JOIN pg_proc AS p ON p.oid = to_regprocedure(listed.name)
CROSS JOIN LATERAL (SELECT p.proname::text) AS own (name)
WHERE p.pronamespace = to_regnamespace(quote_ident(entry.schema)) AND {% include 'backups/named_after.sql' %}

  AND entry.run ~ '^\d{8}_\d{6}' AND right(p.proname, length(entry.run) + 1) = '_' || entry.run
  AND p.proowner IN (
{% include 'backups/owners.sql' %}
  )
UNION ALL
SELECT 'LOG', c.oid, 0
FROM pg_class AS c
CROSS JOIN LATERAL (SELECT c.relname::text) AS own (name)
WHERE c.oid = to_regclass(entry.way_back ->> 'log') AND c.relkind = 'r'
  AND obj_description(c.oid, 'pg_class') LIKE 'Keys of what was written to the table%'
  AND c.relnamespace = to_regnamespace(quote_ident(entry.schema)) AND {% include 'backups/named_after.sql' %}

  AND entry.run ~ '^\d{8}_\d{6}' AND right(c.relname, length(entry.run) + 1) = '_' || entry.run
  AND c.relowner IN (
{% include 'backups/owners.sql' %}
  )

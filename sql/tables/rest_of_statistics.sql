{## What stands between the name of the extended statistics `s`, in the schema `n`, and FROM and the table: an expression, which has a blank in front. -##}
(SELECT CASE WHEN right(rest.text, length(tail.text)) = tail.text THEN ' ' || left(rest.text, -length(tail.text))
    ELSE CAST('renamed at this very moment, so try again:' || tail.text AS boolean)::text END
 FROM (SELECT pg_get_statisticsobjdef(s.oid), format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) AS shape (definition, head)
 CROSS JOIN LATERAL (SELECT {% include 'tables/rest.sql' %}) AS rest (text)
 CROSS JOIN LATERAL (SELECT ' FROM ' || s.stxrelid::regclass) AS tail (text))
{## What only a superuser makes, besides whole kinds of things: types with functions of their own, and functions in languages that
    reach the machine, or that a superuser has vouched for. Of each its catalog and its number there. Not if PostgreSQL would read
    values when it is made. -##}
SELECT coalesce(array_agg(ARRAY[catalog, number]), '{}') AS made FROM (
  SELECT p.tableoid::oid::text, p.oid::text
  FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
  WHERE p.oid >= 16384 AND (NOT l.lanpltrusted OR p.proleakproof OR p.prosupport <> 0)
    AND p.proargdefaults IS NULL AND p.prosqlbody IS NULL
  UNION ALL
  SELECT t.tableoid::oid::text, t.oid::text FROM pg_type AS t WHERE t.oid >= 16384 AND t.typtype = 'b' AND t.typdefault IS NULL
) AS found (catalog, number)

{## What the column partition_key of the table is computed of, if it is none of the application's but an earlier run's: a SELECT,
    without its semicolon, of one row (name, number, filler), or none. What such a run has made is known to the letter: the key of the
    partitions, and the CHECK or the trigger. Whoever uses it makes SQL of the name and the number again, and of nothing that an
    owner has written. -##}
SELECT made.name, made.number, made.filler
FROM pg_class AS c
JOIN pg_attribute AS own ON own.attrelid = c.oid AND own.attname = 'partition_key' AND NOT own.attisdropped AND own.atttypid = 'integer'::regtype
JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
CROSS JOIN LATERAL (
  SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
  WHERE k.conrelid = c.oid AND k.conname = 'partition_key_check' AND k.contype = 'c' AND k.convalidated AND pg_get_partkeydef(c.oid) = 'LIST (partition_key)'
  UNION ALL
  SELECT NULL, pg_get_expr(p.partexprs, p.partrelid) WHERE p.partexprs IS NOT NULL AND p.partstrat = 'l'
) AS printed (of_check, text)
CROSS JOIN LATERAL (SELECT substring(printed.text FROM '% ([0-9]{1,4})\)+$')::integer) AS counted (number)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
{% include 'tables/base_type.sql' %}
) AS base
CROSS JOIN LATERAL (
  SELECT CASE WHEN printed.of_check IS NULL THEN 'abs((hashtext(%s) %% %s))' ELSE '(partition_key = abs((hashtext(%s) %% %s)))' END
) AS form (written)
LEFT JOIN LATERAL (
  SELECT f.oid::regprocedure::text AS called
  FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid JOIN pg_language AS l ON l.oid = f.prolang
  WHERE t.tgrelid = c.oid AND l.lanname = 'plpgsql' AND {% include 'layout/fills_own.sql' %}

    AND f.pronamespace = c.relnamespace AND f.proname IN ({% include 'layout/own_fillers.sql' %})
    AND strpos(f.prosrc, format('::text) %% %s)', counted.number)) > 0
    AND (f.proowner = c.relowner OR (SELECT r.rolsuper OR r.rolname = session_user FROM pg_roles AS r WHERE r.oid = f.proowner))
) AS filler ON true
CROSS JOIN LATERAL (SELECT a.attname::text, counted.number, filler.called) AS made (name, number, filler)
WHERE c.oid = to_regclass({{ source | literal }}) AND (printed.of_check IS NOT NULL OR filler.called IS NOT NULL)
  -- a cast of another type to text is its owner's
  AND base.oid < 16384
  AND printed.text IN (format(form.written, quote_ident(a.attname), counted.number), format(form.written, '(' || quote_ident(a.attname) || ')::text', counted.number))
LIMIT 1

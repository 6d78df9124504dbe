-- The values of all runs that nobody chose, as far as they are text: names that plans have made are among them.
SELECT DISTINCT v.value #>> '{}' AS text
FROM executor.runs AS r
CROSS JOIN LATERAL jsonb_each(r.variables) AS v
WHERE jsonb_typeof(v.value) = 'string' AND v.key NOT LIKE '--%'
  AND v.key IS DISTINCT FROM coalesce(r.variables ->> '--subject', 'source')
  AND NOT coalesce(r.variables -> '--var' ? v.key, false)

-- The policies of the table; a policy that nobody has changed since the swap is `as_swapped`.
SELECT
  p.polname::text AS name,
  format('AS %s FOR %s TO %s', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role) FROM unnest(p.polroles) AS role))
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition_sql,
  {% with alias = 'p' %}{% include 'facts/fragments/as_swapped.sql' %}{% endwith %} AS as_swapped
FROM pg_policy AS p
WHERE p.polrelid = to_regclass({{ source | literal }})
ORDER BY p.polname

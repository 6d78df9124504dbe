{## Takes every right on the function `function` from all but its owner: PUBLIC has EXECUTE on a new one, and default
    privileges may give it to others. -##}
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT p.oid::regprocedure AS signature,
      string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ') AS others
    FROM pg_proc AS p
    CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    WHERE p.pronamespace = to_regnamespace(quote_ident({{ function.schema | literal }})) AND p.proname = {{ function.name | literal }}
      AND a.grantee <> p.proowner
    GROUP BY p.oid
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', item.signature, item.others);
  END LOOP;
END
$executor$;
